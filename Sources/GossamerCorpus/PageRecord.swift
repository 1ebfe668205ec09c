/// One stored page: what is known of a fetch and what was made of it. A line of `pages/*.jsonl`.
///
/// Absent means unknown or not looked at. Byte counts are whole numbers, durations seconds.
public struct PageRecord: Sendable, Codable, Equatable {
  /// The canonical URL that was fetched.
  public var url: String
  /// The host key: host, and port where it is not the scheme's default.
  public var host: String?
  /// The seed the page was reached from.
  public var seed: String?
  /// Link hops from the seed.
  public var depth: Int?
  /// The page on which the URL was first found.
  public var referrer: String?
  /// The URLs that redirected here, first one first.
  public var redirects: [String]?
  /// The status code.
  public var status: Int?
  /// When the request was sent, RFC 3339 in UTC.
  public var fetchedAt: String?
  /// Seconds from the request to the last byte.
  public var fetchSeconds: Double?
  /// Seconds from the discovery of the URL to its request.
  public var queuedSeconds: Double?
  /// Which try succeeded; absent for the first.
  public var attempt: Int?
  /// The media type as sent.
  public var contentType: String?
  /// The encoding that was used, by its name in the WHATWG Encoding Standard.
  public var charset: String?
  /// The decoded body's length in bytes.
  public var bytes: Int?
  /// `sha256:` and the hex digest of the decoded body.
  public var digest: String?
  /// Why the body is not whole: length, time, disconnect or decode.
  public var truncated: String?
  /// The page's title.
  public var title: String?
  /// The page's own description.
  public var description: String?
  /// The author named by the page.
  public var author: String?
  /// When the page says it was published.
  public var published: String?
  /// When the page says it was last changed.
  public var modified: String?
  /// The site's name.
  public var siteName: String?
  /// BCP 47 language tag.
  public var language: String?
  /// The address that the page names as canonical.
  public var canonical: String?
  /// Main content as plain text, a block a line.
  public var text: String?
  /// Main content as Markdown.
  public var markdown: String?
  /// Words of the main content.
  public var wordCount: Int?
  /// About how many tokens the text has for a language model.
  public var tokens: Int?
  /// Which way the text runs, where that is not left to right: `rtl`.
  public var direction: String?
  /// Images of the main content.
  public var images: [Image]?
  /// What readers wrote below the content, as plain text.
  public var comments: String?
  /// How the main content was found.
  public var extraction: Extraction?
  /// Links in document order.
  public var links: [Link]?
  /// Headings of the main content.
  public var headings: [Heading]?
  /// Structured data by vocabulary and name.
  public var structured: [String: [String]]?
  /// Directives for robots that hold for the page: "nofollow", "max-snippet: 20".
  public var robots: [String]?
  /// What may be done with the content, with evidence.
  public var preferences: Preferences?
  /// Labels of what was odd about the answer, or cut while it was read and parsed.
  public var limits: [String]?
  /// A summary of the text.
  public var summary: Summary?
  /// Why there is no summary although one was asked for.
  public var summaryError: Failure?
  /// Where the archived exchange is.
  public var warc: Place?

  /// A record of a URL and nothing else yet.
  public init(url: String) {
    self.url = url
  }

  /// A link of a page.
  public struct Link: Sendable, Codable, Equatable {
    /// Where it points, absolute.
    public var url: String
    /// Its text.
    public var text: String?
    /// Its `rel` tokens as written.
    public var rel: String?
    /// The element or mechanism it came from.
    public var kind: String

    /// A link.
    public init(url: String, text: String?, rel: String?, kind: String) {
      self.url = url
      self.text = text
      self.rel = rel
      self.kind = kind
    }
  }

  /// A heading of the main content.
  public struct Heading: Sendable, Codable, Equatable {
    /// 1 to 6.
    public var level: Int
    /// Its text.
    public var text: String

    /// A heading.
    public init(level: Int, text: String) {
      self.level = level
      self.text = text
    }
  }

  /// A failure of a stage that does not end the page.
  public struct Failure: Sendable, Codable, Equatable {
    /// A stable label.
    public var kind: String
    /// What happened, in words.
    public var message: String

    /// A failure.
    public init(kind: String, message: String) {
      self.kind = kind
      self.message = message
    }
  }

  /// A stretch of a file of the corpus.
  public struct Place: Sendable, Codable, Equatable {
    /// The file's name inside its folder.
    public var file: String
    /// Bytes before it.
    public var offset: Int
    /// Its own bytes.
    public var length: Int

    /// A place.
    public init(file: String, offset: Int, length: Int) {
      self.file = file
      self.offset = offset
      self.length = length
    }
  }

  /// The names of all its keys, in the order of the file.
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case url, host, seed, depth, referrer, redirects, status
    case fetchedAt = "fetched_at"
    case fetchSeconds = "fetch_seconds"
    case queuedSeconds = "queued_seconds"
    case attempt
    case contentType = "content_type"
    case charset, bytes, digest, truncated, title, description, author, published, modified
    case siteName = "site_name"
    case language, canonical, text, markdown
    case wordCount = "word_count"
    case tokens, direction, images, comments, extraction
    case links, headings, structured, robots, preferences, limits, summary
    case summaryError = "summary_error"
    case warc
  }
}
