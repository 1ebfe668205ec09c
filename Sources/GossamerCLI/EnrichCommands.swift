import ArgumentParser
import Foundation
import Gossamer

/// `gossamer summarize`: a summary of every text of a corpus.
struct SummarizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summarize",
    abstract: "Summarize the texts of a crawl, or of any JSON Lines files.",
    discussion: """
      Of the output directory of a crawl, summaries go to its summaries.jsonl; of files, to --output \
      or standard output. Run again, only what is missing is made: a text, a method and a model are \
      paid for once. Pages whose site says no to AI input are never sent to a model.
      """)

  @OptionGroup var corpus: CorpusOptions
  @Option(name: .long, help: "The most sentences (default: 3).")
  var sentences: Int?
  @Option(name: .long, help: "The most words (default: 100).")
  var words: Int?
  @Option(name: .long, help: "A file with instructions in place of the built-in ones.")
  var prompt: String?
  @OptionGroup var models: ModelOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var resolver = try SettingsResolver(jobPath: nil)
    let provider = try corpus.provider(models, &resolver, else: .extractive)
    guard let plan = try ModelPlan(provider, models, &resolver) else { return }
    let limits = SummaryLimits(
      sentences: try CrawlPlan.atLeastOne(sentences ?? 3, "sentences"),
      words: try CrawlPlan.atLeastOne(words ?? 100, "words"))
    let instructions = try prompt.map(Self.text)
    let work = try EnrichmentWork(
      corpus, results: \.summaries, failures: \.failedSummaries, plan: plan,
      console: global.console, verb: "summarized")
    guard plan.provider != .extractive else {
      let statistics = corpus.isStream ? nil : work.statistics()
      return try await work.run(
        SummaryEnricher(ExtractiveSummarizer(limits: limits, statistics: statistics)))
    }
    try await work.runOverNetwork { transport in
      SummaryEnricher(
        ModelSummarizer(
          client: ModelClient(model: try plan.model(over: transport), gate: plan.gate),
          limits: limits, instructions: instructions))
    }
  }

  private static func text(_ path: String) throws -> String {
    guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8),
      text.contains(where: \.isLetter)
    else { throw CommandFailure(.usage, "no instructions (\(path)): name a text file") }
    return text
  }
}

/// `gossamer embed`: vectors of every text of a corpus.
struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Embed the texts of a crawl, or of any JSON Lines files, passage by passage.",
    discussion: """
      Vectors have length 1 and stand as base64 of 32-bit floats, lowest byte first. Where they go, \
      and what is made again, is as with summarize.
      """)

  @OptionGroup var corpus: CorpusOptions
  @Option(name: .long, help: "The most tokens of a passage, by estimate (default: 320).")
  var passageTokens: Int?
  @OptionGroup var models: ModelOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var resolver = try SettingsResolver(jobPath: nil)
    let provider = try corpus.provider(models, &resolver, else: .openai)
    guard let plan = try ModelPlan(provider, models, &resolver) else { return }
    guard plan.provider != .extractive else {
      throw CommandFailure(.usage, "extractive has no vectors: name a --provider with embeddings")
    }
    let work = try EnrichmentWork(
      corpus, results: \.embeddings, failures: \.failedEmbeddings, plan: plan,
      console: global.console, verb: "embedded", textsAtOnce: 16)
    let tokens = passageTokens ?? 320
    try await work.runOverNetwork { transport in
      let client = EmbeddingClient(
        model: try plan.embeddingModel(over: transport), gate: plan.gate, purpose: .document)
      return EmbeddingEnricher(client, passageTokens: tokens)
    }
  }
}

/// What is worked on.
struct CorpusOptions: ParsableArguments {
  @Argument(help: "The output directory of a crawl, or files of JSON Lines, or -.")
  var inputs: [String]

  @Option(
    name: .long,
    help: """
      extractive (no model), openai, openai-responses, anthropic, gemini, ollama (default: openai \
      where --llm-url is given).
      """)
  var provider: SummaryProvider?

  @Option(name: .shortAndLong, help: "The file of results, for files of JSON Lines.")
  var output: String?

  /// Whether the texts can be read only once.
  var isStream: Bool { inputs.contains("-") }

  func provider(
    _ models: ModelOptions, _ resolver: inout SettingsResolver, else fallback: SummaryProvider
  ) throws -> SummaryProvider {
    if let provider = try resolver.value(provider, "provider") { return provider }
    let hasServer = try resolver.value(models.llmUrl, "llm-url") != nil
    return hasServer ? .openai : fallback
  }
}
