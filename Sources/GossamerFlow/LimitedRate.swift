/// One limit of a period: kept by even spacing where that is wanted, and by the sum of what was
/// taken.
struct LimitedRate: Sendable {
  private(set) var limit: Int
  private var spacing: TokenBucket?
  private var window: SlidingWindow
  /// Even spacing of equal costs keeps every window by itself, while nobody else uses the key;
  /// unequal costs need the sum.
  private let alwaysWatchesSum: Bool

  init(_ limit: Int, of limits: RateLimits, hasEqualCosts: Bool = false) {
    let period = limits.period * (1 + limits.margin)
    self.limit = limit
    spacing = limits.spread == .smooth ? TokenBucket(limit: limit, period: period) : nil
    window = SlidingWindow(limit: limit, period: period.wholeNanoseconds)
    alwaysWatchesSum = !hasEqualCosts || limits.spread == .bursts
  }

  /// The earliest time at which a cost fits; `now` or before if it fits at once.
  mutating func due(for cost: Int, at now: Int64, isShared: Bool) -> Int64 {
    let due = spacing?.due ?? .min
    return alwaysWatchesSum || isShared ? max(due, window.due(for: cost, at: now)) : due
  }

  mutating func take(_ cost: Int, at now: Int64, due: Int64) {
    spacing?.take(cost, at: due)
    window.add(cost, at: now)
  }

  mutating func correct(by difference: Int, addedAt time: Int64) {
    spacing?.correct(by: difference)
    window.correct(by: difference, addedAt: time)
  }

  /// Counts what was taken elsewhere, or before.
  mutating func addForeign(_ cost: Int, at time: Int64) {
    if cost > 0 { window.add(cost, at: time) }
  }

  mutating func sum(at now: Int64) -> Int { window.sum(at: now) }

  /// What was taken, a slot of time each, the oldest first.
  func taken() -> [(at: Int64, cost: Int)] { window.taken }

  /// Changes the rate; what was taken stays taken.
  mutating func change(limit: Int) {
    self.limit = limit
    spacing?.change(limit: limit)
    window.limit = limit
  }
}

/// All rates of a limiter; nil where there is no limit of the kind.
struct LimitedRates: Sendable {
  var requests: LimitedRate?
  var tokens: LimitedRate?
  var input: LimitedRate?
  var output: LimitedRate?

  init(_ limits: RateLimits) {
    requests = limits.requests.map { LimitedRate($0, of: limits, hasEqualCosts: true) }
    tokens = limits.tokens.map { LimitedRate($0, of: limits) }
    input = limits.inputTokens.map { LimitedRate($0, of: limits) }
    output = limits.outputTokens.map { LimitedRate($0, of: limits) }
  }

  mutating func due(
    tokens: Int, output: Int, at now: Int64, isShared: Bool
  ) -> Int64 {
    var due = requests?.due(for: 1, at: now, isShared: isShared) ?? .min
    due = max(due, self.tokens?.due(for: tokens, at: now, isShared: isShared) ?? .min)
    due = max(due, input?.due(for: tokens - output, at: now, isShared: isShared) ?? .min)
    return max(due, self.output?.due(for: output, at: now, isShared: isShared) ?? .min)
  }

  mutating func take(tokens: Int, output: Int, at now: Int64, due: Int64) {
    requests?.take(1, at: now, due: due)
    self.tokens?.take(tokens, at: now, due: due)
    input?.take(tokens - output, at: now, due: due)
    self.output?.take(output, at: now, due: due)
  }

  mutating func correct(tokens: Int, output: Int, addedAt time: Int64) {
    self.tokens?.correct(by: tokens, addedAt: time)
    input?.correct(by: tokens - output, addedAt: time)
    self.output?.correct(by: output, addedAt: time)
  }

  /// Changes limits without forgetting what was taken under the old ones.
  mutating func reshape(to limits: RateLimits) {
    let fresh = LimitedRates(limits)
    func keep(_ rate: inout LimitedRate?, _ fresh: LimitedRate?) {
      if let limit = fresh?.limit, rate != nil { rate?.change(limit: limit) } else { rate = fresh }
    }
    keep(&requests, fresh.requests)
    keep(&tokens, fresh.tokens)
    keep(&input, fresh.input)
    keep(&output, fresh.output)
  }
}
