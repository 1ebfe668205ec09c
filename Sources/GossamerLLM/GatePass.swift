import GossamerFlow
import Synchronization

/// One call's place under the limits and its part of the budget, from before it is sent until it
/// is over. Settled once; one that is dropped unsettled counts as spent.
final class GatePass: Sendable {
  private let gate: ModelGate
  private let reservation: Reservation
  private let cost: Int
  private let isOpen = Atomic(true)

  /// Waits for a place and sets the most that the call may cost aside.
  init(_ gate: ModelGate, input: Int, output: Int) async throws(ModelError) {
    self.gate = gate
    cost = gate.budget?.cost(input: input, output: output) ?? 0
    do throws(RateLimiterError) {
      reservation = try await gate.limiter.acquire(
        tokens: input + output, output: output, flow: gate.flow)
    } catch {
      switch error {
      case .cancelled: throw ModelError(.cancelled, "cancelled while waiting for the rate limit")
      case .largerThanLimit: throw ModelError(.tooLarge, error.description)
      }
    }
    do throws(BudgetExhausted) { try gate.budget?.budget.reserve(cost) } catch {
      isOpen.store(false, ordering: .relaxed)
      await gate.limiter.settle(reservation, usedTokens: 0, output: 0)
      throw ModelError(
        .quota, "the budget is spent: a call may cost \(error.asked), left \(error.left)")
    }
  }

  deinit {
    guard close() else { return }
    gate.budget?.budget.settle(reserved: cost, spent: cost)
    gate.limiter.abandon(reservation)
  }

  /// The call was answered.
  func settle(_ usage: ModelUsage?, _ notice: LimitNotice?) async {
    guard close() else { return }
    let spent = usage.flatMap { gate.budget?.cost(input: $0.input, output: $0.output) }
    gate.budget?.budget.settle(reserved: cost, spent: spent ?? cost)
    await gate.limiter.settle(
      reservation, usedTokens: usage?.total, output: usage?.output, outcome: .served,
      notice: notice)
  }

  /// The call failed.
  func settle(_ error: ModelError) async {
    guard close() else { return }
    let isCharged = error.mayHaveBeenCharged
    gate.budget?.budget.settle(reserved: cost, spent: isCharged ? cost : 0)
    await gate.limiter.settle(
      reservation, usedTokens: isCharged ? nil : 0, output: isCharged ? nil : 0,
      outcome: error.outcome, notice: error.limits)
  }

  private func close() -> Bool { isOpen.exchange(false, ordering: .relaxed) }
}

extension ModelError {
  fileprivate var mayHaveBeenCharged: Bool {
    switch kind {
    case .cutStream, .timeout, .refusal, .empty, .badJSON, .wrongShape, .cancelled: true
    case .tooLarge: status == 200
    default: false
    }
  }

  /// What the error teaches of limits.
  fileprivate var outcome: CallOutcome {
    switch kind {
    case .rateLimited: .limited
    case .timeout: .overloaded
    case .server: status.map { $0 >= 500 } == true ? .overloaded : .unknown
    default: .unknown
    }
  }
}
