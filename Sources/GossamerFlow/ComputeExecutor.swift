import DequeModule
import Dispatch
import Synchronization

/// Threads of their own for stages that compute, so that they do not take those on which all tasks
/// that wait for the network go on.
///
/// Jobs begin in the order in which they come, each on the first thread that is free. No job is
/// interrupted: what runs longest delays only other jobs here.
public final class ComputeExecutor: TaskExecutor {
  private struct State {
    var waiting: Deque<UnownedJob> = []
    var idle: [DispatchQueue]
  }

  private let state: Mutex<State>

  /// An executor with so many threads, which are there while there is work.
  public init(threads: Int) {
    // A serial queue has a thread beyond those that all other work shares.
    let queues = (0..<max(1, threads)).map { DispatchQueue(label: "gossamer.compute.\($0)") }
    state = Mutex(State(idle: queues))
  }

  /// Takes a job: it begins on a thread that is free, or behind those that wait.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let queue = state.withLock { state -> DispatchQueue? in
      if let queue = state.idle.popLast() { return queue }
      state.waiting.append(job)
      return nil
    }
    queue?.async { self.run(job, on: queue) }
  }

  private func run(_ first: UnownedJob, on queue: DispatchQueue?) {
    var next = Optional(first)
    while let job = next {
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
      next = state.withLock { state in
        if let job = state.waiting.popFirst() { return job }
        if let queue { state.idle.append(queue) }
        return nil
      }
    }
  }
}
