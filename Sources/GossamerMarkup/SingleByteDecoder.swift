/// The decoder of all encodings in which a byte is a character, x-user-defined among them.
///
/// Source: Encoding Standard, 9.1 "single-byte decoder" and 14.5 "x-user-defined".
enum SingleByteDecoder {
  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, by index: [UInt32], into text: inout DecodedText
  ) {
    var position = 0
    while position < bytes.count {
      let end = UTF8Repair.endOfASCII(bytes, from: position)
      text.append(ascii: bytes[position..<end])
      position = end
      while position < bytes.count, bytes[position] &- 1 >= 0x7F {
        let byte = bytes[position]
        position += 1
        let scalar = byte == 0 ? 0 : index[Int(byte) - 0x80]
        if scalar == 0, byte != 0 { text.appendFault() } else { text.append(scalar) }
      }
    }
  }
}
