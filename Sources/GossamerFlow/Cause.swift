/// Why a URL gave no page or less than a whole one, or why a crawl stopped: the one list of the
/// labels that stand in records, `skipped.jsonl`, messages and counters.
///
/// A label is stable: it is stored, and people filter by it. What there is to say beside it (a rule,
/// a status, words of the layer below) stands in fields of its own. Which calls to models failed, and
/// why, is said by labels of their own (`llm.…`). The article "What fails, and what becomes of it"
/// has all of them in a table.
public enum Cause: String, Sendable, Codable, CaseIterable {
  // Names
  case dnsNotFound = "dns.nxdomain"
  case dnsFailure = "dns.servfail"
  case dnsRefused = "dns.refused"
  case dnsTimeout = "dns.timeout"
  case dnsMalformed = "dns.malformed"
  case dnsNoAddress = "dns.no_address"
  // Sockets
  case refused = "net.refused"
  case unreachable = "net.unreachable"
  case connectTimeout = "net.connect_timeout"
  case reset = "net.reset"
  case closed = "net.closed"
  case readTimeout = "net.read_timeout"
  case deadline = "net.deadline"
  // TLS
  case tlsExpired = "tls.expired"
  case tlsNotYetValid = "tls.not_yet_valid"
  case tlsHostname = "tls.hostname"
  case tlsUntrusted = "tls.untrusted"
  case tlsHandshake = "tls.handshake"
  case tlsTimeout = "tls.timeout"
  case tlsTruncated = "tls.truncated"
  // HTTP
  case badStatusLine = "http.bad_status_line"
  case badHeader = "http.bad_header"
  case headerTooLarge = "http.header_too_large"
  case truncatedHead = "http.truncated_head"
  case framing = "http.framing"
  case lengthMismatch = "http.length_mismatch"
  case informationalFlood = "http.informational_flood"
  case status = "http.status"
  // Bodies
  case bodyTooLarge = "body.too_large"
  case bodyDamaged = "body.decode"
  case bomb = "body.bomb"
  case unsupportedCoding = "body.unsupported_encoding"
  // Redirects
  case redirectLoop = "redirect.loop"
  case tooManyRedirects = "redirect.too_many"
  case badRedirect = "redirect.bad_target"
  case redirectScheme = "redirect.scheme"
  // Pace
  case rateLimited = "rate.limited"
  // Rules
  case addressBlocked = "policy.address_blocked"
  case robots = "policy.robots"
  case robotsUnavailable = "policy.robots_unavailable"
  case metaRobots = "policy.meta_robots"
  case scope = "policy.scope"
  case type = "policy.type"
  case trap = "policy.trap"
  case license = "policy.license"
  case payment = "policy.payment"
  case aiInput = "policy.ai_input"
  case depthLimit = "limit.depth"
  // URLs
  case invalidURL = "url.invalid"
  case urlTooLong = "url.too_long"
  // Documents
  case parseDepth = "parse.depth"
  case parseLimit = "parse.limit"
  case parseLinks = "parse.links"
  case parseCharset = "parse.charset"
  case parseXML = "parse.xml"
  // Neither fault nor rule
  case duplicate
  case redirect
  case probe
  // The output directory
  case storeFull = "store.full"
  case storeIO = "store.io"
  case storeCorrupt = "store.corrupt"
  case storeLocked = "store.locked"
  case storeVersion = "store.version"
  case storeMissing = "store.missing"
  case otherCrawl = "store.other_crawl"
  // This machine
  case tooManyFiles = "sys.fds"
  case cancelled
}

extension Cause {
  /// What is tried again, and for how long. The numbers are those of `PolitenessPolicy`.
  public enum Retry: String, Sendable, CaseIterable {
    /// Nothing: it would come out the same.
    case never
    /// The URL, `retries` times, after 10 s, 60 s and so on, ± 20 %. A host whose URLs keep failing
    /// rests longer and longer, and is given up after 12 failures in a row.
    case url
    /// The look-up of the host's name, at the times of a URL; then all that waits there ends.
    case name
    /// The host: it rests for as long as it asked, else 5 s, 10 s and so on up to 10 min; the URL is
    /// charged no try. After 8 times in a row the host is given up, and at once where it asks for
    /// more than a day.
    case host
    /// The crawl, by whoever started it, once the reason is gone.
    case crawl
  }

  /// What is tried again by itself. Status 408, 425 and those from 500 on are tried again like a URL,
  /// although `http.status` in general is not.
  public var retry: Retry {
    switch self {
    case .refused, .unreachable, .connectTimeout, .reset, .closed, .readTimeout, .deadline,
      .tlsTimeout, .tlsTruncated, .truncatedHead, .lengthMismatch, .tooManyFiles:
      .url
    case .dnsFailure, .dnsRefused, .dnsTimeout, .dnsMalformed: .name
    case .rateLimited, .robotsUnavailable: .host
    case .storeFull, .storeIO, .storeCorrupt, .storeLocked, .storeVersion, .storeMissing,
      .otherCrawl:
      .crawl
    default: .never
    }
  }

  /// Whether the same request may succeed later without anybody doing anything about it.
  public var isTransient: Bool { retry != .never && retry != .crawl }

  /// Whether a rule of the site or of ours forbids it.
  public var isPolicy: Bool { rawValue.hasPrefix("policy.") }

  /// Whether a rule or a limit of the crawl decided, and nothing failed.
  public var isDecision: Bool {
    switch self {
    case .depthLimit, .duplicate, .redirect, .probe: true
    default: isPolicy
    }
  }
}
