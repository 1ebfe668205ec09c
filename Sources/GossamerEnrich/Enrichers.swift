import GossamerBytes
import GossamerCorpus
public import GossamerLLM

/// Summaries as lines of `summaries.jsonl`.
public struct SummaryEnricher: Enricher {
  private let summarizer: any Summarizer

  /// Lines of a summarizer's summaries.
  public init(_ summarizer: any Summarizer) { self.summarizer = summarizer }

  /// The summarizer's identity.
  public var method: String { summarizer.identity }

  /// The summary of a text as a line.
  public func enrich(_ record: TextRecord) async throws(ModelError) -> Enrichment {
    var summary = try await summarizer.summarize(record.page)
    // A text that is made of summaries is stored nowhere: places in it say nothing.
    if record.level != .page { summary.citations = [] }
    return Enrichment(
      lines: PageRecord.Summary(summary, method: method).line(
        url: record.page.url, digest: record.digest,
        level: record.level == .page ? nil : record.level.rawValue),
      tokens: summary.tokensIn + summary.tokensOut)
  }
}

/// Vectors of passages as lines of `embeddings.jsonl`: together they cover the whole text.
public struct EmbeddingEnricher: Enricher {
  private let client: EmbeddingClient
  private let passageTokens: Int

  /// Lines of a model's vectors.
  ///
  /// - Parameter passageTokens: the most tokens of a passage, by estimate.
  public init(_ client: EmbeddingClient, passageTokens: Int = 320) {
    self.client = client
    self.passageTokens = max(16, passageTokens)
  }

  /// "openai/MODEL/passages-1/320t".
  public var method: String {
    "\(client.model.provider)/\(client.model.name)/passages-1/\(passageTokens)t"
  }

  /// The vectors of a text, a line a passage. A passage that is too long for the model is halved.
  public func enrich(_ record: TextRecord) async throws(ModelError) -> Enrichment {
    let bytes = Array(record.page.text.utf8)
    var open = Array(
      Passages.cut(bytes, tokens: passageTokens, language: record.page.language).reversed())
    var vectors: [(range: Range<Int>, vector: [Float])] = []
    var tokens = 0
    while let range = open.popLast() {
      let text = String(decoding: bytes[range], as: UTF8.self)
      do throws(ModelError) {
        vectors.append((range, try await client.vector(of: text)))
        tokens += TokenEstimate.tokens(in: text)
      } catch {
        let estimate = TokenEstimate.tokens(in: text)
        let halves = Passages.cut(bytes, in: range, tokens: estimate / 2, language: nil)
        guard error.asksForShorterPrompt, estimate > 32, halves.count > 1 else { throw error }
        open += halves.reversed()
      }
    }
    guard !vectors.isEmpty else { throw ModelError(.empty, "a text without words") }
    return Enrichment(lines: lines(vectors, record), tokens: tokens)
  }

  private func lines(
    _ vectors: [(range: Range<Int>, vector: [Float])], _ record: TextRecord
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, passage) in vectors.enumerated() {
      var line = JSONLine(capacity: passage.vector.count * 6 + 256)
      line.add("url", record.page.url)
      line.add("digest", record.digest)
      line.add("provider", client.model.provider)
      line.add("model", client.model.name)
      line.add("method", method)
      line.add("part", index)
      line.add("parts", vectors.count)
      line.add("start", passage.range.lowerBound)
      line.add("end", passage.range.upperBound)
      line.add("dimensions", passage.vector.count)
      line.add("vector", Base64.text(passage.vector))
      bytes += line.finished()
    }
    return bytes
  }
}
