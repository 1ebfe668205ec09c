/// When a batch is closed and sent.
public struct BatchLimits: Sendable, Equatable {
  /// Items in a batch.
  public var count: Int
  /// Sum of the items' weights (tokens or bytes); one heavier item makes a batch of its own.
  public var weight: Int
  /// Time since the first item of the batch.
  public var delay: Duration

  /// Limits of a batch.
  public init(count: Int = 32, weight: Int = .max, delay: Duration = .milliseconds(20)) {
    self.count = max(1, count)
    self.weight = max(1, weight)
    self.delay = delay
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
/// A batch is closed when it is full, heavy enough, or old enough. When a batch fails with an
/// error that may be one item's fault, it is halved until that item is alone: its error is its
/// own. Items whose callers were cancelled leave before they are sent. Filled by `submit`, emptied
/// by the limits and by `drain`.
public actor Batcher<Item: Sendable, Output: Sendable> {
  /// One call for many items; as many answers, in the same order.
  public typealias Operation = @Sendable ([Item]) async throws -> [Output]

  private struct Entry {
    let id: UInt64
    let item: Item
    let weight: Int
    let continuation: CheckedContinuation<Result<Output, any Error>, Never>
  }

  private let limits: BatchLimits
  private let weigh: @Sendable (Item) -> Int
  private let mayBeOneItem: @Sendable (any Error) -> Bool
  private let operation: Operation
  private let timeline: Timeline
  private var open: [Entry] = []
  private var openWeight = 0
  private var batch: UInt64 = 0
  private var alarm: Task<Void, Never>?
  private var lastID: UInt64 = 0
  private var running = 0
  private var isDrained = false
  private var drains: [CheckedContinuation<Void, Never>] = []

  /// A batcher in front of an operation.
  ///
  /// - Parameters:
  ///   - weigh: tokens or bytes of an item.
  ///   - mayBeOneItem: whether halving a failed batch makes sense; not for a refused key, for
  ///     example.
  public init(
    limits: BatchLimits = BatchLimits(), clock: some Clock<Duration> = ContinuousClock(),
    weigh: @escaping @Sendable (Item) -> Int = { _ in 1 },
    mayBeOneItem: @escaping @Sendable (any Error) -> Bool = { !($0 is CancellationError) },
    operation: @escaping Operation
  ) {
    self.limits = limits
    self.weigh = weigh
    self.mayBeOneItem = mayBeOneItem
    self.operation = operation
    timeline = Timeline(clock)
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
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        add(Entry(id: id, item: item, weight: weigh(item), continuation: continuation))
      }
    } onCancel: {
      Task { await self.leave(id) }
    }
    return try answer.get()
  }

  /// Sends what is open, waits for all answers, and takes nothing more.
  public func drain() async {
    isDrained = true
    close()
    guard running > 0 else { return }
    await withCheckedContinuation { drains.append($0) }
  }

  private func add(_ entry: Entry) {
    let (sum, overflow) = openWeight.addingReportingOverflow(entry.weight)
    if !open.isEmpty, overflow || sum > limits.weight { close() }
    open.append(entry)
    openWeight = openWeight.addingReportingOverflow(entry.weight).partialValue
    if open.count >= limits.count || openWeight >= limits.weight { return close() }
    if open.count == 1 { setAlarm() }
  }

  private func setAlarm() {
    let time = timeline.now().addingClamped(limits.delay.wholeNanoseconds)
    let batch = batch
    alarm = Task { [weak self, timeline] in
      guard await timeline.sleep(until: time) else { return }
      await self?.ring(batch)
    }
  }

  private func ring(_ batch: UInt64) {
    if batch == self.batch { close() }
  }

  private func leave(_ id: UInt64) {
    guard let index = open.firstIndex(where: { $0.id == id }) else { return }
    let entry = open.remove(at: index)
    openWeight -= entry.weight
    entry.continuation.resume(returning: .failure(CancellationError()))
  }

  /// Sends the open batch. It belongs to many callers, so none of their tasks carries it.
  private func close() {
    alarm?.cancel()
    alarm = nil
    batch += 1
    guard !open.isEmpty else { return }
    let entries = open
    open = []
    openWeight = 0
    running += 1
    Task { await carry(entries) }
  }

  private func carry(_ entries: [Entry]) async {
    await answer(entries)
    running -= 1
    guard running == 0 else { return }
    let waiting = drains
    drains = []
    for drain in waiting { drain.resume() }
  }

  private func answer(_ entries: [Entry]) async {
    // A stack instead of recursion: halves of failed batches, first half on top.
    var stack = [entries[...]]
    while let part = stack.popLast() {
      do {
        let outputs = try await operation(part.map(\.item))
        guard outputs.count == part.count else {
          throw BatcherError.wrongCount(expected: part.count, got: outputs.count)
        }
        for (entry, output) in zip(part, outputs) {
          entry.continuation.resume(returning: .success(output))
        }
      } catch {
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
