public import GossamerFlow

/// A model behind its limits: reserves before sending, settles after, and is the only layer that
/// tries again.
///
/// A 429 pauses the limiter, and with it everyone who shares it, not just the call that got it.
/// Equal in effect for streams and whole answers; gives whole answers.
public struct ModelClient: Sendable {
  /// The model.
  public let model: any LanguageModel
  /// The limits of the model's key, shared by all clients of that key.
  public let limiter: RateLimiter
  /// When to try again.
  public let retries: RetryPolicy
  private let sleep: @Sendable (Duration) async throws -> Void

  /// A client; tests bring their own way to sleep.
  public init(
    model: any LanguageModel, limiter: RateLimiter, retries: RetryPolicy = RetryPolicy(),
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.model = model
    self.limiter = limiter
    self.retries = retries
    self.sleep = sleep
  }

  /// The whole answer, after as many tries as the policy allows.
  ///
  /// - Throws: the last try's error, with the number of tries in it.
  public func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
    var failures = 0
    while true {
      do throws(ModelError) {
        var answer = try await attempt(request)
        answer.attempts = failures + 1
        return answer
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

  private func attempt(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
    let reservation: Reservation
    do throws(RateLimiterError) {
      reservation = try await limiter.acquire(tokens: request.tokenEstimate)
    } catch {
      switch error {
      case .cancelled: throw ModelError(.cancelled, "cancelled while waiting for the rate limit")
      case .largerThanLimit: throw ModelError(.tooLarge, error.description)
      }
    }
    do throws(ModelError) {
      let answer = try await model.answer(request)
      await limiter.settle(reservation, usedTokens: answer.usage?.total)
      return answer
    } catch {
      await limiter.settle(reservation, usedTokens: mayHaveBeenCharged(error) ? nil : 0)
      throw error
    }
  }

  private func wait(_ delay: Duration, after error: ModelError) async throws(ModelError) {
    if error.kind == .rateLimited { return await limiter.pause(for: delay) }
    do { try await sleep(delay) } catch {
      throw ModelError(.cancelled, "cancelled before another try")
    }
  }

  private func mayHaveBeenCharged(_ error: ModelError) -> Bool {
    switch error.kind {
    case .cutStream, .timeout, .refusal, .empty, .badJSON, .tooLarge, .cancelled: true
    default: false
    }
  }
}
