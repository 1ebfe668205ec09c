/// Page text made fit to stand in a prompt as data.
enum PromptText {
  /// Without what a reader cannot see, and without marks that chat templates act on.
  ///
  /// Taken out: controls but line feeds and tabs, zero-width and bidirectional marks, soft hyphens,
  /// tag characters. Joiners stay where scripts need them: between letters outside ASCII. `<` before
  /// anything but a blank, a digit or `=` becomes `‹`, so no tag or control token is left.
  static func neutralized(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      switch scalar.value {
      case 0x09, 0x0A: result.append(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x034F, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F,
        0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE01EF:
        continue
      case 0x200C, 0x200D:
        let before = index > 0 ? scalars[index - 1].value : 0
        let after = index + 1 < scalars.count ? scalars[index + 1].value : 0
        if before >= 0x80, after >= 0x80 { result.append(scalar) }
      case 0x3C:
        let after = index + 1 < scalars.count ? scalars[index + 1].value : 0x20
        let isPlain = after <= 0x20 || after == 0x3D || ScalarClass.isDigit(after)
        result.append(isPlain ? scalar : "\u{2039}")
      default: result.append(scalar)
      }
    }
    let plain = String(result)
    guard plain.utf8.contains(UInt8(ascii: "[")) else { return plain }
    return plain.replacing("[INST]", with: "(INST)").replacing("[/INST]", with: "(/INST)")
  }

  /// As many whole sentences from the start as fit into a number of tokens.
  static func fitted(
    _ text: String, tokens: Int, language: String?
  ) -> (text: String, isCut: Bool) {
    let bytes = Array(text.utf8)
    // A token is at least a byte: what is shorter than the budget fits without counting.
    guard bytes.count > tokens else { return (text, false) }
    var end = 0
    var spent = 0
    for sentence in SentenceSegmenter.sentences(in: bytes, language: language) {
      spent += cost(bytes[end..<sentence.range.upperBound])
      if spent > tokens * 20 { break }
      end = sentence.range.upperBound
    }
    if spent <= tokens * 20 { return (text, false) }
    if end == 0 { end = hardEnd(bytes, tokens: tokens) }
    return (String(decoding: bytes[..<end], as: UTF8.self), true)
  }

  /// Twentieths of a token: 5 an ASCII byte, 8 another.
  private static func cost(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 < 0x80 ? 5 : 8) }
  }

  /// Where the first sentence alone is too long: at a blank or a character border.
  private static func hardEnd(_ bytes: [UInt8], tokens: Int) -> Int {
    var end = min(bytes.count, tokens * 5 / 2)
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return bytes[..<end].lastIndex { $0 <= 0x20 } ?? end
  }
}
