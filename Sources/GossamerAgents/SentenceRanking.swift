/// Which sentences of what was read answer a question, by the words they share with it.
///
/// A word that few of the sentences have weighs more. Words of the page's title and of the sentence
/// before count in part, as names are not said again. Knows no meaning.
struct SentenceRanking: Sendable {
  /// The most sentences of a ranking.
  static let most = 64

  struct Sentence: Sendable, Equatable {
    /// The place of its passage.
    var passage: Int
    var text: String
    /// From 0, for nothing in common.
    var score: Double
  }

  /// Sentences that can be quoted, each once, best first; of equal ones, those that came first.
  private(set) var sentences: [Sentence] = []
  /// Those that have at least half as much to do with the question as the best; none where no word
  /// of it is found.
  var relevant: [Sentence] {
    let best = sentences.first?.score ?? 0
    return sentences.filter { $0.score > 0 && $0.score >= best / 2 }
  }

  /// The share of the question's words that one sentence has, with its page's title and the sentence
  /// before it.
  private(set) var coverage = 0.0

  init(_ passages: [PagePassage], for question: String) {
    for (passage, shown) in passages.enumerated() {
      for text in Self.quotes(in: shown.text) {
        sentences.append(Sentence(passage: passage, text: text, score: 0))
      }
    }
    let terms = sentences.map { Set(ContentTerms.terms(in: $0.text)) }
    let wanted = Set(ContentTerms.terms(in: question))
    let weights = Self.weights(of: wanted, in: terms)
    let all = weights.values.reduce(0, +)
    guard all > 0 else {
      sentences = Self.once(sentences[...])
      return
    }
    let titles = passages.map { Set(ContentTerms.terms(in: $0.title ?? "")) }
    for index in sentences.indices {
      let title = titles[sentences[index].passage]
      let follows = index > 0 && sentences[index - 1].passage == sentences[index].passage
      let before = follows ? terms[index - 1] : []
      sentences[index].score =
        weights.reduce(0) { score, term in
          let credit =
            terms[index].contains(term.key)
            ? 1 : title.contains(term.key) ? 0.4 : before.contains(term.key) ? 0.3 : 0
          return score + credit * term.value
        } / all
      let covered = wanted.intersection(terms[index].union(title).union(before)).count
      coverage = max(coverage, Double(covered) / Double(wanted.count))
    }
    let order = sentences.indices.sorted {
      (sentences[$0].score, -$0) > (sentences[$1].score, -$1)
    }
    sentences = Self.once(order.map { sentences[$0] }[...])
  }

  private static func weights(
    of wanted: Set<String>, in sentences: [Set<String>]
  ) -> [String: Double] {
    var counts: [String: Int] = [:]
    for terms in sentences {
      for term in terms.intersection(wanted) { counts[term, default: 0] += 1 }
    }
    return counts.mapValues { 1 / Double($0).squareRoot() }
  }

  /// Each once: without excerpts of what was read in full, and without sentences that have another
  /// one's words behind a heading, as lists of pages do.
  private static func once(_ all: ArraySlice<Sentence>) -> [Sentence] {
    let sentences = all.prefix(most)
    return sentences.enumerated().filter { place, sentence in
      !sentences.enumerated().contains { other, longer in
        guard other != place else { return false }
        if longer.text == sentence.text { return other < place }
        return isExcerpt(sentence.text, of: longer.text)
          || isTeaser(sentence.text, for: longer.text)
      }
    }.map(\.element)
  }

  private static func isExcerpt(_ text: String, of longer: String) -> Bool {
    longer.contains(text) && !isTeaser(longer, for: text)
  }

  private static func isTeaser(_ text: String, for sentence: String) -> Bool {
    text.utf8.count > sentence.utf8.count && text.hasSuffix(sentence)
      && sentence.first?.isLowercase == false
  }

  /// The sentences of a passage that can be quoted, each once.
  ///
  /// - Parameter least: the fewest letters and digits of one.
  static func quotes(in text: String, least: Int = 12) -> [String] {
    var quotes: [String] = []
    var sentence = ""
    func close() {
      let quote = String(sentence.trimmed.prefix(240))
      let letters = quote.count { $0.isLetter || $0.isNumber }
      if letters >= least, !quotes.contains(quote) {
        quotes.append(quote)
      }
      sentence = ""
    }
    var last: Character = " "
    for character in text {
      if character.isNewline || character == "…" || (character == " " && ".!?".contains(last)) {
        close()
      } else {
        sentence.append(character)
      }
      last = character
    }
    close()
    return Array(quotes.prefix(24))
  }

  /// What a model says of a quotation, without sentences that it copied from elsewhere: small models
  /// copy on where they should stop. Words of the model's own are left alone.
  static func saying(_ text: String, of quote: String, among passages: [String]) -> String {
    let quoted = Set(ContentTerms.terms(in: quote))
    let around = Set(passages.flatMap(ContentTerms.terms))
    guard !quoted.isEmpty else { return text }
    let kept = quotes(in: text, least: 1).filter { sentence in
      let terms = ContentTerms.terms(in: sentence)
      guard !terms.isEmpty else { return true }
      func share(_ known: Set<String>) -> Double {
        Double(terms.count { known.contains($0) }) / Double(terms.count)
      }
      return share(quoted) >= 0.5 || share(around) < 0.8
    }
    return kept.isEmpty ? quote : kept.joined(separator: " ")
  }
}
