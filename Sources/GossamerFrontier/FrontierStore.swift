public import GossamerFlow

/// The durable side of a frontier. Engines stand behind it; everything that a page changed becomes
/// durable in one step or not at all.
///
/// URLs that wait live here; the frontier holds a few of each host and asks for more. Methods may
/// wait for a disk: callers have a thread to wait on. `commit` is called by one task at a time,
/// `supply` and `url(ofContent:)` by any beside it.
public protocol FrontierStore: Sendable {
  /// Opens or makes the store, and reads what an earlier run left.
  ///
  /// - Parameters:
  ///   - settings: what makes the crawl what it is; another value is another crawl.
  ///   - memory: how much of what is known may be held.
  ///   - at: the moment from which waits are counted.
  /// - Throws: `FrontierStoreError`: `store.other_crawl` for other settings, `store.version` for a
  ///   store of a newer version. Older ones are changed to this version's form.
  func open(
    settings: [String: String], memory: FrontierMemory, at now: ContinuousClock.Instant
  ) async throws(FrontierStoreError) -> RestoredFrontier
  /// Makes a group of changes durable: all or, when this throws, none. Said twice, it changes
  /// nothing the second time; states of URLs only move forward.
  func commit(_ commit: FrontierCommit) async throws(FrontierStoreError) -> CommitReceipt
  /// URLs that wait and the rules of their hosts, in the order in which they are to be visited:
  /// lower depths first, then those accepted first; those to be tried again come last, the earliest
  /// first.
  func supply(
    _ requests: [HostRequest], at now: ContinuousClock.Instant
  ) async throws(FrontierStoreError) -> [HostSupply]
  /// The URL under which a content is stored.
  func url(ofContent digest: [UInt8]) async throws(FrontierStoreError) -> String?
  /// Ends the use of the store.
  func close() async throws(FrontierStoreError)
}

/// A group of changes that become durable together.
public struct FrontierCommit: Sendable {
  /// URLs that the frontier did not know. Of those that it does not hold, the store decides.
  public var accepted: [FrontierEntry] = []
  /// URLs that came to their end.
  public var finished: [FinishedURL] = []
  /// URLs that will be tried again later.
  public var postponed: [PostponedURL] = []
  /// Changes that sites announce of URLs; the last word counts. Those of URLs that are not known
  /// mean nothing.
  public var announced: [AnnouncedChange] = []
  /// SHA-256 digests of contents stored under a URL.
  public var contents: [(digest: [UInt8], url: String)] = []
  /// Hosts whose pace changed.
  public var paces: [HostPace] = []
  /// Files and how many of their bytes belong to this and earlier commits.
  public var segments: [SegmentEnd] = []
  /// Pages stored by this group.
  public var pages = 0

  /// No changes.
  public init() {}

  /// Adds what a report or an offer changed.
  public mutating func add(_ receipt: ReportReceipt) {
    accepted += receipt.accepted
    finished += receipt.finished
    postponed += receipt.postponed
    announced += receipt.announced
  }

  /// Whether there is nothing to make durable.
  public var isEmpty: Bool {
    accepted.isEmpty && finished.isEmpty && postponed.isEmpty && announced.isEmpty
      && contents.isEmpty && segments.isEmpty && paces.isEmpty && pages == 0
  }
}

/// What the store found while it made a group durable.
public struct CommitReceipt: Sendable {
  /// Of the accepted URLs that the frontier does not hold, by host: how many there were, and how
  /// many of them were new.
  public var handedOver: [String: (count: Int, new: Int)] = [:]

  /// Nothing found.
  public init() {}
}

/// The committed end of one file family.
public struct SegmentEnd: Sendable, Equatable {
  /// The family, such as "pages" or "warc".
  public var family: String
  /// The number of its last file.
  public var number: Int
  /// Bytes of that file.
  public var length: Int

  /// The end of a family of files.
  public init(family: String, number: Int, length: Int) {
    self.family = family
    self.number = number
    self.length = length
  }
}

/// What the frontier wants of a host that has URLs in the store.
public struct HostRequest: Sendable {
  /// The politeness group.
  public var hostKey: String
  /// How many URLs at most.
  public var count: Int
  /// Hashes of those that the frontier holds, or whose end is not durable yet.
  public var held: Set<UInt64>
  /// Whether the copies of robots.txt are wanted as well.
  public var wantsRules: Bool

  /// A request.
  public init(hostKey: String, count: Int, held: Set<UInt64> = [], wantsRules: Bool = false) {
    self.hostKey = hostKey
    self.count = count
    self.held = held
    self.wantsRules = wantsRules
  }
}

/// What the store has of a host.
public struct HostSupply: Sendable {
  /// The politeness group.
  public var hostKey: String
  /// URLs that wait, the next one first.
  public var entries: [FrontierEntry] = []
  /// Copies of robots.txt.
  public var rules: [RobotsCopy] = []

  /// Nothing of a host yet.
  public init(hostKey: String) { self.hostKey = hostKey }
}

/// What an earlier run left behind, as far as it is held in memory.
public struct RestoredFrontier: Sendable {
  /// Whether there was an earlier run.
  public var isContinued = false
  /// Whether that run did not come to its end: what it did last is not known for sure.
  public var wasCutShort = false
  /// The crawl's own identity.
  public var crawlID: String
  /// When its first run began, RFC 3339.
  public var startedAt: String
  /// Runs so far, this one included.
  public var runs = 1
  /// The key of URL hashes.
  public var identity: URLIdentity
  /// URLs that were seen.
  public var seen: SeenHashes
  /// Hosts: their pace, and what they have in the store.
  public var hosts: [StoredHost] = []
  /// Digests of contents that are stored, the first eight bytes of each.
  public var contents: SeenHashes
  /// Committed ends of files.
  public var segments: [SegmentEnd] = []
  /// Counters of URLs and pages.
  public var counts = FrontierCounts()

  /// A frontier nobody used before.
  public init(
    crawlID: String, startedAt: String, identity: URLIdentity, memory: FrontierMemory
  ) {
    self.crawlID = crawlID
    self.startedAt = startedAt
    self.identity = identity
    seen = SeenHashes(limitInBytes: memory.seenBytes)
    contents = SeenHashes(limitInBytes: memory.contentBytes)
  }
}

/// A failure of a store.
public struct FrontierStoreError: Error, Sendable, CustomStringConvertible {
  /// `store.full`, `store.io`, `store.corrupt`, `store.locked`, `store.version`, `store.other_crawl`,
  /// `store.missing`.
  public var kind: Cause
  /// What failed, where.
  public var message: String
  /// What the user can do.
  public var advice: String

  /// An error of a kind.
  public init(kind: Cause, message: String, advice: String) {
    self.kind = kind
    self.message = message
    self.advice = advice
  }

  /// "crawl.db: database disk image is malformed: restore it …".
  public var description: String { "\(message): \(advice)" }
}
