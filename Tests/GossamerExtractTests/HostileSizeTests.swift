import GossamerExtract
import GossamerMarkup
import GossamerURL
import Testing

/// Pages made to take time or stack: what takes quadratic time on these sizes does not come to an
/// end within the limit, and what recurses overflows.
@Suite("Pages of hostile size", .serialized, .timeLimit(.minutes(5)))
struct HostileSizeTests {
  enum Page: String, CaseIterable, CustomTestStringConvertible {
    case divisions = "100,000 levels of div"
    case lists = "10,000 levels of lists"
    case quotes = "10,000 levels of quotes"
    case siblings = "100,000 siblings"
    case headings = "10,000 headings"
    case links = "10,000 links"
    case cells = "10,000 cells that span others"
    case code = "10,000 lines of code"
    case buttons = "10,000 buttons"
    case names = "10,000 names"
    case attributes = "40,000 attributes"
    case className = "a class of 100 kB"
    case endTags = "10,000 end tags that end nothing"
    case invisible = "100,000 characters without width"

    var testDescription: String { rawValue }

    var body: String {
      switch self {
      case .divisions: many("<div>", 100_000) + Self.prose
      case .lists: many("<ul><li>") + Self.prose
      case .quotes: many("<blockquote>") + Self.prose
      case .siblings: Self.prose + many("<p>a b c</p>", 100_000)
      case .headings: Self.prose + many("<h2>One of many</h2>")
      case .links: Self.prose + many("<a href='/a'>b</a> ")
      case .cells: Self.prose + "<table><tr>" + many("<td colspan=200 rowspan=900>a")
      case .code: Self.prose + "<pre>" + many("<code>a = 1</code>\n")
      case .buttons: many("<button>a</button>") + Self.prose
      case .names: Self.prose + (0..<10_000).map { "<p class=a\($0)>a b</p>" }.joined()
      case .attributes:
        "<p " + (0..<40_000).map { "a\($0)=b" }.joined(separator: " ") + ">" + Self.prose
      case .className: "<div class='" + many("comment ") + "'>" + Self.prose
      case .endTags: many("<div>", 1_000) + many("</section>") + Self.prose
      case .invisible: "<p>" + many("\u{200B}", 100_000) + Self.prose
      }
    }

    private static let prose = Fixtures.prose(3)

    private func many(_ text: String, _ count: Int = 10_000) -> String {
      String(repeating: text, count: count)
    }
  }

  @Test(arguments: Page.allCases)
  func isReadToItsEnd(page: Page) throws {
    let url = try #require(WebURL("https://example.org/a"))
    let document = try HTMLDocument(parsing: "<title>The lighthouse</title><body>" + page.body)
    let metadata = PageMetadata(of: document, url: url)
    _ = ContentByline(of: document, metadata: metadata, url: url)
    _ = ContentTitle.of(document, metadata: metadata)
    let content = ContentExtractor().extract(from: document, url: url, metadata: metadata)
    #expect(!content.text.isEmpty)
    let all = ContentExtractor(mode: .all).extract(from: document, url: url, metadata: metadata)
    let isWhole = all.text.contains("out of tea") && all.markdown.contains("out of tea")
    #expect(isWhole)
  }

  /// Twice the page is twice the work: what is nested is not written once more for each level.
  @Test(arguments: ["<ul><li>a ", "<blockquote>a ", "<table><tr><td>a ", "<p>a "])
  func outputGrowsNoFasterThanInput(part: String) throws {
    let lengths = try [400, 800].map { count in
      try extract(String(repeating: part, count: count), mode: .all).markdown.utf8.count
    }
    #expect(lengths[1] <= lengths[0] * 5 / 2)
  }
}
