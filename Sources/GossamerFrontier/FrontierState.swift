import DequeModule
import GossamerFlow
import GossamerRobots
import GossamerURL
import HeapModule

/// All decisions of the frontier as a value: no clock, no waiting, no file. Time comes in as an
/// argument, so that a crawl of hours can be played through in a test.
public struct FrontierState {
  /// A moment on the clock that paces.
  public typealias Instant = ContinuousClock.Instant

  /// What the frontier wants to happen now.
  public enum Step {
    /// This visit; its place is reserved.
    case visit(Visit)
    /// Nothing before this moment, or before something is reported or offered.
    case wait(Instant?)
    /// Nothing is left that may be done, and nothing is under way.
    case drained
  }

  let policy: PolitenessPolicy
  let budget: CrawlBudget
  let traps: TrapLimits
  let identity: URLIdentity
  let maximumInFlight: Int
  var memory: FrontierMemory

  /// URLs that were seen.
  var seen: SeenHashes
  /// URLs whose refusal was said.
  var refused: SeenHashes
  /// URLs that were handed to the store whose word on them has not come yet.
  var handedOver = 0
  /// URLs that wait in the store alone.
  var storedCount = 0
  /// Hosts that want URLs or rules from the store, those asked for included.
  var awaitingSupply = 0
  /// Of these, hosts that were not asked for yet.
  var wantingHosts = Deque<Int>()

  var hosts: [HostQueue] = []
  var indexOfHost: [String: Int] = [:]
  /// Start and host of the URL that was offered last.
  var lastOrigin = (prefix: "\u{0}", host: 0)
  var gates: [AddressGate] = []
  var indexOfGate: [IPAddress: Int] = [:]
  var due = Heap<DuePlace>()
  /// Hosts that have a valid place in the heap.
  var placedHosts = 0
  /// Hosts that stand in line at an address.
  var hostsAtGates = 0
  /// Hosts whose own budget of pages is used up while URLs wait there.
  var hostsHeldByBudget = 0
  /// When an earlier run was put back; addresses rest once more from then.
  var restoredAt: Instant?
  /// What a run did last that was cut short is not known: any host may have been asked.
  var newHostsRestUntil: Instant?
  var visits: [Visit.ID: Outstanding] = [:]
  var counts = FrontierCounts()
  var decisions = ReportReceipt()
  /// Hosts whose pace moved since it was last taken.
  var changedHosts: Set<Int> = []
  var random: SplitMix
  private var nextID: UInt64 = 1
  /// Numbers the places that were given, so that equal moments keep their order.
  var sequence: UInt64 = 0
  private let deadline: Instant?
  private var isStopping = false

  /// A visit under way.
  struct Outstanding {
    var host: Int
    var kind: Visit.Kind
    var entry: FrontierEntry?
    var isSecure: Bool
    var gate: Int?
    /// The host, the address or both are held until the start of this visit is known.
    var awaitsStart: Bool
  }

  /// The pace of one address, shared by all hosts that live there.
  ///
  /// Hosts that find it busy stand in line; the gate then has a place in the heap instead of them,
  /// so that ten thousand hosts at one address cost no more than one.
  struct AddressGate {
    var notBefore: Instant
    var inFlight = 0
    /// A visit is out whose start is not known yet and must be, to pace the next one.
    var awaitsStart = false
    var line = Deque<Int>()
    var stamp: UInt64 = 0
    var scheduledAt: Instant?
  }

  /// A frontier that knows nothing yet.
  ///
  /// - Parameters:
  ///   - maximumInFlight: visits out at once over all hosts.
  ///   - seed: of the random spread of waits.
  public init(
    policy: PolitenessPolicy, budget: CrawlBudget = CrawlBudget(),
    traps: TrapLimits = TrapLimits(), memory: FrontierMemory = FrontierMemory(),
    identity: URLIdentity, maximumInFlight: Int, seed: UInt64, at now: Instant
  ) {
    self.policy = policy
    self.budget = budget
    self.traps = traps
    self.identity = identity
    self.maximumInFlight = maximumInFlight
    self.memory = memory
    seen = SeenHashes(limitInBytes: memory.seenBytes)
    refused = SeenHashes(limitInBytes: memory.refusedBytes)
    random = SplitMix(state: seed)
    deadline = budget.time.map { now + $0 }
  }

  /// Counters; kept as things happen, never counted by a scan.
  public var snapshot: FrontierCounts {
    var snapshot = counts
    snapshot.inFlight = visits.count
    snapshot.hosts = hosts.count
    return snapshot
  }

  /// No new visits from now on; those under way may end.
  public mutating func stop() { isStopping = true }

  /// Whether a budget, rather than a lack of URLs, ends the crawl.
  public func isBudgetSpent(at now: Instant) -> Bool {
    isWholeBudgetSpent(at: now) || hostsHeldByBudget > 0 && placedHosts == 0
  }

  /// Whether a budget of the whole crawl is used up.
  private func isWholeBudgetSpent(at now: Instant) -> Bool {
    if let pages = budget.pages, counts.pages >= pages { return true }
    if let bytes = budget.bytes, counts.bytes >= bytes { return true }
    return deadline.map { now >= $0 } ?? false
  }

  // MARK: Asking

  /// The next thing to do. A visit that is returned has its place reserved at the host and at the
  /// address, so that no other can pass the gate with it.
  public mutating func step(at now: Instant) -> Step {
    if isStopping || isWholeBudgetSpent(at: now) { return visits.isEmpty ? .drained : .wait(nil) }
    guard visits.count < maximumInFlight, hasPageBudget else { return .wait(deadline) }
    // Hosts that have their turn while others wait for the store keep it; it is soon theirs.
    while wantingHosts.count < 2 * maximumInFlight + 64, let next = due.min {
      guard isValid(next) else {
        due.removeMin()
        continue
      }
      guard next.at <= now else { return .wait(deadline.map { min($0, next.at) } ?? next.at) }
      due.removeMin()
      if let visit = visit(of: next.subject, at: now) { return .visit(visit) }
    }
    let isOver = visits.isEmpty && handedOver == 0 && awaitingSupply == 0
    return isOver ? .drained : .wait(deadline)
  }

  /// Pages under way may all turn out to be stored: no more are started than the budget has room
  /// for.
  private var hasPageBudget: Bool {
    guard let pages = budget.pages else { return true }
    return counts.pages + counts.pagesInFlight < pages
  }

  private mutating func visit(of subject: Subject, at now: Instant) -> Visit? {
    switch subject {
    case .host(let host): visit(ofHost: host, at: now, isFirstInLine: false)
    case .gate(let gate): visit(atGate: gate, at: now)
    }
  }

  /// A visit of the first host in line that still has one to make.
  private mutating func visit(atGate gate: Int, at now: Instant) -> Visit? {
    gates[gate].stamp += 1
    gates[gate].scheduledAt = nil
    while isOpen(gate, at: now), let host = gates[gate].line.popFirst() {
      hosts[host].waitsAtGate = false
      hostsAtGates -= 1
      if let visit = visit(ofHost: host, at: now, isFirstInLine: true) { return visit }
    }
    scheduleGate(gate, at: now)
    return nil
  }

  /// A visit to this host, if there is one to be made now; else the host is put in line again for
  /// the moment at which there may be.
  private mutating func visit(ofHost host: Int, at now: Instant, isFirstInLine: Bool) -> Visit? {
    leaveHeap(host)
    hosts[host].admitDelayed(at: now)
    guard !hosts[host].isStopped else { return nil }
    if let until = hosts[host].parkedUntil, until > now {
      schedule(host, at: now)
      return nil
    }
    if hosts[host].stored > 0, hosts[host].waitingCount <= memory.waitingURLsPerHost / 2 {
      wantSupply(host)
    }
    if case .lookingUp = hosts[host].addresses { return nil }
    guard case .known(let addresses) = hosts[host].addresses else {
      return lookUp(host, at: now)
    }
    while let entry = hosts[host].first {
      if hosts[host].notBefore > now || hosts[host].inFlight >= policy.perHost
        || hosts[host].awaitsStart
      {
        schedule(host, at: now)
        return nil
      }
      guard let url = CanonicalURL(entry.url) else {
        // Accepted URLs have a canonical form; one that lost it on disk is dropped, not trapped on.
        drop(host)
        finish(entry, .failed, refusal: (.invalidURL, nil))
        continue
      }
      let rules: RobotsRules?
      switch needsRules(of: url, host: host, at: now) {
      case .no(let known): rules = known
      case .first:
        return start(
          .robots, url, host, addresses, entry: nil, isFirstInLine: isFirstInLine, at: now)
      case .wait: return nil
      case .stored:
        hosts[host].awaitsRules = true
        wantSupply(host)
        return nil
      }
      if let verdict = rules?.verdict(forTarget: url.url.requestTarget), !verdict.isAllowed {
        drop(host)
        let line = verdict.line.map { "line \($0): " } ?? ""
        finish(entry, .blocked, refusal: (.robots, line + (verdict.rule ?? "")))
        continue
      }
      guard hasHostBudget(host, entry) else {
        holdByBudget(host)
        return nil
      }
      if let closure = closure(of: entry, host) {
        drop(host)
        finish(entry, .skipped, by: closure)
        continue
      }
      return start(
        Visit.Kind(entry.purpose), url, host, addresses, entry: entry,
        rules: rules, isFirstInLine: isFirstInLine, at: now)
    }
    schedule(host, at: now)
    return nil
  }

  private mutating func drop(_ host: Int) {
    guard hosts[host].popFirst() != nil else { return }
    counts.pending -= 1
  }

  /// Pages under way may still turn out not to be stored; only then the host goes on.
  private mutating func holdByBudget(_ host: Int) {
    guard !hosts[host].isHeldByBudget, hosts[host].pagesInFlight == 0 else { return }
    hosts[host].isHeldByBudget = true
    hostsHeldByBudget += 1
  }

  private func hasHostBudget(_ host: Int, _ entry: FrontierEntry) -> Bool {
    guard let limit = budget.pagesPerHost, entry.purpose == .page else { return true }
    return hosts[host].pagesStored + hosts[host].pagesInFlight < limit
  }

  private mutating func lookUp(_ host: Int, at now: Instant) -> Visit? {
    guard case .unknown(let tries) = hosts[host].addresses,
      let entry = hosts[host].first, let url = CanonicalURL(entry.url)
    else { return nil }
    hosts[host].addresses = .lookingUp(failedTries: tries)
    let id = newID()
    visits[id] = Outstanding(
      host: host, kind: .resolve, entry: nil, isSecure: false, gate: nil, awaitsStart: false)
    return Visit(
      id: id, kind: .resolve, url: url, hostKey: hosts[host].key, rules: nil, notFound: nil,
      depth: 0, referrer: nil, seed: entry.seed, redirects: [], attempt: tries + 1, queuedAt: now,
      announcesStart: false)
  }

  private enum Need {
    case no(RobotsRules?)
    case first
    case wait
    case stored
  }

  private mutating func needsRules(of url: CanonicalURL, host: Int, at now: Instant) -> Need {
    guard policy.obeysRobots else { return .no(nil) }
    switch hosts[host].origins[isSecure(url)] {
    case .known(let rules, let until):
      return until > now ? .no(rules) : .first
    case .stored(let until): return until > now ? .stored : .first
    case .unknown: return .first
    case .asking: return .wait
    }
  }

  /// Passes the gate of the address and reserves the place, or waits for it.
  private mutating func start(
    _ kind: Visit.Kind, _ url: CanonicalURL, _ host: Int, _ addresses: [IPAddress],
    entry: FrontierEntry?, rules: RobotsRules? = nil, isFirstInLine: Bool, at now: Instant
  ) -> Visit? {
    let gate = addresses.first.map { gateIndex(of: $0, at: now) }
    if let gate, !pass(gate, host: host, isFirstInLine: isFirstInLine, at: now) { return nil }
    if entry != nil { drop(host) }
    if kind == .robots { beginAsking(isSecure(url), host) }
    hosts[host].inFlight += 1
    if kind == .page {
      hosts[host].pagesInFlight += 1
      counts.pagesInFlight += 1
    }
    let gap = policy.gap(crawlDelay: hosts[host].crawlDelay, responseSeconds: 0)
    let announces = gap > .zero && policy.perHost > 1
    hosts[host].awaitsStart = announces
    let announcesAtGate = gate != nil && policy.perAddressDelay > .zero && policy.perAddress > 1
    if let gate { gates[gate].awaitsStart = announcesAtGate }
    // Counted from the start once that is known.
    hosts[host].notBefore = now + gap
    let id = newID()
    visits[id] = Outstanding(
      host: host, kind: kind, entry: entry, isSecure: isSecure(url), gate: gate,
      awaitsStart: announces || announcesAtGate)
    schedule(host, at: now)
    if let gate { scheduleGate(gate, at: now) }
    return Visit(
      id: id, kind: kind, url: kind == .robots ? robotsURL(of: url) : url,
      hostKey: hosts[host].key, rules: rules, notFound: hosts[host].softNotFound.fingerprint,
      depth: entry?.depth ?? 0, referrer: entry?.referrer,
      seed: entry?.seed ?? hosts[host].first?.seed ?? "", redirects: entry?.redirects ?? [],
      attempt: (entry?.failedTries ?? 0) + 1, queuedAt: entry?.queuedAt ?? now,
      announcesStart: announces || announcesAtGate)
  }

  private func isSecure(_ url: CanonicalURL) -> Bool { url.url.scheme == "https" }

  private mutating func beginAsking(_ isSecure: Bool, _ host: Int) {
    switch hosts[host].origins[isSecure] {
    case .known(let old, _):
      hosts[host].origins[isSecure] = .asking(failedTries: 0, old: old)
    case .unknown(let tries):
      hosts[host].origins[isSecure] = .asking(failedTries: tries, old: nil)
    case .stored: hosts[host].origins[isSecure] = .asking(failedTries: 0, old: nil)
    case .asking: break
    }
  }

  private func robotsURL(of url: CanonicalURL) -> CanonicalURL {
    CanonicalURL(url.url.origin + "/robots.txt") ?? url
  }

  private mutating func newID() -> UInt64 {
    defer { nextID += 1 }
    return nextID
  }
}

/// A small generator whose state is a value, so that a run can be repeated.
/// Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
