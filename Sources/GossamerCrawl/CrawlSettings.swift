public import GossamerMarkup

/// What a crawl was told, beside its seeds. Rates and limits of the rooms below have their own
/// values (`PolitenessPolicy`, `CrawlBudget`, `FetchLimits`); here is what the road itself needs.
public struct CrawlSettings: Sendable {
  /// What is taken from a page besides its links.
  public enum Extraction: String, Sendable, CaseIterable {
    /// The main content.
    case main
    /// All visible text.
    case all
    /// Nothing: bodies and links only.
    case none
  }

  /// Whether sitemaps are read.
  public enum Sitemaps: String, Sendable, CaseIterable {
    /// Those that robots.txt names, beside links.
    case yes
    /// None.
    case no
    /// Those that robots.txt names, and no links of pages.
    case only
  }

  /// A file family of the output.
  public enum Format: String, Sendable, CaseIterable {
    /// Page records as JSON Lines.
    case jsonl
    /// WARC/1.1, one gzip member a record.
    case warc
  }

  /// The product token, as robots.txt files name it.
  public var token = "Gossamer"
  /// The version of the program, for the manifest.
  public var version = "0"
  /// The whole User-Agent field.
  public var userAgent: String
  /// What is extracted.
  public var extraction: Extraction = .main
  /// Whether sitemaps are read.
  public var sitemaps: Sitemaps = .yes
  /// The file families to write.
  public var formats: Set<Format> = [.jsonl, .warc]
  /// Bytes after which a WARC file is ended and the next one begun.
  public var warcSizeInBytes = 1 << 30
  /// Bytes after which a page file is ended and the next one begun.
  public var pagesSizeInBytes = 1 << 29
  /// Whether robots.txt and page directives are obeyed.
  public var obeysRobots = true
  /// The qualifiers that do not keep a link from being followed. `nofollow` does by default: a site
  /// that says so about its calendar or its search means crawlers. The other two speak of who wrote
  /// or paid for a link, which is no reason not to read on.
  public var followedQualifiers: LinkQualifiers = [.ugc, .sponsored]
  /// Whether `/.well-known/tdmrep.json` is asked for once per origin, after robots.txt.
  public var readsReservations = true
  /// Redirects of one URL that are followed.
  public var maximumRedirects = 10
  /// The least gap between two requests for robots.txt that a redirect leads to on one host.
  public var robotsRedirectGap: Duration = .seconds(1)
  /// Further fields of every request.
  public var headers: [(name: String, value: String)] = []
  /// How many summaries are made at once.
  public var summariesAtOnce = 4
  /// Settings by name for manifest and database; never credentials.
  public var described: [String: String] = [:]
  /// Those of `described` that make a crawl what it is: another value is another crawl.
  public var identity: [String: String] = [:]

  /// Settings of a crawler that says who it is.
  public init(userAgent: String) {
    self.userAgent = userAgent
  }
}
