/// Decodes the web's encodings to clean UTF-8: valid, without NUL and byte order mark.
///
/// Source: Encoding Standard; its decoders with error mode "replacement", its indexes embedded.
public enum TextDecoder {
  /// Decodes a whole page. Errors become U+FFFD and are counted, NUL becomes U+FFFD silently.
  /// Clean UTF-8, and ASCII in any encoding that contains it, is handed back without a copy.
  public static func decode(
    _ page: [UInt8], from encoding: TextEncoding
  ) -> (utf8: [UInt8], replaced: Int) {
    page.withUnsafeBufferPointer { bytes in
      encoding == .utf8 ? utf8(bytes) : legacy(bytes, encoding)
    } ?? (page, 0)
  }

  /// Nil if the bytes are clean as they are.
  private static func utf8(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (utf8: [UInt8], replaced: Int)? {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if start == 0, UTF8Repair.firstFault(in: bytes) == nil { return nil }
    return UTF8Repair.repair(UnsafeBufferPointer(rebasing: bytes[start...]))
  }

  private static func legacy(
    _ bytes: UnsafeBufferPointer<UInt8>, _ encoding: TextEncoding
  ) -> (utf8: [UInt8], replaced: Int)? {
    var text = DecodedText(capacity: bytes.count + bytes.count / 2 + 16)
    switch encoding {
    case .replacement: if !bytes.isEmpty { text.appendFault() }
    case .utf16BE, .utf16LE:
      let mark: [UInt8] = encoding == .utf16BE ? [0xFE, 0xFF] : [0xFF, 0xFE]
      let unmarked = bytes.dropFirst(bytes.starts(with: mark) ? 2 : 0)
      UTF16Decoder.decode(
        UnsafeBufferPointer(rebasing: unmarked), bigEndian: encoding == .utf16BE, into: &text)
    case .iso2022JP: ISO2022JPDecoder.decode(bytes, into: &text)
    default:
      if UTF8Repair.endOfASCII(bytes, from: 0) == bytes.count { return nil }
      if let index = EncodingIndex.singleByte(encoding) {
        SingleByteDecoder.decode(bytes, by: index, into: &text)
      } else {
        DoubleByteDecoder.decode(bytes, from: encoding, into: &text)
      }
    }
    return (text.utf8, text.faultCount)
  }
}
