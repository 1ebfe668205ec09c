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

  /// Divides at semicolons outside of quotes; a quote counts right behind its `=`.
  ///
  /// Source: WHATWG MIME Sniffing, "parse a MIME type" and "collect an HTTP quoted string".
  private static func split(_ value: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    var (isQuoted, isEscaped) = (false, false)
    for (index, byte) in value.enumerated() {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        isEscaped = byte == 0x5C
        isQuoted = byte != 0x22
      } else if byte == 0x22, index > start, value[index - 1] == 0x3D {
        isQuoted = true
      } else if byte == 0x3B {
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
    var inner: [UInt8] = []
    var rest = text.dropFirst()
    while let byte = rest.popFirst(), byte != quote {
      if byte == 0x5C, quote == 0x22, let escaped = rest.popFirst() {
        inner.append(escaped)
      } else {
        inner.append(byte)
      }
    }
    return inner[...]
  }
}
