import ArgumentParser
import Foundation
import Gossamer
import GossamerBytes

/// Options of every command that calls a model.
struct ModelOptions: ParsableArguments {
  @Option(name: .long, help: "The model's name.")
  var model: String?
  @Option(
    name: .long, help: "Base address of the model server; any OpenAI-compatible one for openai.")
  var llmUrl: String?
  @Option(name: .long, help: "Requests a minute to the model.")
  var llmRpm: Int?
  @Option(name: .long, help: "Tokens a minute to the model.")
  var llmTpm: Int?
  @Option(name: .long, help: "Tokens of prompts a minute, where they are limited apart.")
  var llmItpm: Int?
  @Option(name: .long, help: "Tokens of answers a minute, where they are limited apart.")
  var llmOtpm: Int?
  @Option(name: .long, help: "Requests in flight to the model (default: 4).")
  var llmConcurrency: Int?
  @Option(name: .long, help: "What a run may spend: 200000 (tokens) or $1.50 (with --llm-prices).")
  var llmBudget: BudgetValue?
  @Option(
    name: .long,
    help:
      "JSON file of prices in dollars a million tokens: {\"MODEL\": {\"input\": 1, \"output\": 2}}."
  )
  var llmPrices: String?
}

/// A budget: a number of tokens, or an amount in dollars.
enum BudgetValue: ExpressibleByArgument, CustomStringConvertible {
  case tokens(Int)
  case dollars(Double)

  init?(argument: String) {
    if argument.hasPrefix("$") {
      guard let dollars = Double(argument.dropFirst()), dollars > 0, dollars < 1e9 else {
        return nil
      }
      self = .dollars(dollars)
    } else {
      guard let tokens = Int(argument), tokens > 0 else { return nil }
      self = .tokens(tokens)
    }
  }

  var description: String {
    switch self {
    case .tokens(let count): String(count)
    case .dollars(let amount): "$\(amount)"
    }
  }
}

/// Which model is called, and how much. The key comes from the environment and is never part of a
/// plan that is printed or stored.
struct ModelPlan {
  var provider: SummaryProvider
  var model: String?
  var url: String?
  var limits: RateLimits
  var budget: ModelBudget?

  /// Texts at once.
  var concurrency: Int { limits.concurrency ?? 4 }
  /// Limits, budget and retries; one for the plan's key.
  private(set) var gate: ModelGate
  /// Jobs of the provider, where it is asked in bulk.
  private(set) var batches: BatchFile?

  /// - Returns: nil where no provider is asked for.
  /// - Throws: `CommandFailure` for settings that cannot work.
  init?(
    _ provider: SummaryProvider?, _ options: ModelOptions, _ resolver: inout SettingsResolver
  ) throws {
    model = try resolver.value(options.model, "model")
    url = try resolver.value(options.llmUrl, "llm-url")
    if let url {
      let address = WebURL(url)
      guard let address, ["http", "https"].contains(address.scheme), address.username.isEmpty
      else {
        throw CommandFailure(
          .usage,
          "'\(url)' is no http or https address (--llm-url): name a server, as http://127.0.0.1:8080"
        )
      }
    }
    limits = RateLimits(
      requestsPerMinute: try resolver.value(options.llmRpm, "llm-rpm"),
      tokensPerMinute: try resolver.value(options.llmTpm, "llm-tpm"),
      inputTokensPerMinute: try resolver.value(options.llmItpm, "llm-itpm"),
      outputTokensPerMinute: try resolver.value(options.llmOtpm, "llm-otpm"),
      concurrency: try CrawlPlan.atLeastOne(
        resolver.value(options.llmConcurrency, "llm-concurrency", default: 4), "llm-concurrency"))
    let amount = try resolver.value(options.llmBudget, "llm-budget")
    let prices = try resolver.value(options.llmPrices, "llm-prices")
    guard let provider else { return nil }
    self.provider = provider
    let name = model
    let budget = try amount.map { try Self.budget($0, prices: prices, model: name) }
    self.budget = budget
    gate = ModelGate(limiter: RateLimiter(limits: limits), budget: budget)
    if provider == .openai || provider == .responses, url == nil, key == nil {
      throw CommandFailure(
        .usage, "no model server: name it with --llm-url, as http://127.0.0.1:8080")
    }
  }

  /// Texts that may wait for a job at once.
  private static let textsInBulk = 20_000

  /// The same plan, with the provider asked in bulk: half the price, an answer within a day, and
  /// no limits of single calls.
  func inBulk(_ file: BatchFile) -> ModelPlan {
    var plan = self
    plan.batches = file
    plan.limits = RateLimits(concurrency: Self.textsInBulk)
    plan.budget = budget?.discounted(to: 0.5)
    plan.gate = ModelGate(limiter: RateLimiter(limits: .unlimited), budget: plan.budget)
    return plan
  }

  /// The model in bulk, over a transport.
  func bulkModel(_ file: BatchFile, over transport: any HTTPTransport) throws -> BatchModel {
    guard let single = try model(over: transport) as? RemoteModel else {
      throw CommandFailure(
        .usage, "\(provider.rawValue) is not asked in bulk: leave --llm-batch out")
    }
    return try BatchModel(
      single, transport: transport, key: key, known: file.jobs, interval: Self.batchInterval,
      digest: { String(Digest.sha256(of: $0).hex.prefix(40)) }, note: { try file.note($0) })
  }

  #if Network
    /// The way to the model server. That is the operator's own: it may live at any address, and has
    /// as many connections as calls are wanted at once.
    func transport() -> AsyncHTTPTransport {
      var settings = TransportSettings()
      if batches == nil {
        settings.maximumConnectionsPerAddress = max(
          settings.maximumConnectionsPerAddress, concurrency)
      }
      return AsyncHTTPTransport(settings: settings)
    }
  #endif

  /// Seconds between two looks at a job, for tests of the program.
  private static var batchInterval: Duration {
    let text = ProcessInfo.processInfo.environment["GOSSAMER_LLM_BATCH_INTERVAL"]
    return .seconds(text.flatMap { Double($0) } ?? 10)
  }

  /// The model, over a transport.
  func model(over transport: any HTTPTransport) throws -> any LanguageModel {
    try ModelCatalog.provider(provider.rawValue).model(settings, transport: transport)
  }

  /// Whose limits the gate keeps, for the file that remembers them. Without the key.
  var limitsKey: String {
    [provider.rawValue, url ?? "", model ?? ""].joined(separator: " ")
  }

  /// The embedding model, over a transport.
  func embeddingModel(over transport: any HTTPTransport) throws -> any EmbeddingModel {
    try ModelCatalog.provider(provider.rawValue).embeddingModel(settings, transport: transport)
  }

  private var key: APIKey? {
    APIKey(environment: ProcessInfo.processInfo.environment, provider: provider.rawValue)
  }

  private var settings: ModelSettings {
    ModelSettings(provider: provider.rawValue, model: model, url: url, key: key)
  }

  private static func budget(
    _ amount: BudgetValue, prices: String?, model: String?
  ) throws -> ModelBudget {
    switch amount {
    case .tokens(let count): return ModelBudget(tokens: count)
    case .dollars(let dollars):
      guard let prices else {
        throw CommandFailure(
          .usage, "a budget in dollars needs prices: name their file with --llm-prices")
      }
      guard let bytes = try? Data(contentsOf: URL(filePath: prices)) else {
        throw CommandFailure(.usage, "cannot read the prices (\(prices)): check the path")
      }
      let table = try ModelPrice.table([UInt8](bytes))
      guard let price = table[model ?? "default"] else {
        throw CommandFailure(
          .usage, "no price of \(model ?? "default") (\(prices)): add its line to the file")
      }
      return ModelBudget(dollars: dollars, price: price)
    }
  }
}
