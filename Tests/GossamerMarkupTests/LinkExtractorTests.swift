import Foundation
import GossamerTestKit
import GossamerURL
import Testing

@testable import GossamerMarkup

@Suite("LinkExtractor: what a page leads to")
struct LinkExtractorTests {
  private func links(
    _ html: String, _ extractor: LinkExtractor = LinkExtractor(),
    url: String = "http://example.org/dir/page"
  ) throws -> PageLinks {
    let url = try #require(WebURL(url))
    return extractor.links(of: try HTMLDocument(parsing: html), url: url)
  }

  @Test func followableLinksComeInOrderWithoutEmbeds() throws {
    let found = try links(
      """
      <link rel=next href=/2><link rel=canonical href=/c><link rel=stylesheet href=/s.css>
      <link rel=alternate type=application/rss+xml href=/feed>
      <a href=a>x</a><img src=i.png><area href=b><iframe src=c></iframe><a href="#top">top</a>
      <a href="mailto:x@example.org">m</a><a href="http://[bad">bad</a><a href=a rel="x NoFollow">y</a>
      """)
    #expect(
      found.links.map(\.url.href) == [
        "http://example.org/2", "http://example.org/dir/a", "http://example.org/dir/b",
        "http://example.org/dir/c", "http://example.org/dir/a",
      ])
    #expect(found.canonical?.href == "http://example.org/c")
    #expect(found.invalidCount == 1)
    #expect(found.firstInvalid == "http://[bad")
    #expect(found.otherSchemeCount == 1)
    #expect(found.links.last?.isNofollow == true)
  }

  @Test func aBaseOnAnotherHostIsFollowed() throws {
    let found = try links("<base href='//other.example/x/'><a href=y>y</a>")
    #expect(found.links.map(\.url.href) == ["http://other.example/x/y"])
  }

  @Test(arguments: ["javascript:alert(1)", "data:text/html,x", "http://[bad"])
  func anUnusableBaseIsAsNone(base: String) throws {
    let found = try links("<base href='\(base)'><a href=y>y</a>")
    #expect(found.links.map(\.url.href) == ["http://example.org/dir/y"])
    #expect(found.invalidCount == 1)
  }

  @Test func linksBeyondTheLimitAreCut() throws {
    let html = (0..<100_000).map { "<a href=/\($0)>x</a>" }.joined()
    let found = try links(html)
    #expect(found.links.count == 10_000)
    #expect(found.isCut)
  }

  @Test func textIsThatOfTheAnchorOrItsImage() throws {
    let found = try links(
      "<a href=1> one\n <b>more</b></a><a href=2><img alt=pic src=p></a>",
      LinkExtractor(includesText: true))
    #expect(found.links.map(\.text) == ["one more", "pic"])
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func sourceSetsAgreeWithTheStandard() throws {
    struct Case: Decodable {
      struct Candidate: Decodable {
        let url: String
        let w: Int?
        let x: Double?
        let h: Int?
      }
      let id: String
      let srcset: String
      let candidates: [Candidate]
    }
    for item in try ConformanceData.json("linkextract/srcset.json", as: [Case].self) {
      let text = Array(item.srcset.utf8)
      let found = SourceSet.candidates(in: text[...])
      #expect(
        found.map { String(decoding: text[$0.url], as: UTF8.self) } == item.candidates.map(\.url),
        "\(item.id) \(item.srcset)")
      #expect(found.map(\.width) == item.candidates.map(\.w), "\(item.id)")
      #expect(found.map(\.density) == item.candidates.map(\.x), "\(item.id)")
    }
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func refreshesAgreeWithTheStandard() throws {
    struct Case: Decodable {
      let id: String
      let content: String
      let url: String?
      let refresh: Bool
    }
    for item in try ConformanceData.json("linkextract/meta-refresh-attribute.json", as: [Case].self)
    {
      let text = Array(item.content.utf8)
      let found = MetaRefresh(text[...])
      let target = found?.target.map { String(decoding: text[$0], as: UTF8.self) }
      #expect((found != nil) == item.refresh, "\(item.id) \(item.content)")
      // The suite shows what a URL parser makes of it: without spaces at the ends, tabs, line ends.
      let parsed = target?.trimmingCharacters(in: .whitespaces).filter { !"\t\n\r".contains($0) }
      #expect((parsed ?? "") == (item.url ?? ""), "\(item.id) \(item.content)")
    }
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func linksOfOtherToolsAreFound() throws {
    struct Case: Decodable {
      struct Link: Decodable { let url: String }
      let id: String
      let source: String
      let document_url: String?
      let html: String?
      let links: [Link]?
      let encoding: String?
    }
    // Other policies: forms followed or not, other tags and attributes, URLs in scripts or text.
    var wrong: [String] = []
    var count = 0
    for item in try ConformanceData.json("linkextract/html-links.json", as: [Case].self) {
      guard item.source == "apache/nutch", let html = item.html, let wanted = item.links,
        let document = item.document_url, item.id != "links-011"
      else { continue }
      count += 1
      let found = Set(
        try links(html, LinkExtractor(selection: .all), url: document).links.map(\.url.href))
      for link in wanted where WebURL(link.url).map({ found.contains($0.href) }) != true {
        wrong.append("\(item.id) \(link.url) \(found)")
      }
    }
    #expect(count > 10)
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }
}
