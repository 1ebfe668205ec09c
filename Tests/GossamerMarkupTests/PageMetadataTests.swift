import GossamerMarkup
import GossamerURL
import Testing

@Suite("PageMetadata: what a page says about itself")
struct PageMetadataTests {
  private func metadata(_ html: String) throws -> PageMetadata {
    PageMetadata(
      of: try HTMLDocument(parsing: html),
      url: try #require(WebURL("https://example.org/dir/page")))
  }

  @Test func theHeadIsRead() throws {
    let page = try metadata(
      """
      <html lang=en-GB><head><title> A &amp;\n B </title><meta name=Description content=" Text ">
      <meta property=og:title content=OG><meta property=og:site_name content=Site>
      <meta name=robots content="noindex, nofollow"><meta name=examplebot content=none>
      <meta name=author content="Ann Author"><meta property=article:published_time content=2024-01-02>
      <meta property=article:modified_time content=2024-02-03><link rel=canonical href=/c>
      <link rel=alternate type=application/atom+xml href=/feed><svg><title>no</title></svg>
      """)
    #expect(page.title == "A & B")
    #expect(page.description == "Text")
    #expect(page.siteName == "Site")
    #expect(page.author == "Ann Author")
    #expect(page.published == "2024-01-02")
    #expect(page.modified == "2024-02-03")
    #expect(page.language == "en-GB")
    #expect(page.canonical?.href == "https://example.org/c")
    #expect(page.feeds.map(\.href) == ["https://example.org/feed"])
    #expect(
      page.robots == [
        NamedContent(name: "robots", content: "noindex, nofollow"),
        NamedContent(name: "examplebot", content: "none"),
      ])
    #expect(page.openGraph.map(\.name) == ["og:title", "og:site_name"])
  }

  @Test func jsonLDIsRead() throws {
    let page = try metadata(
      """
      <script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"H \\u00e9\\ud83d\\ude00",
      "datePublished":"2024-01-02T03:04:05Z","dateModified":"2024-01-03",
      "author":[{"@type":"Person","name":"Ann"},{"name":"Ben"}],"publisher":{"name":"Pub"},
      "comment":[{"datePublished":"1999-01-01","author":{"name":"Troll"}}]}]}</script>
      """)
    #expect(page.title == "H é😀")
    #expect(page.published == "2024-01-02T03:04:05Z")
    #expect(page.modified == "2024-01-03")
    #expect(page.author == "Ann, Ben")
    #expect(page.siteName == "Pub")
    #expect(page.jsonLDTypes == ["NewsArticle"])
    #expect(page.jsonLD.count == 1)
  }

  @Test(arguments: [
    "{", "{\"a\":", "[[[[", "{\"a\":\"\\", "{\"@type\":\"\\u12\"}", "]]]", "nonsense!",
  ])
  func brokenJSONIsHarmless(json: String) throws {
    let page = try metadata("<title>T</title><script type='application/ld+json'>\(json)</script>")
    #expect(page.title == "T")
  }

  @Test func timeElementsCountWhereNothingElseSpeaks() throws {
    let page = try metadata(
      "<time datetime=2020>a</time><time class='entry-date published' datetime=2021>b</time>")
    #expect(page.published == "2021")
  }

  @Test func aTitleOfFiveMegabytesIsCutToTheLimit() throws {
    let page = try metadata("<title>" + String(repeating: "title ", count: 900_000) + "</title>x")
    #expect(page.title?.utf8.count ?? 0 <= 10_000)
    #expect(page.title?.utf8.count ?? 0 > 9_900)
    #expect(page.cutFields == ["title"])
  }
}
