/// The sentences of a page that may stand in a summary, and what speaks for them.
struct SentenceCandidates {
  struct Candidate {
    var range: Range<Int>
    var terms: [UInt64]
    var words: Int
    /// Place among the page's sentences.
    var place: Int
    var followsHeading: Bool
    /// Share of the title's and its heading's terms that the sentence has.
    var titleShare: Float
    var score: Float = 0
  }

  private(set) var sentences: [Candidate] = []

  var isEmpty: Bool { sentences.isEmpty }

  /// Sentences of a usual length come first; if there are none, whatever has words.
  init(_ page: PageText, text: UTF8Cursor, statistics: CorpusStatistics?) {
    let all = SentenceSegmenter.sentences(
      in: text.bytes, language: page.language, limit: ExtractiveSummarizer.longestPage)
    let title = Self.terms(page.title)
    let headings = Set(page.headings.map { Terms.identity(Self.terms($0), host: "") })
    var others: [Candidate] = []
    var heading: [UInt64]?
    for (place, sentence) in all.enumerated() {
      let counted = Terms.counted(text, in: sentence.range)
      guard !counted.terms.isEmpty else { continue }
      let isHeading =
        headings.contains(Terms.identity(counted.terms, host: ""))
        || sentence.startsLine && !sentence.isClosed && counted.words <= 12
      let candidate = Candidate(
        range: sentence.range, terms: counted.terms, words: max(1, counted.words), place: place,
        followsHeading: heading != nil,
        titleShare: Self.share(of: title + (heading ?? []), in: counted.terms))
      if isHeading {
        heading = counted.terms
        others.append(candidate)
        continue
      }
      heading = nil
      let isBoilerplate = statistics?.isBoilerplate(counted.terms, host: page.host) ?? false
      if isBoilerplate || !Self.reads(counted, length: sentence.range.count) {
        others.append(candidate)
      } else {
        sentences.append(candidate)
      }
    }
    if sentences.isEmpty { sentences = others }
  }

  /// Turns centrality into scores from 0 to about 1.5.
  mutating func weigh(by centrality: [Float], isNews: Bool) {
    let most = centrality.max() ?? 0
    let lead: Float = isNews ? 0.6 : 0.15
    let reach: Float = isNews ? 2 : 3
    for index in sentences.indices {
      let sentence = sentences[index]
      var score = most > 0 ? centrality[index] / most : 0
      score += lead * reach / (reach + Float(sentence.place))
      score += 0.25 * sentence.titleShare
      if sentence.followsHeading { score += 0.05 }
      // A question is seldom an answer, a fragment seldom a sentence.
      if sentence.words < 8 { score *= 0.7 }
      sentences[index].score = score
    }
  }

  private static func terms(_ text: String) -> [UInt64] {
    let bytes = Array(text.utf8.prefix(1_000))
    return Terms.counted(UTF8Cursor(bytes: bytes), in: 0..<bytes.count).terms
  }

  private static func share(of wanted: [UInt64], in terms: [UInt64]) -> Float {
    guard !wanted.isEmpty else { return 0 }
    return Float(wanted.count { terms.contains($0) }) / Float(wanted.count)
  }

  /// Whether it looks like a sentence: neither a scrap nor a wall, and mostly of words.
  private static func reads(_ counted: Terms.Counted, length: Int) -> Bool {
    (5...80).contains(counted.words) && counted.wordBytes * 10 >= length * 6
  }
}
