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
  @OptionGroup var summaries: SummaryOptions
  @Option(
    name: .long,
    help: """
      page, site or corpus: what to sum up at last; site and corpus also do what stands before them \
      (default: page).
      """)
  var level: SummaryLevel?
  @Option(
    name: .long,
    help: "A file with a JSON schema: take what it asks for from each text, instead of a summary.")
  var schema: String?
  @Flag(
    name: .long,
    help: """
      Ask the provider in bulk: half the price, answers within a day. Ctrl-C leaves; the same \
      command collects. OpenAI, Anthropic and Gemini, and servers like them.
      """)
  var llmBatch = false
  @Flag(name: .long, help: "Print the built-in instructions, to begin a file for --prompt with.")
  var printPrompt = false
  @OptionGroup var models: ModelOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    if printPrompt { return Output.line(SummaryPrompt.builtIn) }
    var resolver = try SettingsResolver(jobPath: nil)
    let provider = try corpus.provider(models, &resolver, else: .extractive)
    guard var plan = try ModelPlan(provider, models, &resolver) else { return }
    if llmBatch { plan = plan.inBulk(try BatchFile(corpus.batches())) }
    let summaries = try SummaryPlan(summaries, &resolver)
    let level = try resolver.value(level, "level") ?? .page
    let work = try EnrichmentWork(
      corpus, results: \.summaries, failures: \.failedSummaries, plan: plan,
      console: global.console, verb: schema == nil ? "summarized" : "read")
    if let schema {
      guard level == .page, plan.provider != .extractive else {
        throw CommandFailure(
          .usage, "--schema asks a model about pages: name a --provider, and leave --level out")
      }
      return try await extract(by: schema, plan, summaries, work)
    }
    guard plan.provider != .extractive else {
      let statistics = corpus.isStream ? nil : work.statistics()
      return try await work.run(SummaryEnricher(summaries.extractive(statistics)), upTo: level)
    }
    try await work.runOverNetwork(upTo: level) { [plan] transport in
      SummaryEnricher(summaries.summarizer(try work.model(over: transport), plan))
    }
  }

  private func extract(
    by path: String, _ plan: ModelPlan, _ summaries: SummaryPlan, _ work: EnrichmentWork
  ) async throws {
    let schema: JSONSchema
    do { schema = try JSONSchema(SummaryPlan.text(of: path)) } catch let error as ModelError {
      throw CommandFailure(.usage, "\(error.message) (\(path))")
    }
    let own = summaries.prompt.template == SummaryPrompt.builtIn ? nil : summaries.prompt.template
    try await work.runOverNetwork { transport in
      SchemaExtractor(
        client: ModelClient(model: try work.model(over: transport), gate: plan.gate),
        schema: schema, instructions: own, pageTokens: summaries.pageTokens,
        secret: plan.batches?.secret)
    }
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
    try await Self.run(
      on: corpus, plan, passageTokens: passageTokens, console: global.console)
  }

  /// Embeds what is stored and has no vectors yet.
  static func run(
    on corpus: CorpusOptions, _ plan: ModelPlan, passageTokens: Int? = nil, console: Console
  ) async throws {
    let work = try EnrichmentWork(
      corpus, results: \.embeddings, failures: \.failedEmbeddings, plan: plan,
      console: console, verb: "embedded", textsAtOnce: 16)
    let tokens = passageTokens ?? 320
    try await work.runOverNetwork { transport in
      let client = EmbeddingClient(
        model: try plan.embeddingModel(over: transport), gate: plan.gate, purpose: .document,
        limits: BatchLimits(count: 32, weight: 16_384, atOnce: plan.concurrency, adapts: true))
      return EmbeddingEnricher(client, passageTokens: tokens)
    }
  }
}

/// What is worked on.
struct CorpusOptions: ParsableArguments {
  @Argument(
    help: "The output directory of a crawl, or files of JSON Lines (also as 'part-*.jsonl'), or -.")
  var inputs: [String] = []

  @Option(
    name: .long,
    help: """
      extractive (no model), openai, openai-responses, anthropic, gemini, ollama (default: openai \
      where --llm-url is given).
      """)
  var provider: SummaryProvider?

  @Option(name: .shortAndLong, help: "The file of results, for files of JSON Lines.")
  var output: String?

  @Option(
    name: .long,
    help: "Bytes of one file of results, for files: more go to FILE-00001 and on, as 64M.")
  var outputSize: ByteCountValue?

  /// The inputs, patterns replaced by the files they name, in the order of their names.
  func files() throws -> [String] {
    guard !inputs.isEmpty else {
      throw CommandFailure(
        .usage, "nothing to work on: name the output directory of a crawl, JSON Lines files, or -")
    }
    return try inputs.flatMap { input -> [String] in
      guard input.contains(where: { "*?[".contains($0) }),
        !FileManager.default.fileExists(atPath: input)
      else { return [input] }
      let found = Self.matches(of: input)
      guard !found.isEmpty else {
        throw CommandFailure(.usage, "no file is named like \(input): check the pattern")
      }
      return found
    }
  }

  private static func matches(of pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }

  /// Where bulk jobs are noted down.
  ///
  /// - Throws: `CommandFailure` where there is no place that another run finds.
  func batches() throws -> String {
    var isDirectory: ObjCBool = false
    if let first = inputs.first,
      FileManager.default.fileExists(atPath: first, isDirectory: &isDirectory),
      isDirectory.boolValue
    {
      return CorpusLayout(root: first).batches
    }
    guard let output else {
      throw CommandFailure(
        .usage, "--llm-batch keeps its jobs beside the results: name their file with --output")
    }
    return output + ".batches"
  }

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
