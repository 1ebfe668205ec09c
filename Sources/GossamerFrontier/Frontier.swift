/// What to visit, in what order, when: the shell around `FrontierState` that has a clock and can
/// wait.
///
/// Filled by `offer` and `report`, emptied by `next`. Any number of tasks may call either. Beside
/// them one task makes durable what they changed and says so with `confirm`, and one answers
/// `nextRequests` from the store with `take`: only a part of the URLs that wait is held here.
/// Nobody polls: `next` sleeps until the exact moment the next host is due, or until something is
/// reported or offered.
public actor Frontier {
  private var state: FrontierState
  private let clock = ContinuousClock()
  private var supplier: CheckedContinuation<Void, Never>?
  private var sleepers: [CheckedContinuation<Void, Never>] = []
  private var alarm: Task<Void, Never>?
  private var alarmTime: ContinuousClock.Instant?

  /// A frontier around a state.
  public init(state: consuming FrontierState) {
    self.state = state
  }

  /// The next visit that politeness allows, waiting for it if need be; nil once nothing is left or
  /// a budget is spent, and nothing is under way.
  ///
  /// - Throws: `CancellationError`.
  public func next() async throws -> Visit? {
    while !Task.isCancelled {
      let step = state.step(at: clock.now)
      if state.wantsSupply { wakeSupplier() }
      switch step {
      case .visit(let visit): return visit
      case .wait(let due): await rest(until: due)
      case .drained:
        endAlarm()
        return nil
      }
    }
    endAlarm()
    throw CancellationError()
  }

  /// Takes URLs in.
  public func offer(_ offers: [Offer]) -> ReportReceipt {
    defer { wake() }
    return state.offer(offers, at: clock.now)
  }

  /// The request of a visit that announces its start was sent.
  public func began(_ id: Visit.ID, at startedAt: ContinuousClock.Instant) {
    state.began(id, startedAt: startedAt, at: clock.now)
    wake()
  }

  /// Ends a visit. One call carries everything that a page brought.
  public func report(_ report: VisitReport) -> ReportReceipt {
    defer { wake() }
    return state.report(report, at: clock.now)
  }

  /// Decisions that no report carried away, to be written before the crawl ends.
  public func takeDecisions() -> ReportReceipt { state.takeDecisions() }

  /// No new visits from now on.
  public func stop() {
    state.stop()
    wake()
  }

  /// Counters now.
  public var counts: FrontierCounts { state.snapshot }

  /// What a restart must know of the hosts that were asked since the last call.
  public func takeChangedPaces() -> [HostPace] { state.takeChangedPaces(at: clock.now) }

  /// Whether a budget ended the crawl.
  public func isBudgetSpent() -> Bool { state.isBudgetSpent(at: clock.now) }

  /// How many hosts rest, and until when the next one does; for the progress line.
  public func waiting() -> (hosts: Int, next: Duration?) { state.waiting(at: clock.now) }

  // MARK: The store

  /// Takes in what became durable. One call a group of pages.
  public func confirm(_ commit: FrontierCommit, _ receipt: CommitReceipt) {
    state.confirm(commit, receipt, at: clock.now)
    wake()
  }

  /// What hosts need from the store, waiting until there is something.
  ///
  /// - Throws: `CancellationError`.
  public func nextRequests(limit: Int) async throws -> [HostRequest] {
    while !Task.isCancelled {
      let requests = state.takeRequests(limit: limit)
      guard requests.isEmpty else { return requests }
      await withTaskCancellationHandler {
        await withCheckedContinuation { supplier = $0 }
      } onCancel: {
        Task { await self.wakeSupplier() }
      }
    }
    throw CancellationError()
  }

  /// Takes in what the store had.
  public func take(_ supplies: [HostSupply]) -> ReportReceipt {
    defer { wake() }
    return state.take(supplies, at: clock.now)
  }

  private func wakeSupplier() {
    supplier?.resume()
    supplier = nil
  }

  // MARK: Waiting

  private func rest(until due: ContinuousClock.Instant?) async {
    setAlarm(due)
    await withTaskCancellationHandler {
      await withCheckedContinuation { sleepers.append($0) }
    } onCancel: {
      // The handler runs outside the actor: hop back in to wake the sleeper.
      Task { await self.wake() }
    }
  }

  private func wake() {
    if state.wantsSupply { wakeSupplier() }
    guard !sleepers.isEmpty else { return }
    for sleeper in sleepers { sleeper.resume() }
    sleepers.removeAll(keepingCapacity: true)
  }

  /// The alarm is shared: it ends only with the last who waits.
  private func endAlarm() {
    guard sleepers.isEmpty else { return }
    alarm?.cancel()
    alarm = nil
    alarmTime = nil
  }

  /// One alarm at a time; an earlier one that still runs is kept.
  private func setAlarm(_ due: ContinuousClock.Instant?) {
    guard let due else { return }
    if let alarmTime, alarmTime <= due, alarmTime > clock.now { return }
    alarm?.cancel()
    alarmTime = due
    alarm = Task { [clock] in
      guard (try? await clock.sleep(until: due, tolerance: .zero)) != nil else { return }
      self.wake()
    }
  }
}
