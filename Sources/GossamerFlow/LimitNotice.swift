/// What the other side says of its limits, as far as it does.
public struct LimitNotice: Sendable, Equatable {
  /// One limit of the other side.
  public struct Allowance: Sendable, Equatable {
    /// How much a whole period has.
    public var limit: Int?
    /// How much of it is left.
    public var remaining: Int?
    /// How long until there is more, or all, of it again.
    public var reset: Duration?

    /// An allowance; nil for what is not said.
    public init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
      self.limit = limit
      self.remaining = remaining
      self.reset = reset
    }
  }

  /// Calls in a period.
  public var requests: Allowance?
  /// Tokens in a period.
  public var tokens: Allowance?
  /// Tokens of prompts in a period, where they are limited apart.
  public var inputTokens: Allowance?
  /// Tokens of answers in a period, where they are limited apart.
  public var outputTokens: Allowance?

  /// A notice; nil for what is not said.
  public init(
    requests: Allowance? = nil, tokens: Allowance? = nil, inputTokens: Allowance? = nil,
    outputTokens: Allowance? = nil
  ) {
    self.requests = requests
    self.tokens = tokens
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}
