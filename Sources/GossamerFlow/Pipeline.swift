import Synchronization

/// A failure that ends a whole run, not only its item: a key that is refused, a budget that is
/// spent. What is under way ends; nothing new begins.
public struct PipelineHalt: Error, Sendable {
  /// Why.
  public let reason: any Error

  /// A halt.
  public init(_ reason: any Error) { self.reason = reason }
}

/// An item that a stage gave up on.
public struct DeadLetter<Input: Sendable>: Sendable {
  /// What went into the pipeline.
  public let item: Input
  /// The stage that gave up.
  public let stage: String
  /// Tries that were made there.
  public let attempts: Int
  /// The last error.
  public let error: any Error
}

/// How a run ended. Every item that was read is counted once below.
public struct PipelineReport: Sendable {
  /// Items read from the source.
  public var read = 0
  /// Items that the sink took.
  public var stored = 0
  /// Items that a stage gave up on.
  public var failed = 0
  /// Items that were read and not finished, since the run was halted; a later run takes them.
  public var unfinished: Int { read - stored - failed }
  /// Why the run was halted, or nil.
  public var halt: (any Error)?
  /// What each stage did, in order.
  public var stages: [StageFigures] = []
}

/// What one stage did.
public struct StageFigures: Sendable {
  /// Its name.
  public let name: String
  /// Items that went on.
  public var done = 0
  /// Items given up on.
  public var failed = 0
  /// Tries beyond the first.
  public var retried = 0
  /// Time spent on items, of all its workers together.
  public var busy = Duration.zero
  /// Time spent waiting for items, of all its workers together.
  public var idle = Duration.zero
  /// The most items that waited before it.
  public var deepestQueue = 0
}

/// Stages joined by bounded channels: each with as many workers as it is given, none with more
/// items waiting than it has workers. What is on the way in all is bounded in items and in weight.
///
/// A source that is faster than its sink waits. An item that fails is tried again as its stage
/// says, then handed to `deadLetters`; the others go on. An item is finished when the sink
/// returned: whatever remembers finished items belongs there, so that a run that is cut off
/// anywhere repeats only what was not stored. A cancelled task ends at once; what was under way is
/// not stored. Does not remember, and does not read or write files.
public struct Pipeline<Input: Sendable, Output: Sendable>: Sendable {
  /// What has to run, and where results come out.
  struct Line: Sendable {
    var workers: [StageWorker]
    let output: BoundedChannel<Parcel<Input, Output>>
  }

  typealias Build =
    @Sendable (BoundedChannel<Parcel<Input, Input>>, PipelineRun<Input>) -> Line

  let build: Build

  init(build: @escaping Build) { self.build = build }

  /// A pipeline of one stage.
  ///
  /// - Parameters:
  ///   - name: for figures and dead letters.
  ///   - concurrency: workers, each with one item at a time.
  ///   - retries: for errors that `isTransient` says may pass.
  ///   - executor: where its workers run; a `ComputeExecutor` for stages that compute for long, nil
  ///     for where all tasks run.
  public init(
    _ name: String, concurrency: Int = 1, retries: RetryPolicy = .never,
    isTransient: @escaping @Sendable (any Error) -> Bool = { _ in true },
    executor: (any TaskExecutor)? = nil,
    transform: @escaping @Sendable (Input) async throws -> Output
  ) {
    let stage = Stage(
      name: name, concurrency: max(1, concurrency), retries: retries, isTransient: isTransient,
      executor: executor, transform: transform)
    self.init { input, run in
      let output = BoundedChannel<Parcel<Input, Output>>(capacity: stage.concurrency)
      return Line(workers: stage.workers(from: input, to: output, in: run), output: output)
    }
  }

  /// The pipeline with a further stage at its end.
  public func then<Next: Sendable>(
    _ name: String, concurrency: Int = 1, retries: RetryPolicy = .never,
    isTransient: @escaping @Sendable (any Error) -> Bool = { _ in true },
    executor: (any TaskExecutor)? = nil,
    transform: @escaping @Sendable (Output) async throws -> Next
  ) -> Pipeline<Input, Next> {
    let stage = Stage(
      name: name, concurrency: max(1, concurrency), retries: retries, isTransient: isTransient,
      executor: executor, transform: transform)
    return Pipeline<Input, Next> { [build] input, run in
      let before = build(input, run)
      let output = BoundedChannel<Parcel<Input, Next>>(capacity: stage.concurrency)
      let workers = stage.workers(from: before.output, to: output, in: run)
      return Pipeline<Input, Next>.Line(workers: before.workers + workers, output: output)
    }
  }

  /// Runs items through all stages into the sink, which one task calls, an item at a time.
  ///
  /// - Parameters:
  ///   - source: gives the next item, or nil at the end; asked only when there is room.
  ///   - keepsOrder: whether the sink gets items in the order of the source.
  ///   - window: the most items between source and sink.
  ///   - weightLimit: the most weight between source and sink, in the unit of `weigh`; a heavier
  ///     item passes alone.
  ///   - weigh: what an item weighs, in bytes for example.
  ///   - stop: looked at before every item; true ends the source early, and what is under way is
  ///     finished.
  /// - Returns: the figures, also of a run that was halted.
  /// - Throws: what source and sink throw, and `CancellationError`.
  public func run(
    source: @escaping @Sendable () async throws -> Input?, keepsOrder: Bool = false,
    window: Int = 256, weightLimit: Int = .max,
    weigh: @escaping @Sendable (Input) -> Int = { _ in 1 },
    clock: some Clock<Duration> = ContinuousClock(),
    stop: @escaping @Sendable () -> Bool = { false },
    deadLetters: @escaping @Sendable (DeadLetter<Input>) async -> Void = { _ in },
    sink: @escaping @Sendable (Output) async throws -> Void
  ) async throws -> PipelineReport {
    let run = PipelineRun<Input>(timeline: Timeline(clock), deadLetters: deadLetters)
    let input = BoundedChannel<Parcel<Input, Input>>(capacity: 1)
    let line = build(input, run)
    let room = PipelineRoom(items: window, weight: weightLimit)
    let output = line.output
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in line.workers {
        group.addTask(executorPreference: worker.executor) { try await worker.run() }
      }
      group.addTask {
        defer { input.finish() }
        while !stop(), !run.isHalted, let item = try await source() {
          let weight = max(0, weigh(item))
          try await room.take(weight)
          let place = run.note { report in
            report.read += 1
            return report.read - 1
          }
          try await input.send(Parcel(place: place, weight: weight, origin: item, value: item))
        }
      }
      group.addTask {
        var waiting: [Int: Parcel<Input, Output>] = [:]
        var next = 0
        while let parcel = try await output.next() {
          if keepsOrder {
            waiting[parcel.place] = parcel
            while let ready = waiting.removeValue(forKey: next) {
              next += 1
              try await Self.store(ready, sink, run, room)
            }
          } else {
            try await Self.store(parcel, sink, run, room)
          }
        }
      }
      // The first failure leaves the group, which ends the others.
      while try await group.next() != nil {}
    }
    return run.report
  }

  private static func store(
    _ parcel: Parcel<Input, Output>, _ sink: (Output) async throws -> Void,
    _ run: PipelineRun<Input>, _ room: PipelineRoom
  ) async throws {
    if let value = parcel.value {
      try await sink(value)
      run.note { $0.stored += 1 }
    }
    room.giveBack(parcel.weight)
  }
}

/// An item on its way: where it stood in the source, what it weighs and was, and what it is now; nil
/// once it was given up.
struct Parcel<Origin: Sendable, Value: Sendable>: Sendable {
  let place: Int
  let weight: Int
  let origin: Origin
  let value: Value?
}

/// What the parts of one run share.
final class PipelineRun<Input: Sendable>: Sendable {
  let timeline: Timeline
  let deadLetters: @Sendable (DeadLetter<Input>) async -> Void
  private let state = Mutex(PipelineReport())

  init(
    timeline: Timeline, deadLetters: @escaping @Sendable (DeadLetter<Input>) async -> Void
  ) {
    self.timeline = timeline
    self.deadLetters = deadLetters
  }

  var report: PipelineReport { state.withLock { $0 } }
  var isHalted: Bool { state.withLock { $0.halt != nil } }

  @discardableResult
  func note<Result: Sendable>(_ change: (inout PipelineReport) -> Result) -> Result {
    state.withLock { change(&$0) }
  }
}
