import GossamerCorpus
public import GossamerCrawl
public import GossamerEnrich
import GossamerFlow
import GossamerLLM
import Synchronization

/// Gives every page a summary on its way to the corpus.
///
/// What a run paid for before it was killed is taken over. A summary that cannot be made is a note on the record. Once several in a row failed because the
/// model was out of reach, the model is left alone for a while, so that a server that is down costs
/// the crawl a moment and not every page its deadline.
public final class SummaryStage: PageStage {
  private struct Breaker {
    var failuresInARow = 0
    var closedUntil: ContinuousClock.Instant?
    var reason = ""
  }

  private static let failuresToPause = 4
  private static let pause = Duration.seconds(30)

  private let summarizer: any Summarizer
  private let breaker = Mutex(Breaker())

  /// A stage around a summarizer.
  public init(summarizer: any Summarizer) {
    self.summarizer = summarizer
  }

  /// Summarizes the page's text, or notes on the record why there is no summary.
  public func process(_ page: inout PageResult.Page) async {
    guard page.record.text?.isEmpty == false else { return }
    guard let text = page.record.textForModels, !text.isEmpty else {
      page.record.summaryError = .init(
        kind: Cause.aiInput.rawValue, message: "the site does not want its text given to models")
      return
    }
    if let paid = page.paid.first(where: { $0.method == summarizer.identity }) {
      page.record.summary = paid
      return
    }
    if let reason = reasonToWait() {
      page.record.summaryError = .init(kind: "llm.paused", message: reason)
      return
    }
    do {
      let summary = try await summarizer.summarize(Self.text(of: page.record, text))
      page.record.summary = .init(summary, method: summarizer.identity)
      note(nil)
    } catch {
      page.record.summaryError = .init(kind: error.kind.rawValue, message: error.message)
      note(error)
    }
  }

  private static func text(of record: PageRecord, _ text: String) -> PageText {
    let types = record.structured?["json-ld"] ?? []
    return PageText(
      url: record.url, host: record.host ?? "", title: record.title ?? "", text: text,
      headings: record.headings?.map(\.text) ?? [], language: record.language,
      isNews: types.contains { $0.contains("NewsArticle") })
  }

  private func reasonToWait() -> String? {
    breaker.withLock { breaker in
      guard let until = breaker.closedUntil, until > .now else { return nil }
      return breaker.reason
    }
  }

  private func note(_ error: ModelError?) {
    breaker.withLock { breaker in
      guard let error, error.isTransient || error.kind == .config || error.kind == .auth else {
        breaker.failuresInARow = 0
        breaker.closedUntil = nil
        return
      }
      breaker.failuresInARow += 1
      guard breaker.failuresInARow >= Self.failuresToPause else { return }
      breaker.closedUntil = .now + Self.pause
      breaker.reason =
        "\(breaker.failuresInARow) failures in a row, the last: \(error.kind.rawValue)"
    }
  }
}
