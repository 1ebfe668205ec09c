import Synchronization

/// Live counters of a run, for the progress line. Filled by page carriers, emptied by nobody.
public final class CrawlProgress: Sendable {
  /// The counters at one moment; all of this run only.
  public struct Counters: Sendable, Equatable {
    /// Page records written.
    public var pages = 0
    /// Exchanges tried, robots.txt and sitemaps included.
    public var requests = 0
    /// Bytes received as bodies, before decoding.
    public var bytes = 0
    /// URLs that ended without a page because something failed.
    public var failures = 0
    /// URLs that ended without a page because a rule said so.
    public var skips = 0
    /// Contents met again under another URL.
    public var duplicates = 0
    /// Summaries made.
    public var summaries = 0
    /// Summaries that could not be made.
    public var summaryFailures = 0
    /// Seeds that ended without an answer, and why; the first hundred.
    public var failedSeeds: [FailedSeed] = []
  }

  /// A seed that ended without an answer.
  public struct FailedSeed: Sendable, Equatable {
    /// The seed.
    public var url: String
    /// The reason as a label, with what is known about it.
    public var reason: String
  }

  private let counters = Mutex(Counters())

  /// Counters at zero.
  public init() {}

  /// The counters now.
  public var now: Counters { counters.withLock { $0 } }

  /// Changes the counters.
  func count(_ change: (inout Counters) -> Void) {
    counters.withLock { change(&$0) }
  }
}
