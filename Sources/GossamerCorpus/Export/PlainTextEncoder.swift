extension RecordFormat {
  /// A page's text a line.
  public static let plainText = RecordFormat(name: "text", fileExtension: "txt") { _ in
    PlainTextEncoder()
  }
}

/// One page's text per line: line ends inside a page, and other control characters, are folded to blanks.
///
/// Lines end with LF. What some readers take for a line end (VT, FF, U+0085, U+2028, U+2029) is folded too.
/// A page without text has no line.
public struct PlainTextEncoder: RecordEncoder {
  /// An encoder.
  public init() {}

  /// The text alone.
  public var keys: Set<String>? { ["text"] }

  /// The page's line.
  public func encode(_ record: PageRecord) -> [UInt8] {
    let text = Array((record.text ?? "").utf8)
    var line: [UInt8] = []
    line.reserveCapacity(text.count + 1)
    var isAfterBreak = true
    var index = 0
    while index < text.count {
      let width = Self.breakWidth(text, at: index)
      if width == 0 {
        line.append(text[index])
      } else if !isAfterBreak {
        line.append(0x20)
      }
      isAfterBreak = width > 0
      index += max(1, width)
    }
    while line.last == 0x20 { line.removeLast() }
    return line.isEmpty ? [] : line + [0x0A]
  }

  /// Bytes of the break that begins there, or 0.
  private static func breakWidth(_ text: [UInt8], at index: Int) -> Int {
    switch text[index] {
    case 0x09: return 0
    case 0..<0x20, 0x7F: return 1
    case 0xC2 where index + 1 < text.count && text[index + 1] == 0x85: return 2
    case 0xE2
    where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8:
      return 3
    default: return 0
    }
  }
}
