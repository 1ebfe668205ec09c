import Synchronization

/// The room between the source and the sink of a pipeline, in items and in weight. One task takes,
/// any gives back.
final class PipelineRoom: Sendable {
  private struct State: ~Copyable {
    var items = 0
    var weight = 0
    var wanted = 0
    var taker: CheckedContinuation<Bool, Never>?
  }

  private let items: Int
  private let weight: Int
  private let state = Mutex(State())

  init(items: Int, weight: Int) {
    self.items = max(1, items)
    self.weight = max(1, weight)
  }

  /// Waits until an item has a place. One that is heavier than all room passes alone.
  func take(_ weight: Int) async throws(CancellationError) {
    let isIn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          if fits(weight, &state) { return true }
          state.wanted = weight
          state.taker = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let taker = state.withLock { $0.taker.take() }
      taker?.resume(returning: false)
    }
    guard isIn else { throw CancellationError() }
  }

  /// An item has left the pipeline.
  func giveBack(_ weight: Int) {
    let taker: CheckedContinuation<Bool, Never>? = state.withLock { state in
      state.items -= 1
      state.weight -= weight
      guard state.taker != nil, fits(state.wanted, &state) else { return nil }
      return state.taker.take()
    }
    taker?.resume(returning: true)
  }

  private func fits(_ weight: Int, _ state: inout State) -> Bool {
    let sum = state.weight.addingReportingOverflow(weight)
    guard
      state.items == 0 || state.items < items && !sum.overflow && sum.partialValue <= self.weight
    else { return false }
    state.items += 1
    state.weight = sum.partialValue
    return true
  }
}
