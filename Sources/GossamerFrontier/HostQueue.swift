import DequeModule
import GossamerRobots
import GossamerURL

/// Everything known of one politeness group: what waits, what is under way, when it may go on.
///
/// Filled by `FrontierState.offer`, emptied by visits. Breadth-first: lower depths go first, and
/// within a depth first come, first served.
struct HostQueue {
  typealias Instant = ContinuousClock.Instant

  /// What is known of the addresses.
  enum Addresses {
    case unknown(failedTries: Int)
    case lookingUp(failedTries: Int)
    case known([IPAddress])
  }

  /// What is known of the rules of one origin (scheme, host and port).
  enum Rules {
    case unknown(failedTries: Int)
    case asking(failedTries: Int, old: RobotsRules?)
    case known(RobotsRules, until: Instant)
    /// A copy is in the store.
    case stored(until: Instant)
  }

  /// The rules of both origins that a host can have: its key holds the port, so that only the scheme
  /// tells them apart.
  struct OriginRules {
    private var plain = Rules.unknown(failedTries: 0)
    private var secure = Rules.unknown(failedTries: 0)

    subscript(isSecure: Bool) -> Rules {
      get { isSecure ? secure : plain }
      set { if isSecure { secure = newValue } else { plain = newValue } }
    }
  }

  let key: String
  /// Why it was given up; later offers are refused with it.
  var stopReason: HostStop?
  var addresses = Addresses.unknown(failedTries: 0)
  var origins = OriginRules()

  /// The earliest next request.
  var notBefore: Instant
  /// Requests out, robots.txt included.
  var inFlight = 0
  /// A visit is out whose start is not known yet and must be, to pace the next one.
  var awaitsStart = false
  var crawlDelay: Duration?
  var failuresInARow = 0
  var refusalsInARow = 0
  /// Answers in a row that ask for payment or a licence.
  var paywallsInARow = 0
  /// When the last refusal or failure of the host was reported. Requests that were out by then met
  /// the same trouble: with many at once, one bad moment must count once.
  var troubledAt: Instant?
  /// The host rests until then because it asked for it, or seemed unwell.
  var parkedUntil: Instant?

  /// Invalidates older places in the heap.
  var stamp: UInt64 = 0
  /// Its valid place in the heap; nil if it has none.
  var scheduledAt: Instant?
  /// It stands in line at its address and has no place in the heap.
  var waitsAtGate = false

  /// URLs known of it.
  var knownCount = 0
  /// URLs whose refusal was said.
  var refusalsSaid = 0
  var queries = QueryCounts()
  var pagesStored = 0
  var pagesInFlight = 0
  /// URLs wait here that only a greater budget of pages would set free.
  var isHeldByBudget = false

  /// URLs that wait in the store alone.
  var stored = 0
  /// URLs of which the store has more than we can tell: waiting here, under way, or come to an end
  /// that is not durable yet. They are not to be taken from the store again.
  var held: Set<UInt64> = []
  /// More was asked of the store and has not come yet.
  var awaitsSupply = false
  /// Nothing can go on before the store has sent the rules.
  var awaitsRules = false
  /// Copies of robots.txt that are not durable yet.
  var rulesToStore: [(isSecure: Bool, body: [UInt8], until: Instant)] = []
  /// What is learned of the shapes of its paths; nil until it has sent enough to learn from.
  var patterns: PathPatterns?
  var softNotFound = SoftNotFound()
  /// Pages that were looked at before there were patterns.
  var pagesSeen = 0
  /// Sitemaps in a row that named no page.
  var barrenSitemaps = 0

  private var levels: [Deque<FrontierEntry>] = []
  private var lowestLevel = 0
  private(set) var waitingCount = 0
  /// Entries that are to be tried again later, the earliest last.
  private var delayed: [(due: Instant, entry: FrontierEntry)] = []

  init(key: String, notBefore: Instant) {
    self.key = key
    self.notBefore = notBefore
  }

  var isStopped: Bool { stopReason != nil }

  /// Entries that wait, those to be tried again and those in the store included.
  var pendingCount: Int { waitingCount + delayed.count + stored }

  /// Entries to be tried again that are held here.
  var delayedCount: Int { delayed.count }

  /// Whether only the store can tell what comes next.
  var isExhausted: Bool { waitingCount == 0 && stored > 0 }

  /// When the earliest entry to be tried again is due.
  var nextRetry: Instant? { delayed.last?.due }

  /// Adds an entry at the end of its level.
  mutating func append(_ entry: FrontierEntry) {
    let level = entry.visitOrder
    while levels.count <= level { levels.append(Deque()) }
    levels[level].append(entry)
    lowestLevel = waitingCount == 0 ? level : min(lowestLevel, level)
    waitingCount += 1
  }

  /// Puts an entry back in front of its level.
  mutating func putBack(_ entry: FrontierEntry) {
    let level = entry.visitOrder
    while levels.count <= level { levels.append(Deque()) }
    levels[level].prepend(entry)
    lowestLevel = waitingCount == 0 ? level : min(lowestLevel, level)
    waitingCount += 1
  }

  /// Keeps an entry until it is due.
  mutating func delay(_ entry: FrontierEntry, until due: Instant) {
    var place = delayed.startIndex
    var end = delayed.endIndex
    while place < end {
      let middle = (place + end) / 2
      if delayed[middle].due < due { end = middle } else { place = middle + 1 }
    }
    delayed.insert((due, entry), at: place)
  }

  /// Moves entries whose time has come to the front of their levels.
  mutating func admitDelayed(at now: Instant) {
    while let last = delayed.last, last.due <= now {
      delayed.removeLast()
      putBack(last.entry)
    }
  }

  /// The entry that comes next; nil if none waits.
  var first: FrontierEntry? {
    mutating get {
      settleLevel()
      return waitingCount > 0 ? levels[lowestLevel].first : nil
    }
  }

  /// Takes the entry that comes next.
  mutating func popFirst() -> FrontierEntry? {
    settleLevel()
    guard waitingCount > 0 else { return nil }
    waitingCount -= 1
    return levels[lowestLevel].popFirst()
  }

  /// Takes all entries that wait.
  mutating func removeAll() -> [FrontierEntry] {
    let all = levels.flatMap { Array($0) } + delayed.map(\.entry)
    levels = []
    delayed = []
    waitingCount = 0
    lowestLevel = 0
    return all
  }

  private mutating func settleLevel() {
    guard waitingCount > 0 else { return }
    while levels[lowestLevel].isEmpty { lowestLevel += 1 }
  }
}
