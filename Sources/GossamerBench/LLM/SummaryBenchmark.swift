import ArgumentParser
import Gossamer

/// `gossamer-bench summaries`: what a summary costs in all that is ours: without a model, and
/// around a model that answers at once.
struct SummaryBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summaries", abstract: "Processor time of summaries, checks included.")

  @Option(help: "How many pages.")
  var pages = 500

  func run() async throws {
    for words in [250, 1_000, 3_000] {
      let texts = (0..<pages).map { Self.page($0, words: words) }
      let extractive = try await spent(on: texts, by: ExtractiveSummarizer())
      let model = try await spent(
        on: texts,
        by: ModelSummarizer(
          client: ModelClient(model: Echo(), limiter: RateLimiter(limits: .unlimited)),
          pageTokens: 100_000))
      print("a page of \(words) words: extractive \(extractive) ms CPU, around a model \(model) ms")
    }
  }

  @concurrent private func spent(
    on pages: [PageText], by summarizer: some Summarizer
  ) async throws -> Double {
    let before = Processor.time()
    for page in pages { _ = try await summarizer.summarize(page) }
    return ((Processor.time() - before) * 1e5 / Double(pages.count)).rounded() / 100
  }

  /// Sentences of twelve words from a vocabulary that is neither small nor endless.
  private static func page(_ number: Int, words: Int) -> PageText {
    var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ most: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Common words are drawn more often than rare ones.
      return ((state >> 33) % most) * ((state >> 20) % most) / most
    }
    let sentences = (0..<max(1, words / 12)).map { _ in
      (0..<12).map { _ in "word" + String(next(2_000), radix: 36) }.joined(separator: " ") + "."
    }
    return PageText(
      url: "http://bench.test/\(number)", text: sentences.joined(separator: " "), language: "en")
  }

  /// Answers with words of the page, from its end.
  private struct Echo: LanguageModel {
    let provider = "bench"
    let name = "echo"

    func stream(_ request: ModelRequest) -> ModelStream {
      ModelStream {
        let text = request.messages.last?.text ?? ""
        let words = text.split(separator: " ").dropLast(20).suffix(60)
        var events: [ModelEvent] = [
          .text(words.joined(separator: " ")), .usage(ModelUsage(input: 300, output: 80)),
          .finished(.done),
        ]
        return ModelStream.AsyncIterator { () async throws(ModelError) in
          events.isEmpty ? nil : events.removeFirst()
        }
      }
    }
  }
}
