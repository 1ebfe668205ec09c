import GossamerExtract
import GossamerMarkup
import GossamerURL
import Testing

@Suite("Who wrote a page and when")
struct ContentBylineTests {
  static func byline(
    _ page: String, url: String = "https://www.mill.example/bread"
  ) throws -> ContentByline {
    let document = try HTMLDocument(parsing: page)
    let url = try #require(WebURL(url))
    return ContentByline(of: document, metadata: PageMetadata(of: document, url: url), url: url)
  }

  @Test(arguments: [
    ("<meta name=author content='Ada Byron'><p>x", "Ada Byron"),
    ("<meta name=author content='By Ada Byron | The Mill'><p>x", "Ada Byron"),
    ("<h1>Bread</h1><p class=byline>By <a href=/x>Ada Byron</a> on May 4, 2020", "Ada Byron"),
    ("<h1>Bread</h1><span class=author-name>Ada Byron</span>", "Ada Byron"),
    ("<h1>Bread</h1><p class=author>Ada Byron<br>4 August 2010</p>", "Ada Byron"),
    ("<h1>Bread</h1><p class=author>Posted on May 4, 2020 by Ada Byron</p>", "Ada Byron"),
    (
      "<h1>Bread</h1><div class=author><a>Ada Byron</a> and <a>Jo Mill</a></div>",
      "Ada Byron and Jo Mill"
    ),
    ("<h1>Bread</h1><a href='/authors/ada'>Ada Byron</a>", "Ada Byron"),
    ("<h1>Bread</h1><p>Von Ada Byron</p>", "Ada Byron"),
    (
      "<div itemprop=author itemscope><meta itemprop=name content=ada></div><h1>Bread</h1>", "ada"
    ),
    (
      """
      <meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ada Byron'>
      """, "Ada Byron"
    ),
    (
      """
      <script type=application/ld+json>{"@type": "Article", "author": [{"@type": "Person",
      "name": "Ada Byron"}, {"@type": "Person", "name": "Jo Mill"}]}</script>
      """, "Ada Byron, Jo Mill"
    ),
    (
      """
      <script type=application/ld+json>{"@type": "QAPage", "mainEntity": {"@type": "Question",
      "author": {"@type": "Person", "name": "ada"}}}</script>
      """, "ada"
    ),
  ])
  func authorsAreFound(page: String, author: String) throws {
    #expect(try Self.byline(page).author == author)
  }

  @Test func aPersonBeatsTheSitesName() throws {
    let body = "<h1>Bread</h1><span class=author>Ada Byron</span>"
    for head in [
      "<meta name=author content='The Mill'><meta property=og:site_name content='The Mill'>",
      "<meta name=author content='mill.example'>",
      """
      <script type=application/ld+json>{"author": {"@type": "Organization", "name": "Mill Ltd"}}
      </script>
      """,
    ] {
      #expect(try Self.byline(head + body).author == "Ada Byron")
    }
    #expect(
      try Self.byline("<meta name=author content='mill.example'><p>x").author == "mill.example")
  }

  @Test(arguments: [
    "<h1>Bread</h1><p class=author>This is a long sentence about bread, with commas, and no name.",
    "<h1>Bread</h1><p>By the river stands a mill.</p>",
    "<h1>Bread</h1><p class=author-box>About the author</p>",
    "<h1>Bread</h1><p class=date>May 4, 2020</p>",
  ])
  func whatIsNoNameIsNoAuthor(page: String) throws {
    #expect(try Self.byline(page).author == nil)
  }

  @Test(arguments: [
    ("<h1>Bread</h1><p class=date>May 4, 2020", "2020-05-04"),
    ("<h1>Bread</h1><p><span>4. Mai 2020</span>", "2020-05-04"),
    ("<h1>Bread</h1><p>4 mai 2020</p>", "2020-05-04"),
    ("<h1>Bread</h1><p>4 de mayo de 2020</p>", "2020-05-04"),
    ("<h1>Bread</h1><p>2020年5月4日</p>", "2020-05-04"),
    ("<h1>Bread</h1><p>04.05.2020, 12:01 Uhr</p>", "2020-05-04"),
    (
      "<abbr class=published title='2020-05-04T10:00:00-05:00'>May</abbr>",
      "2020-05-04T10:00:00-05:00"
    ),
    ("<span property='dc:date dc:created' content='2020-05-04'>yesterday</span>", "2020-05-04"),
    ("<span itemprop=datePublished>October 17, 2018</span>", "2018-10-17"),
    (
      "<h1>Bread</h1><p class=date>Updated June 9, 2021</p><p class=date>May 4, 2020</p>",
      "2020-05-04"
    ),
    ("<div class=related><p class=date>June 9, 2021</p></div><p>May 4, 2020</p>", "2020-05-04"),
    (
      #"<script>var page = {\"post_date\":\"2020-05-04T01:02:03Z\"}</script>"#,
      "2020-05-04T01:02:03Z"
    ),
  ])
  func datesAreFound(page: String, date: String) throws {
    #expect(try Self.byline(page).published == date)
  }

  @Test func theURLNamesTheDay() throws {
    let page = "<h1>Bread</h1><p>Nothing else."
    let url = "https://mill.example/2020/05/04/bread"
    #expect(try Self.byline(page, url: url).published == "2020-05-04")
    #expect(try Self.byline(page, url: "https://mill.example/2020/13/04/").published == nil)
    #expect(
      try Self.byline(page, url: "https://mill.example/2020-05-04-bread").published == "2020-05-04")
  }

  @Test func aDayInTheAddressIsOlderThanAnyChange() throws {
    let page = "<meta property=article:published_time content='2021-09-01T10:00:00Z'><p>x"
    let url = "https://mill.example/2020/05/04/bread"
    #expect(try Self.byline(page, url: url).published == "2020-05-04")
    #expect(
      try Self.byline(page, url: "https://mill.example/a-2020-05-04-b").published
        == "2021-09-01T10:00:00Z")
    let sameDay = "<meta property=article:published_time content='2020-05-04T10:00:00Z'><p>x"
    #expect(try Self.byline(sameDay, url: url).published == "2020-05-04T10:00:00Z")
  }

  @Test func noPlaceIsFurtherFromUTCThanClocksAre() throws {
    let head = "<meta property=article:published_time content='2020-05-05T12:30:00Z'>"
    #expect(
      try Self.byline(head + "<h1>Bread</h1><p>May 4, 2020</p>").published
        == "2020-05-05T12:30:00Z")
    #expect(try Self.byline(head + "<h1>Bread</h1><p>May 6, 2020</p>").published == "2020-05-06")
  }

  @Test func theDayShownBesideTheHeadingSettlesTheTimeZone() throws {
    let head = "<meta property=article:published_time content='2020-05-05T02:00:00Z'>"
    #expect(try Self.byline(head + "<h1>Bread</h1><p>May 4, 2020</p>").published == "2020-05-04")
    #expect(
      try Self.byline(head + "<h1>Bread</h1><p>May 2, 2020</p>").published == "2020-05-05T02:00:00Z"
    )
  }
}

@Suite("Pages that show no text by themselves")
struct UnshownTextTests {
  static func content(_ page: String) throws -> ExtractedContent {
    let document = try HTMLDocument(parsing: page)
    let url = try #require(WebURL("https://mill.example/"))
    return ContentExtractor().extract(
      from: document, url: url, metadata: PageMetadata(of: document, url: url))
  }

  static let prose = (1...12).map {
    "<p>The mill grinds its flour on day \($0) of the week, slowly.</p>"
  }
  .joined()

  @Test func textForReadersWithoutScriptsIsRead() throws {
    let content = try Self.content(
      "<body><div id=app></div><noscript><div>\(Self.prose)</div></noscript>")
    #expect(content.text.contains("on day 7 of the week"))
    #expect(content.markdown.contains("on day 7 of the week"))
    #expect(content.evidence.source == .hidden)
  }

  @Test func besideShownTextItIsLeftOut() throws {
    let content = try Self.content(
      "<body><article>\(Self.prose)</article><noscript>Turn on scripts</noscript>")
    #expect(!content.text.contains("scripts"))
  }

  @Test func anEmptyPageSpeaksByItsDescription() throws {
    let content = try Self.content("<meta name=description content='A mill by the river.'><body>")
    #expect(content.text == "A mill by the river.")
    #expect(content.evidence.source == .description)
  }
}
