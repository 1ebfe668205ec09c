import GossamerLLM

/// The loop of one run, and its state: the conversation, what was shown, what was called. Decides;
/// everything outside is behind its doors, so that a replay is the same code.
struct AgentRun {
  /// What a turn that ran out of time fails with.
  static let outOfTime = ModelError(.timeout, "the time of the run is over", isTransient: false)

  private let question: String
  private var prompt: AgentPrompt
  private let names: [String]
  private let doors: AgentDoors
  private let log: AgentLog
  private let writer: ResultText
  private let price: (@Sendable (AgentUsage) -> Double)?

  private var messages: [Message]
  /// Results in the conversation, oldest first.
  private var results: [(message: Int, key: String)] = []
  private var shelf: SourceShelf
  private var loop = LoopGuard()
  private var usage = AgentUsage()
  private var asked = 0
  private var resultsWritten = 0
  private var promptTokens: Int
  private var isOutOfTime = false
  private var isUrged = false

  init(
    _ start: AgentStart, prompt: AgentPrompt, doors: AgentDoors, log: AgentLog,
    price: (@Sendable (AgentUsage) -> Double)? = nil
  ) {
    question = start.question
    names = start.tools
    self.prompt = prompt
    self.doors = doors
    self.log = log
    self.price = price
    writer = ResultText(seed: start.seed)
    shelf = SourceShelf(question: start.question)
    promptTokens = prompt.limits.promptTokens
    messages = [Message(.system, prompt.instructions), Message(.user, start.question)]
    if let given = start.given {
      resultsWritten = 1
      let text = writer.text(ToolOutcome(.done, given), call: 1, shelf: &shelf)
      messages[1].text += "\n\n" + text
    }
  }

  /// Runs to an answer.
  mutating func run() async -> AgentAnswer {
    while true {
      asked += 1
      let last = reachedLimit()
      let (request, cuts) = request(last)
      log.tell(.asked(turn: asked, tokens: request.tokenEstimate, last: last, cuts: cuts))
      switch await turn(request, last) {
      case .success(let record):
        count(record.answer, request)
        if last == nil, record.made.isEmpty, urge(record.answer) { continue }
        if last != nil || record.made.isEmpty { return await finish(record.answer, last) }
        take(record)
      case .failure(let error):
        let kind = error.kind.rawValue
        log.tell(
          .failed(turn: asked, kind: kind, message: error.message, status: error.status))
        if error.kind == .timeout, error.message == Self.outOfTime.message, last == nil {
          isOutOfTime = true
        } else if error.asksForShorterPrompt, promptTokens > 512 {
          promptTokens = max(512, min(promptTokens, request.tokenEstimate - request.maxTokens) / 2)
          log.tell(.noted("the prompt was too long: cut to \(promptTokens) tokens"))
        } else {
          return failed(error)
        }
      }
    }
  }

  // MARK: A turn

  private func reachedLimit() -> String? {
    if loop.isOver { return "the same call again and again" }
    let state = limitState
    return doors.lastTurn(asked, state)
  }

  private var limitState: LimitState {
    var usage = usage
    usage.turns = asked - 1
    usage.seconds = isOutOfTime ? .infinity : log.seconds
    let next = messages.reduce(0) { $0 + 8 + TokenEstimate.tokens(in: $1.text) }
    return LimitState(
      limits: prompt.limits, usage: usage, nextPrompt: min(next, promptTokens),
      dollars: price.map { $0(usage) })
  }

  /// The next request, after as many cuts of the conversation as it takes to fit.
  private mutating func request(_ last: String?) -> (request: ModelRequest, cuts: Int) {
    let told = doors.cuts(asked)
    var cuts = 0
    while true {
      let request = prompt.request(
        messages, to: question, shelf: shelf, calls: usage.calls, last: last, made: loop)
      var room = promptTokens
      if last != nil {
        // The last turn takes what is left, and no more.
        room = min(room, prompt.limits.tokens - usage.tokens - request.maxTokens)
      }
      let isTooLong = request.tokenEstimate - request.maxTokens > room
      guard told.map({ cuts < $0 }) ?? isTooLong, shortenConversation() else {
        return (request, cuts)
      }
      cuts += 1
    }
  }

  /// Takes the oldest result out, or half of the only one; false if nothing is left to take.
  private mutating func shortenConversation() -> Bool {
    guard let oldest = results.first else { return false }
    if results.count > 1 {
      messages[oldest.message].text = "[This result was taken out to save room.]"
      // It may be asked for again.
      loop.forget(oldest.key)
      results.removeFirst()
      return true
    }
    let text = messages[oldest.message].text
    guard text.utf8.count > 400 else { return false }
    messages[oldest.message].text = ResultText.half(of: text)
    return true
  }

  private func turn(
    _ request: ModelRequest, _ last: String?
  ) async -> Result<AgentTurn.Record, ModelError> {
    let turn = AgentTurn(
      number: asked, request: request, mayCall: last == nil, manner: prompt.manner, names: names,
      callsATurn: prompt.limits.callsATurn, shelf: shelf, known: loop, doors: doors, log: log)
    let limits = prompt.limits
    let left = last == nil ? limits.time - .seconds(log.seconds) : limits.lastTurnTime
    let result = try? await TimeLimit.run(max(.milliseconds(1), left)) { await turn.run() }
    if Task.isCancelled { return .failure(ModelError(.cancelled, "the run was cancelled")) }
    return result ?? .failure(Self.outOfTime)
  }

  private mutating func count(_ answer: ModelAnswer, _ request: ModelRequest) {
    usage.input += answer.usage?.input ?? (request.tokenEstimate - request.maxTokens)
    usage.output += answer.usage?.output ?? TokenEstimate.tokens(in: answer.text)
  }

  /// Puts an answer and the results of its calls into the conversation, in the order of the calls.
  private mutating func take(_ record: AgentTurn.Record) {
    let isNative = prompt.manner == .native && !record.answer.toolCalls.isEmpty
    messages.append(
      Message(
        .assistant, record.answer.text, toolCalls: isNative ? record.made.map(\.call) : []))
    for (index, made) in record.made.enumerated() {
      var text: String
      switch made.reply {
      case .outcome where loop.knows(made.key), .again:
        text = loop.again(made.key, name: made.call.name)
        log.tell(.noted("\(made.call.name) was called again with the same arguments"))
      case .outcome(let outcome):
        resultsWritten += 1
        text = writer.text(outcome, call: resultsWritten, shelf: &shelf)
        usage.calls += 1
        usage.bytes += outcome.result.bytes
        loop.note(made.call, made.key, result: text, addresses: outcome.result.addresses)
      }
      if index == record.made.count - 1, let near = limitState.near {
        text += "\n\(near.percent) % of the \(near.name) of this run are used: answer soon."
      }
      results.append((messages.count, made.key))
      messages.append(
        isNative
          ? Message(.tool, text, toolCallID: made.call.id)
          : Message(
            .user, "Result of \(made.call.name):\n\(text)\nThe question is: \(question)"))
    }
  }

  /// Sends a model back that answers out of its own head, once; one that may not know how to call
  /// tools is asked in JSON from then on.
  private mutating func urge(_ answer: ModelAnswer) -> Bool {
    guard usage.calls == 0, !isUrged, !names.isEmpty, shelf.passages.isEmpty else { return false }
    isUrged = true
    prompt = prompt.inJSON
    messages[0].text = prompt.instructions
    messages.append(Message(.assistant, answer.text))
    messages.append(
      Message(.user, "You have not looked yet. Search the stored pages first, then answer."))
    log.tell(.noted("answered without looking: asked again, in JSON"))
    return true
  }

  // MARK: The end

  private mutating func finish(_ answer: ModelAnswer, _ last: String?) async -> AgentAnswer {
    var text = answer.text
    var isFound = true
    if prompt.manner == .json {
      switch AgentPrompt.step(in: text, names: names) {
      case .answer(let said): text = said.map(written).joined(separator: " ")
      case .notFound: (text, isFound) = ("", false)
      case .call, nil: break
      }
    }
    let log = log
    let look = doors.look
    let check = AnswerCheck(
      shelf: shelf, detector: LeakDetector(instructions: prompt.instructions),
      marks: (0..<resultsWritten).map { writer.mark($0 + 1) }
    ) { question in
      let found = await look(question)
      log.tell(
        .checked(
          url: question.url, range: question.range, quote: question.quote, claim: question.claim,
          found: .init(verdict: found.verdict, range: found.range, digest: found.digest)))
      return found
    }
    let checked = await check.check(text)
    var result = ending()
    result.text = checked.text
    result.citations = checked.citations
    result.claims = checked.claims
    result.flags = checked.flags
    result.contradictions = Contradiction.all(among: result.verifiedSides)
    if !result.contradictions.isEmpty { result.flags.append("contradictions") }
    if answer.finish == .length { result.flags.append("answer-cut") }
    if !isFound {
      result.text = AgentAnswer.notFound
      result.flags.append("not-found")
    } else if checked.text.isEmpty {
      result.flags.append("no-answer")
    }
    if let last {
      result.ending = loop.isOver ? .looped : .limited
      result.reason = last
    }
    log.tell(.ended(result))
    return result
  }

  private func written(_ said: AgentPrompt.Said) -> String {
    var said = said
    if let quote = said.quote {
      let text = SentenceRanking.saying(said.text, of: quote, among: shelf.passages.map(\.text))
      if text != said.text { log.tell(.noted("left out what its quotation does not say")) }
      said.text = text
    }
    return said.written
  }

  private func failed(_ error: ModelError) -> AgentAnswer {
    var result = ending()
    result.ending = error.kind == .cancelled ? .cancelled : .failed
    result.reason = "\(error.kind.rawValue): \(error.message)"
    log.tell(.ended(result))
    return result
  }

  private func ending() -> AgentAnswer {
    var result = AgentAnswer(question: question)
    result.usage = usage
    result.usage.turns = asked
    result.usage.seconds = AgentLog.rounded(log.seconds)
    result.passages = shelf.passages
    return result
  }
}
