import Synchronization

/// Places for large bodies, so that many at once do not fill the memory.
///
/// The first `freeBytes` of a body need none. Whoever reads on waits for a place, and keeps it for as
/// long as anything of the response is in use: what is made of a large page takes several times its
/// size. Meanwhile the server waits too, since nothing is read. Filled by fetches, emptied as the last
/// copy of a response goes.
public final class LargeBodyPlaces: Sendable {
  /// What any body may take.
  public static let freeBytes = 1 << 20

  /// The right to read on. Given back when the last reference to it goes.
  public final class Place: Sendable {
    private let places: LargeBodyPlaces

    fileprivate init(_ places: LargeBodyPlaces) { self.places = places }

    deinit { places.giveBack() }
  }

  private struct State {
    var free: Int
    var nextWaiter = 0
    /// In the order in which they came.
    var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  }

  private let state: Mutex<State>

  /// So many large bodies at once.
  public init(count: Int) {
    state = Mutex(State(free: max(1, count)))
  }

  /// Waits for a place.
  ///
  /// - Returns: nil when the task is cancelled.
  package func take() async -> Place? {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    let isMine = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          // Inside the lock: a cancellation that comes later finds the waiter in line.
          if Task.isCancelled { return false }
          guard state.free == 0 else {
            state.free -= 1
            return true
          }
          state.waiting.append((id, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
      }
      waiter?.continuation.resume(returning: false)
    }
    return isMine ? Place(self) : nil
  }

  private func giveBack() {
    let next = state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return CheckedContinuation<Bool, Never>?.none
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }
}
