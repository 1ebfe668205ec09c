public import GossamerURL

/// One address a site announces.
public struct SitemapEntry: Sendable, Hashable {
  /// What is at the address.
  public enum Kind: String, Sendable, Hashable {
    /// A page, from a sitemap.
    case url
    /// Another sitemap, from an index.
    case index
    /// A page, from an RSS or Atom feed.
    case feed
  }

  /// The address, resolved; http or https.
  public let loc: WebURL
  /// Page, sitemap or feed item.
  public let kind: Kind
  /// When it changed last, as written.
  public internal(set) var lastmod: String?
  /// How often it changes, as written.
  public internal(set) var changefreq: String?
  /// 0 to 1, if the file says so.
  public internal(set) var priority: Double?
}

/// The content of a sitemap or a feed.
public struct Sitemap: Sendable {
  /// What kind of file it was.
  public enum Format: String, Sendable, Hashable {
    /// `urlset`, or loose `url` elements.
    case urls
    /// `sitemapindex`.
    case index
    /// RSS of any version, RDF included.
    case rss
    /// Atom.
    case atom
    /// One address a line.
    case text
    /// Nothing that could be used.
    case unknown
  }

  /// What kind of file it was, by its first entry.
  public internal(set) var format = Format.unknown
  /// In the order written.
  public internal(set) var entries: [SitemapEntry] = []
  /// More entries than the limit.
  public internal(set) var isCut = false
  /// Faults in the XML; entries before and after are used. The file is noted as `parse.xml`.
  public internal(set) var xmlErrorCount = 0
  /// Entries that are no http or https URL.
  public internal(set) var invalidCount = 0
}

/// Reads sitemaps, sitemap indexes, RSS and Atom feeds, and plain lists of addresses.
///
/// Entities other than the five of XML mean nothing, declared ones as well; nothing is fetched;
/// elements deeper than 256 end the file. Compressed files are unpacked by the caller.
///
/// Source: sitemaps.org protocol, RSS 2.0 and 1.0, RFC 4287.
public struct SitemapReader: Sendable {
  /// The most entries taken from one file. The protocol allows 50,000.
  public var limit: Int

  /// A reader with this limit.
  public init(limit: Int = 50_000) { self.limit = limit }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: the file, unpacked, in any encoding.
  ///   - url: where it was fetched from; relative addresses are resolved against it.
  ///   - contentType: the Content-Type value, for its charset.
  public func read(_ bytes: [UInt8], url: WebURL, contentType: String? = nil) -> Sitemap {
    let text = decode(bytes, contentType)
    let start = text.firstIndex { !$0.isHTMLSpace } ?? text.count
    guard start < text.count, text[start] == 0x3C else { return readLines(text, url) }
    return SitemapParser.parse(text[start...], url: url, limit: limit)
  }

  private func decode(_ bytes: [UInt8], _ contentType: String?) -> [UInt8] {
    if bytes.starts(with: [0x3C, 0x00]) { return TextDecoder.decode(bytes, from: .utf16LE).utf8 }
    if bytes.starts(with: [0x00, 0x3C]) { return TextDecoder.decode(bytes, from: .utf16BE).utf8 }
    return CharsetDetector().decode(bytes, contentType: contentType).utf8
  }

  private func readLines(_ text: [UInt8], _ base: WebURL) -> Sitemap {
    var sitemap = Sitemap()
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let address = line.trimmed
      guard address.prefix(8).starts(with: "http".utf8) else { continue }
      guard address.count <= 4096, let url = WebURL(String(decoding: address, as: UTF8.self)),
        url.isHTTP
      else {
        sitemap.invalidCount += 1
        continue
      }
      guard sitemap.entries.count < limit else {
        sitemap.isCut = true
        break
      }
      sitemap.entries.append(SitemapEntry(loc: url, kind: .url))
    }
    if !sitemap.entries.isEmpty { sitemap.format = .text }
    return sitemap
  }
}
