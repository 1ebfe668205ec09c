/// Cuts texts into passages: at the ends of sentences, and inside only those that are too long.
enum Passages {
  /// Passages of at most so many tokens, by estimate. Every letter of the text is in one of them.
  ///
  /// - Parameter most: the most tokens of one sentence; nil for those of a passage.
  static func cut(
    _ bytes: [UInt8], in part: Range<Int>? = nil, tokens: Int, most: Int? = nil,
    language: String?
  ) -> [Range<Int>] {
    let part = part ?? 0..<bytes.count
    let limit = most == nil ? max(8, tokens) : max(1, tokens)
    let longest = max(8, most ?? tokens)
    var passages: [Range<Int>] = []
    var start = part.lowerBound
    var cost = 0
    func close(at end: Int) {
      let range = trimmed(start..<end, bytes)
      if !range.isEmpty { passages.append(range) }
      start = end
      cost = 0
    }
    let sentences = SentenceSegmenter.sentences(in: Array(bytes[part]), language: language)
    var ends = sentences.map { $0.range.upperBound + part.lowerBound }
    ends.append(part.upperBound)
    var last = part.lowerBound
    for end in ends where end > last {
      let price = self.cost(bytes[last..<end])
      if cost + price > limit * 20, last > start { close(at: last) }
      cost += price
      last = end
      while cost > longest * 20 {
        close(at: hardEnd(bytes, from: start, to: end, tokens: longest))
        cost = self.cost(bytes[start..<end])
      }
    }
    close(at: part.upperBound)
    return passages
  }

  /// Twentieths of a token, as `TokenEstimate` counts: 5 an ASCII byte, 8 another.
  static func cost(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 < 0x80 ? 5 : 8) }
  }

  /// Where a sentence that is too long is cut: at a blank, else between characters.
  private static func hardEnd(_ bytes: [UInt8], from start: Int, to end: Int, tokens: Int) -> Int {
    var cost = 0
    var index = start
    while index < end, cost <= tokens * 20 - 8 {
      cost += bytes[index] < 0x80 ? 5 : 8
      index += 1
    }
    while index > start + 1, index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    let blank = bytes[start..<index].lastIndex { $0 <= 0x20 } ?? start
    return blank > start + (index - start) / 2 ? blank + 1 : index
  }

  private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    return start..<end
  }
}
