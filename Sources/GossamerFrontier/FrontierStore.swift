/// The durable side of a frontier. Engines stand behind it; everything that a page changed becomes
/// durable in one step or not at all.
public protocol FrontierStore: Sendable {
  /// Opens or makes the store, and reads what an earlier run left.
  ///
  /// - Parameters:
  ///   - settings: what makes the crawl what it is; another value is another crawl.
  ///   - at: the moment from which waits are counted.
  /// - Throws: `FrontierStoreError`.
  func open(
    settings: [String: String], at now: ContinuousClock.Instant
  ) async throws(FrontierStoreError) -> RestoredFrontier
  /// Makes a group of changes durable.
  func commit(_ commit: FrontierCommit) async throws(FrontierStoreError)
  /// Ends the use of the store.
  func close() async throws(FrontierStoreError)
}

/// A group of changes that become durable together.
public struct FrontierCommit: Sendable {
  /// URLs that were new.
  public var accepted: [FrontierEntry] = []
  /// URLs that came to their end.
  public var finished: [FinishedURL] = []
  /// URLs that will be tried again later.
  public var postponed: [PostponedURL] = []
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

  /// Whether there is nothing to make durable.
  public var isEmpty: Bool {
    accepted.isEmpty && finished.isEmpty && postponed.isEmpty && contents.isEmpty
      && segments.isEmpty && paces.isEmpty && pages == 0
  }
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

/// The pace of a host across runs. Waits are spans, since clocks differ between runs.
public struct HostPace: Sendable, Equatable {
  /// The politeness group.
  public var hostKey: String
  /// The gap its robots.txt asks for.
  public var crawlDelay: Duration?
  /// How much longer it rests because it asked to.
  public var parkedFor: Duration?
  /// Refusals in a row.
  public var refusalsInARow: Int
  /// Failures in a row.
  public var failuresInARow: Int
  /// Pages stored of it.
  public var pagesStored: Int

  /// A pace of all its parts.
  public init(
    hostKey: String, crawlDelay: Duration?, parkedFor: Duration?, refusalsInARow: Int,
    failuresInARow: Int, pagesStored: Int
  ) {
    self.hostKey = hostKey
    self.crawlDelay = crawlDelay
    self.parkedFor = parkedFor
    self.refusalsInARow = refusalsInARow
    self.failuresInARow = failuresInARow
    self.pagesStored = pagesStored
  }
}

/// What an earlier run left behind.
public struct RestoredFrontier: Sendable {
  /// Whether there was an earlier run.
  public var isContinued = false
  /// The crawl's own identity.
  public var crawlID: String
  /// When its first run began, RFC 3339.
  public var startedAt: String
  /// Runs so far, this one included.
  public var runs = 1
  /// The key of URL hashes.
  public var identity: URLIdentity
  /// URLs that wait.
  public var pending: [FrontierEntry] = []
  /// URLs that came to an end.
  public var finished: [(hostKey: String, hash: UInt64, state: FinishedURL.State)] = []
  /// Contents that are stored.
  public var contents: [(digest: [UInt8], url: String)] = []
  /// Paces of hosts.
  public var paces: [HostPace] = []
  /// Committed ends of files.
  public var segments: [SegmentEnd] = []
  /// Pages stored.
  public var pages = 0

  /// A frontier nobody used before.
  public init(crawlID: String, startedAt: String, identity: URLIdentity) {
    self.crawlID = crawlID
    self.startedAt = startedAt
    self.identity = identity
  }
}

/// A failure of a store.
public struct FrontierStoreError: Error, Sendable, CustomStringConvertible {
  /// `store.full`, `store.io`, `store.corrupt`, `store.locked`, `store.version`, `store.other_crawl`,
  /// `store.missing`.
  public var kind: String
  /// What failed, where.
  public var message: String
  /// What the user can do.
  public var advice: String

  /// An error of a kind.
  public init(kind: String, message: String, advice: String) {
    self.kind = kind
    self.message = message
    self.advice = advice
  }

  /// "crawl.db: database disk image is malformed: restore it …".
  public var description: String { "\(message): \(advice)" }
}
