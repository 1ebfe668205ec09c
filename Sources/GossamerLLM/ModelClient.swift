public import GossamerFlow

/// A model behind its gate: reserves before sending, settles after, tries again. Gives whole
/// answers.
public struct ModelClient: Sendable {
  /// The model.
  public let model: any LanguageModel
  /// Limits, budget and retries, shared by all clients of a key.
  public let gate: ModelGate

  /// A client.
  public init(model: any LanguageModel, gate: ModelGate) {
    self.model = model
    self.gate = gate
  }

  /// A client with a gate of its own.
  public init(model: any LanguageModel, limiter: RateLimiter, retries: RetryPolicy = RetryPolicy())
  {
    self.init(model: model, gate: ModelGate(limiter: limiter, retries: retries))
  }

  /// The whole answer, after as many tries as the policy allows.
  ///
  /// - Throws: the last try's error, with the number of tries in it; `quota` once the budget is
  ///   spent.
  public func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
    let input = request.tokenEstimate - request.maxTokens
    var (answer, attempts) = try await gate.call(input: input, output: request.maxTokens) {
      () async throws(ModelError) in
      let answer = try await model.answer(request)
      return ModelGate.Receipt(answer: answer, usage: answer.usage, notice: answer.limits)
    }
    answer.attempts = attempts
    return answer
  }
}
