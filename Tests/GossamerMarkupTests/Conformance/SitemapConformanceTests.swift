import Foundation
import GossamerBytes
import GossamerTestKit
import GossamerURL
import Testing

@testable import GossamerMarkup

@Suite(
  "Sitemaps and feeds of other crawlers' suites",
  .enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
struct SitemapConformanceTests {
  private struct SitemapCase: Decodable {
    struct Entry: Decodable {
      let loc: String
      let lastmod: String?
      let lastmod_utc: String?
      let changefreq: String?
      let priority: Priority?
    }
    struct Options: Decodable { let strict: Bool? }
    /// A number here, text there; the source's 0.5 for "not said" is not told from one that is.
    struct Priority: Decodable {
      let value: Double?
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = try (try? container.decode(Double.self)) ?? Double(container.decode(String.self))
      }
    }
    let id: String
    let file: String?
    let url: String?
    let content_type: String?
    let options: Options?
    let locs: [String]?
    let entries: [Entry]?
    let raw_entries: [Entry]?
    let error: String?
  }

  @Test func filesOfOtherToolsAreRead() throws {
    var score = SuiteScore<SitemapCase>(
      "sitemaps",
      exceptions: [
        (
          "damaged and foreign files are salvaged, not refused",
          { $0.error != nil && !($0.file ?? "").hasSuffix(".txt") }
        )
      ])
    for item in try ConformanceData.json("sitemaps/vectors.json", as: [SitemapCase].self) {
      guard let file = item.file else { continue }
      let found = try read(item, file)
      let wanted = item.entries ?? item.raw_entries ?? []
      let locs = Set((item.locs ?? wanted.map(\.loc)).compactMap { WebURL($0)?.href })
      let isMet = Set(found.entries.map(\.loc.href)) == locs && factsFit(found.entries, wanted)
      score.count(item, item.id, isMet: isMet, "\(file) \(found.entries) for \(locs)")
    }
    score.report()
  }

  private func read(_ item: SitemapCase, _ file: String) throws -> Sitemap {
    var bytes = Array(try ConformanceData.bytes("sitemaps/\(file)"))
    if bytes.starts(with: [0x1F, 0x8B]) {
      bytes = ContentDecoder.decode(bytes, codings: [.gzip], limit: 50 << 20).0
    }
    let url = try #require(WebURL(item.url ?? "http://www.example.com/sitemap.xml"))
    // The source is strict about what lies in other folders, but about no other host.
    let isElsewhere = item.entries?.contains { WebURL($0.loc)?.origin != url.origin } ?? false
    let isStrict = item.error == nil && item.options?.strict == true && !isElsewhere
    let reader = SitemapReader(staysInFolder: isStrict)
    return reader.read(bytes, url: url, contentType: item.content_type)
  }

  private func factsFit(_ entries: [SitemapEntry], _ wanted: [SitemapCase.Entry]) -> Bool {
    wanted.allSatisfy { want in
      let url = WebURL(want.loc)
      guard let entry = entries.first(where: { $0.loc == url }) else { return false }
      if let date = want.lastmod_utc, entry.modifiedAt != SitemapDate.seconds(date) { return false }
      if let text = want.lastmod, (entry.lastmod ?? "") != text { return false }
      if let frequency = want.changefreq, entry.changefreq != frequency { return false }
      return want.priority.map { abs((entry.priority ?? 0.5) - ($0.value ?? 0.5)) < 1e-6 } ?? true
    }
  }

  private struct FeedCase: Decodable {
    struct Links: Decodable { let entries: [Entry]? }
    struct Entry: Decodable { let link: String? }
    let file: String
    let content: String
    let links: Links?
  }

  @Test func linksOfFeedsAreFound() throws {
    var score = SuiteScore<FeedCase>(
      "feeds links",
      exceptions: [
        (
          "a whole address in a guid or rdf:about is taken where there is no link",
          { item in
            item.links?.entries?.allSatisfy { $0.link == nil } ?? true
              && (item.content.contains("<guid isPermaLink=\"false\">http")
                || item.content.contains("<item rdf:about=\"http"))
              && !item.content.contains("<link>http")
          }
        )
      ])
    for item: FeedCase in try lines("feeds/links.jsonl") {
      let url = try #require(WebURL("http://127.0.0.1:8097/tests/\(item.file)"))
      let found = SitemapReader().read(
        Array(item.content.utf8), url: url, contentType: "text/xml; charset=utf-8")
      let wanted = Set(
        (item.links?.entries ?? []).compactMap(\.link).compactMap { WebURL($0)?.href })
      let got = Set(found.entries.map(\.loc.href))
      score.count(item, item.file, isMet: got == wanted, "\(got) for \(wanted)")
    }
    score.report()
  }

  private struct EncodingCase: Decodable {
    let file: String
    let content: String?
    let content_base64: String?
    let headers: [String: String]?
    let encoding: String
    let expect: String

    var bytes: [UInt8] {
      content.map { Array($0.utf8) } ?? Array(Data(base64Encoded: content_base64 ?? "") ?? Data())
    }
    var contentType: String? { headers?["content-type"] }
    /// Nothing names an encoding, and the bytes are not UTF-8: `CharsetDetector` has its own tests.
    var isGuesswork: Bool {
      file.contains("/chardet/") || file.hasSuffix("bozo_encoding_mismatch_crash.xml")
    }
  }

  @Test func encodingsOfFeedsAreFound() throws {
    var score = SuiteScore<EncodingCase>(
      "feeds xml-encoding",
      exceptions: [
        (
          "text/xml without charset is no longer us-ascii (RFC 7303 §3.3)",
          { item in
            guard let type = item.contentType, type.hasPrefix("text/") else { return false }
            return item.encoding == "us-ascii" && !type.contains("us-ascii")
              && item.content?.contains("encoding=\"iso-8859-1\"") == false
          }
        ),
        (
          "what a byte order mark or declaration says holds, though some bytes do not fit",
          { $0.file.hasSuffix("invalid-bytes-with-bom.xml") || $0.file.hasSuffix("linenoise.xml") }
        ),
      ], isOpen: \.isGuesswork)
    for item: EncodingCase in try lines("feeds/xml-encoding.jsonl") {
      let found = XMLCharset.decode(item.bytes, contentType: item.contentType).encoding
      // The source's wish is in the condition, what it does is in the field.
      let wanted = [item.encoding, item.expect.components(separatedBy: "'").dropLast().last ?? ""]
      let isMet = wanted.prefix(item.isGuesswork ? 2 : 1).contains {
        Self.canonicalName($0) == Self.canonicalName(found)
      }
      score.count(item, item.file, isMet: isMet, "\(found) for \(item.encoding)")
    }
    score.report()
  }

  /// Names mean the encodings of the web: US-ASCII and ISO-8859-1 are windows-1252, GBK is gb18030.
  private static func canonicalName(_ name: String) -> String {
    let name = TextEncoding(label: name)?.name ?? name.uppercased()
    return name == "GBK" ? "gb18030" : name
  }

  private func lines<Value: Decodable>(_ path: String) throws -> [Value] {
    try ConformanceData.bytes(path).split(separator: 0x0A).map {
      try JSONDecoder().decode(Value.self, from: $0)
    }
  }
}
