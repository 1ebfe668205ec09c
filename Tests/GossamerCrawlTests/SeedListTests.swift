import GossamerCrawl
import GossamerURL
import Testing

@Suite("Seed files")
struct SeedListTests {
  func list(_ text: String) throws -> [String] {
    var seeds = SeedList()
    try seeds.add(contentsOf: text.utf8, file: "seeds.txt")
    return seeds.seeds.map(\.url.string)
  }

  @Test func commentsBlanksAndMarksArePassedOver() throws {
    let text =
      "\u{FEFF}# heading\r\n\r\nhttps://example.org/ # home\r\n  https://example.org/#top\r\nexample.com/a"
    #expect(try list(text) == ["https://example.org/", "https://example.com/a"])
  }

  @Test func settingsOfASeedAreTaken() throws {
    var seeds = SeedList()
    try seeds.add(contentsOf: "https://a.example/ depth=2 scope=any".utf8, file: "s")
    #expect(seeds.seeds.first?.maximumDepth == 2)
    #expect(seeds.seeds.first?.scope == .any)
  }

  @Test(arguments: [
    ("https://a.example/\nnonsense here", "seeds.txt:2"),
    ("ftp://a.example/", "seeds.txt:1"),
    ("https://a.example/ depth=-1", "depth=-1"),
    ("https://a.example/ color=red", "color=red"),
    ("\u{0}\u{1}\u{2}binary", "not a text file"),
    ("\n\n\nhttp://[::1/", "seeds.txt:4"),
  ])
  func aBadLineIsNamed(text: String, expected: String) {
    let error = #expect(throws: SeedError.self) { try list(text) }
    #expect(error?.description.contains(expected) == true)
  }

  @Test func aBadFileAddsNothing() {
    var seeds = SeedList()
    #expect(throws: SeedError.self) {
      try seeds.add(contentsOf: "https://a.example/\n:::".utf8, file: "s")
    }
    #expect(seeds.seeds.isEmpty)
  }
}

@Suite("Scope")
struct CrawlScopeTests {
  func verdict(
    _ mode: CrawlScope.Mode, _ link: String, include: [String] = [], exclude: [String] = [],
    from seed: String? = nil
  ) throws -> CrawlScope.Verdict {
    var seeds = SeedList()
    try seeds.add(url: "https://www.example.co.uk/docs/start")
    let scope = try CrawlScope(mode: mode, seeds: seeds, include: include, exclude: exclude)
    return scope.verdict(
      for: try #require(CanonicalURL(link)), from: seed.flatMap(CanonicalURL.init))
  }

  @Test(arguments: [
    (CrawlScope.Mode.host, "http://www.example.co.uk/other", true),
    (.host, "https://example.co.uk/", false),
    (.domain, "https://blog.example.co.uk/", true),
    (.domain, "https://other.co.uk/", false),
    (.prefix, "https://www.example.co.uk/docs/more", true),
    (.prefix, "https://www.example.co.uk/shop", false),
    (.any, "https://elsewhere.example/", true),
  ])
  func theModeMeasuresTheDistance(mode: CrawlScope.Mode, link: String, inside: Bool) throws {
    #expect((try verdict(mode, link) == .inside) == inside)
  }

  @Test func excludeWinsOverIncludeAndIsNamed() throws {
    let link = "https://www.example.co.uk/docs/a.pdf"
    #expect(
      try verdict(.host, link, include: ["docs"], exclude: [#"\.pdf$"#])
        == .outside(rule: #"exclude \.pdf$"#))
    #expect(try verdict(.host, link, include: ["shop"]) == .outside(rule: "include"))
  }

  @Test func whereASeedRedirectedToIsInside() throws {
    let link = "https://new.example/page"
    #expect(try verdict(.host, link) != .inside)
    #expect(try verdict(.host, link, from: "https://new.example/") == .inside)
  }

  @Test func aBrokenExpressionIsRefusedWithAdvice() {
    let error = #expect(throws: PatternError.self) {
      try CrawlScope(mode: .any, seeds: SeedList(), include: ["("])
    }
    #expect(error?.description.contains("'('") == true)
  }
}

@Suite("Scope by SURT prefixes")
struct SURTPrefixesTests {
  private let list = """
    # What we collect
    http://(org,example,      # as Heritrix writes it
    -org,example,shop
    +net,example,www)/docs/
    https://port.example.net:8443/a
    com,example)/a
    - com,example)/a/b
    """

  @Test(arguments: [
    ("https://example.org/x", true), ("http://www.example.org/", true),
    ("http://deep.blog.example.org/", true), ("http://shop.example.org/", false),
    ("http://a.shop.example.org/cart", false), ("http://examples.org/", nil),
    ("http://example.net/docs/", true), ("http://example.net/docs", true),
    ("http://example.net/docs/x?y", true), ("http://example.net/docsx", nil),
    ("http://other.example.net/docs/", nil), ("https://port.example.net:8443/abc", true),
    ("https://port.example.net/abc", nil), ("http://example.com/abc", true),
    ("http://example.com/a/b/c", false), ("http://example.com/A/x", true),
    ("http://example.com/", nil), ("http://sub.example.com/a", nil),
  ])
  func theLongestThatFitsDecides(link: String, isInside: Bool?) throws {
    var seeds = SeedList()
    try seeds.add(url: "http://seed.invalid/")
    let scope = try CrawlScope(
      mode: .host, seeds: seeds, surts: SURTPrefixes(parsing: list))
    let verdict = scope.verdict(for: try #require(CanonicalURL(link)))
    switch isInside {
    case true?: #expect(verdict == .inside)
    case false?:
      guard case .outside(let rule) = verdict else { return #expect(verdict != .inside) }
      #expect(rule.hasPrefix("SURT prefix -"))
    case nil: #expect(verdict == .outside(rule: "scope host"))
    }
  }

  @Test(arguments: ["/docs", "ok\n,", ")/x", "http://[/"])
  func whatIsNoPrefixIsNamedWithItsLine(text: String) {
    let error = #expect(throws: SURTPrefixError.self) { try SURTPrefixes(parsing: text) }
    #expect(error?.description.contains("(line \(text.hasPrefix("ok") ? 2 : 1))") == true)
  }
}
