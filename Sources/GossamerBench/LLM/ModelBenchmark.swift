#if Network
  import ArgumentParser
  import Foundation
  import Gossamer
  import Synchronization

  /// `gossamer-bench llm`: pages summarized and embedded under the limits of one key, against a
  /// server that enforces them (`Scripts/llm_server.py`; `Scripts/llm.sh` runs both).
  struct ModelBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "llm", abstract: "Summaries and vectors under the limits of a key.")

    @Option(help: "The server's address.")
    var server: String
    @Option(help: "How many pages.")
    var pages = 2_000
    @Option(help: "Requests a minute.")
    var rpm = 3_000
    @Option(help: "Tokens a minute.")
    var tpm = 1_000_000
    @Option(help: "Pages at once.")
    var concurrency = 64

    func run() async throws {
      let transport = AsyncHTTPTransport()
      let limiter = RateLimiter(
        limits: RateLimits(requestsPerMinute: rpm, tokensPerMinute: tpm))
      let gate = ModelGate(limiter: limiter)
      let model = try RemoteModel(name: "bench", baseURL: server, key: nil, transport: transport)
      let summarizer = ModelSummarizer(client: ModelClient(model: model, gate: gate))
      let embedding = try RemoteEmbeddingModel(
        name: "bench", baseURL: server, key: nil, transport: transport)
      let embedder = EmbeddingClient(
        model: embedding, gate: gate, purpose: .document,
        limits: BatchLimits(count: 32, weight: 16_384, atOnce: 4, adapts: true))
      let pipeline = Pipeline<PageText, (PageText, Summary)>(
        "summarize", concurrency: concurrency
      ) { page in (page, try await summarizer.summarize(page)) }
      .then("embed", concurrency: concurrency) { page, summary in
        _ = try await embedder.vector(of: page.text)
        return summary
      }
      let next = Mutex(0)
      let failures = Mutex(0)
      let before = Processor.time()
      let start = ContinuousClock.now
      let report = try await pipeline.run(
        source: { [pages] in
          let number = next.withLock { next in
            next += 1
            return next
          }
          return number <= pages ? Self.page(number) : nil
        },
        deadLetters: { letter in
          let isFirst = failures.withLock { count in
            count += 1
            return count == 1
          }
          if isFirst { print("  first failure in \(letter.stage): \(letter.error)") }
        }, sink: { _ in })
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let processor = Processor.time() - before
      let batches = await embedder.figures
      let requests = pages + batches.calls
      print(
        "llm: \(report.stored) pages summarized and embedded in \(Self.tenths(seconds)) s, "
          + "\(report.failed) failed, \(requests) requests, "
          + "\(Int(processor * 1e6 / Double(requests))) us CPU a request, "
          + "\(Self.tenths(Double(batches.items) / Double(max(1, batches.batches)))) texts a batch, "
          + "peak \(Processor.peakMemory()) MB")
      for stage in report.stages {
        print("  \(stage.name): \(stage.done) done, deepest queue \(stage.deepestQueue)")
      }
      await transport.shutdown()
    }

    private static func tenths(_ number: Double) -> Double { (number * 10).rounded() / 10 }

    /// About 220 words.
    private static func page(_ number: Int) -> PageText {
      let sentences = (0..<22).map {
        "Sentence \($0) of page \(number) tells how people mend things."
      }
      return PageText(url: "http://bench.test/\(number)", text: sentences.joined(separator: " "))
    }
  }
#endif
