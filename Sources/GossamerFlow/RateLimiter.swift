/// Hands out places under the limits of one model, key or host, in the order of asking; flows that
/// wait get equal shares.
///
/// Learns from what `settle` is told: see `LearnedLimits`. Reserve, call, settle: `acquire` sets the estimate aside before the call is sent, `settle`
/// replaces it by the real usage. Nobody polls: one alarm is set for the head of the queue, so
/// wake-ups are admissions. A cancelled waiter gives its place to the next. Knows nothing of what
/// is called; does not retry. Filled by callers, emptied by time and by `settle`.
public actor RateLimiter {
  private typealias Answer = Result<Reservation, RateLimiterError>

  private var state: RateLimiterState
  private var waiters: [UInt64: CheckedContinuation<Answer, Never>] = [:]
  private var alarm: Task<Void, Never>?
  private var alarmTime: Int64 = .max
  private let timeline: Timeline

  /// How often the alarm rang, for the promise that wake-ups are admissions.
  public private(set) var wakeUps = 0

  /// A limiter on a clock; tests bring one of their own.
  public init(limits: RateLimits, clock: some Clock<Duration> = ContinuousClock()) {
    state = RateLimiterState(limits: limits)
    timeline = Timeline(clock)
  }

  deinit { alarm?.cancel() }

  /// Waits for a place for one call.
  ///
  /// - Parameters:
  ///   - tokens: estimate of prompt and answer together.
  ///   - output: the part of it that is the answer's, where that is limited apart.
  ///   - flow: who shares a place in the line with this call.
  /// - Throws: `.cancelled` when the task is cancelled before its turn; `.largerThanLimit` at once
  ///   when no wait can help.
  public func acquire(
    tokens: Int = 0, output: Int = 0, flow: RequestFlow = .shared
  ) async throws(RateLimiterError) -> Reservation {
    if Task.isCancelled { throw .cancelled }
    switch state.request(tokens: tokens, output: output, flow: flow, at: timeline.now()) {
    case .admitted(let reservation): return reservation
    case .refused(let error): throw error
    case .queued(let id):
      let answer = await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          waiters[id] = continuation
          setAlarm()
        }
      } onCancel: {
        Task { await self.leave(id, flow) }
      }
      return try answer.get()
    }
  }

  /// Ends a reservation; ending it again does nothing.
  ///
  /// - Parameters:
  ///   - usedTokens: what the call really used in all; nil when that is not known.
  ///   - output: what of it was the answer; nil when that is not known.
  ///   - outcome: what the call teaches of the limits.
  ///   - notice: what the answer says of them.
  public func settle(
    _ reservation: Reservation, usedTokens: Int? = nil, output: Int? = nil,
    outcome: CallOutcome = .unknown, notice: LimitNotice? = nil
  ) {
    if outcome != .unknown || notice != nil {
      let lost = state.learn(outcome, notice, from: reservation, at: timeline.now())
      for misfit in lost { refuse(misfit) }
    }
    state.settle(reservation, usedTokens: usedTokens, output: output)
    if state.waiting > 0 { admit() }
  }

  /// Ends a reservation whose holder is gone without a word; nothing is known of its use.
  public nonisolated func abandon(_ reservation: Reservation) {
    Task { await self.settle(reservation) }
  }

  /// Lets nobody in for a while, as a server asks for with 429. Calls under way go on.
  public func pause(for span: Duration) {
    state.pause(until: timeline.now().addingClamped(max(.zero, span).wholeNanoseconds))
    setAlarm()
  }

  /// Changes the limits from now on.
  public func change(to limits: RateLimits) {
    for misfit in state.change(to: limits, at: timeline.now()) { refuse(misfit) }
    admit()
  }

  /// What is worth keeping for the next limiter of the same key.
  public var memory: LimiterMemory { state.memory(at: timeline.now()) }

  /// Takes over what an earlier limiter of the same key knew.
  ///
  /// - Parameter age: time since it was noted down.
  public func recall(_ memory: LimiterMemory, age: Duration) {
    state.recall(memory, age: age, at: timeline.now())
    admit()
  }

  /// What is allowed now.
  public var limits: RateLimits { state.limits }
  /// How many wait for a place.
  public var waiting: Int { state.waiting }
  /// How many places are held.
  public var inFlight: Int { state.outstanding.count }

  private func refuse(_ misfit: RateLimiterState.Misfit) {
    answer(misfit.id, .failure(.largerThanLimit(tokens: misfit.tokens, limit: misfit.limit)))
  }

  private func leave(_ id: UInt64, _ flow: RequestFlow) {
    guard state.cancel(id: id, flow: flow) else { return }
    answer(id, .failure(.cancelled))
    admit()
  }

  private func ring(setFor time: Int64) {
    // An alarm that was replaced just as it rang is not ours any more.
    guard time == alarmTime else { return }
    wakeUps += 1
    alarm = nil
    alarmTime = .max
    admit()
  }

  private func admit() {
    for reservation in state.admit(at: timeline.now()) {
      answer(reservation.id, .success(reservation))
    }
    setAlarm()
  }

  private func answer(_ id: UInt64, _ answer: Answer) {
    waiters.removeValue(forKey: id)?.resume(returning: answer)
  }

  /// Sets the one alarm to the time of the head of the queue, or stops it.
  private func setAlarm() {
    guard let due = state.nextDue(at: timeline.now()) else {
      alarm?.cancel()
      alarm = nil
      alarmTime = .max
      return
    }
    guard due != alarmTime else { return }
    alarm?.cancel()
    alarmTime = due
    alarm = Task { [weak self, timeline] in
      guard await timeline.sleep(until: due) else { return }
      await self?.ring(setFor: due)
    }
  }
}

/// A clock as nanoseconds since a start, so that actors on it need no type parameter.
struct Timeline: Sendable {
  private let read: @Sendable () -> Int64
  private let wait: @Sendable (Int64) async -> Bool

  init<C: Clock>(_ clock: C) where C.Duration == Duration {
    let start = clock.now
    read = { start.duration(to: clock.now).wholeNanoseconds }
    wait = { time in
      do {
        try await clock.sleep(until: start.advanced(by: .nanoseconds(time)), tolerance: nil)
        return true
      } catch {
        return false
      }
    }
  }

  func now() -> Int64 { read() }

  /// False when the sleeper was cancelled.
  func sleep(until time: Int64) async -> Bool { await wait(time) }
}
