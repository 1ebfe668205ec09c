import GossamerLLM

extension PromptText {
  /// As many whole sentences from the start as fit into a number of tokens.
  static func fitted(
    _ text: String, tokens: Int, language: String?
  ) -> (text: String, isCut: Bool) {
    let bytes = Array(text.utf8)
    // A token is at least a byte: what is shorter than the budget fits without counting.
    guard bytes.count > tokens else { return (text, false) }
    var end = 0
    var spent = 0
    for sentence in SentenceSegmenter.sentences(in: bytes, language: language) {
      spent += cost(bytes[end..<sentence.range.upperBound])
      if spent > tokens * 20 { break }
      end = sentence.range.upperBound
    }
    if spent <= tokens * 20 { return (text, false) }
    if end == 0 { end = hardEnd(bytes, tokens: tokens) }
    return (String(decoding: bytes[..<end], as: UTF8.self), true)
  }

  /// Twentieths of a token: 5 an ASCII byte, 8 another.
  private static func cost(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 < 0x80 ? 5 : 8) }
  }

  /// Where the first sentence alone is too long: at a blank or a character border.
  private static func hardEnd(_ bytes: [UInt8], tokens: Int) -> Int {
    var end = min(bytes.count, tokens * 5 / 2)
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return bytes[..<end].lastIndex { $0 <= 0x20 } ?? end
  }
}
