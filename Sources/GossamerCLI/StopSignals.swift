@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Waits for SIGINT, SIGTERM or SIGHUP.
final class StopSignals: Sendable {
  private let sources: [any DispatchSourceSignal]
  private let state = Mutex((count: 0, waiter: CheckedContinuation<Bool, Never>?.none))

  init() {
    let queue = DispatchQueue(label: "gossamer.signals")
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [weak self] in self?.arrived() }
      source.resume()
    }
  }

  deinit { for source in sources { source.cancel() } }

  /// Returns true once a signal came, false if the task was cancelled before.
  func first() async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.count > 0 { return true }
          state.waiter = continuation
          return false
        }
        if isOver { continuation.resume(returning: true) }
        if Task.isCancelled { end(false) }
      }
    } onCancel: {
      end(false)
    }
  }

  /// Whether a signal came, for work that cannot wait.
  var hasArrived: Bool { state.withLock { $0.count > 0 } }

  private func arrived() {
    let count = state.withLock { state in
      state.count += 1
      return state.count
    }
    // Everything committed is safe, the rest is fetched again: the same as a crash.
    if count > 1 { _exit(CommandFailure.Code.stopped.rawValue) }
    end(true)
  }

  private func end(_ result: Bool) {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: result)
  }
}
