import GossamerMarkup
import GossamerURL
import Testing

@Suite("SitemapReader: sitemaps.org, RSS, Atom, text", .timeLimit(.minutes(5)))
struct SitemapReaderTests {
  private func read(_ text: String, limit: Int = 50_000) throws -> Sitemap {
    try read(Array(text.utf8), limit: limit)
  }

  private func read(_ bytes: [UInt8], limit: Int = 50_000) throws -> Sitemap {
    let url = try #require(WebURL("http://example.org/sitemap.xml"))
    return SitemapReader(limit: limit).read(bytes, url: url)
  }

  @Test func pagesAreReadWithTheirFacts() throws {
    let sitemap = try read(
      """
      <?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <url><loc> http://example.org/a?x=1&amp;y=2 </loc><lastmod>2024-01-02</lastmod>
      <changefreq>daily</changefreq><priority>0.8</priority>
      <image:image><image:loc>http://example.org/i.png</image:loc></image:image></url>
      <url><loc>/b</loc></url><url><loc>ftp://example.org/</loc></url></urlset>
      """)
    #expect(sitemap.format == .urls)
    #expect(
      sitemap.entries.map(\.loc.href) == ["http://example.org/a?x=1&y=2", "http://example.org/b"])
    #expect(sitemap.entries.first?.lastmod == "2024-01-02")
    #expect(sitemap.entries.first?.priority == 0.8)
    #expect(sitemap.invalidCount == 1)
  }

  @Test func atomLinksAreTheAlternateOnes() throws {
    let sitemap = try read(
      """
      <feed xmlns="http://www.w3.org/2005/Atom"><link href="http://example.org/"/>
      <entry><link rel="self" href="/self"/><link rel="alternate" href="/1"/><updated>2024-05-06T07:08:09Z</updated></entry>
      <entry><link href="/2"/></entry></feed>
      """)
    #expect(sitemap.format == .atom)
    #expect(sitemap.entries.map(\.loc.pathname) == ["/1", "/2"])
    #expect(sitemap.entries.first?.kind == .feed)
  }

  @Test func entitiesOfTheFileMeanNothing() throws {
    var declarations = "<!ENTITY lol0 \"lol\">"
    for index in 1..<20 {
      let inner = String(repeating: "&lol\(index - 1);", count: 10)
      declarations += "<!ENTITY lol\(index) \"\(inner)\">"
    }
    let sitemap = try read(
      "<?xml version=\"1.0\"?><!DOCTYPE urlset [\(declarations)<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
        + "<urlset><url><loc>http://example.org/&lol19;&f;x</loc></url>"
        + "<url><loc>http://example.org/y</loc></url></urlset>")
    #expect(sitemap.entries.map(\.loc.href).contains("http://example.org/y"))
    #expect(sitemap.entries.allSatisfy { $0.loc.href.count < 40 })
    #expect(sitemap.isDamaged)
  }

  @Test func brokenXMLKeepsTheEntriesBefore() throws {
    let sitemap = try read(
      "<urlset><url><loc>http://e.org/1</loc></url><url><loc>http://e.org/2</loc></url><url><loc>http"
    )
    #expect(sitemap.entries.map(\.loc.href).prefix(2) == ["http://e.org/1", "http://e.org/2"])
    #expect(sitemap.isDamaged)
  }

  @Test func nestingWithoutEndIsHarmless() throws {
    let sitemap = try read(
      "<urlset><url><loc>http://e.org/1</loc></url>" + String(repeating: "<x>", count: 200_000))
    #expect(sitemap.entries.count == 1)
  }

  @Test func moreThanTheLimitIsCut() throws {
    let entries = (0..<1000).map { "<url><loc>http://e.org/\($0)</loc></url>" }.joined()
    let sitemap = try read("<urlset>\(entries)</urlset>", limit: 100)
    #expect(sitemap.entries.count == 100)
    #expect(sitemap.isCut)
  }

  @Test func utf16IsRead() throws {
    let text =
      "<?xml version=\"1.0\" encoding=\"utf-16\"?><urlset><url><loc>http://e.org/ü</loc></url></urlset>"
    let units = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try read([0xFF, 0xFE] + units).entries.map(\.loc.href) == ["http://e.org/%C3%BC"])
    #expect(try read(units).entries.count == 1)
  }

  @Test func aPageOfHTMLHasNoEntries() throws {
    let sitemap = try read("<!DOCTYPE html><html><body><p>x<br><a href=/>y</a></body></html>")
    #expect(sitemap.format == .unknown)
    #expect(sitemap.entries.isEmpty)
  }

  @Test func otherLanguagesAreKeptWithTheirPage() throws {
    let sitemap = try read(
      """
      <urlset xmlns:xhtml="http://www.w3.org/1999/xhtml"><url>
      <xhtml:link rel="alternate" hreflang="de" href="/de"/><loc>/en</loc>
      <xhtml:link rel="alternate" hreflang="x-default" href="/"/><xhtml:link rel="next" href="/no"/>
      </url></urlset>
      """)
    #expect(sitemap.entries.map(\.loc.pathname) == ["/en"])
    let alternates = sitemap.entries.first?.alternates ?? []
    #expect(alternates.map(\.url.pathname) == ["/de", "/"])
    #expect(alternates.map(\.language) == ["de", "x-default"])
  }

  @Test func extensionsAreNoAddresses() throws {
    let sitemap = try read(
      """
      <urlset><url><image:loc>/i.png</image:loc><loc>/a</loc><video:video><video:player_loc>/v
      </video:player_loc></video:video><news:news><news:title>T</news:title></news:news></url></urlset>
      """)
    #expect(sitemap.entries.map(\.loc.pathname) == ["/a"])
  }

  @Test func looseAmpersandsStayInTheAddress() throws {
    let sitemap = try read(
      "<urlset><url><loc>/a?x=1&y=2&amp;z=3&</loc></url><!-- & --><url>"
        + "<loc><![CDATA[/b?x=1&y=2]]></loc></url></urlset>")
    #expect(sitemap.entries.map(\.loc.search) == ["?x=1&y=2&z=3&", "?x=1&y=2"])
  }

  @Test func warningsBeforeTheFileArePassedOver() throws {
    let sitemap = try read(
      "Warning: foo in <b>x.php</b> on line 3\n<?xml version='1.0'?><urlset><url><loc>/a</loc></url></urlset>"
    )
    #expect(sitemap.entries.map(\.loc.pathname) == ["/a"])
  }

  @Test func basesOfXMLAreInForceWhereTheyStand() throws {
    let sitemap = try read(
      """
      <feed xml:base="http://b.org/x/"><entry><link href="1"/></entry>
      <entry xml:base="/y/"><link xml:base="z/" href="2"/></entry><entry><link href="3"/></entry></feed>
      """)
    #expect(
      sitemap.entries.map(\.loc.href) == [
        "http://b.org/x/1", "http://b.org/y/z/2", "http://b.org/x/3",
      ])
  }

  @Test func ofSeveralAlternatesThatForReadersCounts() throws {
    let sitemap = try read(
      """
      <feed><entry><link rel="alternate" type="application/json" href="/j"/>
      <link rel="alternate" type="text/html" href="/h"/><link href="/later"/></entry></feed>
      """)
    #expect(sitemap.entries.map(\.loc.pathname) == ["/h"])
  }

  @Test(arguments: [
    ("<feed><entry><id>http://e.org/1</id></entry></feed>", ["http://e.org/1"]),
    ("<feed><entry><id>urn:uuid:1</id></entry></feed>", []),
    ("<rss><channel><item><guid>http://e.org/1</guid></item></channel></rss>", ["http://e.org/1"]),
    ("<rss><channel><item><guid>12345</guid></item></channel></rss>", []),
    (
      "<feed><entry><author><url>http://e.org/</url></author><link href='/1'/></entry></feed>",
      ["http://example.org/1"]
    ),
    ("<CHANNEL BASE='http://b.org/'><ITEM HREF='/1'/></CHANNEL>", ["http://b.org/1"]),
  ])
  func identitiesStandInForLinks(feed: String, expected: [String]) throws {
    #expect(try read(feed).entries.map(\.loc.href) == expected)
  }

  @Test func theLastChangeCountsBeforeTheFirst() throws {
    let sitemap = try read(
      "<feed><entry><link href='/1'/><published>2001-01-01</published><updated>2002-01-01</updated></entry></feed>"
    )
    #expect(sitemap.entries.first?.lastmod == "2002-01-01")
    #expect(sitemap.entries.first?.modifiedAt == 1_009_843_200)
  }

  @Test func pagesOutsideTheFolderAreLeftOutOnDemand() throws {
    let url = try #require(WebURL("http://example.org/shop/sitemap.xml"))
    let text = "<urlset><url><loc>/shop/a</loc></url><url><loc>/b</loc></url></urlset>"
    let sitemap = SitemapReader(staysInFolder: true).read(Array(text.utf8), url: url)
    #expect(sitemap.entries.map(\.loc.pathname) == ["/shop/a"])
    #expect(sitemap.outsideCount == 1)
  }

  @Test func bytesBeyondTheLimitAreCut() throws {
    let text = "<urlset><url><loc>/a</loc></url><url><loc>/b</loc></url></urlset>"
    let url = try #require(WebURL("http://example.org/s"))
    let sitemap = SitemapReader(limitInBytes: 40).read(Array(text.utf8), url: url)
    #expect(sitemap.entries.map(\.loc.pathname) == ["/a"])
    #expect(sitemap.isCut)
  }

  @Test(arguments: [true, false])
  func utf32IsRead(isBigEndian: Bool) throws {
    let units = "<urlset><url><loc>/ü</loc></url></urlset>".unicodeScalars.flatMap { scalar in
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> ($0 * 8)) }
      return isBigEndian ? bytes.reversed() : bytes
    }
    #expect(try read(units).entries.map(\.loc.pathname) == ["/%C3%BC"])
  }
}

@Suite("SitemapReader: hostile files", .timeLimit(.minutes(5)))
struct HostileSitemapTests {
  private func read(_ text: String) throws -> Sitemap {
    let url = try #require(WebURL("http://e.org/s.xml"))
    return SitemapReader().read(Array(text.utf8), url: url)
  }

  private static let page = "<url><loc>http://e.org/1</loc></url>"

  /// Before and after many pieces of hostile text.
  @Test(arguments: [
    ("<x ", "a='' ", "/>"), ("<x ", "xmlns:a='u' ", "/>"), ("", "<![CDATA[", ""), ("", "<!--", ""),
    ("<url><loc>", "&", "</loc></url></urlset>"), ("<!DOCTYPE x [ '", "]>", ""),
    ("<a b='", "xxxxxxxxxxxxxxxx", "'/>"),
  ])
  func theyCostNoMoreThanOthers(start: String, piece: String, end: String) throws {
    let text = "<urlset>" + Self.page + start + String(repeating: piece, count: 50_000) + end
    #expect(try read(text).entries.map(\.loc.href) == ["http://e.org/1"])
  }

  @Test func defaultsOfAttributesMeanNothing() throws {
    let defaults = (0..<20_000).map { "a\($0) CDATA 'v' " }.joined()
    let text = "<!DOCTYPE urlset [<!ATTLIST x \(defaults)>]><urlset>" + Self.page
    #expect(
      try read(text + String(repeating: "<x/>", count: 20_000)).entries.map(\.loc.href)
        == ["http://e.org/1"])
  }

  @Test func documentTypesMayHoldAnything() throws {
    let sitemap = try read(
      "<!DOCTYPE u [<!ENTITY a ']>'><!-- ]> \" --><!ELEMENT u (x)>]><urlset>\(Self.page)</urlset>")
    #expect(sitemap.entries.count == 1)
    #expect(!sitemap.isDamaged)
  }
}
