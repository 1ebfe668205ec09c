import Foundation
import GossamerAgents
import GossamerFlow
import GossamerLLM
import Synchronization
import Testing

@Suite("Agents at once", .timeLimit(.minutes(5)))
struct TeamTests {
  let corpus = SmallCorpus.harbour

  func agent(_ client: ModelClient) -> Agent {
    Agent(client: client, tools: ToolBox.standard(search: corpus, pages: corpus), pages: corpus)
  }

  static let sails = #"It sails twice a day [S1 "sails twice a day"]."#

  /// Searches, then answers.
  @Sendable static func research(_ turn: Int, _ body: String) -> [ScriptedServer.Piece] {
    body.contains(#""role":"tool""#)
      ? [.text(sails)]
      : [.call(id: "a", name: "search_corpus", arguments: #"{"query":"ferry"}"#)]
  }

  @Test func everyQuestionIsAnsweredAndNoMoreAgentsWorkThanThereAre() async throws {
    let running = Counter()
    let server = ScriptedServer(script: Self.research)
    let questions = (1...12).map { AgentTeam.Assignment("Question \($0)") }
    var places: Set<Int> = []
    try await AgentTeam(agent(try server.client()), size: 3).answer(
      questions,
      hearing: { record in
        switch record.event {
        case .started: running.change(by: 1)
        case .ended: running.change(by: -1)
        default: break
        }
      },
      finished: { place, answer in
        places.insert(place)
        #expect(answer.question == questions[place].question)
        #expect(answer.isVerified)
      })
    #expect(places.count == 12)
    #expect((2...3).contains(running.most))
  }

  /// All wait until all ask: one alone would never get an answer.
  @Test func agentsWorkAtTheSameTime() async throws {
    let all = ScriptedServer.Signal()
    let asking = Counter()
    let server = ScriptedServer { _, _ in
      asking.change(by: 1)
      if asking.now == 4 { all.happen() }
      return [.wait(all), .text("Done.")]
    }
    var answers = 0
    try await AgentTeam(agent(try server.client()), size: 4).answer(
      (1...4).map { .init("Question \($0)") }
    ) { _, _ in answers += 1 }
    #expect(answers == 4)
  }

  @Test func theFailureOfOneEndsNoOther() async throws {
    let server = ScriptedServer { turn, body in
      body.contains("Question 2") ? [.text("It"), .cut] : Self.research(turn, body)
    }
    var endings: [Int: AgentAnswer.Ending] = [:]
    try await AgentTeam(agent(try server.client()), size: 2).answer(
      (1...4).map { .init("Question \($0)") }
    ) { endings[$0] = $1.ending }
    #expect(endings == [0: .answered, 1: .failed, 2: .answered, 3: .answered])
  }

  @Test func oneBudgetHoldsForAll() async throws {
    let server = ScriptedServer(script: Self.research)
    let client = try server.client(budget: ModelBudget(tokens: 9_000))
    var endings: [AgentAnswer.Ending] = []
    try await AgentTeam(agent(client), size: 2).answer(
      (1...200).map { .init("Question \($0)") }
    ) { endings.append($1.ending) }
    #expect(endings.contains(.answered) && endings.contains(.failed))
    #expect((client.gate.budget?.budget.spent ?? 0) <= 9_000)
  }

  /// Two places for four agents: nobody gets the third before all had the first.
  @Test func turnsUnderTheLimitAreFair() async throws {
    let order = Mutex<[String]>([])
    let server = ScriptedServer { turn, body in
      let name = (1...4).first { body.contains("Question \($0)") }.map { "\($0)" } ?? ""
      let turns = order.withLock { order in
        order.append(name)
        return order.count { $0 == name }
      }
      return turns < 6
        ? [.call(id: "a\(turn)", name: "search_corpus", arguments: #"{"query":"w\#(turn)"}"#)]
        : [.text("Done.")]
    }
    let model = try RemoteModel(
      name: "m", baseURL: "http://127.0.0.1:9", key: nil, transport: server)
    let client = ModelClient(
      model: model, limiter: RateLimiter(limits: RateLimits(concurrency: 1)))
    try await AgentTeam(agent(client), size: 4).answer(
      (1...4).map { .init("Question \($0)") }
    ) { _, _ in }
    let names = order.withLock { $0 }
    #expect(names.count == 24)
    // In every stretch of the contended part no one is more than two turns ahead of another.
    for end in 4...20 {
      let turns = ["1", "2", "3", "4"].map { name in names[..<end].count { $0 == name } }
      #expect((turns.max() ?? 0) - (turns.min() ?? 0) <= 2, "\(names)")
    }
  }

  @Test func aQuestionIsSplitWorkedOnAndMergedWithItsCitations() async throws {
    let server = ScriptedServer { turn, body in
      if body.contains("You split a question") {
        return [.text(#"{"parts":["How often does it sail?","When did the museum open?"]}"#)]
      }
      if body.contains("Findings of the researchers") {
        return [
          .text(
            Self.sails + #" The museum opened in 1894 [S2 "opened in 1894"]. It is big [S1]."#)
        ]
      }
      guard body.contains(#""role":"tool""#) else {
        let word = body.contains("museum open?\"") ? "museum" : "ferry"
        return [.call(id: "a", name: "search_corpus", arguments: #"{"query":"\#(word)"}"#)]
      }
      return body.contains("museum open?\"")
        ? [.text(#"It opened in 1894 [S1 "opened in 1894"]."#)] : [.text(Self.sails)]
    }
    let steps = Steps()
    let found = await AgentTeam(agent(try server.client()), size: 2)
      .research("Tell me of the harbour.") { steps.add($0) }
    #expect(found.parts.map(\.isVerified) == [true, true])
    #expect(
      Set(found.answer.citations.compactMap(\.url)) == [
        "http://harbour.test/ferry", "http://harbour.test/museum",
      ])
    #expect(found.answer.text.contains("[1]") && found.answer.text.contains("[2]"))
    #expect(found.answer.flags.contains("unverified"), "the writer's own words are marked")
    #expect(Set(steps.records.compactMap(\.agent)) == ["planner", "1", "2", "writer"])
    let line = String(decoding: found.line(), as: UTF8.self)
    #expect(line.contains(#""parts":[{"question":"How often does it sail?""#))
  }

  @Test func whatOneFoundStandsWhereTheOtherAndTheWriterFail() async throws {
    let server = ScriptedServer { turn, body in
      if body.contains("You split a question") {
        return [.text(#"{"parts":["How often does it sail?","Broken?"]}"#)]
      }
      if body.contains("Broken?\"") || body.contains("Findings of the") {
        return [.text("I"), .cut]
      }
      return Self.research(turn, body)
    }
    let found = await AgentTeam(agent(try server.client()), size: 2).research("Tell me all.")
    #expect(found.parts.map(\.ending) == [.answered, .failed])
    #expect(found.answer.text == "It sails twice a day [1]")
    #expect(found.answer.citations.map(\.verdict) == [.quoted])
    #expect(Set(found.answer.flags) == ["not-worded", "part-failed"])
  }

  @Test func thatAllFailedIsNoAnswer() async throws {
    let server = ScriptedServer([[.text("I"), .cut]])
    let found = await AgentTeam(agent(try server.client()), size: 2).consult("Is it so?")
    #expect(found.answer.ending == .failed)
    #expect(found.answer.text.isEmpty)
    #expect(found.parts.count == 2)
  }

  @Test func severalWhoFindTheSameCountAsOnePlace() async throws {
    let server = ScriptedServer { turn, body in
      body.contains("Findings of the") ? [.text(Self.sails)] : Self.research(turn, body)
    }
    let found = await AgentTeam(agent(try server.client()), size: 3).consult("How often?")
    #expect(found.answer.isVerified)
    let writer = try #require(server.bodies.last)
    #expect(writer.contains("Said of it by 3: It sails twice a day"))
    #expect(writer.components(of: "[S2]") == 0)
  }
}
