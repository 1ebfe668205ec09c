public import GossamerFlow

/// A model behind its gate: reserves before sending, settles after, tries again. Gives whole
/// answers, or streams.
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

  /// The same client for a flow of its own: clients that share a gate and wait get equal shares.
  public func inFlow(_ flow: RequestFlow = RequestFlow()) -> ModelClient {
    ModelClient(model: model, gate: gate.inFlow(flow))
  }

  /// The answer as it comes. Waits for its place when it is first read; a reader that stops early
  /// ends the call and gives the place back.
  ///
  /// Fails as `answer` does: a call that brought nothing yet is made again unseen. One that broke
  /// off after its first text is made again after `.restarted`, which takes back what came before.
  /// Only an answer that was declined after text came ends without an error.
  ///
  /// - Parameter restarts: false for readers that cannot take anything back: what breaks off after
  ///   its first text then throws.
  public func stream(_ request: ModelRequest, restarts: Bool = true) -> ModelStream {
    ModelStream { [model, gate] in
      var reader = GatedStream(model, gate, request, restarts: restarts)
      return ModelStream.AsyncIterator { () async throws(ModelError) in try await reader.next() }
    }
  }
}
