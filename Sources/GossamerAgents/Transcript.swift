import GossamerLLM

/// A run as lines of JSON: every step in its order, with all that came from outside. Enough to run it
/// again without a model and without tools; see `replay`.
public struct Transcript: Sendable {
  /// The steps of one run.
  public let records: [AgentRecord]

  /// A transcript of steps as they were told.
  public init(_ records: [AgentRecord]) { self.records = records }

  /// Runs again what the transcript tells, with the answers and results that stand in it: the same
  /// decisions, checks and marks.
  ///
  /// - Returns: nil for a transcript without a beginning.
  public func replay() async -> AgentAnswer? {
    guard case .started(let start)? = records.first?.event else { return nil }
    let doors = ReplayDoors(records).doors
    var limits = AgentLimits()
    limits.callsATurn = start.callsATurn
    // Time and limits stand in the transcript, as the turns they made the last.
    limits.time = .seconds(86_400)
    limits.lastTurnTime = .seconds(86_400)
    let purposes = start.purposes + start.tools.dropFirst(start.purposes.count).map { _ in "" }
    let prompt = AgentPrompt(
      manner: start.manner, tools: zip(start.tools, purposes).map(NamedTool.init), limits: limits,
      task: start.task)
    var run = AgentRun(start, prompt: prompt, doors: doors, log: AgentLog(nil) { _ in })
    var answer = await run.run()
    for case .ended(let ended) in records.map(\.event) {
      answer.usage.seconds = ended.usage.seconds
    }
    return answer
  }

  /// A tool that is only named: its calls are answered by the transcript.
  private struct NamedTool: Tool {
    let name: String
    let purpose: String
    let schema = ToolSchema()
    init(_ name: String, _ purpose: String) { (self.name, self.purpose) = (name, purpose) }
    func call(_ arguments: ToolArguments) async throws -> ToolResult { ToolResult([]) }
  }
}

/// Gives a run what came from outside the first time.
private struct ReplayDoors {
  private var answers: [Int: Result<ModelAnswer, ModelError>] = [:]
  private var outcomes: [Int: [String: ToolOutcome]] = [:]
  private var findings: [CitationQuestion: CitationFinding] = [:]
  private var last: [Int: String] = [:]
  private var cuts: [Int: Int] = [:]

  init(_ records: [AgentRecord]) {
    for record in records {
      switch record.event {
      case .asked(let turn, _, let reason, let count):
        last[turn] = reason
        cuts[turn] = count
      case .answered(let turn, let answer): answers[turn] = .success(answer)
      case .failed(let turn, let kind, let message, let status):
        answers[turn] = .failure(
          ModelError(
            ModelError.Kind(rawValue: kind) ?? .server, message, status: status, isTransient: false)
        )
      case .callEnded(let turn, let key, _, let outcome, _):
        outcomes[turn, default: [:]][key] = outcome
      case .checked(let url, let range, let quote, let claim, let found):
        findings[CitationQuestion(url: url, range: range, quote: quote, claim: claim)] =
          CitationFinding(found.verdict, range: found.range, digest: found.digest)
      case .planned, .started, .callStarted, .noted, .ended, .merged: break
      }
    }
  }

  var doors: AgentDoors {
    AgentDoors(
      ask: { [answers] turn, _ in
        let answer =
          answers[turn] ?? .failure(ModelError(.cancelled, "the transcript ends here"))
        return ModelStream {
          var events = (try? answer.get()).map(\.events) ?? []
          return ModelStream.AsyncIterator { () async throws(ModelError) in
            if case .failure(let error) = answer { throw error }
            return events.isEmpty ? nil : events.removeFirst()
          }
        }
      },
      perform: { [outcomes] turn, call, _ in
        outcomes[turn]?[LoopGuard.key(call)]
          ?? ToolOutcome(.cancelled, "The transcript has no result of this call.")
      },
      look: { [findings] question in findings[question] ?? CitationFinding(.unknownPage) },
      lastTurn: { [last] turn, _ in last[turn] },
      cuts: { [cuts] turn in cuts[turn] ?? 0 })
  }
}

extension ModelAnswer {
  /// The answer as a stream would have brought it.
  fileprivate var events: [ModelEvent] {
    var events: [ModelEvent] = []
    if !text.isEmpty { events.append(.text(text)) }
    if !refusal.isEmpty { events.append(.refusal(refusal)) }
    for (position, call) in toolCalls.enumerated() {
      events.append(
        .toolCall(position: position, id: call.id, name: call.name, arguments: call.arguments))
      if let signature = call.signature {
        events.append(.callSignature(position: position, signature))
      }
    }
    if let usage { events.append(.usage(usage)) }
    return events + [.finished(finish ?? .done)]
  }
}
