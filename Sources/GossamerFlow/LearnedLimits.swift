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
  private var requests: Int?
  private var tokens: Int?
  private var inputTokens: Int?
  private var outputTokens: Int?
  private var scale = 1.0
  private var concurrency: Double?
  private var lastDrop = Int64.min
  private var lastRaise = Int64.min

  /// What is allowed, given what an operator allows.
  func applied(to limits: RateLimits) -> RateLimits {
    func rate(_ configured: Int?, _ said: Int?) -> Int? {
      guard let least = [configured, said].compactMap({ $0 }).min() else { return nil }
      return scale < 1 ? max(1, Int(Double(least) * scale)) : least
    }
    var result = limits
    result.requests = rate(limits.requests, requests)
    result.tokens = rate(limits.tokens, tokens)
    result.inputTokens = rate(limits.inputTokens, inputTokens)
    result.outputTokens = rate(limits.outputTokens, outputTokens)
    if let concurrency {
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
        scale = max(0.05, scale * 0.8)
      } else {
        concurrency = max(1, min(concurrency ?? .infinity, Double(inFlight)) * 0.7)
      }
      return true
    }
  }

  private mutating func raise(under limits: RateLimits, at now: Int64) -> Bool {
    var changed = false
    if let current = concurrency {
      let raised = current + 1 / current
      let isBack = raised >= Double(limits.concurrency ?? .max)
      changed = isBack || Int(raised) > Int(current)
      concurrency = isBack ? nil : raised
    }
    if scale < 1, isTimeToRaise(limits, at: now) {
      scale = min(1, scale + 0.05)
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
    var changed = adopt(notice.requests?.limit, &requests)
    if adopt(notice.tokens?.limit, &tokens) { changed = true }
    if adopt(notice.inputTokens?.limit, &inputTokens) { changed = true }
    if adopt(notice.outputTokens?.limit, &outputTokens) { changed = true }
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
