/// Reads what matters of a style attribute.
enum StyleReader {
  /// Whether it hides: `display: none`, `visibility: hidden`, a font without size, or text
  /// moved far outside. Not `opacity: 0`: so pages begin that fade in.
  static func hides(_ style: UnsafeBufferPointer<UInt8>) -> Bool {
    holds(style) {
      declaration(style, $0, "display", "none") || declaration(style, $0, "visibility", "hidden")
        || removes(style, $0)
    }
  }

  /// Whether it hides in a way that no reader undoes: a font without size, text moved far outside.
  static func removes(_ style: UnsafeBufferPointer<UInt8>) -> Bool {
    holds(style) { removes(style, $0) }
  }

  private static func removes(
    _ style: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Bool {
    declaration(style, range, "text-indent", "-999") || isZero(style, range, "font-size")
  }

  /// Whether any declaration is of a kind.
  private static func holds(
    _ style: UnsafeBufferPointer<UInt8>, _ isOne: (Range<Int>) -> Bool
  ) -> Bool {
    var index = 0
    while index < style.count {
      var end = index
      while end < style.count, style[end] != 0x3B { end += 1 }
      if isOne(index..<end) { return true }
      index = end + 1
    }
    return false
  }

  /// Whether a property is exactly nothing: `0`, `0px`, not `0.5`.
  private static func isZero(
    _ style: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ name: StaticString
  ) -> Bool {
    guard declaration(style, range, name, "0") else { return false }
    var digits = style[range].drop { $0 != 0x3A }
    digits = digits.prefix { $0 != 0x21 }
    return digits.allSatisfy { !$0.isDigit || $0 == 0x30 }
  }

  private static func declaration(
    _ style: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ name: StaticString,
    _ value: StaticString
  ) -> Bool {
    var index = range.lowerBound
    func skipSpace() {
      while index < range.upperBound, style[index].isHTMLSpace { index += 1 }
    }
    func skip(_ word: StaticString) -> Bool {
      guard range.upperBound - index >= word.utf8CodeUnitCount else { return false }
      for offset in 0..<word.utf8CodeUnitCount
      where style[index + offset] | 0x20 != word.utf8Start[offset] | 0x20 {
        return false
      }
      index += word.utf8CodeUnitCount
      return true
    }
    skipSpace()
    guard skip(name) else { return false }
    skipSpace()
    guard index < range.upperBound, style[index] == 0x3A else { return false }
    index += 1
    skipSpace()
    return skip(value)
  }
}
