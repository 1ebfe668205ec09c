/// Where the demo site listens, what it may assume of its visitor, and how trying it is.
public struct DemoConfiguration: Sendable {
  /// The first three numbers of the loopback addresses; host *n* listens on `prefix.n`.
  public var addressPrefix = "127.0.10"
  /// The port of all hosts; 0 lets the system choose one that is free.
  public var port = 0
  /// The least gap that the client promised between two requests to one host.
  public var promisedDelay: Duration = .milliseconds(100)
  /// How many requests the client may have in flight to one host.
  public var parallelPerHost = 1
  /// The Crawl-delay in the robots.txt of one host.
  public var crawlDelay: Duration = .milliseconds(200)
  /// How long the slow page takes.
  public var slowness: Duration = .milliseconds(1500)
  /// What the refusing pages say in Retry-After, in whole seconds.
  public var retryAfter = 1
  /// How much shorter than promised a gap may look at the server before it counts. Covers the time a
  /// request spends in the kernel and in the event loop of a busy machine.
  public var tolerance: Duration = .milliseconds(10)

  /// The site as the `demo` command shows it.
  public init() {}
}

/// Why the demo site could not start.
public struct DemoError: Error, Sendable, CustomStringConvertible {
  /// What failed, where, and what to do, in one line.
  public let description: String
}
