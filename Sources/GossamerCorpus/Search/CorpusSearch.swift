/// Finds pages of a stored corpus.
///
/// Whoever answers questions about a crawl asks through this and ``CorpusPages``, and need not know what
/// keeps the index.
public protocol CorpusSearch: Sendable {
  /// The pages that answer a query best, best first, at most `query.limit`.
  ///
  /// Any text is a query: what is no operator is looked for as words.
  ///
  /// - Throws: `CorpusSearchError`; `search.no_vectors` and `search.other_model` where meaning cannot be
  ///   searched.
  func search(_ query: CorpusQuery) async throws -> [CorpusHit]
}

/// What is looked for.
///
/// Words are joined by "and". `"words in a row"` is a phrase, `word*` a beginning, `OR` an alternative,
/// `NOT word` or `-word` an exclusion, and round brackets group. Letter case and accents do not count.
/// Searching by meaning takes the text as it stands.
public struct CorpusQuery: Sendable, Equatable {
  /// How pages are found.
  public enum Mode: String, Sendable, CaseIterable {
    /// By their words.
    case text
    /// By the vectors of their passages.
    case semantic
    /// By both; the ranks decide together.
    case hybrid
  }

  /// What is looked for, as a user types it.
  public var text: String
  /// How pages are found.
  public var mode: Mode
  /// What pages must be.
  public var filter: CorpusFilter
  /// The most hits, from 1 to ``mostHits``.
  public let limit: Int

  /// The most hits of any query.
  public static let mostHits = 10_000

  /// A query.
  public init(
    _ text: String, mode: Mode = .text, filter: CorpusFilter = CorpusFilter(), limit: Int = 10
  ) {
    self.text = text
    self.mode = mode
    self.filter = filter
    self.limit = min(max(1, limit), Self.mostHits)
  }
}

/// What pages must be to be found. Empty asks for nothing.
public struct CorpusFilter: Sendable, Equatable {
  /// Hosts, of which a page must be on one or below one: `example.org` also takes `www.example.org`.
  public var hosts: [String] = []
  /// Languages, of which the page's must be one: `en` also takes `en-GB`.
  public var languages: [String] = []
  /// The first day, as `YYYY-MM-DD`, of the page's date.
  public var since: String?
  /// The last day, as `YYYY-MM-DD`, of the page's date.
  public var until: String?
  /// Leaves out what sites do not want given to models.
  public var forModels = false

  /// Everything passes.
  public init() {}
}

/// A page that was found, and where in it.
public struct CorpusHit: Sendable, Equatable {
  /// The page's URL as stored.
  public var url: String
  /// The page's title.
  public var title: String?
  /// The host key of its URL.
  public var host: String
  /// When it says it was published, else when it was fetched; `YYYY-MM-DD`.
  public var date: String?
  /// Its language, a BCP 47 tag.
  public var language: String?
  /// The digest of its body: with `range` it says what exactly was found.
  public var digest: String?
  /// How well it answers; comparable within one answer only, more is better.
  public var score: Double
  /// The number of the best passage; see ``StoredPage/passages``.
  public var passage: Int
  /// Where that passage is in the page's text, in bytes of UTF-8.
  public var range: Range<Int>
  /// The part of the passage that shows why it was found, on one line.
  public var snippet: String
  /// What was looked for, in bytes of the snippet's UTF-8; in order, without overlaps.
  public var highlights: [Range<Int>]

  /// A hit.
  public init(
    url: String, title: String?, host: String, date: String?, language: String?, digest: String?,
    score: Double, passage: Int, range: Range<Int>, snippet: String, highlights: [Range<Int>]
  ) {
    self.url = url
    self.title = title
    self.host = host
    self.date = date
    self.language = language
    self.digest = digest
    self.score = score
    self.passage = passage
    self.range = range
    self.snippet = snippet
    self.highlights = highlights
  }
}

/// Why a search could not be made.
public struct CorpusSearchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// `search.no_index`, `search.no_vectors`, `search.other_model`, `search.model` or `search.io`.
  public var kind: String
  /// What is wrong, where.
  public var message: String
  /// What the user can do.
  public var advice: String

  /// An error of a kind.
  public init(kind: String, message: String, advice: String) {
    self.kind = kind
    self.message = message
    self.advice = advice
  }

  /// "WHAT (WHERE): WHAT TO DO".
  public var description: String { "\(message): \(advice)" }
}
