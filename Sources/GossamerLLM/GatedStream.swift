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
    while !isOver {
      do throws(ModelError) {
        if let event = try await step() { return event }
        // Streams end with an event; one that does not is a conformer's mistake.
        throw ModelError(.cutStream, "the stream ended before its end")
      } catch {
        if try await prepare(after: error) { return .restarted }
      }
    }
    return nil
  }

  /// Makes ready for another try, where one may help.
  ///
  /// - Returns: whether text came that does not count any more.
  @inline(never)
  private mutating func prepare(after error: ModelError) async throws(ModelError) -> Bool {
    events = nil
    await pass?.settle(error)
    pass = nil
    let takesBack = hasContent
    do throws(ModelError) {
      if hasContent, !restarts || !error.isTransient { throw error }
      try await gate.wait(after: error, failures: &failures)
    } catch {
      isOver = true
      throw error
    }
    tally = ModelAnswer()
    hasContent = false
    return takesBack
  }

  /// The next event. Waits for a place and settles in calls of their own: what they need for a
  /// moment is then not kept for as long as the answer lasts.
  private mutating func step() async throws(ModelError) -> ModelEvent? {
    if events == nil { try await begin() }
    guard let event = try await events?.next() else { return nil }
    if try note(event) { await finish() }
    return event
  }

  @inline(never)
  private mutating func begin() async throws(ModelError) {
    pass = try await GatePass(
      gate, input: request.tokenEstimate - request.maxTokens, output: request.maxTokens)
    events = model.stream(request).makeAsyncIterator()
  }

  @inline(never)
  private mutating func finish() async {
    await pass?.settle(tally.usage, tally.limits)
    (pass, events) = (nil, nil)
    isOver = true
  }

  /// Whether the event is the last one.
  @inline(never)
  private mutating func note(_ event: ModelEvent) throws(ModelError) -> Bool {
    switch event {
    case .text, .refusal, .toolCall, .callSignature: hasContent = true
    case .limits(let notice): tally.limits = notice
    case .usage(let usage): tally.usage = usage
    case .restarted: tally = ModelAnswer()
    case .finished:
      if !hasContent { try Self.checkEnd(event) }
      return true
    }
    return false
  }

  /// An end with nothing before it is tried again, as a whole answer without text is.
  private static func checkEnd(_ event: ModelEvent) throws(ModelError) {
    if event == .finished(.filtered) {
      throw ModelError(.refusal, "stopped by the provider's filter")
    }
    throw ModelError(.empty, "an answer without text")
  }
}
