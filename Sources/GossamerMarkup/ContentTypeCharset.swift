/// The charset parameter of a Content-Type value.
enum ContentTypeCharset {
  /// The first charset whose label is known, else the first; nil if there is none. Quoted values of
  /// other parameters are stepped over; white space around `=` and single quotes are forgiven.
  static func label(in value: [UInt8]) -> ArraySlice<UInt8>? {
    var first: ArraySlice<UInt8>?
    for parameter in split(value) {
      guard let equals = parameter.firstIndex(of: 0x3D),
        parameter[..<equals].trimmed.equalsIgnoringCase("charset")
      else { continue }
      let label = unquoted(parameter[(equals + 1)...].trimmed)
      if TextEncoding(label: label) != nil { return label }
      if first == nil, !label.isEmpty { first = label }
    }
    return first
  }

  /// Divides at semicolons outside of quotes.
  private static func split(_ value: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    var isQuoted = false
    for (index, byte) in value.enumerated() {
      if byte == 0x22 { isQuoted.toggle() }
      if byte == 0x3B, !isQuoted {
        parts.append(value[start..<index])
        start = index + 1
      }
    }
    parts.append(value[start...])
    return parts
  }

  private static func unquoted(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let quote = text.first, quote == 0x22 || quote == 0x27 else {
      return text.prefix { !$0.isHTMLSpace && $0 != 0x2C && $0 != 0x22 && $0 != 0x27 }
    }
    return text.dropFirst().prefix { $0 != quote }
  }
}
