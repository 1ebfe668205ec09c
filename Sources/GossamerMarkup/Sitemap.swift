public import GossamerURL

/// One address a site announces.
public struct SitemapEntry: Sendable, Hashable {
  /// What is at the address.
  public enum Kind: String, Sendable, Hashable {
    /// A page, from a sitemap.
    case url
    /// Another sitemap, from an index.
    case index
    /// A page, from an RSS, Atom or CDF feed.
    case feed
  }

  /// The same page in another language or for other readers, from `xhtml:link rel=alternate`.
  public struct Alternate: Sendable, Hashable {
    /// Its address, resolved; http or https.
    public let url: WebURL
    /// The `hreflang` as written: a language tag, or `x-default`; nil where there is none.
    public let language: String?
  }

  /// The address, resolved; http or https.
  public let loc: WebURL
  /// Page, sitemap or feed item.
  public let kind: Kind
  /// When it changed last, as written.
  public internal(set) var lastmod: String?
  /// The same in seconds since 1970; nil where what is written is no date. See `SitemapDate`.
  public var modifiedAt: Int? { lastmod.flatMap(SitemapDate.seconds) }
  /// How often it changes: always, hourly, daily, weekly, monthly, yearly or never.
  public internal(set) var changefreq: String?
  /// 0 to 1, if the file says so.
  public internal(set) var priority: Double?
  /// Its other languages, itself among them as a rule; 200 at most.
  public internal(set) var alternates: [Alternate] = []
}

/// The content of a sitemap or a feed.
public struct Sitemap: Sendable {
  /// What kind of file it was.
  public enum Format: String, Sendable, Hashable {
    /// `urlset`, or loose `url` elements.
    case urls
    /// `sitemapindex`.
    case index
    /// RSS of any version, RDF and CDF included.
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
  /// More entries, bytes or attributes of one tag than the limits.
  public internal(set) var isCut = false
  /// The XML has faults. Entries before them are there, and those after as far as XML goes on.
  public internal(set) var isDamaged = false
  /// Entries that are no http or https URL.
  public internal(set) var invalidCount = 0
  /// Entries left out as they are not below the file's own folder. See `SitemapReader`.
  public internal(set) var outsideCount = 0
}

/// Reads sitemaps, sitemap indexes, RSS, Atom and CDF feeds, and plain lists of addresses.
///
/// Entities other than the five of XML mean nothing, declared ones as well; nothing is fetched;
/// elements deeper than 256, and tags with more than 256 attributes, end the file. Compressed files
/// are unpacked by the caller. What comes after a fault that XML cannot get over is lost, what comes
/// before is kept.
///
/// Source: sitemaps.org protocol, RSS 2.0 and 1.0, RFC 4287.
public struct SitemapReader: Sendable {
  /// The most entries taken from one file. The protocol allows 50,000.
  public var limit: Int
  /// The most bytes read of one file, unpacked. The protocol allows 50 MiB.
  public var limitInBytes: Int
  /// Whether only addresses are taken that begin with the file's own address up to its last slash,
  /// as the protocol asks of sitemaps that nothing else vouches for. Holds for pages of sitemaps,
  /// not for indexes and feeds.
  public var staysInFolder: Bool

  /// A reader with these limits.
  public init(
    limit: Int = 50_000, limitInBytes: Int = 50 << 20, staysInFolder: Bool = false
  ) {
    self.limit = limit
    self.limitInBytes = limitInBytes
    self.staysInFolder = staysInFolder
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: the file, unpacked, in any encoding.
  ///   - url: where it was fetched from; relative addresses are resolved against it.
  ///   - contentType: the Content-Type value, for its charset.
  public func read(_ bytes: [UInt8], url: WebURL, contentType: String? = nil) -> Sitemap {
    let isCut = bytes.count > limitInBytes
    let taken = isCut ? Array(bytes[..<limitInBytes]) : bytes
    var sitemap = read(XMLCharset.decode(taken, contentType: contentType).utf8, url)
    if isCut { sitemap.isCut = true }
    if staysInFolder { leaveOutside(of: url, &sitemap) }
    return sitemap
  }

  private func read(_ text: [UInt8], _ url: WebURL) -> Sitemap {
    guard let start = XMLRepair.start(of: text) else {
      return SitemapLines.read(text, url: url, limit: limit)
    }
    let (xml, isCut) = XMLRepair.repair(text[start...])
    var sitemap = SitemapParser.parse(xml, url: url, limit: limit)
    if isCut { sitemap.isCut = true }
    return sitemap
  }

  private func leaveOutside(of url: WebURL, _ sitemap: inout Sitemap) {
    let path = url.pathname
    let folder = url.origin + path[...(path.lastIndex(of: "/") ?? path.startIndex)]
    let count = sitemap.entries.count
    sitemap.entries.removeAll { $0.kind == .url && !$0.loc.href.hasPrefix(folder) }
    sitemap.outsideCount = count - sitemap.entries.count
  }
}

/// A list of addresses, one a line.
enum SitemapLines {
  static func read(_ text: [UInt8], url base: WebURL, limit: Int) -> Sitemap {
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
