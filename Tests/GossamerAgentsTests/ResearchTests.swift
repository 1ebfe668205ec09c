import GossamerAgents
import GossamerCorpus
import GossamerLLM
import Synchronization
import Testing

@Suite("One question to several agents", .timeLimit(.minutes(5)))
struct ResearchTests {
  /// Two pages that say otherwise.
  let corpus = SmallCorpus(
    SmallCorpus.harbour.records.map { ($0.url, $0.text ?? "") } + [
      ("http://town.test/sights", "Sights of the town. The harbour museum opened in 1896 here.")
    ])

  func team(_ client: ModelClient, _ size: Int, seed: String? = nil) -> AgentTeam {
    var agent = Agent(
      client: client, tools: ToolBox.standard(search: corpus, pages: corpus), pages: corpus)
    agent.seed = seed
    return AgentTeam(agent, size: size)
  }

  /// Searches for what its part asks, quotes it, and words what was found.
  @Sendable static func work(_ body: String) -> [ScriptedServer.Piece] {
    if body.contains("You split a question") {
      return [
        .text(#"{"parts":["Say one: when?","Say two: when?","Say three: how often?"]}"#)
      ]
    }
    if body.contains("Findings of the researchers") {
      return [.text(#"The harbour museum opened in 1894 [S1 "opened in 1894"]."#)]
    }
    guard body.contains(#""role":"tool""#) else {
      let word = body.contains("Say three: how often?\"") ? "ferry" : "museum"
      return [.call(id: "a", name: "search_corpus", arguments: #"{"query":"\#(word)"}"#)]
    }
    if body.contains("Say one: when?\"") {
      return [.text(#"The harbour museum opened in 1894 [S1 "opened in 1894"]."#)]
    }
    return body.contains("Say two: when?\"")
      ? [.text(#"The harbour museum opened in 1896 [S2 "opened in 1896"]."#)]
      : [.text(TeamTests.sails)]
  }

  @Test func whatContradictsEachOtherStandsSideBySide() async throws {
    let server = ScriptedServer { _, body in Self.work(body) }
    let found = await team(try server.client(), 3).research("When did it open?")
    let contradiction = try #require(found.answer.contradictions.first)
    #expect(found.answer.contradictions.count == 1)
    #expect(contradiction.kind == .date)
    #expect(
      contradiction.sides.map(\.url) == ["http://harbour.test/museum", "http://town.test/sights"])
    #expect(found.answer.flags.contains("contradictions"))
    let writer = try #require(server.bodies.last)
    #expect(writer.contains("These two contradict each other; tell both:"))
    #expect(writer.contains("http://harbour.test/museum The harbour museum\\nopened in 1894\\n"))
    #expect(!writer.contains("customs house"), "the writer is shown what was quoted, no more")
    let line = String(decoding: found.line(), as: UTF8.self)
    #expect(
      line.contains(#""contradictions":[{"kind":"date","sides":[{"text":"The harbour museum"#))
    #expect(line.contains(#""findings":[{"url":"http://harbour.test/museum""#))
  }

  /// The writer of `work` says nothing of the ferry and of the other year.
  @Test func whatTheWriterPassesOverIsAdded() async throws {
    let server = ScriptedServer { _, body in Self.work(body) }
    let found = await team(try server.client(), 3).research("When did it open?")
    #expect(
      found.answer.text == """
        The harbour museum opened in 1894 [1].
        The harbour museum opened in 1896 [2]
        It sails twice a day [3]
        """)
    #expect(found.answer.citations.map(\.verdict) == [.quoted, .quoted, .quoted])
    #expect(found.answer.isVerified)
  }

  @Test func oneAgentTellsOfItsOwnContradictionsToo() async throws {
    let server = ScriptedServer([
      [.call(id: "a", name: "search_corpus", arguments: #"{"query":"museum"}"#)],
      [
        .text(
          #"The harbour museum opened in 1894 [S1 "opened in 1894"]. "#
            + #"The museum of the harbour opened in 1896 [S2 "opened in 1896"]."#)
      ],
    ])
    let agent = team(try server.client(), 1).agent
    let answer = await agent.answer("When did the museum open?")
    #expect(answer.contradictions.map(\.kind) == [.date])
  }

  /// The same seed, and a model that says the same to the same words.
  @Test func theSameSeedAndTheSameModelMakeTheSameReport() async throws {
    var reports: [Research] = []
    var asked: [[String]] = []
    for _ in 0..<2 {
      let server = ScriptedServer { _, body in Self.work(body) }
      var found = await team(try server.client(), 3, seed: "k7").research("When did it open?")
      found.answer.usage.seconds = 0
      for index in found.parts.indices { found.parts[index].usage.seconds = 0 }
      reports.append(found)
      asked.append(server.bodies.sorted())
    }
    #expect(asked[0] == asked[1], "every request has the same bytes")
    #expect(reports[0].line() == reports[1].line())
    let other = ScriptedServer { _, body in Self.work(body) }
    _ = await team(try other.client(), 3, seed: "k8").research("When did it open?")
    #expect(other.bodies.sorted() != asked[0])
  }

  @Test(arguments: ["deep", "consult", "lost"])
  func aResearchIsReplayedByteForByte(kind: String) async throws {
    let server = ScriptedServer { _, body in
      kind == "lost" && body.contains("Say two: when?\"") ? [.text("I"), .cut] : Self.work(body)
    }
    let steps = Steps()
    let team = team(try server.client(), 3)
    let found =
      kind == "consult"
      ? await team.consult("Say one: when?") { steps.add($0) }
      : await team.research("When did it open?") { steps.add($0) }
    // A run of its own before and behind it.
    let alone = Steps()
    _ = await team.agent.answer("Say three: how often?") { alone.add($0) }
    let single = alone.records.flatMap { $0.line() }
    let work = RecordedWork.all(in: single + steps.records.flatMap { $0.line() } + single)
    #expect(work.count == 3)
    #expect(work[0].run != nil && work[2].run != nil)
    let again = try #require(await work[1].research?.replay())
    #expect(again.line() == found.line())
    #expect(again == found)
  }

  @Test func oneOfFourIsLostAndThreeFindingsAndANoteAreLeft() async throws {
    let corpus = SmallCorpus(
      (1...4).map { ("http://a.test/\($0)", "House number\($0). It has \($0 + 10) rooms.") })
    let server = ScriptedServer { _, body in
      if body.contains("You split a question") {
        let parts = (1...4).map { #""Rooms of number\#($0)?""# }.joined(separator: ",")
        return [.text(#"{"parts":[\#(parts)]}"#)]
      }
      if body.contains("Findings of the") {
        return [
          .text(
            [11, 12, 14].enumerated().map { #"\#($1) [S\#($0 + 1) "has \#($1) rooms"]"# }
              .joined(separator: "; "))
        ]
      }
      let number = (1...4).first { body.contains("Rooms of number\($0)?\"") } ?? 0
      if number == 3 { return [.text("I"), .cut] }
      return body.contains(#""role":"tool""#)
        ? [.text(#"It has \#(number + 10) rooms [S1 "has \#(number + 10) rooms"]."#)]
        : [.call(id: "a", name: "search_corpus", arguments: #"{"query":"number\#(number)"}"#)]
    }
    let agent = Agent(
      client: try server.client(), tools: ToolBox.standard(search: corpus, pages: corpus),
      pages: corpus)
    let found = await AgentTeam(agent, size: 4).research("How many rooms?")
    #expect(found.parts.map(\.ending) == [.answered, .answered, .failed, .answered])
    #expect(found.findings.places.map(\.passage.url) == [1, 2, 4].map { "http://a.test/\($0)" })
    #expect(found.answer.text == "11 [1]; 12 [2]; 14 [3]")
    #expect(found.answer.flags == ["part-failed"])
    #expect(found.lost.map(\.question) == ["Rooms of number3?"])
    #expect(found.lost.first?.reason?.hasPrefix("llm.cut_stream") == true)
  }

  /// Of agents that work on one question, each is shown first what the others do not have.
  @Test func agentsDivideTheGround() async throws {
    let corpus = SmallCorpus([
      ("http://a.test/1", "The ferry and the tide. One."), ("http://a.test/2", "The ferry. Two."),
    ])
    let isRead = ScriptedServer.Signal()
    let server = ScriptedServer { _, body in
      let isFirst = body.contains("Begin with the plainest words")
      let results = body.components(of: #""role":"tool""#)
      let search = ScriptedServer.Piece.call(
        id: "s", name: "search_corpus", arguments: #"{"query":"ferry"}"#)
      if body.contains("Findings of the") { return [.text("Done.")] }
      switch (isFirst, results) {
      case (true, 0): return [search]
      case (true, 1):
        return [.call(id: "r", name: "read_page", arguments: #"{"url":"http://a.test/1"}"#)]
      case (true, _):
        isRead.happen()
        return [.text("Done.")]
      case (false, 0): return [.wait(isRead), search]
      default: return [.text("Done.")]
      }
    }
    let agent = Agent(
      client: try server.client(), tools: ToolBox.standard(search: corpus, pages: corpus),
      pages: corpus)
    _ = await AgentTeam(agent, size: 2).consult("What of the ferry?")
    let second = try #require(
      server.bodies.last { $0.contains("Begin with other words") && $0.contains(#""role":"tool""#) }
    )
    let (free, taken) = (second.range("[S1] http://a.test/2"), second.range("[S2] http://a.test/1"))
    let note = second.range("Others work on these pages already:")
    #expect(free != nil && taken != nil && note != nil)
  }
}

@Suite("Pages that several agents read", .timeLimit(.minutes(5)))
struct SharedPagesTests {
  /// Counts what is read, and waits until it may.
  struct Slow: CorpusPages {
    let reads = Counter()
    let begun = ScriptedServer.Signal()
    let gate = ScriptedServer.Signal()

    func page(at url: String) async throws -> StoredPage? {
      reads.change(by: 1)
      begun.happen()
      await gate.wait()
      return try await SmallCorpus.harbour.page(at: url)
    }

    func hosts(limit: Int) async throws -> [CorpusHost] { [] }
  }

  @Test func eachIsReadOnceForAll() async throws {
    let slow = Slow()
    let pages = SharedPages(slow)
    let found = try await withThrowingTaskGroup(of: StoredPage?.self) { group in
      for _ in 0..<8 { group.addTask { try await pages.page(at: "http://harbour.test/ferry") } }
      await slow.begun.wait()
      slow.gate.happen()
      return try await group.reduce(into: [StoredPage?]()) { $0.append($1) }
    }
    #expect(found.count == 8 && found.allSatisfy { $0?.record.url == "http://harbour.test/ferry" })
    _ = try await pages.page(at: "http://harbour.test/ferry")
    #expect(slow.reads.now == 1)
  }

  @Test func whatIsNotThereIsLookedForAgainAndOldOnesAreForgotten() async throws {
    let slow = Slow()
    slow.gate.happen()
    let pages = SharedPages(slow, most: 1)
    for _ in 0..<2 { #expect(try await pages.page(at: "http://harbour.test/none") == nil) }
    #expect(slow.reads.now == 2)
    for name in ["ferry", "museum", "museum", "ferry"] {
      _ = try await pages.page(at: "http://harbour.test/\(name)")
    }
    #expect(slow.reads.now == 5)
  }
}

extension String {
  /// Where a text begins, in bytes.
  func range(_ text: String) -> Range<String.Index>? { firstRange(of: text) }
}
