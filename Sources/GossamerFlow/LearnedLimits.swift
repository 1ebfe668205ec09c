/// How a call that held a place ended, as far as limits are concerned.
public enum CallOutcome: Sendable, Equatable {
  /// It was answered.
  case served
  /// It was turned away for being one too many.
  case limited
  /// The other side has more to do than it can; says nothing of what we may.
  case overloaded
  /// Anything else.
  case unknown
}

/// What the other side taught about its limits: what it says of them, and what it turned away.
///
/// Goes down at once and up slowly. Rates that are known shrink by a fifth when a call is turned
/// away and grow back by a twentieth every tenth of a period. Where no rate is known, and where the
/// other side is overloaded, the number of calls at once shrinks to 7 in 10 and grows by one for
/// every round that is served: additive increase, multiplicative decrease. Calls that left before
/// the last decrease do not count again. Source: Chiu and Jain 1989.
struct LearnedLimits: Sendable {
  /// What outlives a process.
  struct Values: Sendable, Codable, Equatable {
    var requests: Int?
    var tokens: Int?
    var inputTokens: Int?
    var outputTokens: Int?
    var scale = 1.0
    var concurrency: Double?
  }

  private(set) var values = Values()
  private var lastDrop = Int64.min
  private var lastRaise = Int64.min

  /// Nothing learned yet.
  init() {}

  /// What was learned before; what makes no sense is left out.
  init(_ values: Values) {
    func positive(_ number: Int?) -> Int? { number.flatMap { $0 > 0 ? $0 : nil } }
    self.values.requests = positive(values.requests)
    self.values.tokens = positive(values.tokens)
    self.values.inputTokens = positive(values.inputTokens)
    self.values.outputTokens = positive(values.outputTokens)
    self.values.scale = values.scale.isFinite ? min(1, max(0.05, values.scale)) : 1
    self.values.concurrency = values.concurrency.flatMap { $0 >= 1 && $0 < 1e9 ? $0 : nil }
  }

  /// What is allowed, given what an operator allows.
  func applied(to limits: RateLimits) -> RateLimits {
    func rate(_ configured: Int?, _ said: Int?) -> Int? {
      guard let least = [configured, said].compactMap({ $0 }).min() else { return nil }
      return values.scale < 1 ? max(1, Int(Double(least) * values.scale)) : least
    }
    var result = limits
    result.requests = rate(limits.requests, values.requests)
    result.tokens = rate(limits.tokens, values.tokens)
    result.inputTokens = rate(limits.inputTokens, values.inputTokens)
    result.outputTokens = rate(limits.outputTokens, values.outputTokens)
    if let concurrency = values.concurrency {
      result.concurrency = min(limits.concurrency ?? .max, max(1, Int(min(concurrency, 1e9))))
    }
    return result
  }

  /// - Parameter limits: what an operator allows.
  /// - Returns: whether anything changed.
  mutating func note(
    _ outcome: CallOutcome, admittedAt: Int64, inFlight: Int, under limits: RateLimits,
    at now: Int64
  ) -> Bool {
    switch outcome {
    case .unknown: return false
    case .served: return raise(under: limits, at: now)
    case .limited, .overloaded:
      guard admittedAt > lastDrop || lastDrop == .min else { return false }
      lastDrop = now
      lastRaise = now
      if outcome == .limited, applied(to: limits).hasRate {
        values.scale = max(0.05, values.scale * 0.8)
      } else {
        values.concurrency = max(1, min(values.concurrency ?? .infinity, Double(inFlight)) * 0.7)
      }
      return true
    }
  }

  private mutating func raise(under limits: RateLimits, at now: Int64) -> Bool {
    var changed = false
    if let current = values.concurrency {
      let raised = current + 1 / current
      let isBack = raised >= Double(limits.concurrency ?? .max)
      changed = isBack || Int(raised) > Int(current)
      values.concurrency = isBack ? nil : raised
    }
    if values.scale < 1, isTimeToRaise(limits, at: now) {
      values.scale = min(1, values.scale + 0.05)
      changed = true
    }
    return changed
  }

  /// - Returns: whether anything changed.
  mutating func note(_ notice: LimitNotice, under limits: RateLimits, at now: Int64) -> Bool {
    let mayRaise = isTimeToRaise(limits, at: now, takes: false)
    func adopt(_ said: Int?, _ known: inout Int?) -> Bool {
      guard let said, said > 0, said != known else { return false }
      guard let old = known, said > old else {
        known = said
        return true
      }
      guard mayRaise else { return false }
      known = min(said, old + max(1, old / 20))
      return true
    }
    var changed = adopt(notice.requests?.limit, &values.requests)
    if adopt(notice.tokens?.limit, &values.tokens) { changed = true }
    if adopt(notice.inputTokens?.limit, &values.inputTokens) { changed = true }
    if adopt(notice.outputTokens?.limit, &values.outputTokens) { changed = true }
    if changed { lastRaise = now }
    return changed
  }

  private mutating func isTimeToRaise(
    _ limits: RateLimits, at now: Int64, takes: Bool = true
  ) -> Bool {
    guard lastRaise == .min || now - lastRaise >= limits.period.wholeNanoseconds / 10 else {
      return false
    }
    if takes { lastRaise = now }
    return true
  }
}
