/// How an XML file is encoded.
///
/// In this order: byte order mark, the shape of the first four bytes, the charset of Content-Type,
/// the XML declaration, UTF-8 if the bytes are valid, else what `CharsetDetector` makes of them.
/// `text/xml` without charset is no longer US-ASCII.
///
/// Source: RFC 7303 §3; XML 1.0, appendix F.
enum XMLCharset {
  /// The whole file as clean UTF-8, and the name of the encoding it was in.
  static func decode(
    _ bytes: [UInt8], contentType: String?
  ) -> (utf8: [UInt8], encoding: String) {
    if let wide = UTF32(bytes) { return wide.decode(bytes) }
    if let encoding = encodingByShape(bytes) {
      return (TextDecoder.decode(bytes, from: encoding).utf8, encoding.name)
    }
    let header = contentType.flatMap { ContentTypeCharset.label(in: Array($0.utf8)) }
      .flatMap { oneByteEncoding($0) ?? oneByteEncoding(unquoted($0)) }
    let declared = declaredLabel(bytes).flatMap { oneByteEncoding($0) }
    if let encoding = header ?? declared {
      // The detector takes it as a header's word, which bytes may still prove wrong.
      return detect(bytes, contentType: "text/xml; charset=" + encoding.name)
    }
    let isUTF8 = bytes.withUnsafeBufferPointer { buffer in
      UTF8Repair.firstFault(in: buffer).map { buffer[$0] == 0 } ?? true
    }
    return detect(bytes, contentType: isUTF8 ? "text/xml; charset=utf-8" : nil)
  }

  private static func detect(
    _ bytes: [UInt8], contentType: String?
  ) -> (utf8: [UInt8], encoding: String) {
    let decoded = CharsetDetector().decode(bytes, contentType: contentType)
    return (decoded.utf8, decoded.verdict.encoding.name)
  }

  private static func encodingByShape(_ bytes: [UInt8]) -> TextEncoding? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0x00, 0x3C]) { return .utf16BE }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0x3C, 0x00]) { return .utf16LE }
    return nil
  }

  /// The encoding of a label, unless it needs two bytes for each `<` and the shape said otherwise.
  private static func oneByteEncoding(_ label: some Collection<UInt8>) -> TextEncoding? {
    guard let encoding = TextEncoding(label: label) else { return nil }
    return encoding == .utf16LE || encoding == .utf16BE || encoding == .replacement
      ? nil : encoding
  }

  /// Feeds name charsets in quotes that are none in HTTP, as in `charset='utf-8'`.
  private static func unquoted(_ label: [UInt8]) -> ArraySlice<UInt8> {
    let inner = label.trimmed
    guard let quote = inner.first, quote == 0x22 || quote == 0x27, inner.last == quote else {
      return inner
    }
    return inner.dropFirst().dropLast()
  }

  /// The value of `encoding` in `<?xml … ?>`.
  private static func declaredLabel(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    let head = bytes.prefix(1024).drop(while: \.isHTMLSpace)
    guard head.starts(with: "<?xml".utf8), let end = head.firstIndex(of: 0x3E) else { return nil }
    let declaration = head[..<end]
    let name = Array("encoding".utf8)
    for start in declaration.indices where declaration[start...].starts(with: name) {
      let rest = declaration[(start + name.count)...].drop(while: \.isHTMLSpace)
      guard rest.first == 0x3D else { continue }
      let value = rest.dropFirst().drop(while: \.isHTMLSpace)
      guard let quote = value.first, quote == 0x22 || quote == 0x27 else { return nil }
      return value.dropFirst().prefix { $0 != quote }
    }
    return nil
  }
}

/// UTF-32, which the web's encodings leave out and XML does not.
private struct UTF32 {
  private let isBigEndian: Bool

  /// Nil unless the bytes begin with its byte order mark or with `<` in it.
  init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0, 0, 0xFE, 0xFF]) || bytes.starts(with: [0, 0, 0, 0x3C]) {
      isBigEndian = true
    } else if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0x3C, 0, 0, 0]) {
      isBigEndian = false
    } else {
      return nil
    }
  }

  func decode(_ bytes: [UInt8]) -> (utf8: [UInt8], encoding: String) {
    var text = String.UnicodeScalarView()
    for start in stride(from: 0, through: bytes.count - 4, by: 4) {
      let unit = bytes[start..<(start + 4)].enumerated().reduce(0 as UInt32) {
        $0 | UInt32($1.element) << UInt32(isBigEndian ? 24 - $1.offset * 8 : $1.offset * 8)
      }
      let scalar = unit == 0 ? nil : Unicode.Scalar(unit)
      if start > 0 || scalar != "\u{FEFF}" { text.append(scalar ?? "\u{FFFD}") }
    }
    return (Array(String(text).utf8), isBigEndian ? "UTF-32BE" : "UTF-32LE")
  }
}
