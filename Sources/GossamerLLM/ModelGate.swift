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
  /// Whose calls these are: flows that wait for the same limiter get equal shares.
  public var flow = RequestFlow.shared
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

  /// The same gate for a flow of its own: for a job that must not starve behind another's calls.
  public func inFlow(_ flow: RequestFlow = RequestFlow()) -> ModelGate {
    var gate = self
    gate.flow = flow
    return gate
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
        try await wait(after: error, failures: &failures)
      }
    }
  }

  private func attempt<Answer>(
    _ input: Int, _ output: Int, _ operation: () async throws(ModelError) -> Receipt<Answer>
  ) async throws(ModelError) -> Answer {
    let pass = try await GatePass(self, input: input, output: output)
    do throws(ModelError) {
      let receipt = try await operation()
      await pass.settle(receipt.usage, receipt.notice)
      return receipt.answer
    } catch {
      await pass.settle(error)
      throw error
    }
  }

  /// Counts a failure and waits until the call may be made again.
  ///
  /// - Throws: the error, with the number of tries in it, where it is the last.
  func wait(after error: ModelError, failures: inout Int) async throws(ModelError) {
    failures += 1
    var error = error
    error.attempts = failures
    guard error.isTransient,
      let delay = retries.delay(afterFailures: failures, retryAfter: error.retryAfter)
    else { throw error }
    if error.kind == .rateLimited { return await limiter.pause(for: delay) }
    do { try await sleep(delay) } catch {
      throw ModelError(.cancelled, "cancelled before another try")
    }
  }
}
