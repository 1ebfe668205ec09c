/// What one model, key or host allows. nil means no limit of that kind.
public struct RateLimits: Sendable, Equatable {
  /// How a limit for a period is spread over it.
  public enum Spread: Sendable, Equatable {
    /// Evenly: a limit of 60 a minute is one a second, since it may be enforced as such.
    case smooth
    /// As fast as the sum over any period allows.
    case bursts
  }

  /// Calls in one period.
  public var requests: Int?
  /// Tokens in one period, prompt and answer together.
  public var tokens: Int?
  /// Tokens of prompts in one period, where they are limited apart.
  public var inputTokens: Int?
  /// Tokens of answers in one period, where they are limited apart.
  public var outputTokens: Int?
  /// Calls at the same time.
  public var concurrency: Int?
  /// The period that requests and tokens are counted over.
  public var period: Duration
  /// How calls are spread over the period.
  public var spread: Spread
  /// The part by which the period is taken longer than stated. The other side counts arrivals, not
  /// departures: what left a whole period apart may arrive a little closer.
  public var margin: Double

  /// Limits. Numbers below 1 count as 1.
  public init(
    requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil,
    inputTokensPerMinute: Int? = nil, outputTokensPerMinute: Int? = nil, concurrency: Int? = nil,
    period: Duration = .seconds(60), spread: Spread = .smooth, margin: Double = 0.01
  ) {
    self.requests = requestsPerMinute.map { max(1, $0) }
    self.tokens = tokensPerMinute.map { max(1, $0) }
    self.inputTokens = inputTokensPerMinute.map { max(1, $0) }
    self.outputTokens = outputTokensPerMinute.map { max(1, $0) }
    self.concurrency = concurrency.map { max(1, $0) }
    self.period = period
    self.spread = spread
    self.margin = max(0, margin)
  }

  /// Whether anything in a period is limited.
  var hasRate: Bool {
    requests != nil || tokens != nil || inputTokens != nil || outputTokens != nil
  }

  /// The limit that one call of this size is above, or nil.
  func exceeded(tokens: Int, output: Int) -> Int? {
    if let limit = self.tokens, tokens > limit { return limit }
    if let limit = inputTokens, tokens - output > limit { return limit }
    if let limit = outputTokens, output > limit { return limit }
    return nil
  }

  /// No limits.
  public static let unlimited = RateLimits()
}

/// Why a place under the limit was not given.
public enum RateLimiterError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The waiting task was cancelled; its place went to the next.
  case cancelled
  /// No wait helps: one call asks for more tokens than a whole period has.
  case largerThanLimit(tokens: Int, limit: Int)

  /// One line for people.
  public var description: String {
    switch self {
    case .cancelled: "cancelled while waiting for the rate limit"
    case .largerThanLimit(let tokens, let limit):
      "one call of \(tokens) tokens is larger than the limit of \(limit) a period"
    }
  }
}

/// A place under the limit. Whoever holds it settles it once, also after a failure.
public struct Reservation: Sendable, Equatable {
  /// Unique within its limiter, in the order of asking.
  public let id: UInt64
  /// What was set aside, prompt and answer together.
  public let tokens: Int
  /// The part of it that is the answer's.
  public let output: Int
  /// When it was given, in nanoseconds since the limiter began.
  public let admittedAt: Int64
}
