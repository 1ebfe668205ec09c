/// Lines of a paragraph that begin with a bullet: lists that are written by hand.
enum BulletLine {
  /// The bytes of the bullet and of the space after it, 0 where there is none.
  ///
  /// - Parameter isAlone: dashes mean a list only where several lines begin with them.
  static func length(in line: ArraySlice<UInt8>, isAlone: Bool) -> Int {
    // All of them begin so.
    guard line.first == 0xE2 || !isAlone && line.first == dash[0] else { return 0 }
    for sign in signs where line.starts(with: sign) {
      let rest = line.dropFirst(sign.count)
      let spaces = rest.prefix { $0 == 0x20 }.count
      guard rest.count > spaces else { return 0 }
      return sign.count + spaces
    }
    return !isAlone && line.count > 3 && line.starts(with: dash) ? dash.count : 0
  }

  /// A line without the spaces at its end that stand for a break.
  static func withoutBreak(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line[..<((line.lastIndex { $0 != 0x20 } ?? line.startIndex - 1) + 1)]
  }

  private static let signs = ["•", "●", "▪", "‣", "◦", "∙", "■", "➢", "✓", "✔"].map {
    Array($0.utf8)
  }
  /// As escapes leave it.
  private static let dash = Array("\\- ".utf8)
}
