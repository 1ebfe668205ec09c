import Foundation
import GossamerBytes
import GossamerTestKit
import GossamerURL
import Testing

@testable import GossamerMarkup

@Suite(
  "Links of other crawlers' and the browsers' suites", .timeLimit(.minutes(5)),
  .enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
struct LinkConformanceTests {
  private static let all = LinkExtractor(selection: .all, limit: .max)

  /// A page as the suites give it.
  private struct Page: Decodable {
    let bytes: [UInt8]
    private enum CodingKeys: String, CodingKey { case html, html_base64, html_gzip_base64 }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      if let html = try container.decodeIfPresent(String.self, forKey: .html) {
        bytes = Array(html.utf8)
      } else if let data = try container.decodeIfPresent(Data.self, forKey: .html_base64) {
        bytes = Array(data)
      } else {
        let data = try container.decode(Data.self, forKey: .html_gzip_base64)
        bytes = ContentDecoder.decode(Array(data), codings: [.gzip], limit: 1 << 30).0
      }
    }

    func links(url: String, encoding: String? = nil) throws -> PageLinks {
      let url = try #require(WebURL(url.isEmpty ? "about:blank" : url))
      let type = "text/html; charset=" + (encoding ?? "utf-8")
      let decoded = CharsetDetector().decode(bytes, contentType: type)
      return LinkConformanceTests.all.links(
        of: try HTMLDocument(parsing: decoded.utf8), url: url, encoding: decoded.verdict.encoding)
    }

    var endsInTag: Bool {
      bytes.lastIndex(of: 0x3C).map { !bytes[$0...].contains(0x3E) } ?? false && bytes.count < 1000
    }

    /// More attributes in one tag than any page has.
    var hasTooManyAttributes: Bool {
      bytes.count > 100_000 && !bytes.dropFirst(8).dropLast().contains(0x3E)
    }
  }

  private struct Options: Decodable {
    let encoding: String?
    let ignore_tags: [String]?
    let tags: String?
    let attrs: String?
    let canonicalize: String?
    let follow_form_get_actions: Bool?
  }

  // MARK: html-links

  private struct LinksCase: Decodable {
    struct Link: Decodable {
      let url: String
      let text: String?
    }
    let id: String
    let source: String
    let document_url: String
    let html: String
    let page: Page
    let links: [Link]
    let complete: Bool
    let options: Options?

    private enum CodingKeys: String, CodingKey {
      case id, source, document_url, html, links, complete, options
    }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      id = try container.decode(String.self, forKey: .id)
      source = try container.decode(String.self, forKey: .source)
      document_url = try container.decode(String.self, forKey: .document_url)
      html = try container.decode(String.self, forKey: .html)
      links = try container.decode([Link].self, forKey: .links)
      complete = try container.decode(Bool.self, forKey: .complete)
      options = try container.decodeIfPresent(Options.self, forKey: .options)
      page = try Page(from: decoder)
    }

    /// Whether a link is of those the source looks for under its options.
    func wants(_ link: ExtractedLink) -> Bool {
      if source == "apache/nutch" {
        return !link.qualifiers.contains(.nofollow)
          && (link.kind != .form || options?.follow_form_get_actions ?? true)
      }
      guard source == "scrapy/scrapy" else { return true }
      let tags = options?.tags ?? "'a', 'area'"
      let isAny = tags.contains("*")
      let attributes = options?.attrs ?? "'href'"
      return switch link.kind {
      case .anchor: (isAny || tags.contains("'a'")) && !attributes.contains("data-")
      case .area: isAny || tags.contains("'area'")
      case .hint: (isAny || tags.contains("'div'")) && !attributes.contains("href")
      default: false
      }
    }
  }

  @Test func linksOfPagesAreFound() throws {
    var score = SuiteScore<LinksCase>(
      "html-links",
      exceptions: [
        (
          "href on a span is no link",
          { $0.html.contains("<span href") && $0.options?.tags == "'*'" }
        ),
        (
          "links of a page whose robots meta says nofollow are listed, and not followed",
          { $0.html.contains("name='robots'") && $0.links.isEmpty }
        ),
        (
          "the order of parameters is kept",
          { $0.options?.canonicalize != nil && $0.html.contains("?b=2&a=1") }
        ),
      ])
    for item in try ConformanceData.json("linkextract/html-links.json", as: [LinksCase].self) {
      let found = try item.page.links(url: item.document_url).links.filter(item.wants)
      let isCanonical = item.options?.canonicalize != nil
      let got = Set(found.map { isCanonical ? canonical($0.url) : $0.url.href })
      let wanted = Set(item.links.compactMap { WebURL($0.url)?.href })
      let isMet = item.complete ? got == wanted : got.isSuperset(of: wanted)
      score.count(item, item.id, isMet: isMet, "\(got) for \(wanted)")
    }
    score.report()
  }

  private func canonical(_ url: WebURL) -> String { CanonicalURL(url)?.string ?? url.href }

  // MARK: base and refresh

  private struct BaseCase: Decodable {
    let page: Page
    let base_url: String
    let result: String
    let options: Options?
    private enum CodingKeys: String, CodingKey { case base_url, result, options }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      base_url = try container.decode(String.self, forKey: .base_url)
      result = try container.decode(String.self, forKey: .result)
      options = try container.decodeIfPresent(Options.self, forKey: .options)
      page = try Page(from: decoder)
    }
  }

  @Test func basesOfPagesAreFound() throws {
    var score = SuiteScore<BaseCase>("base-url-documents", exceptions: [])
    let cases = try ConformanceData.json("linkextract/base-url-documents.json", as: [BaseCase].self)
    for (index, item) in cases.enumerated() {
      let found = try item.page.links(url: item.base_url, encoding: item.options?.encoding)
      let wanted = WebURL(item.result.isEmpty ? "about:blank" : item.result)
      score.count(
        item, "\(index)", isMet: found.base == wanted, "\(found.base) for \(item.result)")
    }
    score.report()
  }

  private struct RefreshCase: Decodable {
    let page: Page
    let base_url: String
    let url: String?
    let options: Options?
    private enum CodingKeys: String, CodingKey { case base_url, url, options }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      base_url = try container.decode(String.self, forKey: .base_url)
      url = try container.decodeIfPresent(String.self, forKey: .url)
      options = try container.decodeIfPresent(Options.self, forKey: .options)
      page = try Page(from: decoder)
    }
  }

  @Test func refreshesOfPagesAreFound() throws {
    var score = SuiteScore<RefreshCase>(
      "meta-refresh-documents",
      exceptions: [
        (
          "of equal attributes the first counts, as in browsers",
          { $0.page.hasTooManyAttributes && $0.options != nil && $0.url != nil }
        ),
        ("a tag that the page ends in is none, as in browsers", { $0.page.endsInTag }),
        (
          "an option of the source: look into script and noscript, where no element is",
          { item in
            item.options?.ignore_tags?.isEmpty == true && !item.page.hasTooManyAttributes
          }
        ),
      ])
    let cases = try ConformanceData.json(
      "linkextract/meta-refresh-documents.json", as: [RefreshCase].self)
    for (index, item) in cases.enumerated() {
      let found = try item.page.links(url: item.base_url, encoding: item.options?.encoding)
        .links.first { $0.kind == .refresh }?.url
      score.count(
        item, "\(index)", isMet: found == item.url.flatMap { WebURL($0) },
        "\(found?.href ?? "none") for \(item.url ?? "none")")
    }
    score.report()
  }

  @Test func refreshesAgreeWithTheStandard() throws {
    struct Case: Decodable {
      let id: String
      let content: String
      let url: String?
      let refresh: Bool
    }
    var score = SuiteScore<Case>("meta-refresh-attribute")
    for item in try ConformanceData.json("linkextract/meta-refresh-attribute.json", as: [Case].self)
    {
      let text = Array(item.content.utf8)
      let found = MetaRefresh(text[...])
      let target = found?.target.map { String(decoding: text[$0], as: UTF8.self) }
      // The suite shows what a URL parser makes of it: without spaces at the ends, tabs, line ends.
      let parsed = target?.trimmingCharacters(in: .whitespaces).filter { !"\t\n\r".contains($0) }
      let isMet = (found != nil) == item.refresh && (parsed ?? "") == (item.url ?? "")
      score.count(item, item.id, isMet: isMet, "\(item.content): \(parsed ?? "none")")
    }
    score.report()
  }

  // MARK: srcset, CSS, WARC

  @Test func sourceSetsAgreeWithTheStandard() throws {
    struct Case: Decodable {
      struct Candidate: Decodable {
        let url: String
        let w: Int?
        let x: Double?
      }
      let id: String
      let srcset: String
      let candidates: [Candidate]
    }
    var score = SuiteScore<Case>("srcset")
    for item in try ConformanceData.json("linkextract/srcset.json", as: [Case].self) {
      let text = Array(item.srcset.utf8)
      let found = SourceSet.candidates(in: text[...]).filter(\.isValid)
      let isMet =
        found.map { String(decoding: text[$0.url], as: UTF8.self) } == item.candidates.map(\.url)
        && found.map(\.width) == item.candidates.map(\.w)
        && found.map(\.density) == item.candidates.map(\.x)
      score.count(item, item.id, isMet: isMet, "\(item.srcset): \(found)")
    }
    score.report()
  }

  @Test func addressesInStyleSheetsAreFound() throws {
    struct Case: Decodable {
      let css: String?
      let base: String?
      let links: [String]?
    }
    var score = SuiteScore<Case>("css-links")
    let base = try #require(WebURL("http://www.example.com/"))
    for item in try ConformanceData.json("linkextract/css-links.json", as: [Case].self) {
      let quotes = String(repeating: "'", count: 500_000)
      let css = item.css ?? "url(" + quotes + "foo.gif" + quotes.dropLast(1000)
      let url = item.base.flatMap { WebURL($0) } ?? base
      let found = Self.all.links(ofStyleSheet: Array(css.utf8), url: url).links.map(\.url)
      let isMet = item.links.map { $0.compactMap { WebURL($0, base: url) } == found } ?? true
      score.count(item, String(css.prefix(60)), isMet: isMet, "\(found)")
    }
    score.report()
  }

  @Test func linksOfArchivedPagesAreFound() throws {
    struct Archive: Decodable {
      struct Record: Decodable {
        let name: String
        let links: [[String]]
      }
      let records: [Record]
    }
    let archive = try ConformanceData.json("linkextract/warc-links.json", as: Archive.self)
    let text = String(
      decoding: try ConformanceData.bytes("warc/iipc-link-extraction-test.warc"), as: UTF8.self
    ).replacing("\r\n", with: "\n")
    let pages = text.components(separatedBy: "WARC/1.0\n").dropFirst(2).compactMap { record in
      record.components(separatedBy: "\n\n").dropFirst(2).joined(separator: "\n\n")
    }
    try #require(pages.count == archive.records.count)
    var score = SuiteScore<[String]>("warc-links")
    for (record, page) in zip(archive.records, pages) {
      let url = try #require(WebURL("http://www.example.com/dir/page.html"))
      let found = Self.all.links(of: try HTMLDocument(parsing: page), url: url)
      for link in record.links {
        // The suite has values before character references are resolved.
        let wanted = WebURL(link[0].replacing("&amp;", with: "&"), base: found.base)
        let isMet =
          link[1] == "__base__"
          ? found.base == wanted
          : found.links.contains {
            $0.url == wanted && (link[1] == "__meta_refresh__") == ($0.kind == .refresh)
          }
        score.count(link, "\(record.name) \(link)", isMet: isMet, "not found")
      }
    }
    score.report()
  }

  @Test func queriesAreInTheEncodingOfThePage() throws {
    struct Case: Decodable {
      let input: String
      let output: [String: String]
    }
    /// The file has remarks between its cases.
    struct Item: Decodable {
      let value: Case?
      init(from decoder: any Decoder) throws { value = try? Case(from: decoder) }
    }
    let base = try #require(WebURL("https://example.org/"))
    var score = SuiteScore<(input: String, encoding: String)>(
      "percent-encoding",
      exceptions: [
        (
          "shift characters of ISO-2022-JP stand for themselves",
          {
            $0.encoding == "iso-2022-jp" && $0.input.contains("\u{E}")
          }
        )
      ])
    for item in try ConformanceData.json("url/percent-encoding.json", as: [Item].self)
      .compactMap(\.value)
    {
      for (name, wanted) in item.output {
        let encoding = try #require(TextEncoding(label: name))
        let html = Array("<a href='/?\(item.input)'>x</a>".utf8)
        let found = Self.all.links(
          of: try HTMLDocument(parsing: html), url: base, encoding: encoding
        ).links.first?.url.search
        score.count(
          (item.input, name), "\(item.input) \(name)", isMet: found == "?" + wanted,
          "\(found ?? "none") for \(wanted)")
      }
    }
    score.report()
  }
}
