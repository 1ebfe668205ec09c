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
    var sum = Hash()
    var isEmpty = true
    var reader = TextBytes(utf8)
    var word = Hash()
    var length = 0
    func end() {
      guard length > 0 else { return }
      if !own.contains(word.value) {
        sum.add(word.value)
        isEmpty = false
      }
      word = Hash()
      length = 0
    }
    while let byte = reader.next() {
      guard isLetter(byte) else {
        end()
        continue
      }
      word.add(lowercase(byte))
      length += 1
    }
    end()
    return isEmpty ? nil : sum.value
  }

  private static func words(of address: String) -> Set<UInt64> {
    var words: Set<UInt64> = []
    for word in address.utf8.split(whereSeparator: { !isLetter($0) }) {
      var hash = Hash()
      for byte in word { hash.add(lowercase(byte)) }
      words.insert(hash.value)
    }
    return words
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 }

  private static func lowercase(_ byte: UInt8) -> UInt8 { byte < 0x80 ? byte | 0x20 : byte }

  /// FNV-1a.
  private struct Hash {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 }
  }
}

/// The bytes of a page that are text, with a blank where markup was. Knows just enough of HTML.
private struct TextBytes {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

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
