/// The charset that a Content-Type value names.
enum ContentTypeCharset {
  /// The label of the last type in the value, or of an earlier one with the same essence; if nothing
  /// in the value is a type, the first charset in it. Nil if there is none.
  ///
  /// Source: Fetch, "extract a MIME type" and "legacy extract an encoding".
  static func label(in value: [UInt8]) -> [UInt8]? {
    var essence: [UInt8] = []
    var charset: [UInt8]?
    var untyped: [UInt8]?
    for part in split(value) {
      let type = essenceAndCharset(part)
      guard let found = type.essence else {
        untyped = untyped ?? type.charset
        continue
      }
      if found == Array("*/*".utf8) { continue }
      charset = type.charset ?? (found == essence ? charset : nil)
      essence = found
    }
    return essence.isEmpty ? untyped : charset
  }

  /// Divides at commas outside of quotes, as several fields in one are.
  ///
  /// Source: Fetch, "get, decode, and split".
  private static func split(_ value: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    var position = 0
    while position < value.count {
      switch value[position] {
      case 0x22: position = quoted(value[...], from: position).end
      case 0x2C:
        parts.append(value[start..<position])
        position += 1
        start = position
      default: position += 1
      }
    }
    parts.append(value[start...])
    return parts
  }

  /// Source: MIME Sniffing, "parse a MIME type"; no essence where it fails.
  private static func essenceAndCharset(
    _ text: ArraySlice<UInt8>
  ) -> (essence: [UInt8]?, charset: [UInt8]?) {
    let end = text.firstIndex(of: 0x3B) ?? text.endIndex
    let essence = trimmed(text[..<end])
    let parts = essence.split(separator: 0x2F, maxSplits: 1, omittingEmptySubsequences: false)
    let isType = parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isToken) }
    return (isType ? essence.map(\.asciiLowercased) : nil, charset(text[end...]))
  }

  /// The first parameter of that name that is well-formed.
  private static func charset(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var position = text.startIndex
    while position < text.endIndex {
      position += 1  // the semicolon
      let name = text[position...].drop(while: isSpace).prefix { $0 != 0x3B && $0 != 0x3D }
      position = name.endIndex
      guard position < text.endIndex, text[position] == 0x3D else { continue }
      position += 1
      var value: [UInt8]
      if position < text.endIndex, text[position] == 0x22 {
        (value, position) = quoted(text, from: position)
        position = text[position...].firstIndex(of: 0x3B) ?? text.endIndex
      } else {
        let end = text[position...].firstIndex(of: 0x3B) ?? text.endIndex
        value = Array(text[position..<end])
        while let last = value.last, isSpace(last) { value.removeLast() }
        position = end
        if value.isEmpty { continue }
      }
      if name.equalsIgnoringCase("charset"), value.allSatisfy(isQuotable) { return value }
    }
    return nil
  }

  /// "Collect an HTTP quoted string"; it may lack its end.
  private static func quoted(
    _ text: ArraySlice<UInt8>, from start: Int
  ) -> (value: [UInt8], end: Int) {
    var value: [UInt8] = []
    var position = start + 1
    while position < text.endIndex, text[position] != 0x22 {
      if text[position] == 0x5C, position + 1 < text.endIndex { position += 1 }
      value.append(text[position])
      position += 1
    }
    return (value, min(position + 1, text.endIndex))
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let start = text.drop(while: isSpace)
    let end = start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex
    return start[..<end]
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private static func isQuotable(_ byte: UInt8) -> Bool {
    byte == 0x09 || (0x20...0x7E).contains(byte) || byte >= 0x80
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x7C,
      0x7E:
      true
    default: false
    }
  }
}
