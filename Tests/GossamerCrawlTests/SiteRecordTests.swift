import Foundation
import GossamerCorpus
import GossamerCrawl
import GossamerFetch
import GossamerFrontier
import GossamerHTTP
import GossamerSQLite
import GossamerURL
import Testing

@Suite("What sites repeat, in the corpus", .timeLimit(.minutes(5)))
struct SiteRecordTests {
  @Test func isWrittenOnceAndKnownToTheRunThatContinues() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "sites-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let layout = CorpusLayout(root: folder)

    try await crawl(layout, pages: 10, ends: .budget)
    let first = try #require(SiteRecord.read(layout).first)
    #expect(SiteRecord.read(layout).count == 1)
    #expect(first.host == "site.test" && first.pages == 10)
    #expect(first.blocks.map(\.text) == [RepeatingSite.plea])
    #expect(first.blocks.map(\.count) == [10])

    try await crawl(layout, pages: nil, ends: .finished)
    let second = try #require(SiteRecord.read(layout).first)
    #expect(second.pages == 40 && second.blocks.map(\.count) == [40])
    #expect(second.blocks.map(\.hash) == first.blocks.map(\.hash))

    // The first three pages have it; whoever continues knows it from the first page on.
    let texts = CorpusLines(path: layout.pages + "part-00000.jsonl")
      .map { String(decoding: $0, as: UTF8.self) }
    #expect(texts.count == 40)
    #expect(texts.count { $0.contains(RepeatingSite.plea) } == 3)
  }

  @Test func brokenLinesAreLearntAnew() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "sites-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let layout = CorpusLayout(root: folder)
    #expect(SiteRecord.read(layout).isEmpty)
    let site = SiteRecord(
      host: "a.test", pages: 4,
      blocks: [SiteRecord.Block(hash: "00000000000000ff", count: 4, text: "\"A\"\nß")])
    try SiteRecord.write([site], to: layout)
    let handle = try #require(FileHandle(forWritingAtPath: layout.sites))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"host\":\n[]\n".utf8))
    try handle.close()
    #expect(SiteRecord.read(layout) == [site])
  }

  private func crawl(_ layout: CorpusLayout, pages: Int?, ends: Crawler.End) async throws {
    var seeds = SeedList()
    try seeds.add(url: "http://site.test/1")
    var parts = Crawler.Parts(
      transport: RepeatingSite(), resolver: RepeatingSite(),
      makeStore: { try SQLiteFrontierStore(path: $0) })
    parts.policy.delay = .zero
    parts.policy.perAddressDelay = .zero
    parts.budget.pages = pages
    let crawler = try await Crawler(
      settings: CrawlSettings(userAgent: "Gossamer/0"), seeds: seeds,
      scope: CrawlScope(mode: .any, seeds: seeds), output: layout, parts: parts)
    #expect(try await crawler.run() == ends)
  }
}

/// Forty pages with one paragraph in common; page n links to 2n and 2n + 1.
private struct RepeatingSite: HTTPTransport, AddressResolver {
  static let plea =
    "Our newsroom lives from those who read it, and everyone who can is asked for a contribution."

  func addresses(of name: String) async throws(AddressResolutionError) -> [IPAddress] {
    [.v4(0x5DB8_D822)]
  }

  func send(
    _ request: HTTPRequest, limits: HTTPTimeLimits
  ) async throws(HTTPTransportError) -> HTTPResponse {
    guard let page = Int(request.url.pathname.dropFirst()), (1...40).contains(page) else {
      return HTTPResponse(status: 404, fields: HTTPFields(), body: HTTPBody([]))
    }
    let prose = (1...4).map {
      "<p>On day \($0) of week \(page) the keeper wrote in his book that all was well, that the "
        + "lamp had burned until \(page) and \($0), and that nobody had come.</p>"
    }
    let links = [page * 2, page * 2 + 1].map { "<a href=/\($0)>more</a>" }.joined()
    let html = """
      <title>Week \(page)</title><main><h1>Week \(page)</h1>\(prose.joined())
      <p>\(Self.plea)</p></main><nav>\(links)</nav>
      """
    return HTTPResponse(
      status: 200, fields: HTTPFields([("Content-Type", "text/html; charset=utf-8")]),
      body: HTTPBody(Array(html.utf8)))
  }
}
