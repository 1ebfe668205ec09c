/// UTF-16 in either order of bytes. A surrogate without its mate is one fault, and so is all that
/// hangs over at the end.
///
/// Source: Encoding Standard, 14.2.1 "shared UTF-16 decoder".
enum UTF16Decoder {
  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, bigEndian: Bool, into text: inout DecodedText
  ) {
    let (high, low) = bigEndian ? (0, 1) : (1, 0)
    var lead: UInt32?
    var position = 0
    while position + 1 < bytes.count {
      let unit = UInt32(bytes[position + high]) << 8 | UInt32(bytes[position + low])
      position += 2
      if let first = lead {
        lead = nil
        if unit & 0xFC00 == 0xDC00 {
          text.append(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00))
          continue
        }
        text.appendFault()
      }
      switch unit {
      case 0xD800...0xDBFF: lead = unit
      case 0xDC00...0xDFFF: text.appendFault()
      default: text.append(unit)
      }
    }
    if lead != nil || position < bytes.count { text.appendFault() }
  }
}
