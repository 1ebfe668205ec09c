import GossamerBytes
import GossamerCorpus
import GossamerHTTP
import GossamerMarkup
import GossamerURL
import Testing

@testable import GossamerCrawl
@testable import GossamerFetch

@Suite("What a response leads to")
struct PageLinksTests {
  private func analyze(
    _ body: [UInt8], _ fields: [(String, String)] = [], type: String = "text/html",
    expectsSitemap: Bool = false
  ) throws -> PageAnalysis {
    let url = try #require(CanonicalURL("http://e.org/d/p"))
    var head = HTTPFields()
    head.append("Content-Type", type)
    for (name, value) in fields { head.append(name, value) }
    let response = FetchedResponse(
      url: url.url, requestFields: HTTPFields(), version: "HTTP/1.1", status: 200, fields: head,
      wireBody: body, body: body, codings: [], truncated: nil, oddities: [], mediaType: type,
      startedAtSeconds: 0, startedAt: ContinuousClock().now, firstByteSeconds: 0, totalSeconds: 0,
      peer: nil, redirectTarget: nil)
    return PageAnalyzer(settings: CrawlSettings(userAgent: "Gossamer"))
      .analyze(response, url: url, rules: nil, expectsSitemap: expectsSitemap)
  }

  @Test func linkFieldsCountAsLinks() throws {
    let page = try analyze(
      Array("<a href=/a>x</a>".utf8),
      [
        (
          "Link",
          "<next>; rel=next; title=\"N\", </feed>; rel=alternate; type=\"application/atom+xml\""
        ),
        (
          "Link",
          "</c>; rel=canonical, </other>; rel=next; anchor=\"/else\", </s.css>; rel=stylesheet"
        ),
      ])
    #expect(page.links.map(\.url.string) == ["http://e.org/d/next", "http://e.org/a"])
    #expect(page.record.canonical == "http://e.org/c")
    #expect(page.record.links?.first?.kind == "link-header")
  }

  @Test func qualifiersGoWithTheLink() throws {
    let page = try analyze(Array("<a rel='ugc nofollow' href=/a>x</a><a href=/b>y</a>".utf8))
    #expect(page.links.map(\.qualifiers) == [[.ugc, .nofollow], []])
  }

  @Test func sitemapsInGzipAreUnpacked() throws {
    let xml = Array("<urlset><url><loc>http://e.org/1</loc></url></urlset>".utf8)
    let packed = GzipEncoder().member(of: [xml])
    let page = try analyze(packed, type: "application/gzip", expectsSitemap: true)
    #expect(page.sitemap?.entries.map(\.loc.href) == ["http://e.org/1"])
  }

  @Test func declarationsBeforeASitemapDoNotHideIt() throws {
    let entity = String(repeating: "x", count: 5_000)
    let xml = """
      <?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "\(entity)">]>
      <urlset><url><loc>http://e.org/1</loc></url><url><loc>&a;</loc></url></urlset>
      """
    let page = try analyze(Array(xml.utf8), type: "application/xml", expectsSitemap: true)
    #expect(page.sitemap?.entries.map(\.loc.href) == ["http://e.org/1"])
    #expect(page.sitemap?.isDamaged == true)
  }

  /// Pages of nothing but their own address, or of pictures.
  @Test func whatHasNoWordsIsToldApartByItsBytes() throws {
    let pages = try ["<a href=/d/p>p</a>", "<img src=1.png>", "<img src=2.png>", "<img src=1.png>"]
      .map { try analyze(Array($0.utf8)).fingerprint }
    #expect(pages.allSatisfy { $0 != nil })
    #expect(Set(pages).count == 3 && pages[1] == pages[3])
  }

  @Test func queriesAreInThePagesEncoding() throws {
    let page = try analyze(
      Array("<a href='/?a=".utf8) + [0xE4] + Array("'>x</a>".utf8),
      type: "text/html; charset=iso-8859-1")
    #expect(page.links.map(\.url.url.search) == ["?a=%E4"])
  }
}
