/// What one run of an agent may take. At four fifths of a limit the model is told, at the end of it
/// it gets one last turn without tools.
public struct AgentLimits: Sendable, Equatable {
  /// Calls of the model, the last one included.
  public var turns = 12
  /// Calls of tools.
  public var calls = 40
  /// Calls of tools that one answer may ask for; more are refused.
  public var callsATurn = 8
  /// Calls of tools that run at the same time.
  public var callsAtOnce = 8
  /// Tokens of all prompts and answers.
  public var tokens = 200_000
  /// Dollars, where the model's price is known; nil for any amount.
  public var dollars: Double?
  /// The whole run, without the last turn.
  public var time = Duration.seconds(600)
  /// The last turn.
  public var lastTurnTime = Duration.seconds(120)
  /// Bytes of all results of tools.
  public var bytes = 400_000
  /// Tokens of one answer.
  public var answerTokens = 1_024
  /// Tokens of one prompt. Halved by itself where the model's context turns out to be smaller.
  public var promptTokens = 24_000

  /// The usual limits.
  public init() {}
}

/// What a run took.
public struct AgentUsage: Sendable, Equatable {
  /// Calls of the model.
  public var turns = 0
  /// Calls of tools that were made.
  public var calls = 0
  /// Bytes of their results.
  public var bytes = 0
  /// Tokens of prompts.
  public var input = 0
  /// Tokens of answers.
  public var output = 0
  /// Wall time.
  public var seconds = 0.0

  /// Nothing yet.
  public init() {}

  /// Tokens in all.
  public var tokens: Int { input + output }

  /// Adds another run's.
  public mutating func add(_ other: AgentUsage) {
    turns += other.turns
    calls += other.calls
    bytes += other.bytes
    input += other.input
    output += other.output
  }
}

/// Where a run stands against its limits.
struct LimitState: Sendable {
  let limits: AgentLimits
  var usage: AgentUsage
  /// Tokens that the next prompt takes, by estimate.
  var nextPrompt: Int
  var dollars: Double?

  /// The limit that leaves room for the last turn only, or nil.
  var reached: String? {
    let shares = shares
    return shares.first { $0.share >= 1 }?.name
  }

  /// The limit that is used to four fifths, or nil.
  var near: (name: String, percent: Int)? {
    let most = shares.max { $0.share < $1.share }
    guard let most, most.share >= 0.8 else { return nil }
    return (most.name, Int(most.share * 100))
  }

  private var shares: [(name: String, share: Double)] {
    // This turn, and after it a last one whose prompt can be cut to what is left.
    let reserve = 2 * (nextPrompt + limits.answerTokens)
    var shares: [(String, Double)] = [
      ("turns", Double(usage.turns + 1) / Double(max(1, limits.turns))),
      ("calls", Double(usage.calls) / Double(max(1, limits.calls))),
      ("bytes", Double(usage.bytes) / Double(max(1, limits.bytes))),
      ("tokens", Double(usage.tokens + reserve) / Double(max(1, limits.tokens))),
      ("time", usage.seconds / max(0.001, limits.time / .seconds(1))),
    ]
    if let limit = limits.dollars, let dollars { shares.append(("cost", dollars / limit)) }
    return shares
  }
}
