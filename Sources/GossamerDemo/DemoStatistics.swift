/// What the site saw of its visitor: its own count, independent of anything the client says.
public struct DemoStatistics: Sendable, Equatable {
  /// Counts of one host.
  public struct Host: Sendable, Equatable {
    /// Its base URL, such as `http://127.0.10.1:8080`.
    public var base: String
    /// Requests of any kind, robots.txt included.
    public var requests = 0
    /// Answers with status 200, robots.txt and sitemaps included.
    public var answered = 0
    /// Requests for robots.txt.
    public var robotsRequests = 0
    /// The smallest time between the arrivals of two requests; nil with fewer than two.
    public var smallestGap: Duration?
    /// The most requests in flight at one time.
    public var mostParallel = 0
    /// What the gap had to be at the end: the promise or the Crawl-delay, whichever is longer.
    public var requiredGap: Duration = .zero
  }

  /// One breach of what was promised or asked for.
  public struct Violation: Sendable, Equatable, CustomStringConvertible {
    /// The kinds of breaches.
    public enum Kind: String, Sendable, CaseIterable {
      /// Two requests came closer together than promised, or than the Crawl-delay allows.
      case gap
      /// More requests in flight than allowed.
      case parallel
      /// A path that robots.txt disallows.
      case disallowed
      /// A request before robots.txt was answered.
      case robotsNotFirst
      /// A request while the host had asked for silence by Retry-After.
      case duringRetryAfter
      /// A page below `/private/`.
      case privatePage
      /// A page that had been delivered whole before.
      case repeated
      /// A page that only a `nofollow` page links to.
      case nofollowed
    }

    /// What was breached.
    public var kind: Kind
    /// The URL that was requested.
    public var url: String
    /// Numbers behind the verdict.
    public var detail: String

    /// "gap http://127.0.10.1:8080/ (61 ms, 100 ms required)".
    public var description: String { "\(kind.rawValue) \(url) (\(detail))" }
  }

  /// Each host in the order of the addresses.
  public var hosts: [Host]
  /// All breaches in the order they happened.
  public var violations: [Violation] = []
  /// How many pages of the endless calendar were asked for.
  public var trapPages = 0

  /// Requests over all hosts.
  public var requests: Int { hosts.reduce(0) { $0 + $1.requests } }

  /// How many breaches of a kind there were.
  public func count(of kind: Violation.Kind) -> Int {
    violations.count { $0.kind == kind }
  }
}
