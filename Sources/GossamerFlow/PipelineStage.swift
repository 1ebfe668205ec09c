import Synchronization

/// One stage of a pipeline: its workers take parcels, change what is in them, and send them on.
struct Stage<Input: Sendable, Output: Sendable>: Sendable {
  let name: String
  let concurrency: Int
  let retries: RetryPolicy
  let isTransient: @Sendable (any Error) -> Bool
  let executor: (any TaskExecutor)?
  let transform: @Sendable (Input) async throws -> Output

  /// The workers. The last one to end closes the output.
  func workers<Origin: Sendable>(
    from input: BoundedChannel<Parcel<Origin, Input>>,
    to output: BoundedChannel<Parcel<Origin, Output>>, in run: PipelineRun<Origin>
  ) -> [StageWorker] {
    let index = run.note { report in
      report.stages.append(StageFigures(name: name))
      return report.stages.count - 1
    }
    let left = Countdown(concurrency)
    return (0..<concurrency).map { _ in
      StageWorker(executor: executor) {
        defer { if left.isLast() { output.finish() } }
        while true {
          let start = run.timeline.now()
          guard let parcel = try await input.next() else { return }
          let queue = input.count
          let taken = run.timeline.now()
          let value = try await self.value(of: parcel, index: index, in: run)
          let end = run.timeline.now()
          run.note { report in
            report.stages[index].idle += .nanoseconds(taken - start)
            report.stages[index].busy += .nanoseconds(end - taken)
            report.stages[index].deepestQueue = max(report.stages[index].deepestQueue, queue)
          }
          try await output.send(
            Parcel(
              place: parcel.place, weight: parcel.weight, origin: parcel.origin, value: value))
        }
      }
    }
  }

  /// What the stage makes of a parcel; nil once it gives up, and for what was given up before.
  private func value<Origin: Sendable>(
    of parcel: Parcel<Origin, Input>, index: Int, in run: PipelineRun<Origin>
  ) async throws -> Output? {
    guard let value = parcel.value, !run.isHalted else { return nil }
    var failures = 0
    while true {
      do {
        let result = try await transform(value)
        run.note { $0.stages[index].done += 1 }
        return result
      } catch let halt as PipelineHalt {
        run.note { $0.halt = $0.halt ?? halt.reason }
        return nil
      } catch {
        try Task.checkCancellation()
        failures += 1
        if isTransient(error), let delay = retries.delay(afterFailures: failures) {
          run.note { $0.stages[index].retried += 1 }
          let due = run.timeline.now().addingClamped(delay.wholeNanoseconds)
          guard await run.timeline.sleep(until: due) else { throw CancellationError() }
          continue
        }
        run.note { report in
          report.failed += 1
          report.stages[index].failed += 1
        }
        await run.deadLetters(
          DeadLetter(item: parcel.origin, stage: name, attempts: failures, error: error))
        return nil
      }
    }
  }
}

/// What one worker does, and where.
struct StageWorker: Sendable {
  let executor: (any TaskExecutor)?
  let run: @Sendable () async throws -> Void
}

/// Tells the last of several tasks that it is.
private final class Countdown: Sendable {
  private let left: Mutex<Int>
  init(_ count: Int) { left = Mutex(count) }
  func isLast() -> Bool {
    left.withLock { left in
      left -= 1
      return left == 0
    }
  }
}
