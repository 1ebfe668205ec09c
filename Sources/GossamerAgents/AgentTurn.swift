import GossamerLLM

/// What a run gets from outside. A replay fills it from a transcript.
struct AgentDoors: Sendable {
  /// The model's answer as it comes.
  var ask: @Sendable (_ turn: Int, _ request: ModelRequest) -> ModelStream
  /// Makes a call. Arguments may name only what is on the shelf.
  var perform: @Sendable (_ turn: Int, _ call: ToolCall, _ shelf: SourceShelf) async -> ToolOutcome
  /// Looks at the stored page behind a citation.
  var look: @Sendable (CitationQuestion) async -> CitationFinding
  /// The limit that makes this the last turn, or nil.
  var lastTurn: @Sendable (_ turn: Int, LimitState) -> String?
  /// How often the conversation is shortened before a turn; nil for as often as it takes.
  var cuts: @Sendable (_ turn: Int) -> Int? = { _ in nil }
}

/// One answer of the model, and its calls beside it: each begins as soon as its arguments are whole,
/// while the rest still streams.
struct AgentTurn: Sendable {
  /// A call that the model asked for, and how it is answered.
  struct Made: Sendable {
    enum Reply: Sendable {
      case outcome(ToolOutcome)
      /// It was made in an earlier turn.
      case again
    }

    var call: ToolCall
    var key: String
    var reply: Reply
  }

  struct Record: Sendable {
    var answer: ModelAnswer
    /// In the order the model asked.
    var made: [Made]
  }

  /// The most calls of one answer that are taken note of at all.
  static let mostCalls = 32

  let number: Int
  let request: ModelRequest
  let mayCall: Bool
  let manner: ToolManner
  let names: [String]
  let callsATurn: Int
  let shelf: SourceShelf
  let known: LoopGuard
  let doors: AgentDoors
  let log: AgentLog

  func run() async -> Result<Record, ModelError> {
    await withTaskGroup(of: (key: String, outcome: ToolOutcome).self) { group in
      var answer = ModelAnswer()
      var assembler = CallAssembler()
      var begun: Set<String> = []
      func begin(_ call: ToolCall) {
        let key = LoopGuard.key(call)
        guard mayCall, begun.count < callsATurn, !known.knows(key), begun.insert(key).inserted
        else { return }
        log.tell(.callStarted(turn: number, key: key, call: call))
        group.addTask { (key, await perform(call, key)) }
      }
      do throws(ModelError) {
        var events = doors.ask(number, request).makeAsyncIterator()
        while let event = try await events.next() {
          answer.add(event)
          for ready in assembler.add(event) { begin(ready.call) }
        }
        try Self.check(answer)
      } catch {
        group.cancelAll()
        return .failure(error)
      }
      log.tell(.answered(turn: number, answer))
      let calls = mayCall ? Array(wanted(in: answer).prefix(Self.mostCalls)) : []
      for call in calls { begin(call) }
      var outcomes: [String: ToolOutcome] = [:]
      for await ended in group { outcomes[ended.key] = ended.outcome }
      let made = calls.map { call in
        let key = LoopGuard.key(call)
        if known.knows(key) { return Made(call: call, key: key, reply: .again) }
        let outcome = outcomes[key] ?? refusal
        return Made(call: call, key: key, reply: .outcome(outcome))
      }
      return .success(Record(answer: answer, made: made))
    }
  }

  private var refusal: ToolOutcome {
    ToolOutcome(
      .refused, "Not called: one answer may ask for \(callsATurn) calls. Call it again if needed.")
  }

  private func perform(_ call: ToolCall, _ key: String) async -> ToolOutcome {
    let begin = ContinuousClock.now
    let outcome = await doors.perform(number, call, shelf)
    log.tell(
      .callEnded(
        turn: number, key: key, name: call.name, outcome: outcome,
        seconds: (ContinuousClock.now - begin) / .seconds(1)))
    return outcome
  }

  /// The calls of an answer, in whichever way the model asks for them.
  private func wanted(in answer: ModelAnswer) -> [ToolCall] {
    if !answer.toolCalls.isEmpty {
      // A call that the limit of tokens cut is none.
      return answer.toolCalls.filter { call in
        !call.name.isEmpty
          && (answer.finish != .length || JSONValue(parsing: call.arguments) != nil)
      }
    }
    if manner == .json, case .call(let call)? = AgentPrompt.step(in: answer.text, names: names) {
      return [call]
    }
    return TextCalls.calls(in: answer.text, names: names) ?? []
  }

  /// Refusals and answers without anything are failures here.
  private static func check(_ answer: ModelAnswer) throws(ModelError) {
    if !answer.refusal.isEmpty { throw ModelError(.refusal, answer.refusal) }
    if answer.finish == .filtered { throw ModelError(.refusal, "stopped by the provider's filter") }
    if answer.finish == nil { throw ModelError(.cutStream, "the stream ended before its end") }
  }
}
