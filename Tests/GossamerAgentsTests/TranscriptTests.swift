import GossamerAgents
import GossamerLLM
import Testing

@Suite("Transcripts", .timeLimit(.minutes(5)))
struct TranscriptTests {
  let corpus = SmallCorpus.harbour

  func agent(_ server: ScriptedServer, _ manner: ToolManner = .native) throws -> Agent {
    Agent(
      client: try server.client(), tools: ToolBox.standard(search: corpus, pages: corpus),
      pages: corpus, manner: manner)
  }

  func searches(_ words: String...) -> [ScriptedServer.Piece] {
    words.enumerated().map { index, word in
      .call(id: "s\(index)", name: "search_corpus", arguments: #"{"query":"\#(word)"}"#)
    }
  }

  static let runs = ["answer", "circles", "limit", "long", "failure", "text", "head"]

  @Test(arguments: runs)
  func aRunIsReplayedFromItsLinesAlone(kind: String) async throws {
    let server = ScriptedServer { turn, body in
      if body.contains(#""tool_choice":"none""#) {
        return [.text(#"It sails [S1 "twice a day"]. So they say in town."#)]
      }
      switch (kind, turn) {
      case ("answer", 1): return searches("ferry", "museum", "nothing")
      case ("answer", 2):
        return [
          .text("Reading."),
          .call(
            id: "r", name: "read_page", arguments: #"{"url":"http://harbour.test/museum"}"#),
          .call(id: "e", name: "read_page", arguments: #"{"url":"http://evil.test/"}"#),
        ]
      case ("circles", _): return searches("ferry")
      case ("limit", _), ("long", 1...9): return searches("ferry \(turn)")
      case ("failure", 2): return [.text("It"), .cut]
      case ("failure", _): return searches("ferry")
      case ("head", 1): return [.text("At noon.")]
      case ("head", 2):
        return [.text(#"{"step":{"tool":"search_corpus","arguments":{"query":"ferry"}}}"#)]
      case ("text", 1): return [.text(#"{"name":"search_corpus","arguments":{"query":"ferry"}}"#)]
      default:
        return [.text("It opened in 1894 [S2 \"opened in 1894\"]. It sails [S1 \"hourly\"].")]
      }
    }
    var agent = try agent(server)
    if kind == "limit" { agent.limits.turns = 3 }
    if kind == "long" { agent.limits.promptTokens = 700 }
    let steps = Steps()
    let answer = await agent.answer("How often does it sail?") { steps.add($0) }
    let log = steps.records.flatMap { $0.line() }
    let work = RecordedWork.all(in: log)
    #expect(work.count == 1)
    let again = try #require(await work.first?.run?.replay())
    #expect(again == answer)
    #expect(again.line() == answer.line(), "byte for byte, times included")
    #expect(!answer.passages.isEmpty)
  }

  @Test func runsThatAreMixedInALogAreToldApart() async throws {
    let server = ScriptedServer { turn, body in
      turn <= 2 ? searches("ferry") : [.text("Done.")]
    }
    let steps = Steps()
    let agent = try agent(server)
    await withTaskGroup(of: Void.self) { group in
      for name in ["a", "b"] {
        var agent = agent
        agent.label = name
        group.addTask { [agent] in _ = await agent.answer("Question \(name)") { steps.add($0) } }
      }
    }
    let log = steps.records.flatMap { $0.line() } + Array("no line of ours\n".utf8)
    var questions: [String] = []
    for case .run(let transcript) in RecordedWork.all(in: log) {
      questions.append(try #require(await transcript.replay()).question)
    }
    #expect(questions.sorted() == ["Question a", "Question b"])
  }
}

extension RecordedWork {
  /// The run, if it is one.
  var run: Transcript? { if case .run(let run) = self { run } else { nil } }
  /// The research, if it is one.
  var research: ResearchTranscript? { if case .research(let all) = self { all } else { nil } }
}
