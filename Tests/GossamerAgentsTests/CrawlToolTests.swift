import GossamerAgents
import GossamerCorpus
import Testing

@Suite("Pages that several agents want", .timeLimit(.minutes(5)))
struct CrawlToolTests {
  /// Fetches when it is told to.
  struct Source: PageSource {
    let fetches = Counter()
    let begun = ScriptedServer.Signal()
    let gate = ScriptedServer.Signal()
    var fails = false

    func page(at url: String) async throws -> PageRecord {
      fetches.change(by: 1)
      begun.happen()
      await gate.wait()
      try Task.checkCancellation()
      if fails { throw ToolFailure("robots.txt says no") }
      var record = PageRecord(url: url)
      record.text = "The text of a page."
      return record
    }
  }

  static let arguments = #"{"url":"http://a.test/"}"#

  @Test(arguments: [false, true])
  func onePageIsFetchedOnceForAll(fails: Bool) async {
    let source = Source(fails: fails)
    let tool = CrawlTool(source)
    let statuses = await withTaskGroup(of: ToolOutcome.Status.self) { group in
      for _ in 0..<8 {
        group.addTask { await ToolBox([tool]).call("crawl", Self.arguments).status }
      }
      await source.begun.wait()
      source.gate.happen()
      return await group.reduce(into: [ToolOutcome.Status]()) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: fails ? .failed : .done, count: 8))
    #expect(source.fetches.now == 1)
  }

  @Test func whoWaitsForAVisitThatIsCancelledMakesIt() async {
    let source = Source()
    let tool = CrawlTool(source)
    let first = Task { await ToolBox([tool]).call("crawl", Self.arguments).status }
    await source.begun.wait()
    let second = Task { await ToolBox([tool]).call("crawl", Self.arguments).status }
    first.cancel()
    source.gate.happen()
    #expect(await first.value == .cancelled)
    #expect(await second.value == .done)
  }
}
