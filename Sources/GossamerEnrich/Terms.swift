/// Terms of a text as hashes: words of spaced scripts in lower case, pairs of characters of the
/// others. Language-neutral; no stemming, no list of stop words.
enum Terms {
  struct Counted {
    var terms: [UInt64] = []
    /// Words; two characters of unspaced scripts count as one.
    var words = 0
    /// Bytes of the text that are part of words.
    var wordBytes = 0
  }

  /// - Parameter stem: letters of a word that count; those behind them are read over.
  static func counted(
    _ text: UTF8Cursor, in range: Range<Int>, stem: Int = .max
  ) -> Counted {
    var result = Counted()
    var hash = seed
    var inWord = false
    var letters = 0
    var last: UInt32 = 0
    var unspaced = 0
    var offset = range.lowerBound
    func close() {
      guard inWord else { return }
      result.terms.append(hash)
      result.words += 1
      inWord = false
      hash = seed
    }
    while offset < range.upperBound {
      let (value, length) = text.scalar(at: offset)
      offset += length
      if ScalarClass.isUnspaced(value) {
        close()
        unspaced += 1
        result.wordBytes += length
        if last != 0 { result.terms.append(mixed(mixed(seed, last), value)) }
        last = value
        continue
      }
      last = 0
      guard ScalarClass.isWord(value) else {
        close()
        continue
      }
      letters = inWord ? letters + 1 : 1
      inWord = true
      result.wordBytes += length
      if letters <= stem { hash = mixed(hash, ScalarClass.lowered(value)) }
    }
    close()
    result.words += unspaced / 2
    return result
  }

  /// A hash of what a sentence says, without regard to case, blanks and punctuation.
  static func identity(_ terms: [UInt64], host: String) -> UInt64 {
    var hash = seed
    for byte in host.utf8 { hash = mixed(hash, UInt32(byte)) }
    for term in terms { hash = (hash ^ term) &* prime }
    return hash
  }

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x0000_0100_0000_01B3

  /// One step of FNV-1a over a scalar, with the high bits folded in.
  @inline(__always)
  private static func mixed(_ hash: UInt64, _ value: UInt32) -> UInt64 {
    let product = (hash ^ UInt64(value)) &* prime
    return product ^ (product >> 29)
  }
}
