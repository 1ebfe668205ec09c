public import GossamerCorpus

/// Answers without a model: the sentences of the corpus that share most words with the question, as they
/// stand, each with its place. Says nothing of its own.
public struct ExtractiveAnswer: Sendable {
  private let search: any CorpusSearch
  private let pages: any CorpusPages
  private let sentences: Int

  /// Answers from a corpus.
  ///
  /// - Parameter sentences: the most sentences of an answer.
  public init(search: any CorpusSearch, pages: any CorpusPages, sentences: Int = 3) {
    self.search = search
    self.pages = pages
    self.sentences = max(1, sentences)
  }

  /// Answers a question.
  ///
  /// - Throws: what searching and reading throw.
  public func answer(_ question: String) async throws -> AgentAnswer {
    let begin = ContinuousClock.now
    let found = try await SearchCorpusTool(search, pages: pages).found(
      ContentTerms.beginnings(in: question).joined(separator: " "), limit: 5, host: nil
    ).hits
    var places: [PagePassage] = []
    var ranks: [Int] = []
    for (rank, hit) in found.enumerated() {
      guard let record = try await pages.page(at: hit.url)?.record else { continue }
      for passage in StoredPage(record, forModels: true).passages {
        places.append(
          PagePassage(
            url: record.url, digest: record.digest, title: record.title, number: passage.number,
            range: passage.range, text: passage.text))
        ranks.append(rank)
      }
    }
    // Where a page stands in the list breaks ties between its sentences and others'.
    let best = SentenceRanking(places, for: question).relevant.enumerated()
      .map { (place: $0, sentence: $1, score: $1.score - Double(ranks[$1.passage]) * 0.05) }
      // A stable order, so that the same corpus gives the same answer.
      .sorted { ($0.score, -$0.place) > ($1.score, -$1.place) }
      .prefix(sentences).map { (quote: $0.sentence.text, passage: places[$0.sentence.passage]) }
    var answer = AgentAnswer(question: question)
    for (index, candidate) in best.enumerated() {
      let place = CitationQuestion(
        passage: candidate.passage, quote: candidate.quote, claim: candidate.quote)
      let text = try await pages.page(at: candidate.passage.url)?.record.text
      let finding = CitationFinding(place, text: text, digest: candidate.passage.digest)
      answer.citations.append(
        Citation(
          number: index + 1, url: candidate.passage.url, title: candidate.passage.title,
          digest: finding.digest, quote: candidate.quote, range: finding.range,
          verdict: finding.verdict))
      answer.claims.append(.init(text: candidate.quote, citations: [index + 1]))
      answer.passages.append(candidate.passage)
    }
    answer.text = zip(best, answer.citations).map { candidate, citation in
      candidate.quote + (citation.isVerified ? " [\(citation.number)]" : " [\(citation.number)?]")
    }.joined(separator: "\n")
    if best.isEmpty {
      answer.flags.append("no-answer")
      answer.reason = "no page has words of the question"
    }
    answer.usage.calls = 1
    answer.usage.seconds = (ContinuousClock.now - begin) / .seconds(1)
    return answer
  }
}
