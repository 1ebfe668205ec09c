import Foundation
import GossamerCorpus
import GossamerCrawl
import GossamerFetch
import GossamerFrontier
import GossamerHTTP
import GossamerSQLite
import GossamerURL
import Testing

@Suite("A crawl that goes on", .timeLimit(.minutes(5)))
struct ContinuedCrawlTests {
  @Test func tornTailsAreCutAndSaidAndExportsGoOnInTheSameFiles() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "crawl-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let layout = CorpusLayout(root: folder)
    try await beginCrawl(layout)

    // What a run leaves that dies between a write and its commit.
    let pages = layout.pages + "part-00000.jsonl"
    for file in [pages, layout.skipped] {
      let handle = try #require(FileHandle(forWritingAtPath: file))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("{\"url\":\"http://h0.te".utf8))
      try handle.close()
    }
    try Data("later".utf8).write(to: URL(filePath: layout.pages + "part-00001.jsonl"))

    let second = try await crawler(layout, pages: nil)
    #expect(second.isContinued && second.pagesBefore == 20)
    #expect(
      Set(second.cuts.map { "\($0.file) \($0.bytes)" }) == [
        "part-00000.jsonl 20", "skipped.jsonl 20", "part-00001.jsonl 5",
      ])
    #expect(try await second.run() == .finished)
    let lines = try String(contentsOfFile: pages, encoding: .utf8).split(separator: "\n")
    let urls = try lines.map { line in
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(record?["url"] as? String)
    }
    #expect(urls.count == 2 * 99 && Set(urls).count == urls.count)
    #expect(!FileManager.default.fileExists(atPath: layout.pages + "part-00001.jsonl"))
  }

  /// A run of its own: the directory is locked as long as its crawler lives.
  private func beginCrawl(_ layout: CorpusLayout) async throws {
    let first = try await crawler(layout, pages: 20)
    #expect(first.cuts.isEmpty)
    #expect(try await first.run() == .budget)
  }

  private func crawler(_ layout: CorpusLayout, pages: Int?) async throws -> Crawler {
    var seeds = SeedList()
    try seeds.add(url: "http://h0.test/1")
    var parts = Crawler.Parts(
      transport: MadeUpWeb(), resolver: MadeUpWeb(),
      makeStore: { try SQLiteFrontierStore(path: $0) })
    parts.policy.delay = .zero
    parts.policy.perAddressDelay = .zero
    parts.budget.pages = pages
    return try await Crawler(
      settings: CrawlSettings(userAgent: "Gossamer/0"), seeds: seeds,
      scope: CrawlScope(mode: .any, seeds: seeds), output: layout, parts: parts)
  }
}

/// Two hosts of 99 pages each, no two alike; page n links to 2n and 2n + 1 and to itself on the other
/// host. No robots.txt.
private struct MadeUpWeb: HTTPTransport, AddressResolver {
  func addresses(of name: String) async throws(AddressResolutionError) -> [IPAddress] {
    [.v4(name == "h0.test" ? 0x5DB8_D822 : 0x5DB8_D823)]
  }

  func send(
    _ request: HTTPRequest, limits: HTTPTimeLimits
  ) async throws(HTTPTransportError) -> HTTPResponse {
    let host = request.url.hostname
    guard let page = Int(request.url.pathname.dropFirst()), (1..<100).contains(page) else {
      return HTTPResponse(status: 404, fields: HTTPFields(), body: HTTPBody([]))
    }
    let links = [page * 2, page * 2 + 1].map { "<a href=/\($0)>more</a>" }.joined()
    let other = "<a href=http://\(host == "h0.test" ? "h1" : "h0").test/\(page)>other</a>"
    let text = "<title>\(page)</title><p>Page \(page) of \(host).</p>\(links)\(other)"
    return HTTPResponse(
      status: 200, fields: HTTPFields([("Content-Type", "text/html; charset=utf-8")]),
      body: HTTPBody(Array(text.utf8)))
  }
}
