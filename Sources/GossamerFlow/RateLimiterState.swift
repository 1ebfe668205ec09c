/// All decisions of a rate limiter, as a value that is told the time.
///
/// Strict first in, first out inside a flow: nobody overtakes, however small; flows that wait take
/// turns by what their calls cost. All limits of a call are taken together or not at all. Times are nanoseconds since an epoch of the caller and never go back.
/// Filled by `request`, emptied by `admit` and `cancel`.
public struct RateLimiterState: Sendable {
  /// The answer to a request.
  public enum Decision: Sendable, Equatable {
    case admitted(Reservation)
    case queued(id: UInt64)
    case refused(RateLimiterError)
  }

  /// A waiter that is larger than limits that became smaller.
  public struct Misfit: Sendable, Equatable {
    /// The waiter.
    public let id: UInt64
    /// What it asked for.
    public let tokens: Int
    /// The limit that is smaller.
    public let limit: Int
  }

  /// What is allowed now: what was told, and what was learned since.
  public private(set) var limits: RateLimits
  /// Reservations that are not settled yet.
  public private(set) var outstanding = Set<UInt64>()
  /// How many wait.
  public var waiting: Int { queue.count }

  /// What was told.
  private(set) var told: RateLimits
  var learned = LearnedLimits()
  private var queue = FairQueue()
  private var nextID: UInt64 = 0
  private var pausedUntil: Int64 = .min
  /// How late an admission may be without pushing those after it back. Calls then stay on a grid,
  /// each at most this late, which the margin covers: no period sees one call more.
  private var lateness: Int64 = 0
  /// Until when others use the same key, so that even spacing of our own calls is not enough.
  var sharedUntil: Int64 = .min
  var rates: LimitedRates

  /// Nothing taken, nobody waiting.
  public init(limits: RateLimits) {
    self.limits = limits
    told = limits
    rates = LimitedRates(limits)
    adopt(limits)
  }

  /// Asks for one call.
  ///
  /// - Parameters:
  ///   - tokens: of prompt and answer together.
  ///   - output: those of the answer.
  public mutating func request(
    tokens: Int, output: Int = 0, flow: RequestFlow = .shared, at now: Int64
  ) -> Decision {
    let tokens = max(0, tokens)
    let output = min(max(0, output), tokens)
    if let limit = limits.exceeded(tokens: tokens, output: output) {
      return .refused(.largerThanLimit(tokens: tokens, limit: limit))
    }
    let id = nextID
    nextID += 1
    if waiting == 0, isDue(tokens, output, at: now) {
      return .admitted(take(id: id, tokens, output, at: now, due: now))
    }
    queue.add(FairQueue.Waiter(id: id, tokens: tokens, output: output, since: now), to: flow)
    return .queued(id: id)
  }

  /// Lets in whose turn it is, and those behind, as far as the limits allow now.
  public mutating func admit(at now: Int64) -> [Reservation] {
    var admitted: [Reservation] = []
    while let head = queue.head(), isDue(head.tokens, head.output, at: now) {
      queue.removeHead()
      // An alarm rings a little late; what is lost by that is made up for, within the margin.
      let due = max(head.since, pausedUntil, now - lateness)
      admitted.append(take(id: head.id, head.tokens, head.output, at: now, due: due))
    }
    return admitted
  }

  /// When the next waiter can be let in; nil when nobody waits, or when only a settled reservation
  /// can help.
  public mutating func nextDue(at now: Int64) -> Int64? {
    guard let head = queue.head(), hasFreePlace else { return nil }
    return due(head.tokens, head.output, at: now)
  }

  /// Takes a waiter out of the queue. False if it is not there (any more).
  public mutating func cancel(id: UInt64, flow: RequestFlow = .shared) -> Bool {
    queue.cancel(id, in: flow)
  }

  /// Ends a reservation: frees its place and replaces its estimate by what was used.
  ///
  /// - Parameters:
  ///   - usedTokens: in all; nil leaves the estimate standing, as after a failure whose cost is not
  ///     known.
  ///   - output: those of the answer; nil leaves the estimate of that part standing.
  public mutating func settle(_ reservation: Reservation, usedTokens: Int?, output: Int? = nil) {
    guard outstanding.remove(reservation.id) != nil, let usedTokens else { return }
    let used = max(0, usedTokens)
    let answer = min(max(0, output ?? reservation.output), used)
    rates.correct(
      tokens: used - reservation.tokens, output: answer - reservation.output,
      addedAt: reservation.admittedAt)
  }

  /// Lets nobody in before a time. An earlier time than one already set changes nothing.
  public mutating func pause(until time: Int64) { pausedUntil = max(pausedUntil, time) }

  /// Changes the limits. What was taken under the old ones is forgotten, but for the places that
  /// are held; callers who raise limits do it slowly. Waiters that no longer fit at all are
  /// returned and have left the queue.
  public mutating func change(to limits: RateLimits, at now: Int64) -> [Misfit] {
    let old = rates
    told = limits
    learned = LearnedLimits()
    rates = LimitedRates(limits)
    adopt(limits)
    func carry(_ old: LimitedRate?, _ new: inout LimitedRate?) {
      guard var old else { return }
      new?.addForeign(old.sum(at: now), at: now)
    }
    carry(old.requests, &rates.requests)
    carry(old.tokens, &rates.tokens)
    carry(old.input, &rates.input)
    carry(old.output, &rates.output)
    return dropThoseTooLarge()
  }

  /// Learns from how a call ended and from what its answer says of the limits. Call before
  /// `settle`.
  ///
  /// - Returns: waiters that no longer fit at all; they have left the queue.
  public mutating func learn(
    _ outcome: CallOutcome, _ notice: LimitNotice?, from reservation: Reservation, at now: Int64
  ) -> [Misfit] {
    var changed = learned.note(
      outcome, admittedAt: reservation.admittedAt, inFlight: outstanding.count, under: told,
      at: now)
    if let notice, learned.note(notice, under: told, at: now) { changed = true }
    if changed { adopt(learned.applied(to: told)) }
    if let notice {
      countForeignUse(notice.requests, \.requests, at: now)
      countForeignUse(notice.tokens, \.tokens, at: now)
      countForeignUse(notice.inputTokens, \.input, at: now)
      countForeignUse(notice.outputTokens, \.output, at: now)
    }
    return changed ? dropThoseTooLarge() : []
  }

  /// Counts what others used of the same key. Taken for ours, it leaves the window in its time.
  private mutating func countForeignUse(
    _ allowance: LimitNotice.Allowance?, _ rate: WritableKeyPath<LimitedRates, LimitedRate?>,
    at now: Int64
  ) {
    guard let allowance, let remaining = allowance.remaining else { return }
    if let own = rates[keyPath: rate]?.sum(at: now), let limit = allowance.limit {
      let foreign = limit - remaining - own
      // Below that, the two sides only count a little differently.
      guard foreign > max(1, limit / 50) else { return }
      sharedUntil = now.addingClamped(limits.period.wholeNanoseconds)
      rates[keyPath: rate]?.addForeign(foreign, at: now)
    } else if remaining == 0, let reset = allowance.reset, reset <= limits.period {
      pause(until: now.addingClamped(reset.wholeNanoseconds))
    }
  }

  /// Waiters that no wait can help any more.
  private mutating func dropThoseTooLarge() -> [Misfit] {
    guard limits.hasRate else { return [] }
    let limits = limits
    let lost = queue.removeAll { limits.exceeded(tokens: $0.tokens, output: $0.output) != nil }
    return lost.compactMap { waiter in
      limits.exceeded(tokens: waiter.tokens, output: waiter.output).map {
        Misfit(id: waiter.id, tokens: waiter.tokens, limit: $0)
      }
    }
  }

  mutating func adopt(_ limits: RateLimits) {
    self.limits = limits
    rates.reshape(to: limits)
    queue.measure(by: limits)
    let period = limits.period * (1 + limits.margin)
    let margin = (limits.period * limits.margin).wholeNanoseconds
    // Where calls are far apart, each may be counted by itself; where they are close, a busy machine
    // rings late by several of them. A part of the margin is left to what jitters on the way.
    let isDense = limits.requests.map { period / $0 <= .milliseconds(100) } ?? false
    lateness =
      isDense ? margin / 4 : min(margin, max(margin / Int64(limits.requests ?? .max), 5_000_000))
  }

  private var hasFreePlace: Bool { limits.concurrency.map { outstanding.count < $0 } ?? true }

  private mutating func isDue(_ tokens: Int, _ output: Int, at now: Int64) -> Bool {
    hasFreePlace && due(tokens, output, at: now) <= now
  }

  private mutating func due(_ tokens: Int, _ output: Int, at now: Int64) -> Int64 {
    max(
      pausedUntil,
      rates.due(tokens: tokens, output: output, at: now, isShared: now < sharedUntil))
  }

  private mutating func take(
    id: UInt64, _ tokens: Int, _ output: Int, at now: Int64, due: Int64
  ) -> Reservation {
    rates.take(tokens: tokens, output: output, at: now, due: due)
    outstanding.insert(id)
    return Reservation(id: id, tokens: tokens, output: output, admittedAt: now)
  }
}
