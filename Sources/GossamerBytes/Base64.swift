/// Base64 of vectors: 32-bit floats, the lowest byte first. Source: RFC 4648 §4.
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  /// The floats of a text, or nil if it is not that.
  package static func floats(_ text: [UInt8]) -> [Float]? {
    var floats: [Float] = []
    floats.reserveCapacity(text.count * 3 / 16)
    var bits: UInt32 = 0
    var count = 0
    var word: UInt32 = 0
    var bytesInWord: UInt32 = 0
    for letter in text {
      if letter == UInt8(ascii: "=") { break }
      let value = values[Int(letter)]
      guard value != 0xFF else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      word |= (bits >> UInt32(count) & 0xFF) << (8 * bytesInWord)
      bytesInWord += 1
      if bytesInWord == 4 {
        floats.append(Float(bitPattern: word))
        (word, bytesInWord) = (0, 0)
      }
    }
    return bytesInWord == 0 ? floats : nil
  }

  /// Floats as text.
  package static func text(_ floats: [Float]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(floats.count * 4)
    for float in floats {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: float.bitPattern >> shift))
      }
    }
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let rest = bytes.count - index
      let second = rest > 1 ? bytes[index + 1] : 0
      let third = rest > 2 ? bytes[index + 2] : 0
      text.append(alphabet[Int(bytes[index] >> 2)])
      text.append(alphabet[Int((bytes[index] & 3) << 4 | second >> 4)])
      text.append(rest > 1 ? alphabet[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "="))
      text.append(rest > 2 ? alphabet[Int(third & 63)] : UInt8(ascii: "="))
      index += 3
    }
    return String(decoding: text, as: UTF8.self)
  }
}
