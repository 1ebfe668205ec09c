/// FNV-1a over the bytes of a word: what words are looked up by, so that none becomes a string.
struct WordHash {
  private(set) var value: UInt32 = 2_166_136_261

  @inline(__always) mutating func add(_ byte: UInt8) {
    value = (value ^ UInt32(byte)) &* 16_777_619
  }

  /// The hash of a word in lower case.
  static func of(_ word: some StringProtocol) -> UInt32 {
    var hash = WordHash()
    for byte in word.utf8 { hash.add(byte) }
    return hash.value
  }
}

extension UInt8 {
  /// Space, tab, line feed, form feed, carriage return.
  @inline(__always) var isHTMLSpace: Bool {
    self == 0x20 || (self >= 0x09 && self <= 0x0D && self != 0x0B)
  }

  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
  @inline(__always) var isUpper: Bool { self &- 0x41 < 26 }
  @inline(__always) var isLower: Bool { self &- 0x61 < 26 }
  @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
  /// Whether a character of UTF-8 begins here.
  @inline(__always) var beginsCharacter: Bool { self & 0xC0 != 0x80 }
}
