public import GossamerFlow

/// What stands between callers and one key of a provider: limits, budget, and the only layer that
/// tries again. Shared by all that use the key.
///
/// A call that is turned away pauses the limiter, and with it everyone, not just that call.
public struct ModelGate: Sendable {
  /// The limits of the key.
  public let limiter: RateLimiter
  /// When to try again.
  public let retries: RetryPolicy
  /// What may be spent, or nil for any amount.
  public let budget: ModelBudget?
  private let sleep: @Sendable (Duration) async throws -> Void

  /// A gate; tests bring their own way to sleep.
  public init(
    limiter: RateLimiter, retries: RetryPolicy = RetryPolicy(), budget: ModelBudget? = nil,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.limiter = limiter
    self.retries = retries
    self.budget = budget
    self.sleep = sleep
  }

  /// What a call brought, and what it says of cost and limits.
  struct Receipt<Answer> {
    var answer: Answer
    var usage: ModelUsage?
    var notice: LimitNotice?
  }

  /// Makes a call as often as the policy allows.
  ///
  /// - Parameters:
  ///   - input: tokens of the prompt, by estimate.
  ///   - output: the most tokens of the answer.
  /// - Returns: the answer and the number of tries.
  /// - Throws: the last try's error, with the number of tries in it.
  func call<Answer>(
    input: Int, output: Int, _ operation: () async throws(ModelError) -> Receipt<Answer>
  ) async throws(ModelError) -> (answer: Answer, attempts: Int) {
    var failures = 0
    while true {
      do throws(ModelError) {
        return (try await attempt(input, output, operation), failures + 1)
      } catch {
        failures += 1
        var error = error
        error.attempts = failures
        guard error.isTransient,
          let delay = retries.delay(afterFailures: failures, retryAfter: error.retryAfter)
        else { throw error }
        try await wait(delay, after: error)
      }
    }
  }

  private func attempt<Answer>(
    _ input: Int, _ output: Int, _ operation: () async throws(ModelError) -> Receipt<Answer>
  ) async throws(ModelError) -> Answer {
    let cost = budget?.cost(input: input, output: output) ?? 0
    let reservation = try await place(tokens: input + output)
    do throws(BudgetExhausted) { try budget?.budget.reserve(cost) } catch {
      await limiter.settle(reservation, usedTokens: 0)
      throw ModelError(
        .quota, "the budget is spent: a call may cost \(error.asked), left \(error.left)")
    }
    do throws(ModelError) {
      let receipt = try await operation()
      let usage = receipt.usage
      budget?.budget.settle(
        reserved: cost, spent: usage.map { price(input: $0.input, output: $0.output) } ?? cost)
      await limiter.settle(
        reservation, usedTokens: usage?.total, outcome: .served, notice: receipt.notice)
      return receipt.answer
    } catch {
      let isCharged = error.mayHaveBeenCharged
      budget?.budget.settle(reserved: cost, spent: isCharged ? cost : 0)
      await limiter.settle(
        reservation, usedTokens: isCharged ? nil : 0, outcome: error.outcome,
        notice: error.limits)
      throw error
    }
  }

  private func price(input: Int, output: Int) -> Int {
    budget?.cost(input: input, output: output) ?? 0
  }

  private func place(tokens: Int) async throws(ModelError) -> Reservation {
    do throws(RateLimiterError) { return try await limiter.acquire(tokens: tokens) } catch {
      switch error {
      case .cancelled: throw ModelError(.cancelled, "cancelled while waiting for the rate limit")
      case .largerThanLimit: throw ModelError(.tooLarge, error.description)
      }
    }
  }

  private func wait(_ delay: Duration, after error: ModelError) async throws(ModelError) {
    if error.kind == .rateLimited { return await limiter.pause(for: delay) }
    do { try await sleep(delay) } catch {
      throw ModelError(.cancelled, "cancelled before another try")
    }
  }
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
