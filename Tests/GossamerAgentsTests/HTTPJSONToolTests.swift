import GossamerAgents
import Synchronization
import Testing

@Suite("Tools that are declared")
struct HTTPJSONToolTests {
  /// Answers everything with the same body, and keeps what was asked.
  final class Source: JSONSource {
    let asked = Mutex<[String]>([])
    let body: String
    init(_ body: String) { self.body = body }
    func body(of url: String, limit: Int) async throws -> [UInt8] {
      asked.withLock { $0.append(url) }
      return Array(body.utf8)
    }
  }

  static let works =
    #"{"meta":{"count":2},"results":[{"title":"A","doi":"10.1/a","x":{"y":1}},{"title":"B"}]}"#

  func tool(
    _ template: String = "https://api.test/works?search={query}&n={limit}",
    keep: [String] = ["results[].title", "results[].x.y"], source: Source = Source(works)
  ) throws -> HTTPJSONTool {
    try HTTPJSONTool(
      name: "search_works", purpose: "Finds works.",
      schema: ToolSchema([
        ToolParameter("query", .text(limit: 100), "Words."),
        ToolParameter("limit", .number(1...9), "How many.", isRequired: false),
      ]), template: template, defaults: ["limit": "3"], keep: keep, hosts: ["api.test"],
      source: source)
  }

  @Test(arguments: [
    ("ferry & boat", "https://api.test/works?search=ferry%20%26%20boat&n=3"),
    ("x#y/../z?q=1", "https://api.test/works?search=x%23y%2F%2E%2E%2Fz%3Fq%3D1&n=3"),
    ("Ähre", "https://api.test/works?search=%C3%84hre&n=3"),
    ("@evil.test/", "https://api.test/works?search=%40evil%2Etest%2F&n=3"),
  ])
  func argumentsFillInPartsAndNothingElse(query: String, address: String) async throws {
    let source = Source(Self.works)
    let box = ToolBox([try tool(source: source)])
    let outcome = await box.call("search_works", #"{"query":"\#(query)"}"#)
    #expect(source.asked.withLock { $0 } == [address])
    #expect(
      outcome.result.parts
        == [.foreign(#"{"results":[{"title":"A","x":{"y":1}},{"title":"B"}]}"#)])
  }

  @Test func withoutPathsEverythingIsGiven() async throws {
    let outcome = await ToolBox([try tool(keep: [])]).call("search_works", #"{"query":"a"}"#)
    #expect(outcome.result.parts == [.foreign(Self.works)])
  }

  @Test func anAnswerThatIsNoJSONIsAFailure() async throws {
    let box = ToolBox([try tool(source: Source("<html>"))])
    #expect(await box.call("search_works", #"{"query":"a"}"#).status == .failed)
  }

  @Test(arguments: [
    "https://evil.test/?q={query}", "https://{query}/works", "https://{query}.api.test/",
    "https://api.test@evil.test/{query}", "https://user:pass@api.test/{query}",
    "ftp://api.test/{query}", "https://api.test/{word}", "no address {query}",
    "https://api.test{query}/",
  ])
  func templatesThatLeaveTheListAreRefused(template: String) {
    #expect(throws: ToolFailure.self) { try tool(template) }
  }
}
