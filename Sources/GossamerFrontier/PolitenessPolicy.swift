/// How hosts are treated: gaps, requests at once, what happens when they are slow or unwell.
///
/// Source: RFC 9309, RFC 9110 §10.2.3, RFC 6585; practice of Heritrix and BUbiNG.
public struct PolitenessPolicy: Sendable, Equatable {
  /// Least span between the starts of two requests to one host. Zero switches the gap for slow
  /// hosts off as well: the operator knows the host.
  public var delay: Duration = .seconds(1)
  /// Requests in flight to one host.
  public var perHost = 1
  /// Least span between the starts of two requests to one address.
  public var perAddressDelay: Duration = .seconds(1)
  /// Requests in flight to one address.
  public var perAddress = 1
  /// A Crawl-delay above this is not obeyed by asking faster: the host is left out.
  public var maximumCrawlDelay: Duration = .seconds(60)
  /// The gap is at least this many times the last response time, so a host that answers slowly
  /// rests twice as long as it works.
  public var slownessFactor = 3.0
  /// The gap that slowness alone can earn.
  public var maximumSlownessGap: Duration = .seconds(30)
  /// Further tries of a URL after a passing failure.
  public var retries = 3
  /// Wait before the first further try; each later one waits `retryGrowth` times as long.
  public var retryDelay: Duration = .seconds(10)
  /// See `retryDelay`.
  public var retryGrowth = 6.0
  /// First rest of a host that asked for fewer requests without a time; doubles each time.
  public var backoff: Duration = .seconds(5)
  /// Longest rest by back-off.
  public var maximumBackoff: Duration = .seconds(600)
  /// Waits are spread by this share to either side.
  public var jitter = 0.2
  /// Refusals in a row (429, 503) after which a host is given up.
  public var refusalsToGiveUp = 8
  /// Failures in a row, over all its URLs, after which a host is given up.
  public var failuresToGiveUp = 12
  /// Answers in a row that ask for payment or a licence after which a host is given up: none of them
  /// is ever asked again, and more of the same would be knocking at a closed door.
  public var paywallsToGiveUp = 3
  /// A Retry-After beyond this gives the host up.
  public var maximumRetryAfter: Duration = .seconds(86_400)
  /// How long rules are kept before they are asked for again. Source: RFC 9309 §2.4.
  public var robotsLifetime: Duration = .seconds(86_400)
  /// Whether robots.txt is fetched and obeyed.
  public var obeysRobots = true
  /// The name under which stored copies of robots.txt are read.
  public var robotsToken = "Gossamer"

  /// The defaults: one request a second, one at a time.
  public init() {}

  /// The gap after a request to a host.
  func gap(crawlDelay: Duration?, responseSeconds: Double) -> Duration {
    let asked = max(delay, crawlDelay ?? .zero)
    guard asked > .zero else { return .zero }
    let slowness = Duration.seconds(responseSeconds * slownessFactor)
    return max(asked, min(slowness, maximumSlownessGap))
  }

  /// The longest gap there can be: no rest of an earlier run is longer.
  var longestGap: Duration { max(delay, maximumCrawlDelay, maximumSlownessGap) }

  /// The wait before try `failedTries` + 1, without jitter.
  func retryWait(afterFailedTries failedTries: Int) -> Duration {
    var wait = retryDelay
    for _ in 1..<max(1, min(failedTries, 12)) { wait = wait * retryGrowth }
    return wait
  }

  /// The rest after the n-th refusal in a row, without jitter.
  func rest(afterRefusals count: Int) -> Duration {
    min(backoff * (1 << max(0, min(count - 1, 20))), maximumBackoff)
  }
}

/// How much a crawl may do in all. nil means no limit.
public struct CrawlBudget: Sendable, Equatable {
  /// Pages stored, earlier runs included.
  public var pages: Int?
  /// Pages stored of one host.
  public var pagesPerHost: Int?
  /// Body bytes received in this run.
  public var bytes: Int?
  /// Time of this run.
  public var time: Duration?
  /// Link hops from a seed.
  public var depth: Int?

  /// No limits.
  public init() {}
}

/// Where endless sites are cut. Source: practice of Heritrix and Nutch.
public struct TrapLimits: Sendable, Equatable {
  /// URLs known of one host.
  public var urlsPerHost = 100_000
  /// How often one segment may stand in a path.
  public var equalSegments = 3
  /// Different queries of one path.
  public var queriesPerPath = 1_000
  /// How often the same `name=value` may stand in a query.
  public var equalParameters = 3
  /// Sitemaps in a row that name no page; further ones of the host are not asked for.
  public var barrenSitemaps = 50
  /// Whether traps are also recognized by what a host sends, and a host that sends the same page under
  /// several URLs is asked once for a path that does not exist. False: only the fixed limits hold.
  public var learns = true
  /// Pages in a row of one shape of path that say what another of that shape said.
  public var repeatsInARow = 100
  /// Pages of one shape of path that lead to nothing but new pages of that shape.
  public var pagesOfGrowingPattern = 1_000
  /// Refused URLs that are remembered and said, per host.
  public var refusalsSaidPerHost = 10_000

  /// The defaults.
  public init() {}

  /// No limits: for hosts that are known to be as large as they look.
  public static var none: TrapLimits {
    var limits = TrapLimits()
    limits.urlsPerHost = .max
    limits.equalSegments = .max
    limits.queriesPerPath = .max
    limits.equalParameters = .max
    limits.barrenSitemaps = .max
    limits.learns = false
    return limits
  }
}
