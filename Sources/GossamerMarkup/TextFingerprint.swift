/// A short sign of what a page says, the same for pages that say the same in other numbers.
///
/// Made of the words of its text in order. Left out are markup, scripts and styles, digits, and what
/// the page repeats of its own address, as in "there is nothing at /xyz". Case counts for nothing.
/// Not for near-duplicates in general: one other word gives another sign.
public enum TextFingerprint {
  /// The fingerprint of an HTML page or a plain text; nil if it has no words.
  ///
  /// - Parameters:
  ///   - utf8: the page; need not be valid.
  ///   - address: the page's path and query.
  public static func of(_ utf8: [UInt8], address: String) -> UInt64? {
    let own = words(of: address)
    return utf8.withUnsafeBufferPointer { of($0, without: own) }
  }

  private static func of(_ bytes: UnsafeBufferPointer<UInt8>, without own: [UInt64]) -> UInt64? {
    var sum = Hash()
    var isEmpty = true
    var word = Hash()
    var isInWord = false
    var reader = TextBytes(bytes)
    while true {
      let byte = reader.next()
      if let byte, isLetter(byte) {
        word.add(lowercase(byte))
        isInWord = true
        continue
      }
      if isInWord {
        if !own.contains(word.value) {
          sum.add(word.value)
          isEmpty = false
        }
        word = Hash()
        isInWord = false
      }
      if byte == nil { return isEmpty ? nil : sum.value }
    }
  }

  /// A handful, so that a list is faster than a set.
  private static func words(of address: String) -> [UInt64] {
    var words: [UInt64] = []
    for word in address.utf8.split(whereSeparator: { !isLetter($0) }) {
      var hash = Hash()
      for byte in word { hash.add(lowercase(byte)) }
      words.append(hash.value)
    }
    return words
  }

  @inline(__always)
  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 }

  @inline(__always)
  private static func lowercase(_ byte: UInt8) -> UInt8 { byte < 0x80 ? byte | 0x20 : byte }

  /// FNV-1a.
  private struct Hash {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 }
  }
}

/// The bytes of a page that are text, with a blank where markup was. Knows just enough of HTML.
private struct TextBytes {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  @inline(__always)
  mutating func next() -> UInt8? {
    guard index < bytes.count else { return nil }
    let byte = bytes[index]
    index += 1
    guard byte == UInt8(ascii: "<"), index < bytes.count, opensTag(bytes[index]) else {
      return byte
    }
    skipTag()
    return 0x20
  }

  private func opensTag(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!")
      || byte == UInt8(ascii: "?")
  }

  private mutating func skipTag() {
    if stands("!--") { return skip(past: "-->") }
    let isScript = stands("script")
    let isStyle = !isScript && stands("style")
    skip(past: ">")
    if isScript { skip(past: "</script") }
    if isStyle { skip(past: "</style") }
  }

  private func stands(_ word: StaticString) -> Bool {
    word.withUTF8Buffer { word in
      guard index + word.count <= bytes.count else { return false }
      for offset in word.indices where Self.fold(bytes[index + offset]) != word[offset] {
        return false
      }
      return true
    }
  }

  private static func fold(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  private mutating func skip(past end: StaticString) {
    while index < bytes.count {
      if stands(end) {
        index += end.utf8CodeUnitCount
        return
      }
      index += 1
    }
  }
}
