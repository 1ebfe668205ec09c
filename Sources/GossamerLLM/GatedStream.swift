/// Reads one answer as it comes, behind a gate: waits for its place, settles at the end, and makes
/// the call again where that may help.
struct GatedStream {
  private let model: any LanguageModel
  private let gate: ModelGate
  private let request: ModelRequest
  private let restarts: Bool
  private var pass: GatePass?
  private var events: ModelStream.AsyncIterator?
  private var tally = ModelAnswer()
  private var hasContent = false
  private var failures = 0
  private var isOver = false

  init(_ model: any LanguageModel, _ gate: ModelGate, _ request: ModelRequest, restarts: Bool) {
    self.model = model
    self.gate = gate
    self.request = request
    self.restarts = restarts
  }

  mutating func next() async throws(ModelError) -> ModelEvent? {
    if isOver { return nil }
    while true {
      do throws(ModelError) {
        if let event = try await step() { return event }
        // Streams end with an event; one that does not is a conformer's mistake.
        throw ModelError(.cutStream, "the stream ended before its end")
      } catch {
        events = nil
        await pass?.settle(error)
        pass = nil
        if hasContent, !restarts || !error.isTransient {
          isOver = true
          throw error
        }
        do throws(ModelError) { try await gate.wait(after: error, failures: &failures) } catch {
          isOver = true
          throw error
        }
        tally = ModelAnswer()
        if hasContent {
          hasContent = false
          return .restarted
        }
      }
    }
  }

  private mutating func step() async throws(ModelError) -> ModelEvent? {
    if events == nil {
      pass = try await GatePass(
        gate, input: request.tokenEstimate - request.maxTokens, output: request.maxTokens)
      events = model.stream(request).makeAsyncIterator()
    }
    guard let event = try await events?.next() else { return nil }
    switch event {
    case .text, .refusal, .toolCall, .callSignature: hasContent = true
    case .limits(let notice): tally.limits = notice
    case .usage(let usage): tally.usage = usage
    case .restarted: tally = ModelAnswer()
    case .finished:
      if !hasContent { try Self.checkEnd(event) }
      await pass?.settle(tally.usage, tally.limits)
      (pass, events) = (nil, nil)
      isOver = true
    }
    return event
  }

  /// An end with nothing before it is tried again, as a whole answer without text is.
  private static func checkEnd(_ event: ModelEvent) throws(ModelError) {
    if event == .finished(.filtered) {
      throw ModelError(.refusal, "stopped by the provider's filter")
    }
    throw ModelError(.empty, "an answer without text")
  }
}
