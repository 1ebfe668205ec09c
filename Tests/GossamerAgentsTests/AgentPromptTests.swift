import GossamerLLM
import Testing

@testable import GossamerAgents

@Suite("What a model that answers in JSON is offered")
struct AgentPromptTests {
  private let corpus = SmallCorpus.harbour

  private func schema(_ shelf: SourceShelf, calls: Int, made: LoopGuard = LoopGuard()) -> String {
    let tools = ToolBox.standard(search: corpus, pages: corpus)
    return AgentPrompt(manner: .json, tools: tools, limits: AgentLimits()).request(
      [], to: "How often does the ferry sail?", shelf: shelf, calls: calls, last: nil, made: made
    ).answerSchema ?? ""
  }

  private func shelf(_ passages: [(url: String, number: Int, text: String)]) -> SourceShelf {
    var shelf = SourceShelf()
    for passage in passages {
      _ = shelf.number(
        of: PagePassage(
          url: passage.url, digest: nil, title: nil, number: passage.number,
          range: passage.number..<passage.number + 1, text: passage.text))
    }
    return shelf
  }

  @Test func readingBeginsWhereAPageWasFound() {
    let shelf = shelf([
      ("http://a.test/long", 7, "About boats."), ("http://a.test/short", 0, "Tea."),
    ])
    let schema = schema(shelf, calls: 1)
    #expect(
      schema.contains(
        #""url":{"type":"string","enum":["http://a.test/long"]},"passage":{"type":"integer","enum":[7]}"#
      ))
    #expect(schema.contains(#""enum":["http://a.test/short"]"#))
    #expect(!schema.contains(#""answer":{"type""#), "what was found is read first")
  }

  @Test func aPageIsReadOnceAndWhoFoundSomethingReadsItBeforeSearchingAgain() {
    let shelf = shelf([("http://a.test/1", 0, "Boats."), ("http://a.test/2", 0, "Tea.")])
    var made = LoopGuard()
    func call(_ name: String, _ arguments: String, names addresses: [String]) {
      let call = ToolCall(id: "", name: name, arguments: arguments)
      made.note(call, LoopGuard.key(call), result: "", addresses: addresses)
    }
    call("search_corpus", #"{"query":"x"}"#, names: ["http://a.test/1", "http://a.test/2"])
    #expect(!schema(shelf, calls: 1, made: made).contains("search_corpus"))
    call("read_page", #"{"url":"http://a.test/1"}"#, names: ["http://a.test/1"])
    let next = schema(shelf, calls: 2, made: made)
    #expect(next.contains("search_corpus"))
    #expect(
      next.contains(#""enum":["read_page"]},"arguments":{"type":"object","properties":{"url":{"#))
    let reads = next.components(of: #""enum":["http://a.test/2"]"#)
    #expect(reads == 1, "of the two only the other one is left")
  }

  @Test func whoHasReadWhatTheQuestionNamesAnswers() {
    let known = schema(shelf([("http://a.test/1", 0, "The ferry sails twice a day.")]), calls: 2)
    #expect(known.contains(#""quote":{"type":"string","enum":["The ferry sails twice a day."]}"#))
    #expect(!known.contains(#""tool":"#) && !known.contains("not_found"))
    let unknown = schema(
      shelf([("http://a.test/1", 0, "The museum is open on Sundays.")]), calls: 2)
    #expect(unknown.contains(#""tool":"#) && unknown.contains("not_found"))
  }

  @Test func thatThePagesDoNotTellIsSaid() async throws {
    let server = ScriptedServer([
      [.text(#"{"step":{"tool":"search_corpus","arguments":{"query":"weather"}}}"#)],
      [
        .text(
          #"{"step":{"tool":"read_page","arguments":{"url":"http://harbour.test/weather"}}}"#)
      ], [.text(#"{"step":{"not_found":true}}"#)],
    ])
    var agent = Agent(
      client: try server.client(), tools: ToolBox.standard(search: corpus, pages: corpus),
      pages: corpus)
    agent.manner = .json
    let answer = await agent.answer("Who rules the underworld?")
    #expect(answer.text == "The pages that were read do not tell.")
    #expect(answer.flags == ["not-found"] && answer.citations.isEmpty && !answer.isVerified)
  }
}
