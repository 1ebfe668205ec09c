import Foundation
import Gossamer
import GossamerBytes

/// What `ask` was told, checked before anything is opened.
struct AskPlan {
  let layout: CorpusLayout
  let questions: [String]
  /// Whether the answers go to a file, line by line.
  let isBatch: Bool
  let agents: Int
  let isDeep: Bool
  let asJSON: Bool
  let isVerbose: Bool
  let answers: String
  let transcript: String
  let seed: String?
  let manner: ToolManner
  let limits: AgentLimits
  let models: ModelPlan
  let reach: ReachOptions

  /// - Throws: `CommandFailure` for settings that cannot work.
  init(
    _ directory: String, _ questions: [String], _ team: TeamOptions, _ reach: ReachOptions,
    _ options: ModelOptions
  ) throws {
    var resolver = try SettingsResolver(jobPath: nil)
    layout = CorpusLayout(root: directory)
    guard !layout.pageFiles.isEmpty else {
      throw CommandFailure(
        .usage, "there are no pages (\(directory)): name the output directory of a crawl")
    }
    var all = questions.filter { !$0.allSatisfy(\.isWhitespace) }
    if let file = team.questions {
      all += try SeedReader.text(of: file).split(whereSeparator: \.isNewline).map { String($0) }
        .filter { !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("#") }
    }
    guard !all.isEmpty else {
      throw CommandFailure(.usage, "no question: ask one, or name a file with --questions")
    }
    self.questions = all
    isBatch = team.questions != nil
    agents = try CrawlPlan.atLeastOne(
      resolver.value(team.agents, "agents", default: team.deep ? 3 : 1), "agents")
    isDeep = team.deep
    asJSON = team.json || isBatch
    isVerbose = team.verbose
    answers = team.answers ?? layout.answers
    transcript = team.transcript ?? layout.transcripts
    seed = team.seed
    manner = try resolver.value(team.toolCalls, "tool-calls", default: .native)
    var limits = AgentLimits()
    limits.turns = try CrawlPlan.atLeastOne(
      resolver.value(team.maxTurns, "max-turns", default: limits.turns), "max-turns")
    limits.tokens = try CrawlPlan.atLeastOne(
      resolver.value(team.maxTokens, "max-tokens", default: limits.tokens), "max-tokens")
    limits.promptTokens = try resolver.value(
      team.context, "context", default: limits.promptTokens)
    guard limits.promptTokens >= 1_000 else {
      throw CommandFailure(
        .usage, "the instructions alone take more (--context): allow 1000 tokens or more")
    }
    if let time = try resolver.value(team.maxTime, "max-time") { limits.time = time.duration }
    self.limits = limits
    self.reach = reach
    let hasServer = try resolver.value(options.llmUrl, "llm-url") != nil
    let fallback = hasServer ? SummaryProvider.openai : .extractive
    let provider = try resolver.value(reach.provider, "provider", default: fallback)
    guard let models = try ModelPlan(provider, options, &resolver) else {
      throw CommandFailure(.usage, "no model: name one with --provider and --model")
    }
    if provider == .extractive, isDeep || reach.allowFetch || reach.tools != nil {
      throw CommandFailure(
        .usage, "--deep, --allow-fetch and --tools need a model: name a --provider, or --llm-url")
    }
    self.models = models
  }

  /// Identifies a question with all that its answer depends on beside the corpus.
  func key(_ question: String, _ identity: String) -> String {
    let text = "\(identity)/\(isDeep ? "deep-\(agents)" : "plain")\n\(question)"
    return String(Digest.sha256(of: Array(text.utf8)).hex.prefix(16))
  }
}
