public import GossamerLLM

/// A step of a run.
public enum AgentEvent: Sendable {
  /// A question was divided among several, whose runs come next.
  case planned(ResearchPlan)
  /// A run began.
  case started(AgentStart)
  /// The model was called; `last` names the limit that makes it the last turn, `cuts` is how often
  /// the conversation was shortened before.
  case asked(turn: Int, tokens: Int, last: String?, cuts: Int)
  /// A tool call began: before `answered` of its turn, where its arguments came early enough.
  case callStarted(turn: Int, key: String, call: ToolCall)
  /// The model's answer was there to its end.
  case answered(turn: Int, ModelAnswer)
  /// A tool call ended.
  case callEnded(turn: Int, key: String, name: String, outcome: ToolOutcome, seconds: Double)
  /// A call of the model failed for good.
  case failed(turn: Int, kind: String, message: String, status: Int?)
  /// Something about the run, for people.
  case noted(String)
  /// A citation was looked up.
  case checked(url: String, range: Range<Int>, quote: String?, claim: String, found: Found)
  /// The run ended.
  case ended(AgentAnswer)
  /// What several found was put together.
  case merged(Research)

  /// What looking up a citation found.
  public struct Found: Sendable, Equatable {
    /// The verdict.
    public var verdict: Citation.Verdict
    /// Where, in bytes of the page's text.
    public var range: Range<Int>?
    /// The digest of the page's body.
    public var digest: String?
  }
}

/// What a run began with.
public struct AgentStart: Sendable, Equatable {
  /// What was asked.
  public var question: String
  /// The provider of the model.
  public var provider: String
  /// The model's name.
  public var model: String
  /// How calls are made.
  public var manner: ToolManner
  /// The version of the instructions.
  public var prompt: String
  /// Names of the tools.
  public var tools: [String]
  /// What the model is told of each.
  public var purposes: [String]
  /// What the model is told in addition.
  public var task: String
  /// What the marks of data are made of.
  public var seed: String
  /// The most calls of tools that one answer may ask for.
  public var callsATurn: Int
  /// What the model was given to begin with.
  public var given: ToolResult?
}

/// How a model calls tools.
public enum ToolManner: String, Sendable, CaseIterable {
  /// By the provider's own tool calls.
  case native
  /// By answers that are JSON of a schema, for models that know no tool calls.
  case json
}

/// A step with its time, as a line of a transcript.
public struct AgentRecord: Sendable {
  /// Which agent, where there are several.
  public var agent: String?
  /// Seconds since the run began.
  public var seconds: Double
  /// The step.
  public var event: AgentEvent
}

/// Tells a run's steps in their order, one at a time.
final class AgentLog: Sendable {
  private let agent: String?
  private let begin = ContinuousClock.now
  private let hear: @Sendable (AgentRecord) -> Void

  init(_ agent: String?, hear: @escaping @Sendable (AgentRecord) -> Void) {
    self.agent = agent
    self.hear = hear
  }

  var seconds: Double { (ContinuousClock.now - begin) / .seconds(1) }

  /// As it is written down, so that what is read from there is the same.
  static func rounded(_ seconds: Double) -> Double { (seconds * 1_000).rounded() / 1_000 }

  func tell(_ event: AgentEvent) {
    hear(AgentRecord(agent: agent, seconds: seconds, event: event))
  }
}
