import DequeModule

/// When a batch is closed and sent.
public struct BatchLimits: Sendable, Equatable {
  /// Items in a batch.
  public var count: Int
  /// Sum of the items' weights (tokens or bytes); one heavier item makes a batch of its own.
  public var weight: Int
  /// Time since the first item of the batch.
  public var delay: Duration
  /// Batches sent at once; what comes while all are under way gathers.
  public var atOnce: Int
  /// Whether count and delay are the most, and what is best below them is learned from how items
  /// arrive and how long calls take.
  public var adapts: Bool

  /// Limits of a batch.
  public init(
    count: Int = 32, weight: Int = .max, delay: Duration = .milliseconds(20), atOnce: Int = .max,
    adapts: Bool = false
  ) {
    self.count = max(1, count)
    self.weight = max(1, weight)
    self.delay = delay
    self.atOnce = max(1, atOnce)
    self.adapts = adapts
  }
}

/// Why an item of a batch has no answer, apart from what the operation throws.
public enum BatcherError: Error, Sendable, Equatable {
  /// The operation gave a number of answers that is not the number of items.
  case wrongCount(expected: Int, got: Int)
  /// The batcher was drained before.
  case drained
}

/// Gathers single calls into batches and hands each caller its own answer.
///
/// A batch is closed when it is full, heavy enough, or old enough; one that adapts also when the
/// operation is idle and waiting cannot help. When a batch fails with an error that may be one
/// item's fault, it is halved until that item is alone: its error is its own. Items whose callers
/// were cancelled leave before they are sent. Filled by `submit`, emptied by the limits and by
/// `drain`.
public actor Batcher<Item: Sendable, Output: Sendable> {
  /// One call for many items; as many answers, in the same order.
  public typealias Operation = @Sendable ([Item]) async throws -> [Output]

  private struct Entry {
    let id: UInt64
    let item: Item
    let weight: Int
    let since: Int64
    let continuation: CheckedContinuation<Result<Output, any Error>, Never>
  }

  private struct Batch {
    var entries: [Entry] = []
    var weight = 0

    mutating func remove(_ id: UInt64) -> Entry? {
      guard let index = entries.firstIndex(where: { $0.id == id }) else { return nil }
      weight -= entries[index].weight
      return entries.remove(at: index)
    }
  }

  private let limits: BatchLimits
  private let weigh: @Sendable (Item) -> Int
  private let mayBeOneItem: @Sendable (any Error) -> Bool
  private let isTooLarge: @Sendable (any Error) -> Bool
  private let operation: Operation
  private let timeline: Timeline
  private var pace: BatchPace
  private var open = Batch()
  private var openNumber: UInt64 = 0
  /// Whether the open batch waited long enough and only lacks a free place.
  private var isDue = false
  /// Full batches that wait for a free place.
  private var ready: Deque<(batch: Batch, reason: BatchReason)> = []
  private var alarm: Task<Void, Never>?
  private var lastID: UInt64 = 0
  private var running = 0
  private var isDrained = false
  private var drains: [CheckedContinuation<Void, Never>] = []
  private var tally = BatcherFigures()

  /// A batcher in front of an operation.
  ///
  /// - Parameters:
  ///   - weigh: tokens or bytes of an item.
  ///   - mayBeOneItem: whether halving a failed batch makes sense; not for a refused key, for
  ///     example.
  ///   - isTooLarge: whether an error says that a smaller batch would have passed, from which a
  ///     batcher that adapts learns.
  public init(
    limits: BatchLimits = BatchLimits(), clock: some Clock<Duration> = ContinuousClock(),
    weigh: @escaping @Sendable (Item) -> Int = { _ in 1 },
    mayBeOneItem: @escaping @Sendable (any Error) -> Bool = { !($0 is CancellationError) },
    isTooLarge: @escaping @Sendable (any Error) -> Bool = { _ in false },
    operation: @escaping Operation
  ) {
    self.limits = limits
    self.weigh = weigh
    self.mayBeOneItem = mayBeOneItem
    self.isTooLarge = isTooLarge
    self.operation = operation
    timeline = Timeline(clock)
    pace = BatchPace(most: limits.count)
  }

  /// What was done so far.
  public var figures: BatcherFigures {
    var figures = tally
    figures.target = pace.target
    return figures
  }

  /// Puts an item into the next batch and waits for its answer.
  ///
  /// - Throws: the operation's error for this item, `BatcherError`, or `CancellationError` when the
  ///   task was cancelled before its batch was sent.
  public func submit(_ item: Item) async throws -> Output {
    try Task.checkCancellation()
    if isDrained { throw BatcherError.drained }
    lastID += 1
    let id = lastID
    let now = timeline.now()
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        add(
          Entry(
            id: id, item: item, weight: weigh(item), since: now, continuation: continuation))
      }
    } onCancel: {
      Task { await self.leave(id) }
    }
    return try answer.get()
  }

  /// Sends what is open, waits for all answers, and takes nothing more.
  public func drain() async {
    isDrained = true
    close(.drain)
    guard running > 0 else { return }
    await withCheckedContinuation { drains.append($0) }
  }

  private var isFree: Bool { running < limits.atOnce && ready.isEmpty }
  private var mostItems: Int { limits.adapts ? pace.target : limits.count }

  private func add(_ entry: Entry) {
    if limits.adapts { pace.noteArrival(at: entry.since) }
    let (sum, overflow) = open.weight.addingReportingOverflow(entry.weight)
    if !open.entries.isEmpty, overflow || sum > limits.weight { close(.weight) }
    open.entries.append(entry)
    open.weight = open.weight.addingReportingOverflow(entry.weight).partialValue
    if open.entries.count >= mostItems { return close(.count) }
    if open.weight >= limits.weight { return close(.weight) }
    if open.entries.count == 1 { setAlarm(since: entry.since) }
  }

  private func setAlarm(since start: Int64) {
    let most = limits.delay.wholeNanoseconds
    let wait = limits.adapts ? pace.wait(atMost: most, isIdle: running == 0) : most
    let number = openNumber
    let time = start.addingClamped(wait)
    let reason: BatchReason = wait < most ? .idle : .time
    alarm = Task { [weak self, timeline] in
      if wait > 0 { guard await timeline.sleep(until: time) else { return } }
      await self?.ring(number, reason)
    }
  }

  private func ring(_ number: UInt64, _ reason: BatchReason) {
    guard number == openNumber else { return }
    if isFree { close(reason) } else { isDue = true }
  }

  private func leave(_ id: UInt64) {
    var entry = open.remove(id)
    for index in ready.indices where entry == nil { entry = ready[index].batch.remove(id) }
    entry?.continuation.resume(returning: .failure(CancellationError()))
  }

  /// Ends the open batch, and sends it once there is a place.
  private func close(_ reason: BatchReason) {
    alarm?.cancel()
    alarm = nil
    openNumber += 1
    isDue = false
    guard !open.entries.isEmpty else { return }
    ready.append((open, reason))
    open = Batch()
    sendReady()
  }

  /// A batch belongs to many callers, so none of their tasks carries it.
  private func sendReady() {
    while running < limits.atOnce, let (batch, reason) = ready.popFirst() {
      guard let first = batch.entries.first else { continue }
      running += 1
      tally.items += batch.entries.count
      tally.reasons[reason, default: 0] += 1
      tally.largest = max(tally.largest, batch.entries.count)
      tally.waited += .nanoseconds(timeline.now() - first.since)
      Task { await carry(batch.entries) }
    }
  }

  private func carry(_ entries: [Entry]) async {
    await answer(entries)
    running -= 1
    sendReady()
    // What waited for a place, or for company that an idle operation makes needless.
    if isFree, isDue { close(.time) }
    guard running == 0 else { return }
    let waiting = drains
    drains = []
    for drain in waiting { drain.resume() }
  }

  private func answer(_ entries: [Entry]) async {
    // A stack instead of recursion: halves of failed batches, first half on top.
    var stack = [entries[...]]
    while let part = stack.popLast() {
      let start = timeline.now()
      tally.calls += 1
      do {
        let outputs = try await operation(part.map(\.item))
        guard outputs.count == part.count else {
          throw BatcherError.wrongCount(expected: part.count, got: outputs.count)
        }
        if limits.adapts { pace.noteCall(of: part.count, took: timeline.now() - start) }
        for (entry, output) in zip(part, outputs) {
          entry.continuation.resume(returning: .success(output))
        }
      } catch {
        if limits.adapts, isTooLarge(error) { pace.noteTooLarge(part.count) }
        if part.count > 1, mayBeOneItem(error) {
          let middle = part.startIndex + part.count / 2
          stack.append(part[middle...])
          stack.append(part[..<middle])
        } else {
          for entry in part { entry.continuation.resume(returning: .failure(error)) }
        }
      }
    }
  }
}
