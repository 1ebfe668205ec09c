public import GossamerFlow
public import GossamerRobots
public import GossamerURL

/// Leave to make one request, or one look-up, now. Holds a place at its host until it is reported.
public struct Visit: Sendable, Identifiable {
  /// What is to be done.
  public enum Kind: Sendable, Equatable {
    /// Find the addresses of the host. No request is made.
    case resolve
    /// Fetch robots.txt of an origin.
    case robots
    /// Fetch a page.
    case page
    /// Fetch a sitemap.
    case sitemap
    /// Fetch what an origin reserves (`tdmrep.json`).
    case reservations
    /// Ask for a path that nobody can have meant, to see how the host says "not found".
    case probe
  }

  /// Unique in a run.
  public let id: UInt64
  /// What is to be done.
  public let kind: Kind
  /// The URL to ask for. For `resolve`, any URL of the host.
  public let url: CanonicalURL
  /// The politeness group.
  public let hostKey: String
  /// The rules that hold for the URL; nil where robots.txt is not obeyed or not wanted.
  public let rules: RobotsRules?
  /// The fingerprint of the page that the host sends for any path there is not; nil if it sends
  /// none, as far as is known.
  public let notFound: UInt64?
  /// Link hops from the seed.
  public let depth: Int
  /// The page the URL was found on.
  public let referrer: String?
  /// The seed it was reached from.
  public let seed: String
  /// The URLs that redirected here.
  public let redirects: [String]
  /// 1 for the first try.
  public let attempt: Int
  /// When the URL was accepted.
  public let queuedAt: ContinuousClock.Instant
  /// Whether `Frontier.began` must be called just before the request, since others may be sent to
  /// the host meanwhile.
  public let announcesStart: Bool
}

extension Visit.Kind {
  /// The visit that a URL wanted for this needs.
  init(_ purpose: Offer.Purpose) {
    switch purpose {
    case .page: self = .page
    case .sitemap: self = .sitemap
    case .reservations: self = .reservations
    case .probe: self = .probe
    }
  }
}

/// How a visit ended.
public struct VisitReport: Sendable {
  /// The outcome as far as pace and state go; what was in the page is not the frontier's matter.
  public enum Outcome: Sendable {
    /// The host has these addresses.
    case resolved([IPAddress])
    /// The rules of the origin, and the file they stand in, for a later run.
    case robots(RobotsRules, body: [UInt8] = [])
    /// An answer was had. `isPage`: a page was stored, which counts against budgets.
    case fetched(isPage: Bool)
    /// The answer to a probe: the fingerprint of a page with status 200, nil for any other answer.
    case probed(UInt64?)
    /// An answer was had that leads elsewhere.
    case redirected(Offer)
    /// The host asks for fewer requests (429, 503), perhaps with a time.
    case rateLimited(kind: Cause, retryAfter: Duration?)
    /// No usable answer. `harmsHost`: the host itself seems unwell, not just this URL.
    case failed(kind: Cause, isTransient: Bool, harmsHost: Bool)
    /// A rule forbids the URL or, for `resolve`, the host.
    case refused(kind: Cause, rule: String?)
    /// The visit was given back untouched.
    case cancelled
  }

  /// Which visit.
  public var id: Visit.ID
  /// How it ended.
  public var outcome: Outcome
  /// When the request was sent; nil if none was.
  public var startedAt: ContinuousClock.Instant?
  /// Seconds from the request to the answer's end.
  public var responseSeconds: Double
  /// Body bytes received.
  public var bytes: Int
  /// URLs found, already judged by scope.
  public var links: [Offer]
  /// Of what the page says, equal for pages that differ in their numbers only; nil for what is no
  /// page.
  public var fingerprint: UInt64?

  /// A report.
  public init(
    id: Visit.ID, outcome: Outcome, startedAt: ContinuousClock.Instant? = nil,
    responseSeconds: Double = 0, bytes: Int = 0, links: [Offer] = [], fingerprint: UInt64? = nil
  ) {
    self.id = id
    self.outcome = outcome
    self.startedAt = startedAt
    self.responseSeconds = responseSeconds
    self.bytes = bytes
    self.links = links
    self.fingerprint = fingerprint
  }
}

/// What a report or an offer changed: to be made durable together with the page.
public struct ReportReceipt: Sendable {
  /// URLs that were new.
  public var accepted: [FrontierEntry] = []
  /// URLs that came to their end.
  public var finished: [FinishedURL] = []
  /// Decisions against URLs.
  public var refused: [Refusal] = []
  /// URLs that will be tried again later, with the tries they have used.
  public var postponed: [PostponedURL] = []
  /// When URLs changed last, as their sites announce it; of known ones too.
  public var announced: [AnnouncedChange] = []
  /// When the reported URL will be tried again, from now; nil if it is not.
  public var retryIn: Duration?

  /// Nothing changed.
  public init() {}

  /// Whether nothing changed.
  public var isEmpty: Bool {
    accepted.isEmpty && finished.isEmpty && refused.isEmpty && postponed.isEmpty
      && announced.isEmpty
  }

  /// Adds what another receipt says.
  public mutating func merge(_ other: ReportReceipt) {
    accepted += other.accepted
    finished += other.finished
    refused += other.refused
    postponed += other.postponed
    announced += other.announced
  }
}

/// What a sitemap or a feed says of a URL's last change.
public struct AnnouncedChange: Sendable, Equatable {
  /// The politeness group of the URL.
  public var hostKey: String
  /// The URL's hash in the crawl.
  public var hash: UInt64
  /// When it changed, in seconds since 1970.
  public var modifiedAt: Int

  /// An announcement.
  public init(hostKey: String, hash: UInt64, modifiedAt: Int) {
    self.hostKey = hostKey
    self.hash = hash
    self.modifiedAt = modifiedAt
  }
}

/// A URL that is known to the frontier, in the compact form in which it waits.
public struct FrontierEntry: Sendable {
  /// The politeness group.
  public var hostKey: String
  /// The salted hash of the URL, unique within the host.
  public var hash: UInt64
  /// The canonical URL.
  public var url: String
  /// What it is wanted for.
  public var purpose: Offer.Purpose
  /// Link hops from the seed.
  public var depth: Int
  /// The page it was found on.
  public var referrer: String?
  /// The seed it was reached from.
  public var seed: String
  /// The URLs that redirected here.
  public var redirects: [String]
  /// Tries that failed so far.
  public var failedTries: Int
  /// When it was accepted; after a restart, when the run began.
  public var queuedAt: ContinuousClock.Instant
  /// Not to be tried before; only of entries that come from the store.
  public var dueAt: ContinuousClock.Instant?
  /// Whether the frontier holds it for a visit. If not, it is the store's to say whether it is new,
  /// and to keep it until it is asked for.
  public var isHeld = true

  /// An entry of all its parts.
  public init(
    hostKey: String, hash: UInt64, url: String, purpose: Offer.Purpose, depth: Int,
    referrer: String?, seed: String, redirects: [String], failedTries: Int,
    queuedAt: ContinuousClock.Instant, dueAt: ContinuousClock.Instant? = nil
  ) {
    self.hostKey = hostKey
    self.hash = hash
    self.url = url
    self.purpose = purpose
    self.depth = depth
    self.referrer = referrer
    self.seed = seed
    self.redirects = redirects
    self.failedTries = failedTries
    self.queuedAt = queuedAt
    self.dueAt = dueAt
  }
}

extension FrontierEntry {
  /// Its place in the order of its host; lower ones go first, and equal ones as they came. Sitemaps
  /// go before pages of their depth, since they tell what there is, and so does what an origin
  /// reserves, since it tells what pages may be used for. Deep pages share a level, so that a chain
  /// of a million pages is no million queues. At most 127.
  package var visitOrder: Int { min(depth, 63) * 2 + (purpose == .page ? 1 : 0) }
}

/// A URL whose visit failed in a way that may pass.
public struct PostponedURL: Sendable {
  /// The URL with the tries that failed so far. All of it, since it may be stored before the page
  /// that led to it is.
  public var entry: FrontierEntry
  /// The wait before the next try.
  public var dueIn: Duration
  /// Whether the frontier holds it meanwhile.
  public var isHeld: Bool

  /// A postponed URL.
  public init(entry: FrontierEntry, dueIn: Duration, isHeld: Bool = true) {
    self.entry = entry
    self.dueIn = dueIn
    self.isHeld = isHeld
  }
}

/// A URL that came to its end.
public struct FinishedURL: Sendable {
  /// The ends a URL can come to. Raw values are stored.
  public enum State: Int, Sendable {
    case done = 2
    case failed = 3
    case blocked = 4
    case skipped = 5
  }

  /// The URL. All of it, since its end may be stored before the page that led to it is.
  public var entry: FrontierEntry
  /// How it ended.
  public var state: State

  /// A finished URL.
  public init(entry: FrontierEntry, state: State) {
    self.entry = entry
    self.state = state
  }
}
