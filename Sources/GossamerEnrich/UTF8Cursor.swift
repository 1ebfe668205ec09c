/// Reading of scalars from valid UTF-8 by byte offset.
struct UTF8Cursor {
  let bytes: [UInt8]

  /// The scalar that starts at an offset, and its length in bytes.
  @inline(__always)
  func scalar(at offset: Int) -> (value: UInt32, length: Int) {
    let first = bytes[offset]
    if first < 0x80 { return (UInt32(first), 1) }
    if first < 0xE0, offset + 1 < bytes.count {
      return (UInt32(first & 0x1F) << 6 | UInt32(bytes[offset + 1] & 0x3F), 2)
    }
    if first < 0xF0, offset + 2 < bytes.count {
      return (
        UInt32(first & 0x0F) << 12 | UInt32(bytes[offset + 1] & 0x3F) << 6
          | UInt32(bytes[offset + 2] & 0x3F), 3
      )
    }
    guard offset + 3 < bytes.count else { return (0xFFFD, 1) }
    return (
      UInt32(first & 0x07) << 18 | UInt32(bytes[offset + 1] & 0x3F) << 12
        | UInt32(bytes[offset + 2] & 0x3F) << 6 | UInt32(bytes[offset + 3] & 0x3F), 4
    )
  }
}

/// Classes of scalars, by value.
enum ScalarClass {
  @inline(__always)
  static func isBlank(_ value: UInt32) -> Bool {
    value == 0x20 || value &- 0x09 < 5 || value == 0xA0 || value == 0x3000
      || value &- 0x2000 < 11 || value == 0x2028 || value == 0x2029 || value == 0x202F
  }

  /// Scripts written without spaces between words.
  @inline(__always)
  static func isUnspaced(_ value: UInt32) -> Bool {
    guard value >= 0x0E00 else { return false }
    return value < 0x0F00 || (0x1000..<0x10A0).contains(value) || (0x1780..<0x1800).contains(value)
      || (0x3041..<0x3100).contains(value) || (0x3400..<0xA000).contains(value)
      || (0xAC00..<0xD7A4).contains(value) || (0xF900..<0xFB00).contains(value)
      || (0x20000..<0x32000).contains(value)
  }

  /// Letters, digits and marks: what words are made of.
  static func isWord(_ value: UInt32) -> Bool {
    if value < 0x80 {
      return value &- 0x30 < 10 || (value | 0x20) &- 0x61 < 26
    }
    if value < 0xC0 { return value == 0xAA || value == 0xB5 || value == 0xBA }
    if value < 0x250 { return value != 0xD7 && value != 0xF7 }
    guard let scalar = Unicode.Scalar(value) else { return false }
    if scalar.properties.isAlphabetic { return true }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .nonspacingMark, .spacingMark: return true
    default: return false
    }
  }

  static func isDigit(_ value: UInt32) -> Bool { value &- 0x30 < 10 }

  static func isLowercase(_ value: UInt32) -> Bool {
    if value < 0x80 { return value &- 0x61 < 26 }
    return Unicode.Scalar(value)?.properties.isLowercase ?? false
  }

  /// Lower case for the bicameral scripts in wide use; others as they are. One scalar to one.
  @inline(__always)
  static func lowered(_ value: UInt32) -> UInt32 {
    switch value {
    case 0x41...0x5A: value | 0x20
    case 0xC0...0xDE where value != 0xD7: value + 32
    case 0x100...0x137, 0x14A...0x177: value | 1
    case 0x391...0x3A9: value + 32
    case 0x410...0x42F: value + 32
    case 0x400...0x40F: value + 80
    case 0x531...0x556: value + 48
    default: value
    }
  }
}
