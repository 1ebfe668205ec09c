/// Identity of a URL within its host: SipHash-2-4 under a secret key of the crawl.
///
/// Pages choose their URLs; with a public hash a site could make another URL look seen. A keyed
/// hash is made for this, at a tenth of the cost of a cryptographic digest.
/// Source: Aumasson, Bernstein: SipHash: a fast short-input PRF, 2012.
public struct URLIdentity: Sendable, Equatable {
  /// The first half of the key.
  public let key0: UInt64
  /// The second half of the key.
  public let key1: UInt64

  /// An identity under a key.
  public init(key0: UInt64, key1: UInt64) {
    self.key0 = key0
    self.key1 = key1
  }

  /// An identity under a new random key.
  public static func random() -> URLIdentity {
    var generator = SystemRandomNumberGenerator()
    return URLIdentity(key0: generator.next(), key1: generator.next())
  }

  /// The hash of a text's UTF-8.
  public func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { hash($0) }
  }

  private func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state = SipState(key0: key0, key1: key1)
    let whole = bytes.count & ~7
    var index = 0
    while index < whole {
      state.absorb(Self.word(bytes, from: index, count: 8))
      index += 8
    }
    let rest = Self.word(bytes, from: index, count: bytes.count - whole)
    state.absorb(rest | UInt64(truncatingIfNeeded: bytes.count) << 56)
    return state.finish()
  }

  @inline(__always)
  private static func word(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, count: Int
  ) -> UInt64 {
    if count == 8 {
      let bytes = UnsafeRawBufferPointer(bytes)
      return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
    var word: UInt64 = 0
    for offset in 0..<count { word |= UInt64(bytes[start + offset]) << UInt64(offset * 8) }
    return word
  }
}

/// The four words of SipHash, named as in the paper.
private struct SipState {
  var v0: UInt64
  var v1: UInt64
  var v2: UInt64
  var v3: UInt64

  init(key0: UInt64, key1: UInt64) {
    v0 = key0 ^ 0x736F_6D65_7073_6575
    v1 = key1 ^ 0x646F_7261_6E64_6F6D
    v2 = key0 ^ 0x6C79_6765_6E65_7261
    v3 = key1 ^ 0x7465_6462_7974_6573
  }

  @inline(__always)
  mutating func absorb(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  mutating func finish() -> UInt64 {
    v2 ^= 0xFF
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  @inline(__always)
  private mutating func round() {
    v0 = v0 &+ v1
    v1 = rotate(v1, 13) ^ v0
    v0 = rotate(v0, 32)
    v2 = v2 &+ v3
    v3 = rotate(v3, 16) ^ v2
    v0 = v0 &+ v3
    v3 = rotate(v3, 21) ^ v0
    v2 = v2 &+ v1
    v1 = rotate(v1, 17) ^ v2
    v2 = rotate(v2, 32)
  }

  @inline(__always)
  private func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }
}
