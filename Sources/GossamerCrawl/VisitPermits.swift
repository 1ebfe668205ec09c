import Synchronization

/// How many visits may be out before their results are written.
///
/// The frontier counts a visit as done once it has been fetched. Without permits fetching would run
/// ahead of a slow model or disk, and results would pile up in memory. Filled by carriers whose
/// result is taken, emptied by the one task that starts carriers.
final class VisitPermits: Sendable {
  private struct State {
    var free: Int
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(_ count: Int) {
    precondition(count > 0, "a crawl without permits never begins")
    state = Mutex(State(free: count))
  }

  /// Takes a permit, waiting for one if need be. One task only may call this.
  ///
  /// Does not look at cancellation: carriers that are cancelled give theirs back at once.
  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.free == 0 else {
          state.free -= 1
          return true
        }
        state.waiter = continuation
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  /// Gives a permit back.
  func give() {
    let waiter = state.withLock { state in
      guard let waiter = state.waiter else {
        state.free += 1
        return CheckedContinuation<Void, Never>?.none
      }
      state.waiter = nil
      return waiter
    }
    waiter?.resume()
  }
}
