/// What is looked for in a model's summary, without a second model.
enum AnswerCheck {
  /// Numbers of the summary that the source does not have ("new-number 75"), or has only beside
  /// other words ("moved-number 20").
  static func numbers(in summary: String, source: String) -> [String] {
    guard summary.contains(where: \.isNumber) else { return [] }
    let known = words(source)
    var places: [String: [Int]] = [:]
    for (place, word) in known.enumerated() where word.isNumber {
      places[word.text, default: []].append(place)
    }
    var flags: [String] = []
    // What the next sentence begins with does not say what is counted in this one.
    let bytes = Array(summary.utf8)
    for sentence in SentenceSegmenter.sentences(in: bytes) {
      let said = words(String(decoding: bytes[sentence.range], as: UTF8.self))
      for (place, word) in said.enumerated() where word.isNumber {
        let flag: String
        if let occurrences = places[word.text] {
          guard let neighbour = neighbour(of: place, in: said) else { continue }
          let isNear = occurrences.contains { occurrence in
            known[max(0, occurrence - 5)..<min(known.count, occurrence + 6)].contains {
              $0.text.hasPrefix(neighbour)
            }
          }
          if isNear { continue }
          flag = "moved-number \(word.text)"
        } else {
          flag = "new-number \(word.text)"
        }
        if !flags.contains(flag) { flags.append(flag) }
      }
    }
    return flags
  }

  /// The summary without addresses that the source does not have, so that nobody downstream
  /// follows one.
  static func withoutNewAddresses(_ summary: String, source: String) -> String {
    let words = summary.split(separator: " ", omittingEmptySubsequences: true)
    let kept = words.filter { word in
      let word = trimmed(word, of: "()<>[]\"'.,;:!?")
      let isAddress =
        word.contains("://") || word.hasPrefix("www.") || word.hasPrefix("mailto:")
        || word.hasPrefix("javascript:") || word.hasPrefix("data:")
      return !isAddress || source.contains(word)
    }
    return kept.count == words.count ? summary : kept.joined(separator: " ")
  }

  /// Whether an answer goes in circles: four words in a row that come three times and make up a third
  /// of it. Small models end so.
  static func repeatsItself(_ summary: String) -> Bool {
    let words = words(summary).map(\.text)
    guard words.count >= 12 else { return false }
    var counts: [String: Int] = [:]
    for start in 0...(words.count - 4) {
      counts[words[start..<start + 4].joined(separator: " "), default: 0] += 1
    }
    let most = counts.values.max() ?? 0
    return most >= 3 && most * 12 >= words.count
  }

  /// The language of an answer where it is not the one that was asked for; nil when in doubt.
  static func otherLanguage(than wanted: String?, _ found: String?) -> String? {
    func base(_ tag: String) -> String { tag.prefix { $0 != "-" && $0 != "_" }.lowercased() }
    guard let wanted, let found, base(wanted) != base(found) else { return nil }
    return base(found)
  }

  /// Whether the answer declines instead of summarizing. Short answers only: a page may quote one.
  static func declines(_ answer: String) -> Bool {
    guard answer.utf8.count < 300 else { return false }
    let start = answer.lowercased().replacing("\u{2019}", with: "'")
    return [
      "i'm sorry", "i am sorry", "sorry, but i", "sorry, i can", "i can't", "i cannot",
      "i can not", "i'm unable", "i am unable", "i won't", "as an ai", "i'm not able",
    ].contains { start.hasPrefix($0) }
  }

  private struct Word {
    var text: String
    var isNumber: Bool
  }

  /// Words in lower case; numbers with their separators of thousands removed.
  private static func words(_ text: String) -> [Word] {
    let cursor = UTF8Cursor(bytes: Array(text.utf8))
    var words: [Word] = []
    var start = 0
    var offset = 0
    while offset < cursor.bytes.count {
      let (value, length) = cursor.scalar(at: offset)
      if !isMark(value), !ScalarClass.isWord(value) {
        add(cursor.bytes[start..<offset], to: &words)
        start = offset + length
      }
      offset += length
    }
    add(cursor.bytes[start...], to: &words)
    return words
  }

  private static func add(_ token: ArraySlice<UInt8>, to words: inout [Word]) {
    var token = token
    while let last = token.last, isMark(UInt32(last)) { token.removeLast() }
    while let first = token.first, isMark(UInt32(first)) { token.removeFirst() }
    guard let first = token.first else { return }
    if ScalarClass.isDigit(UInt32(first)) {
      // "20th", "5km": the number, then the word.
      let digits = token.prefix { isMark(UInt32($0)) || ScalarClass.isDigit(UInt32($0)) }
      let number = normalized(String(decoding: digits, as: UTF8.self)[...])
      words.append(Word(text: number, isNumber: true))
      token = token.dropFirst(digits.count)
      if token.isEmpty { return }
    }
    words.append(Word(text: lowered(token), isNumber: false))
  }

  private static func lowered(_ token: ArraySlice<UInt8>) -> String {
    guard token.allSatisfy({ $0 < 0x80 }) else {
      return String(decoding: token, as: UTF8.self).lowercased()
    }
    return String(decoding: token.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// A full stop or a comma, which stand in numbers and behind words.
  private static func isMark(_ value: UInt32) -> Bool { value == 0x2E || value == 0x2C }

  private static func trimmed(_ token: Substring, of marks: String = ".,") -> Substring {
    var token = token
    while let last = token.last, marks.contains(last) { token.removeLast() }
    while let first = token.first, marks.contains(first) { token.removeFirst() }
    return token
  }

  /// 3,400 and 3.400 are 3400; 3.5 and 3,5 are 3.5; 1.0 is 1.
  private static func normalized(_ token: Substring) -> String {
    var groups = trimmed(token).split { $0 == "." || $0 == "," }.map { String($0) }
    guard groups.count > 1, let last = groups.last else { return groups.first ?? "" }
    if groups.dropFirst().allSatisfy({ $0.count == 3 }) { return groups.joined() }
    groups.removeLast()
    let whole = groups.joined()
    return last.allSatisfy { $0 == "0" } ? whole : whole + "." + last
  }

  /// The start of the next word that says what is counted, or of the one before.
  private static func neighbour(of place: Int, in words: [Word]) -> String? {
    let candidates = [place + 1, place - 1].filter { words.indices.contains($0) }
    let word = candidates.map { words[$0] }.first { !$0.isNumber && $0.text.count >= 4 }
    return word.map { String($0.text.prefix(4)) }
  }
}
