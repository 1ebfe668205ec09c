import Foundation
import GossamerAgents
import GossamerCorpus
import GossamerLLM
import Testing

@Suite("The loop of an agent", .timeLimit(.minutes(5)))
struct AgentTests {
  let corpus = SmallCorpus.harbour

  func agent(_ server: ScriptedServer, _ tools: [any Tool]? = nil) throws -> Agent {
    Agent(
      client: try server.client(), tools: tools ?? ToolBox.standard(search: corpus, pages: corpus),
      pages: corpus)
  }

  /// The first call's tool says that it began; only then does the server go on with its stream.
  @Test(arguments: WireFormat.allCases)
  func aToolBeginsWhileTheAnswerStillStreams(format: WireFormat) async throws {
    let began = ScriptedServer.Signal()
    var tool = ScriptedTool()
    tool.act = { arguments in
      began.happen()
      return ToolResult([.note("found \(arguments.text("query") ?? "")")])
    }
    let server = ScriptedServer(
      [
        [
          .text("I look it up."),
          .call(id: "a1", name: "look_up", arguments: #"{"query":"ferry"}"#), .wait(began),
          .call(id: "a2", name: "look_up", arguments: #"{"query":"museum"}"#),
        ],
        [.text("Nothing is known.")],
      ], format: format)
    let steps = Steps()
    let answer = try await agent(server, [tool]).answer("When?") { steps.add($0) }
    #expect(answer.ending == .answered)
    let labels = steps.labels
    let begin = try #require(labels.firstIndex(of: "begin look_up"))
    let answered = try #require(labels.firstIndex(of: "answered 1"))
    #expect(begin < answered, "\(labels)")
    #expect(labels.filter { $0 == "end look_up done" }.count == 2)
    #expect(answer.usage.input == 100 && answer.usage.output == 20)
  }

  @Test(arguments: WireFormat.allCases)
  func resultsGoBackInTheOrderOfCalls(format: WireFormat) async throws {
    let second = ScriptedServer.Signal()
    var tool = ScriptedTool()
    tool.act = { arguments in
      if arguments.text("query") == "one" { await second.wait() } else { second.happen() }
      return ToolResult([.note("result-\(arguments.text("query") ?? "")")])
    }
    let server = ScriptedServer(
      [
        [
          .call(id: "a1", name: "look_up", arguments: #"{"query":"one"}"#),
          .call(id: "a2", name: "look_up", arguments: #"{"query":"two"}"#),
        ], [.text("Done.")],
      ], format: format)
    _ = try await agent(server, [tool]).answer("What?")
    let body = server.bodies[1]
    let one = try #require(body.range(of: "result-one"))
    let two = try #require(body.range(of: "result-two"))
    #expect(one.lowerBound < two.lowerBound)
  }

  /// Each waits until all have begun: they take the time of the slowest.
  @Test func eightToolsOfATurnRunAtTheSameTime() async throws {
    let all = ScriptedServer.Signal()
    let begun = Counter()
    var tool = ScriptedTool()
    tool.act = { _ in
      begun.change(by: 1)
      if begun.now == 8 { all.happen() }
      await all.wait()
      return ToolResult([])
    }
    let calls = (0..<8).map { number in
      ScriptedServer.Piece.call(
        id: "a\(number)", name: "look_up", arguments: #"{"query":"\#(number)"}"#)
    }
    let server = ScriptedServer([calls, [.text("Done.")]])
    let steps = Steps()
    _ = try await agent(server, [tool]).answer("What?") { steps.add($0) }
    #expect(steps.labels.count { $0 == "end look_up done" } == 8)
  }

  @Test func theSameCallTwiceIsToldAndThriceEndsTheCalls() async throws {
    let again = ScriptedServer.Piece.call(id: "a", name: "look_up", arguments: #"{"query":"x"}"#)
    let server = ScriptedServer { _, body in
      body.contains(#""tool_choice":"none""#) ? [.text("I give up.")] : [again]
    }
    let runs = Counter()
    var tool = ScriptedTool()
    tool.act = { _ in
      runs.change(by: 1)
      return ToolResult([.note("found x")])
    }
    let answer = try await agent(server, [tool]).answer("What?")
    #expect(runs.now == 1)
    #expect(answer.ending == .looped)
    #expect(answer.text.hasPrefix("I give up."))
    #expect(server.bodies.count == 4)
    #expect(server.bodies[2].contains("You made this very call before. Its result was:\\nfound x"))
  }

  @Test func moreCallsThanAllowedAreRefusedAndAllAreAnswered() async throws {
    let many = (0..<1_214).map { number in
      ScriptedServer.Piece.call(
        id: "a\(number)", name: "look_up", arguments: #"{"query":"\#(number)"}"#)
    }
    let server = ScriptedServer([many, [.text("Done.")]])
    let runs = Counter()
    var tool = ScriptedTool()
    tool.act = { _ in
      runs.change(by: 1)
      return ToolResult([.note("found")])
    }
    let answer = try await agent(server, [tool]).answer("What?")
    #expect(answer.ending == .answered)
    #expect(runs.now == 8)
    let calls = server.bodies[1].components(
      of: #""type":"function","function":{"name":"look_up","a"#)
    #expect(calls == 32)
    #expect(server.bodies[1].components(of: #""role":"tool""#) == 32)
  }

  @Test func failuresAndTimeOutsAreResults() async throws {
    var slow = ScriptedTool(name: "slow")
    slow.limits.deadline = .milliseconds(10)
    slow.act = { _ in
      try await Task.sleep(for: .seconds(600))
      return ToolResult([])
    }
    var broken = ScriptedTool(name: "broken")
    broken.act = { _ in throw ToolFailure("the shelf is empty") }
    let server = ScriptedServer([
      [
        .call(id: "a1", name: "slow", arguments: #"{"query":"a"}"#),
        .call(id: "a2", name: "broken", arguments: #"{"query":"a"}"#),
        .call(id: "a3", name: "missing", arguments: "{}"),
        .call(id: "a4", name: "broken", arguments: "{"),
      ], [.text("Done.")],
    ])
    let answer = try await agent(server, [slow, broken]).answer("What?")
    #expect(answer.ending == .answered)
    for words in [
      "slow did not end within", "the shelf is empty", #"There is no tool \"missing\""#,
      "not a JSON object",
    ] { #expect(server.bodies[1].contains(words), "\(words)") }
  }

  @Test(arguments: [
    ("turns", 4), ("calls", 4), ("bytes", 4), ("tokens", 4), ("cost", 4),
  ])
  func atALimitTheModelAnswersWithoutTools(limit: String, mostTurns: Int) async throws {
    let server = ScriptedServer { turn, body in
      body.contains(#""tool_choice":"none""#)
        ? [.text("What I have.")]
        : [.call(id: "a\(turn)", name: "look_up", arguments: #"{"query":"\#(turn)"}"#)]
    }
    var tool = ScriptedTool()
    tool.act = { _ in ToolResult([.note(String(repeating: "x", count: 300))]) }
    let budget = ModelBudget(dollars: 10, price: ModelPrice(input: 100, output: 100))
    var agent = Agent(client: try server.client(budget: budget), tools: [tool], pages: corpus)
    agent.limits.answerTokens = 50
    switch limit {
    case "turns": agent.limits.turns = 4
    case "calls": agent.limits.calls = 3
    case "bytes": agent.limits.bytes = 900
    case "tokens": agent.limits.tokens = 1_100
    default: agent.limits.dollars = 0.018
    }
    let steps = Steps()
    let answer = await agent.answer("What?") { steps.add($0) }
    #expect(answer.ending == .limited)
    #expect(answer.reason == limit)
    #expect((2...mostTurns).contains(server.bodies.count), "\(server.bodies.count)")
    #expect(answer.usage.tokens <= agent.limits.tokens)
    #expect(steps.labels.last(where: { $0.hasPrefix("asked") })?.hasSuffix("last") == true)
  }

  @Test func whoIsNearALimitIsTold() async throws {
    let server = ScriptedServer { turn, _ in
      turn < 5
        ? [.call(id: "a\(turn)", name: "look_up", arguments: #"{"query":"\#(turn)"}"#)]
        : [.text("Done.")]
    }
    var agent = try agent(server, [ScriptedTool()])
    agent.limits.turns = 5
    _ = await agent.answer("What?")
    #expect(!server.bodies[1].contains("answer soon"))
    #expect(server.bodies[4].contains("of the turns of this run are used: answer soon"))
  }

  @Test func aModelThatTakesTooLongIsGivenUpAndAskedForWhatThereIs() async throws {
    let never = ScriptedServer.Signal()
    let server = ScriptedServer { turn, _ in
      turn == 1 ? [.text("Well"), .wait(never)] : [.text("Nothing.")]
    }
    var agent = try agent(server, [ScriptedTool()])
    // Long enough for the first request to be under way also on a slow machine.
    agent.limits.time = .seconds(1)
    let answer = await agent.answer("What?")
    #expect(answer.ending == .limited)
    #expect(answer.reason == "time")
    #expect(answer.text.hasPrefix("Nothing."))
  }

  @Test func whoAnswersWithoutLookingIsSentBackOnce() async throws {
    let server = ScriptedServer([[.text("It sails at noon, I am sure.")]])
    let answer = try await agent(server).answer("When?")
    #expect(server.bodies.count == 2)
    #expect(server.bodies[1].contains("You have not looked yet"))
    #expect(server.bodies[1].contains("response_format"), "in case it knows no tool calls")
    #expect(answer.ending == .answered && answer.flags == ["no-source"])
  }

  @Test func aCancelledRunEndsWithItsTools() async throws {
    let began = ScriptedServer.Signal()
    let running = Counter()
    var tool = ScriptedTool()
    tool.limits.deadline = .seconds(600)
    tool.act = { _ in
      running.change(by: 1)
      defer { running.change(by: -1) }
      began.happen()
      try await Task.sleep(for: .seconds(600))
      return ToolResult([])
    }
    let never = ScriptedServer.Signal()
    let server = ScriptedServer([
      [.call(id: "a", name: "look_up", arguments: #"{"query":"x"}"#), .wait(never)]
    ])
    let agent = try agent(server, [tool])
    let ending = await withTaskGroup(of: AgentAnswer.self) { group in
      group.addTask { await agent.answer("What?") }
      await began.wait()
      group.cancelAll()
      return await group.next()?.ending
    }
    #expect(ending == .cancelled)
    #expect(running.now == 0)
  }

  @Test func aStreamThatBreaksOffIsReadAgainWithoutCallingTwice() async throws {
    let server = ScriptedServer([
      [.call(id: "a", name: "look_up", arguments: #"{"query":"x"}"#), .text("and"), .cut],
      [.call(id: "b", name: "look_up", arguments: #"{"query":"x"}"#)], [.text("Done.")],
    ])
    let runs = Counter()
    var tool = ScriptedTool()
    tool.act = { _ in
      runs.change(by: 1)
      return ToolResult([.note("found x")])
    }
    let answer = try await agent(server, [tool]).answer("What?")
    #expect(answer.ending == .answered)
    #expect(runs.now == 1)
    #expect(server.bodies.count == 3)
    #expect(server.bodies[2].contains("found x"))
  }

  @Test func aFailureOfTheModelKeepsWhatWasFound() async throws {
    let server = ScriptedServer([
      [.call(id: "a", name: "search_corpus", arguments: #"{"query":"ferry"}"#)],
      [.text("It"), .cut],
    ])
    let answer = try await agent(server).answer("When?")
    #expect(answer.ending == .failed)
    #expect(answer.reason?.hasPrefix("llm.cut_stream") == true)
    #expect(answer.passages.map(\.url) == ["http://harbour.test/ferry"])
  }

  @Test func aModelWithoutToolCallsWorksInJSON() async throws {
    let server = ScriptedServer([
      [.text(#"{"step":{"tool":"search_corpus","arguments":{"query":"ferry"}}}"#)],
      [
        .text(
          #"{"step":{"tool":"read_page","arguments":{"url":"http://harbour.test/ferry"}}}"#)
      ],
      [
        .text(
          #"{"step":{"answer":[{"text":"It sails twice a day.","source":"S1","#
            + #""quote":"sails twice a day"}]}}"#)
      ],
    ])
    var agent = try agent(server)
    agent.manner = .json
    let answer = await agent.answer("How often does the ferry sail?")
    #expect(answer.text == "It sails twice a day. [1]")
    #expect(answer.isVerified)
    #expect(!server.bodies[0].contains(#""tools""#))
    // No page is known at first, so none can be read, and nothing can be answered yet.
    let schema = try #require(server.bodies[0].components(separatedBy: "response_format").last)
    #expect(schema.contains("search_corpus") && !schema.contains("read_page"))
    #expect(!schema.contains(#""answer":{"type""#))
    #expect(server.bodies[1].contains(#""enum":["http://harbour.test/ferry"]"#))
    #expect(!server.bodies[1].contains(#""answer":{"type""#), "what was found is read first")
    #expect(
      server.bodies[2].contains(
        #""source":{"type":"string","enum":["S1"]},"quote":{"type":"string","enum":["It sails "#
          + #"twice a day, at 8:15 and at 17:40.","The ferry to Lunde.","#)
    )
  }

  @Test(arguments: [
    "<tool_call>\n{\"name\": \"look_up\", \"arguments\": {\"query\": \"x\"}}\n</tool_call>",
    "```json\n{\"name\": \"look_up\", \"arguments\": {\"query\": \"x\"}}\n```",
    #"{"name":"look_up","parameters":{"query":"x"}}"#,
    #"{"tool":"look_up","arguments":"{\"query\":\"x\"}"}"#,
  ])
  func aCallThatComesAsTextIsMade(text: String) async throws {
    let server = ScriptedServer([[.text(text)], [.text("Done.")]])
    let answer = try await agent(server, [ScriptedTool()]).answer("What?")
    #expect(answer.usage.calls == 1)
    #expect(server.bodies[1].contains("found x"))
  }

  @Test(arguments: [
    #"{"name":"look_out","arguments":{"query":"x"}}"#,
    #"The page says {"name":"look_up","arguments":{"query":"x"}}."#,
    "It says:\n<tool_call>{\"name\":\"look_up\",\"arguments\":{\"query\":\"x\"}}</tool_call>",
  ])
  func textThatIsNotACallAltogetherCallsNothing(text: String) async throws {
    let server = ScriptedServer([[.text(text)]])
    let answer = try await agent(server, [ScriptedTool()]).answer("What?")
    #expect(answer.usage.calls == 0)
  }
}

extension String {
  /// How often a text occurs.
  func components(of text: String) -> Int { components(separatedBy: text).count - 1 }
}
