public import GossamerLLM

/// Summaries of sentences of the page itself: no model, no key, no network, the same every time.
///
/// Continuous LexRank over tf-idf vectors, with the crawl's own term statistics where given; the
/// title and the place in the text add to it, and what was already said takes away from it (MMR).
/// Sentences come in page order, each with its place. Looks at no more than `longestPage`
/// sentences. Source: Erkan and Radev 2004 (LexRank); Carbonell and Goldstein 1998 (MMR).
public struct ExtractiveSummarizer: Summarizer {
  /// How much is said.
  public let limits: SummaryLimits
  /// Sentences of a page that are looked at.
  public static let longestPage = 400

  /// "extractive/1/3s-100w", or "extractive/1-corpus/…" with the statistics of a corpus; changes
  /// whenever the method or its settings do.
  public var identity: String {
    "extractive/1\(statistics?.isUsable == true ? "-corpus" : "")/\(limits.label)"
  }

  private let statistics: CorpusStatistics?

  /// A summarizer.
  ///
  /// - Parameter statistics: of the crawl; used once they cover 20 pages, else the page's own
  ///   sentences say what is common.
  public init(limits: SummaryLimits = SummaryLimits(), statistics: CorpusStatistics? = nil) {
    self.limits = limits
    self.statistics = statistics
  }

  /// The summary of a page.
  public func summarize(_ page: PageText) async throws(ModelError) -> Summary {
    try summary(of: page)
  }

  /// The summary of a page, without a suspension.
  ///
  /// - Throws: `empty` when the page has no words.
  public func summary(of page: PageText) throws(ModelError) -> Summary {
    let text = UTF8Cursor(bytes: Array(page.text.utf8))
    var candidates = SentenceCandidates(page, text: text, statistics: statistics)
    guard !candidates.isEmpty else { throw ModelError(.empty, "a page without sentences") }
    let graph = SentenceGraph(candidates.sentences.map(\.terms), statistics: statistics)
    candidates.weigh(by: graph.centrality(), isNews: page.isNews)
    let chosen = choose(from: candidates.sentences, graph: graph).sorted()
    let ranges = chosen.map { candidates.sentences[$0].range }
    return Summary(
      text: Self.joined(ranges, in: text), provider: "extractive", sentences: ranges)
  }

  /// Greedy choice by score less likeness to what is chosen already.
  private func choose(from sentences: [SentenceCandidates.Candidate], graph: SentenceGraph) -> [Int]
  {
    let balance: Float = 0.7
    var chosen: [Int] = []
    var words = 0
    var likeness = [Float](repeating: 0, count: sentences.count)
    var isOpen = [Bool](repeating: true, count: sentences.count)
    while chosen.count < limits.sentences {
      var best = -1
      var bestScore = -Float.infinity
      for index in sentences.indices where isOpen[index] {
        let score = balance * sentences[index].score - (1 - balance) * likeness[index]
        if score > bestScore { (best, bestScore) = (index, score) }
      }
      guard best >= 0 else { break }
      isOpen[best] = false
      if !chosen.isEmpty, words + sentences[best].words > limits.words || likeness[best] > 0.8 {
        continue
      }
      chosen.append(best)
      words += sentences[best].words
      for index in sentences.indices {
        likeness[index] = max(likeness[index], graph.likeness(best, index))
      }
    }
    return chosen
  }

  private static func joined(_ ranges: [Range<Int>], in text: UTF8Cursor) -> String {
    var bytes: [UInt8] = []
    for range in ranges {
      // Full-width stops bring their own space.
      if let last = bytes.last, !(last >= 0x80 && bytes.suffix(3).first == 0xE3) {
        bytes.append(0x20)
      }
      var afterBlank = false
      for byte in text.bytes[range] {
        let isBlank = byte <= 0x20
        if isBlank, afterBlank { continue }
        bytes.append(isBlank ? 0x20 : byte)
        afterBlank = isBlank
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
