/// The value of a `meta http-equiv=refresh`.
///
/// Source: WHATWG HTML, "shared declarative refresh steps".
struct MetaRefresh: Equatable {
  /// Seconds, fractions dropped.
  var delay: Int
  /// Where in the text the address stands, nil or empty for the page itself.
  var target: Range<Int>?

  /// Nil if the text is no refresh.
  init?(_ text: ArraySlice<UInt8>) {
    var position = text.startIndex
    func skip(_ isSkipped: (UInt8) -> Bool) {
      while position < text.endIndex, isSkipped(text[position]) { position += 1 }
    }
    skip(\.isHTMLSpace)
    let digits = position
    skip(\.isASCIIDigit)
    guard position > digits || (position < text.endIndex && text[position] == 0x2E) else {
      return nil
    }
    delay = text[digits..<position].reduce(0) { min($0 * 10 + Int($1 - 0x30), 1 << 40) }
    skip { $0.isASCIIDigit || $0 == 0x2E }
    guard position < text.endIndex else { return }
    let next = text[position]
    guard next.isHTMLSpace || next == 0x3B || next == 0x2C else { return nil }
    skip(\.isHTMLSpace)
    if position < text.endIndex, text[position] == 0x3B || text[position] == 0x2C { position += 1 }
    skip(\.isHTMLSpace)
    guard position < text.endIndex else { return }
    target = Self.target(in: text[position...])
  }

  /// The address, with or without `url=` and quotes around it.
  private static func target(in text: ArraySlice<UInt8>) -> Range<Int> {
    var rest = text
    if rest.prefix(3).equalsIgnoringCase("url") {
      let value = rest.dropFirst(3).drop(while: \.isHTMLSpace)
      guard value.first == 0x3D else { return rest.indices }
      rest = value.dropFirst().drop(while: \.isHTMLSpace)
    }
    guard let quote = rest.first, quote == 0x22 || quote == 0x27 else { return rest.indices }
    rest = rest.dropFirst()
    return rest.startIndex..<(rest.firstIndex(of: quote) ?? rest.endIndex)
  }
}
