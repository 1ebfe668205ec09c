/// What the other side says of its limits, as far as it does.
///
/// Small where it stands in events and errors, since most answers say nothing.
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

  private enum Kind: Sendable { case requests, tokens, inputTokens, outputTokens }

  private var allowances: [Kind: Allowance] = [:]

  /// Calls in a period.
  public var requests: Allowance? { allowances[.requests] }
  /// Tokens in a period.
  public var tokens: Allowance? { allowances[.tokens] }
  /// Tokens of prompts in a period, where they are limited apart.
  public var inputTokens: Allowance? { allowances[.inputTokens] }
  /// Tokens of answers in a period, where they are limited apart.
  public var outputTokens: Allowance? { allowances[.outputTokens] }

  /// A notice; nil for what is not said.
  public init(
    requests: Allowance? = nil, tokens: Allowance? = nil, inputTokens: Allowance? = nil,
    outputTokens: Allowance? = nil
  ) {
    allowances[.requests] = requests
    allowances[.tokens] = tokens
    allowances[.inputTokens] = inputTokens
    allowances[.outputTokens] = outputTokens
  }
}
