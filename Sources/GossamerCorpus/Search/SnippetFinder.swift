/// Finds the passage of a page that answers a query best, and the words of it to show.
package struct SnippetFinder {
  /// About the bytes of a snippet.
  static let lengthInBytes = 260
  /// Bytes before the first thing found, to read it in its sentence.
  private static let leadInBytes = 60

  package struct Finding: Sendable, Equatable {
    package var passage: Passage
    package var snippet: String
    package var highlights: [Range<Int>]
  }

  private struct Match {
    var phrase: Int
    var range: Range<Int>
  }

  private let phrases: [SearchQuery.Phrase]
  private var folder = TermFolder()
  private var forms: [UInt8] = []

  /// - Parameter phrases: what to look for; nothing shows how passages begin.
  package init(_ phrases: [SearchQuery.Phrase]) {
    self.phrases = phrases
  }

  /// The best of some passages: the one that holds most of what is looked for, the earliest of equals.
  ///
  /// - Parameters:
  ///   - place: what to show where no words are found, in bytes of the page's text.
  ///   - limit: the most characters to show.
  /// - Returns: nil without passages.
  package mutating func best(
    _ passages: [Passage], at place: Int = 0, limit: Int? = nil
  ) -> Finding? {
    var best: (passage: Passage, matches: [Match], score: Int)?
    for passage in passages {
      let matches = matches(in: Array(passage.text.utf8))
      let score = Set(matches.map(\.phrase)).count * 1_000 + min(matches.count, 999)
      if best.map({ score > $0.score }) ?? true { best = (passage, matches, score) }
    }
    guard let best else { return nil }
    var (snippet, highlights) = Self.cut(
      Array(best.passage.text.utf8), best.matches, from: place - best.passage.range.lowerBound)
    if let limit, snippet.count > limit {
      snippet = String(snippet.prefix(limit))
      highlights.removeAll { $0.upperBound > snippet.utf8.count }
    }
    return Finding(passage: best.passage, snippet: snippet, highlights: highlights)
  }

  // MARK: Matching

  /// What is found, in order, without overlaps.
  private mutating func matches(in text: [UInt8]) -> [Match] {
    guard !phrases.isEmpty else { return [] }
    forms.removeAll(keepingCapacity: true)
    var terms: [TermFolder.Term] = []
    folder.fold(text, into: &forms) { terms.append($0) }
    var matches: [Match] = []
    for start in terms.indices {
      var longest: Match?
      for (index, phrase) in phrases.enumerated() where self.matches(phrase, terms, at: start) {
        let end = end(of: phrase, terms, from: start)
        let range = terms[start].source.lowerBound..<end
        if longest.map({ range.count > $0.range.count }) ?? true {
          longest = Match(phrase: index, range: range)
        }
      }
      guard let longest else { continue }
      if let last = matches.last, last.range.upperBound > longest.range.lowerBound {
        // Pairs of characters overlap; one mark covers both.
        let end = max(last.range.upperBound, longest.range.upperBound)
        matches[matches.count - 1].range = last.range.lowerBound..<end
      } else {
        matches.append(longest)
      }
    }
    return matches
  }

  /// A single character begins a pair, and is marked without the other one.
  private func end(
    of phrase: SearchQuery.Phrase, _ terms: [TermFolder.Term], from start: Int
  ) -> Int {
    let last = start + phrase.terms.count - 1
    let term = terms[last]
    let isWhole = term.form.count == phrase.terms.last?.count
    guard term.isPair, !isWhole, last + 1 < terms.count else { return term.source.upperBound }
    return terms[last + 1].source.lowerBound
  }

  private func matches(
    _ phrase: SearchQuery.Phrase, _ terms: [TermFolder.Term], at start: Int
  ) -> Bool {
    guard start + phrase.terms.count <= terms.count else { return false }
    for (offset, wanted) in phrase.terms.enumerated() {
      let form = forms[terms[start + offset].form]
      let mayGoOn = phrase.isBeginning && offset == phrase.terms.count - 1
      guard form.count == wanted.count || (mayGoOn && form.count > wanted.count),
        form.starts(with: wanted)
      else { return false }
    }
    return true
  }

  // MARK: Cutting

  /// The stretch that shows most of what was found.
  private static func cut(
    _ text: [UInt8], _ matches: [Match], from place: Int
  ) -> (String, [Range<Int>]) {
    var start = matches.isEmpty ? min(place, text.count) : 0
    var most = 0
    for (index, match) in matches.enumerated() {
      let from = max(0, match.range.lowerBound - leadInBytes)
      let inside = matches[index...].prefix { $0.range.upperBound <= from + lengthInBytes }
      let count = Set(inside.map(\.phrase)).count
      if count > most { (start, most) = (from, count) }
    }
    start = wordStart(text, start)
    let end = wordEnd(text, min(text.count, start + lengthInBytes), after: start)
    let isCutBefore = start > 0
    // Control characters and line ends are one byte each, as is the blank they become.
    let body = text[start..<end].map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
    let snippet =
      (isCutBefore ? "…" : "") + String(decoding: body, as: UTF8.self)
      + (end < text.count ? "…" : "")
    let shift = (isCutBefore ? 3 : 0) - start
    return (
      snippet,
      matches.filter { $0.range.lowerBound >= start && $0.range.upperBound <= end }
        .map { $0.range.lowerBound + shift..<$0.range.upperBound + shift }
    )
  }

  /// The next beginning of a word, if one is near; else of a character.
  private static func wordStart(_ text: [UInt8], _ place: Int) -> Int {
    guard place > 0, place < text.count else { return 0 }
    if let blank = text[(place - 1)..<min(text.count, place + 24)].firstIndex(where: { $0 <= 0x20 })
    {
      return blank + 1
    }
    return text[place...].firstIndex { $0 & 0xC0 != 0x80 } ?? text.count
  }

  private static func wordEnd(_ text: [UInt8], _ place: Int, after start: Int) -> Int {
    guard place < text.count else { return text.count }
    let near = max(start, place - 24)
    if let blank = text[near...place].lastIndex(where: { $0 <= 0x20 }), blank > start {
      return blank
    }
    var end = place
    while end > start, text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }
}
