import GossamerExtract
import GossamerMarkup
import GossamerURL
import Testing

/// Parses and extracts in one step.
func extract(
  _ html: String, url: String = "https://example.org/2024/05/story", mode: ExtractionMode = .main,
  preference: ExtractionPreference = .balanced
) throws -> ExtractedContent {
  let url = try #require(WebURL(url))
  let document = try HTMLDocument(parsing: html)
  return ContentExtractor(mode: mode, preference: preference)
    .extract(from: document, url: url, metadata: PageMetadata(of: document, url: url))
}

@Suite("Main content")
struct ContentExtractorTests {
  @Test func articleIsKeptAndWhatSurroundsItIsNot() throws {
    let content = try extract(Fixtures.article)
    for sentence in Fixtures.articleSentences { #expect(content.text.contains(sentence)) }
    for stranger in [
      "Subscribe to our newsletter", "Privacy policy", "First! Great read", "Ten hidden beaches",
      "Sports",
    ] {
      #expect(!content.text.contains(stranger), "\(stranger)")
    }
    #expect(content.headings.map(\.text) == ["What the keepers remember"])
    #expect(content.evidence.source == .scorer)
    #expect(content.wordCount > 150)
  }

  @Test func everyBlockIsOneLine() throws {
    let content = try extract(Fixtures.article)
    let lines = content.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(!lines.contains { $0.isEmpty || $0.hasPrefix(" ") || $0.contains("  ") })
  }

  @Test func itemsOfAListingAreItsContent() throws {
    let content = try extract(Fixtures.listing, url: "https://example.org/category/lamps")
    #expect(content.text.contains("Brass desk lamp number 3"))
    #expect(content.text.contains("Brass desk lamp number 17"))
  }

  @Test func postsOfAForumAreItsContent() throws {
    let content = try extract(Fixtures.forum, url: "https://forum.example.org/viewtopic?t=12")
    for post in 1...5 { #expect(content.text.contains("valve number \(post)")) }
  }

  @Test(arguments: [
    "<p hidden>SECRET</p>", "<p style='display:none'>SECRET</p>",
    "<div style='color:red; VISIBILITY : hidden'><p>SECRET</p></div>",
    "<span aria-hidden=true>SECRET</span>", "<p>Shown <b style='display: none'>SECRET</b></p>",
    "<script>SECRET</script>", "<template><p>SECRET</p></template>",
  ])
  func hiddenTextIsRemoved(hidden: String) throws {
    let html = "<body><article>\(Fixtures.prose(8))\(hidden)\(Fixtures.prose(4))</article>"
    for mode in [ExtractionMode.main, .all] {
      let content = try extract(html, mode: mode)
      #expect(!content.text.contains("SECRET"))
      #expect(!content.markdown.contains("SECRET"))
      #expect(content.text.contains("lighthouse"))
    }
  }

  @Test(arguments: ["<p>Only this.</p>", "<div>Home</div>", "<nav><a href=/>Start</a></nav>"])
  func littleTextIsBetterThanNone(html: String) throws {
    #expect(try !extract("<body>\(html)").text.isEmpty)
  }

  @Test(arguments: ["", " ", "<p></p>", "<img src=a.png>", "<script>x</script>"])
  func pagesWithoutTextGiveNone(html: String) throws {
    let content = try extract(html)
    #expect(content.text.isEmpty)
    #expect(content.wordCount == 0)
    #expect(content.language == nil)
  }

  @Test func modesTakeAllOrNothing() throws {
    #expect(try extract(Fixtures.article, mode: .all).text.contains("Privacy policy"))
    #expect(try extract(Fixtures.article, mode: .none).text.isEmpty)
    #expect(try extract(Fixtures.article, mode: .none).markdown.isEmpty)
  }

  @Test func recallKeepsNoLessThanPrecision() throws {
    let precise = try extract(Fixtures.listing, preference: .precision)
    let wide = try extract(Fixtures.listing, preference: .recall)
    #expect(wide.wordCount >= precise.wordCount)
  }

  @Test func hostilePagesTakeLinearTime() throws {
    func time(_ copies: Int, _ part: String) throws -> Duration {
      let html = "<body>" + String(repeating: part, count: copies)
      let url = try #require(WebURL("https://example.org/"))
      let document = try HTMLDocument(parsing: html)
      let metadata = PageMetadata(of: document, url: url)
      return ContinuousClock().measure {
        _ = ContentExtractor().extract(from: document, url: url, metadata: metadata)
      }
    }
    for part in [
      "<div><p>some words, and more of them", "<table><tr><td>a<td>b", "<b><i><a href=x>y",
      "<ul><li>x", "<p>x<br><br>", "<pre><code>``` a", "<blockquote>q",
    ] {
      let short = try time(2_000, part)
      let long = try time(16_000, part)
      #expect(long < short * 40 + .milliseconds(200), "\(part): \(short), then \(long)")
    }
  }
}
