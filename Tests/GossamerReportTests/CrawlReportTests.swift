import Foundation
import GossamerReport
import Testing

@Suite("The report of a crawl")
struct CrawlReportTests {
  /// A directory that is removed at the end of the scope.
  private func withCrawl(
    pages: String, skipped: String = "", manifest: String = "", _ body: (URL) throws -> Void
  ) throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let folder = directory.appending(path: "pages")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(pages.utf8).write(to: folder.appending(path: "part-00000.jsonl"))
    try Data(skipped.utf8).write(to: directory.appending(path: "skipped.jsonl"))
    try Data(manifest.utf8).write(to: directory.appending(path: "manifest.json"))
    try body(directory)
  }

  private static let hostile = #"""
    {"url":"javascript:alert(1)","host":"a.example","status":200,"title":"<script>alert('x')</script>\u202eevil","summary":{"text":"\"><img src=x onerror=alert(1)>","provider":"p"}}
    {"url":"https://a.example/\"onmouseover=\"x","status":200,"fetch_seconds":0.25,"fetched_at":"2026-11-24T17:00:00.000Z","bytes":1234,"depth":1,"title":"T"}
    {"url":"https://a.example/2","status":200,"fetch_seconds":0.5,"fetched_at":"2026-11-24T17:00:01.500Z","bytes":99,"depth":2,"title":"U"}
    """#

  @Test func hostileTitlesAndAddressesStayText() throws {
    try withCrawl(pages: Self.hostile) { directory in
      let html = try CrawlReport.read(directory: directory).html()
      #expect(!html.contains("<script"))
      #expect(!html.contains("<img"))
      #expect(!html.contains("href=\"javascript:"))
      #expect(!html.contains("\"onmouseover"))
      #expect(!html.contains("\u{202E}"))
      #expect(html.contains("&lt;script&gt;"))
    }
  }

  @Test func nothingIsLoadedFromElsewhere() throws {
    try withCrawl(pages: Self.hostile) { directory in
      let html = try CrawlReport.read(directory: directory).html()
      #expect(html.contains("default-src 'none'"))
      for needle in ["src=", "@import", "url(", "<link", "<iframe"] {
        #expect(!html.replacing("src=x onerror", with: "").contains(needle), "\(needle)")
      }
    }
  }

  @Test(arguments: [CrawlReportTests.hostile, "", "{\"url\":\"https://x.example/\"}"])
  func everyTagIsClosed(pages: String) throws {
    try withCrawl(
      pages: pages,
      skipped: #"{"url":"https://a.example/x","kind":"policy.robots","rule":"Disallow: /x & <y>"}"#,
      manifest: #"{"crawl":{"id":"1","state":"finished"},"settings":{"delay":"0.1"}}"#
    ) { directory in
      let html = try CrawlReport.read(directory: directory).html()
      #expect(unbalanced(html) == nil)
    }
  }

  /// The first tag that does not fit its partner; nil when all do.
  private func unbalanced(_ html: String) -> String? {
    let void = ["meta", "!doctype", "br"]
    var open: [String] = []
    for piece in html.split(separator: "<").dropFirst(html.hasPrefix("<") ? 0 : 1) {
      guard let end = piece.firstIndex(of: ">") else { return String(piece) }
      let tag = piece[..<end]
      let name = String(tag.prefix { $0 != " " && $0 != "/" || $0 == tag.first })
      if name.hasPrefix("/") {
        guard open.popLast() == String(name.dropFirst()) else { return String(tag) }
      } else if !tag.hasSuffix("/"), !void.contains(name.lowercased()) {
        open.append(name)
      }
    }
    return open.last
  }

  @Test func brokenLinesAreCountedAndLeftOut() throws {
    let pages =
      "{\"url\":\"https://a.example/\",\"status\":200}\nnot json\n{\"url\":\"https://b.ex\n\n"
      + "{\"url\":\"https://c.example/\",\"bytes\":1e999,\"depth\":-7}\n[1,2]\n"
    try withCrawl(pages: pages) { directory in
      let report = try CrawlReport.read(directory: directory)
      #expect(report.pageCount == 2)
      #expect(report.brokenLineCount == 3)
      #expect(report.html().contains("3 broken lines"))
    }
  }

  @Test func anEmptyCrawlHasAReportToo() throws {
    try withCrawl(pages: "") { directory in
      let report = try CrawlReport.read(directory: directory)
      #expect(report.pageCount == 0)
      #expect(report.html().contains("No page has been stored yet"))
      #expect(report.summaryTable.text().contains("pages stored"))
    }
  }

  @Test func aMissingDirectoryIsAnError() {
    #expect(throws: (any Error).self) {
      try CrawlReport.read(directory: URL(filePath: "/nowhere/at/all"))
    }
  }

  @Test func theLeastGapIsTakenHostByHost() throws {
    try withCrawl(pages: Self.hostile) { directory in
      let report = try CrawlReport.read(directory: directory)
      let row = report.summaryTable.rows.first { $0.name == "least gap on one host" }
      #expect(row?.value == "1.50 s")
    }
  }
}
