import DequeModule

/// All decisions of a rate limiter, as a value that is told the time.
///
/// Strict first in, first out: nobody overtakes, however small. The three dimensions are taken
/// together or not at all. Times are nanoseconds since an epoch of the caller and never go back.
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
  }

  private struct Waiter {
    var id: UInt64
    var tokens: Int
    var since: Int64
  }

  /// What is allowed now: what was told, and what was learned since.
  public private(set) var limits: RateLimits
  /// Reservations that are not settled yet.
  public private(set) var outstanding = Set<UInt64>()
  /// How many wait.
  public private(set) var waiting = 0

  /// What was told.
  private var told: RateLimits
  private var learned = LearnedLimits()
  private var queue: Deque<Waiter?> = []
  private var firstID: UInt64 = 0
  private var nextID: UInt64 = 0
  private var pausedUntil: Int64 = .min
  /// How late an admission may be without pushing those after it back. Calls then stay on a grid,
  /// each at most this late, which the margin covers: no period sees one call more.
  private var lateness: Int64 = 0
  /// Until when others use the same key, so that even spacing of our own calls is not enough.
  private var sharedUntil: Int64 = .min
  private var requestSpacing: TokenBucket?
  private var tokenSpacing: TokenBucket?
  private var requestWindow: SlidingWindow?
  private var tokenWindow: SlidingWindow?

  /// Nothing taken, nobody waiting.
  public init(limits: RateLimits) {
    self.limits = limits
    told = limits
    adopt(limits)
  }

  /// Asks for one call of so many tokens.
  public mutating func request(tokens: Int, at now: Int64) -> Decision {
    let tokens = max(0, tokens)
    if let limit = limits.tokens, tokens > limit {
      return .refused(.largerThanLimit(tokens: tokens, limit: limit))
    }
    let id = nextID
    nextID += 1
    if waiting == 0 {
      if isDue(tokens, at: now) {
        return .admitted(take(id: id, tokens: tokens, at: now, due: now))
      }
      queue.removeAll(keepingCapacity: true)
      firstID = id
    }
    while firstID + UInt64(queue.count) < id { queue.append(nil) }
    queue.append(Waiter(id: id, tokens: tokens, since: now))
    waiting += 1
    return .queued(id: id)
  }

  /// Lets in the head of the queue and those behind it, as far as the limits allow now.
  public mutating func admit(at now: Int64) -> [Reservation] {
    var admitted: [Reservation] = []
    while let head = peek(), isDue(head.tokens, at: now) {
      queue.removeFirst()
      firstID += 1
      waiting -= 1
      // An alarm rings a little late; what is lost by that is made up for, within the margin.
      let due = max(head.since, pausedUntil, now - lateness)
      admitted.append(take(id: head.id, tokens: head.tokens, at: now, due: due))
    }
    return admitted
  }

  /// When the head of the queue can be let in; nil when nobody waits, or when only a settled
  /// reservation can help.
  public mutating func nextDue(at now: Int64) -> Int64? {
    guard let head = peek(), hasFreePlace else { return nil }
    return due(head.tokens, at: now)
  }

  /// Takes a waiter out of the queue. False if it is not there (any more).
  public mutating func cancel(id: UInt64) -> Bool {
    guard id >= firstID, id - firstID < UInt64(queue.count) else { return false }
    let index = Int(id - firstID)
    guard queue[index] != nil else { return false }
    queue[index] = nil
    waiting -= 1
    while let last = queue.last, last == nil { queue.removeLast() }
    return true
  }

  /// Ends a reservation: frees its place and replaces its estimate by what was used.
  ///
  /// - Parameter usedTokens: nil leaves the estimate standing, as after a failure whose cost is
  ///   not known.
  public mutating func settle(_ reservation: Reservation, usedTokens: Int?) {
    guard outstanding.remove(reservation.id) != nil, let usedTokens else { return }
    let difference = max(0, usedTokens) - reservation.tokens
    tokenSpacing?.correct(by: difference)
    tokenWindow?.correct(by: difference, addedAt: reservation.admittedAt)
  }

  /// Lets nobody in before a time. An earlier time than one already set changes nothing.
  public mutating func pause(until time: Int64) { pausedUntil = max(pausedUntil, time) }

  /// Changes the limits. What was taken under the old ones is forgotten, but for the places that
  /// are held; callers who raise limits do it slowly. Waiters that no longer fit at all are
  /// returned and have left the queue.
  public mutating func change(to limits: RateLimits, at now: Int64) -> [Misfit] {
    let spent = (requestWindow?.sum ?? 0, tokenWindow?.sum ?? 0)
    told = limits
    learned = LearnedLimits()
    adopt(limits)
    if spent.0 > 0 { requestWindow?.add(spent.0, at: now) }
    if spent.1 > 0 { tokenWindow?.add(spent.1, at: now) }
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
    if changed { reshape(to: learned.applied(to: told)) }
    if let notice {
      let requests = foreignUse(notice.requests, requestWindow?.sum(at: now), at: now)
      let tokens = foreignUse(notice.tokens, tokenWindow?.sum(at: now), at: now)
      if requests > 0 { requestWindow?.add(requests, at: now) }
      if tokens > 0 { tokenWindow?.add(tokens, at: now) }
    }
    return changed ? dropThoseTooLarge() : []
  }

  /// What others used of the same key. Taken for ours, it leaves the window in its time.
  private mutating func foreignUse(
    _ allowance: LimitNotice.Allowance?, _ own: Int?, at now: Int64
  ) -> Int {
    guard let allowance, let remaining = allowance.remaining else { return 0 }
    if let own, let limit = allowance.limit {
      let foreign = limit - remaining - own
      // Below that, the two sides only count a little differently.
      guard foreign > max(1, limit / 50) else { return 0 }
      sharedUntil = now.addingClamped(limits.period.wholeNanoseconds)
      return foreign
    }
    if remaining == 0, let reset = allowance.reset, reset <= limits.period {
      pause(until: now.addingClamped(reset.wholeNanoseconds))
    }
    return 0
  }

  /// Waiters that no wait can help any more.
  private mutating func dropThoseTooLarge() -> [Misfit] {
    guard let most = limits.tokens else { return [] }
    let lost = queue.compactMap { $0 }.filter { $0.tokens > most }
    return lost.filter { cancel(id: $0.id) }.map { Misfit(id: $0.id, tokens: $0.tokens) }
  }

  /// Changes rates without forgetting what was taken under the old ones.
  private mutating func reshape(to limits: RateLimits) {
    let old = (requestSpacing, tokenSpacing, requestWindow, tokenWindow)
    adopt(limits)
    func keep(_ old: TokenBucket?, _ new: inout TokenBucket?, limit: Int?) {
      guard var bucket = old, let limit, new != nil else { return }
      bucket.change(limit: limit)
      new = bucket
    }
    func keep(_ old: SlidingWindow?, _ new: inout SlidingWindow?, limit: Int?) {
      guard var window = old, let limit, new != nil else { return }
      window.limit = limit
      new = window
    }
    keep(old.0, &requestSpacing, limit: limits.requests)
    keep(old.1, &tokenSpacing, limit: limits.tokens)
    keep(old.2, &requestWindow, limit: limits.requests)
    keep(old.3, &tokenWindow, limit: limits.tokens)
  }

  private mutating func adopt(_ limits: RateLimits) {
    self.limits = limits
    let period = limits.period * (1 + limits.margin)
    let smooth = limits.spread == .smooth
    let margin = (limits.period * limits.margin).wholeNanoseconds
    // Where calls are far apart, each may be counted by itself; where they are close, a busy machine
    // rings late by several of them. A part of the margin is left to what jitters on the way.
    let isDense = limits.requests.map { period / $0 <= .milliseconds(100) } ?? false
    lateness =
      isDense ? margin / 4 : min(margin, max(margin / Int64(limits.requests ?? .max), 5_000_000))
    requestSpacing = smooth ? limits.requests.map { TokenBucket(limit: $0, period: period) } : nil
    tokenSpacing = smooth ? limits.tokens.map { TokenBucket(limit: $0, period: period) } : nil
    requestWindow = limits.requests.map {
      SlidingWindow(limit: $0, period: period.wholeNanoseconds)
    }
    tokenWindow = limits.tokens.map { SlidingWindow(limit: $0, period: period.wholeNanoseconds) }
  }

  private var hasFreePlace: Bool { limits.concurrency.map { outstanding.count < $0 } ?? true }

  private mutating func peek() -> Waiter? {
    while let first = queue.first {
      if let waiter = first { return waiter }
      queue.removeFirst()
      firstID += 1
    }
    return nil
  }

  private mutating func isDue(_ tokens: Int, at now: Int64) -> Bool {
    hasFreePlace && due(tokens, at: now) <= now
  }

  private mutating func due(_ tokens: Int, at now: Int64) -> Int64 {
    var due = max(pausedUntil, requestSpacing?.due ?? .min, tokenSpacing?.due ?? .min)
    // Even spacing of equal costs keeps every window by itself, while nobody else uses the key;
    // unequal costs need the sum.
    if requestWindow != nil, limits.spread == .bursts || now < sharedUntil {
      due = max(due, requestWindow?.due(for: 1, at: now) ?? .min)
    }
    if tokenWindow != nil { due = max(due, tokenWindow?.due(for: tokens, at: now) ?? .min) }
    return due
  }

  private mutating func take(
    id: UInt64, tokens: Int, at now: Int64, due: Int64
  ) -> Reservation {
    requestSpacing?.take(1, at: due)
    tokenSpacing?.take(tokens, at: due)
    requestWindow?.add(1, at: now)
    tokenWindow?.add(tokens, at: now)
    outstanding.insert(id)
    return Reservation(id: id, tokens: tokens, admittedAt: now)
  }
}
