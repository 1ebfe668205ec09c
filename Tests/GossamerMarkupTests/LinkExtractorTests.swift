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
    #expect(found.links.last?.qualifiers == .nofollow)
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
}
