import Glibc

/// Writes text in the encodings of old servers, by the C library's iconv.
enum LegacyCharset {
  /// The bytes; a character that the encoding lacks becomes a numeric reference, as editors write it.
  static func encode(html: String, as name: String) -> [UInt8]? {
    if let bytes = encode(html, as: name) { return bytes }
    guard encode("", as: name) != nil else { return nil }
    return html.unicodeScalars.flatMap { scalar in
      encode(String(scalar), as: name) ?? Array("&#\(scalar.value);".utf8)
    }
  }

  /// The bytes, or nil when the encoding is unknown or lacks a character of the text.
  static func encode(_ text: String, as name: String) -> [UInt8]? {
    guard let converter = iconv_open(name, "UTF-8"), converter != iconv_t(bitPattern: -1) else {
      return nil
    }
    defer { iconv_close(converter) }
    var source = text.utf8.map { CChar(bitPattern: $0) }
    var target = [CChar](repeating: 0, count: source.count * 4 + 16)
    var left = target.count
    let isComplete = source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        var from = source.baseAddress
        var into = target.baseAddress
        var unread = source.count
        let result = iconv(converter, &from, &unread, &into, &left)
        return result != -1 && unread == 0
      }
    }
    guard isComplete else { return nil }
    return target.dropLast(left).map { UInt8(bitPattern: $0) }
  }
}
