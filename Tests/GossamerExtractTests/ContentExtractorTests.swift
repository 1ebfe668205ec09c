import Foundation
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

  @Test(arguments: [
    ("<div class=accordion-body aria-hidden=true>", true, "an answer to open"),
    ("<div role=tabpanel hidden>", true, "a tab"),
    ("<div class='tab-pane' style='display:none'>", true, "a tab by its name"),
    ("<div class='menu collapse' aria-hidden=true>", false, "a menu to open"),
    ("<div class='cookie-panel' hidden>", false, "what asks for consent"),
    ("<div class=accordion style='font-size:0'>", false, "what cannot be seen when opened"),
  ])
  func whatReadersOpenIsShown(tag: String, isShown: Bool, _: String) throws {
    let hidden = "\(tag)<p>The answer is FOLDED in the second drawer of the desk.</p></div>"
    let html = "<body><main>\(Fixtures.prose(4))\(hidden)\(Fixtures.prose(2))</main>"
    #expect(try extract(html, mode: .all).text.contains("FOLDED") == isShown)
  }

  @Test func commentsAreContentOfThreadsAlone() throws {
    let comments = (1...8).map {
      "<li class=comment><p>Reader \($0) says that the lamp, which I saw in May, was dark.</p></li>"
    }
    let html = """
      <title>The lighthouse</title><body><main><h1>The lighthouse</h1>\(Fixtures.prose(5))
      <div id=comments><ol class=comment-list>\(comments.joined())</ol></div></main>
      """
    let article = try extract(html, url: "https://example.org/2024/05/the-last-thread")
    #expect(!article.text.contains("Reader 3"))
    #expect(article.comments.contains("Reader 3"))
    let thread = try extract(html, url: "https://example.org/threads/the-lighthouse.12/")
    #expect(thread.text.contains("Reader 3"))
  }

  @Test func howSignsAreReadIsNoText() throws {
    let content = try extract(
      "<p>\(Fixtures.prose(3))<p><ruby>法律<rp>(</rp><rt>ほうりつ</rt><rp>)</rp></ruby>です。", mode: .all)
    #expect(content.text.hasSuffix("法律です。"))
    #expect(content.markdown.hasSuffix("法律です。"))
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

  /// Ends within the limit only if time grows with the page, not with its square.
  @Test(
    .timeLimit(.minutes(5)), .serialized,
    arguments: [
      "<div><p>some words, and more of them", "<table><tr><td>a<td>b", "<b><i><a href=x>y",
      "<ul><li>x", "<p>x<br><br>", "<pre><code>``` a", "<blockquote>q",
    ])
  func hostilePagesComeToAnEnd(part: String) throws {
    let html = "<body>" + String(repeating: part, count: 4_000)
    let url = try #require(WebURL("https://example.org/"))
    let document = try HTMLDocument(parsing: html)
    let metadata = PageMetadata(of: document, url: url)
    let content = ContentExtractor().extract(from: document, url: url, metadata: metadata)
    #expect(content.wordCount >= 0 && content.text.utf8.count <= html.utf8.count)
  }
}

@Suite("Beside the main text")
struct ContentBesidesTests {
  @Test(arguments: [
    ("<p style='font-size:0px'>buy now</p>", 7), ("<p style='text-indent:-9999px'>buy now</p>", 7),
    ("<div aria-hidden=true><b>buy now</b></div>", 7), ("<p hidden>buy now</p>", 7),
    ("<p style='opacity:0'>shown later</p>", 0), ("<p style='font-size:0.9em'>small</p>", 0),
  ])
  func hiddenTextIsCounted(html: String, length: Int) throws {
    let content = try extract("<body>\(Fixtures.prose(6))\(html)", mode: .all)
    #expect(content.evidence.hiddenLength == length)
    #expect(content.text.contains("buy now") == false)
  }

  @Test func charactersThatNobodySeesAreLeftOut() throws {
    let tagged = "one\u{200B}two th\u{AD}ree \u{E0041}\u{E0042}four \u{200D}\u{200C}\u{200D}five"
    let content = try extract("<p>\(tagged)</p>", mode: .all)
    #expect(content.text == "onetwo three four five")
    #expect(content.markdown == "onetwo three four five")
    #expect(content.evidence.invisibleCount == 7)
    #expect(try extract("<p>👩\u{200D}🔬 می\u{200C}خواهم</p>", mode: .all).text.utf8.count == 29)
  }

  @Test(arguments: [
    "<header><div><button class=menu><div>Menu</div><main>PROSE</main></header>",
    "<p>Loading</p><div hidden id='S:0'><main>PROSE</main></div>",
  ])
  func pagesInsideWhatIsNotShownAreFound(page: String) throws {
    let filler = String(repeating: "<i></i>", count: 100)
    let html = page.replacingOccurrences(of: "PROSE", with: Fixtures.prose(12) + filler)
    #expect(try extract("<body>" + html).text.contains("the lamp burned well"))
  }

  @Test func imagesHaveTheirCaptions() throws {
    let content = try extract(
      """
      <p>Text.</p><figure><img src="/a.png" alt="Lamp"><figcaption>The old lamp</figcaption></figure>
      """, url: "https://example.org/", mode: .all)
    #expect(
      content.images.map { "\($0.url) \($0.description) \($0.caption ?? "")" } == [
        "https://example.org/a.png Lamp The old lamp"
      ])
  }

  @Test func commentsStandApart() throws {
    let content = try extract(
      """
      <article>\(Fixtures.prose(8))</article><div class="comments"><div class="comment">
      <p>I was there and it was not like that at all, my dear friends.</p></div></div>
      """)
    #expect(!content.text.contains("my dear friends"))
    #expect(content.comments.contains("my dear friends"))
  }

  @Test func directionAndTokensAreTold() throws {
    let arabic = try extract("<p>البيت على التل من أقدم البيوت في البلاد ولن يباع</p>", mode: .all)
    #expect(arabic.direction == .rightToLeft)
    let english = try extract("<p>\(String(repeating: "word ", count: 80))</p>", mode: .all)
    #expect(english.direction == .leftToRight)
    #expect(english.tokenEstimate == 100)
  }
}
