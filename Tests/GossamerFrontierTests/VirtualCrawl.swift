import GossamerRobots
import GossamerURL

@testable import GossamerFrontier

/// A crawl played through in virtual time: visits end when the script says, no clock runs.
struct VirtualCrawl {
  typealias Instant = ContinuousClock.Instant

  /// What a site answers, and how long it takes.
  typealias Answer = (VisitReport.Outcome, Duration)

  /// A request that was made.
  struct Request {
    var visit: Visit
    var start: Duration
    var end: Duration
  }

  let origin: Instant
  var now: Instant
  var state: FrontierState
  var requests: [Request] = []
  var receipts = ReportReceipt()
  /// Addresses by host key; others get one of their own.
  var addresses: [String: IPAddress] = [:]
  /// Between being handed out and being sent.
  var sendLag = Duration.zero
  /// What hosts have in the store.
  var stored: [String: HostSupply] = [:]

  init(
    policy: PolitenessPolicy = .quick, budget: CrawlBudget = CrawlBudget(),
    traps: TrapLimits = TrapLimits(), maximumInFlight: Int = 1_000
  ) {
    origin = ContinuousClock().now
    now = origin
    state = FrontierState(
      policy: policy, budget: budget, traps: traps, identity: URLIdentity(key0: 1, key1: 2),
      maximumInFlight: maximumInFlight, seed: 7, at: now)
  }

  /// Seconds since the crawl began.
  var seconds: Double { (now - origin) / .seconds(1) }

  mutating func offer(_ urls: [String], depth: Int = 0) {
    receipts.merge(state.offer(urls.compactMap { Offer($0, depth: depth) }, at: now))
  }

  /// Goes on with hosts of an earlier run, each with URLs in the store: `/0`, `/1` and so on, with
  /// the wait before each.
  mutating func restore(
    _ hosts: [(host: StoredHost, waits: [Duration?])], tries: Int = 0, rules: [RobotsCopy] = [],
    wasCutShort: Bool = false
  ) {
    let identity = URLIdentity(key0: 1, key1: 2)
    var restored = RestoredFrontier(
      crawlID: "", startedAt: "", identity: identity, memory: FrontierMemory())
    restored.isContinued = true
    restored.wasCutShort = wasCutShort
    for (host, waits) in hosts {
      var host = host
      host.waiting = waits.count
      host.known = waits.count
      restored.hosts.append(host)
      var supply = HostSupply(hostKey: host.pace.hostKey)
      supply.rules = rules
      for (number, wait) in waits.enumerated() {
        let url = "http://\(host.pace.hostKey)/\(number)"
        restored.seen.insert(identity.hash(url))
        supply.entries.append(
          FrontierEntry(
            hostKey: host.pace.hostKey, hash: identity.hash(url), url: url, purpose: .page,
            depth: 0, referrer: nil, seed: "seed", redirects: [], failedTries: tries,
            queuedAt: now, dueAt: wait.map { now + $0 }))
      }
      stored[host.pace.hostKey] = supply
      restored.counts.known += waits.count
      restored.counts.pending += waits.count
    }
    state.restore(restored, at: now)
  }

  /// Gives hosts what they ask of the store, a few at a time.
  private mutating func supply() -> Bool {
    let requests = state.takeRequests(limit: 2)
    let supplies = requests.map { request in
      var supply = stored[request.hostKey] ?? HostSupply(hostKey: request.hostKey)
      let fresh = supply.entries.filter { !request.held.contains($0.hash) }
      supply.entries = Array(fresh.prefix(request.count))
      return supply
    }
    receipts.merge(state.take(supplies, at: now))
    return !requests.isEmpty
  }

  /// Plays until nothing is left, or until the given span has passed.
  mutating func play(
    for span: Duration = .seconds(1_000_000),
    answer: (Visit, Duration) -> Answer = { _, _ in (.fetched(isPage: true), .milliseconds(10)) },
    links: (Visit) -> [Offer] = { _ in [] }
  ) {
    var underway: [(end: Instant, start: Instant, visit: Visit, outcome: VisitReport.Outcome)] = []
    while now - origin <= span {
      var due: Instant?
      while supply() {}
      switch state.step(at: now) {
      case .visit(let visit):
        let start = now + (visit.kind == .resolve ? .zero : sendLag)
        let (outcome, length) = standardAnswer(visit) ?? answer(visit, now - origin)
        underway.append((start + length, start, visit, outcome))
        if visit.announcesStart { state.began(visit.id, startedAt: start, at: now) }
        continue
      case .wait(let time): due = time
      case .drained: return
      }
      if state.wantsSupply { continue }
      guard let index = underway.indices.min(by: { underway[$0].end < underway[$1].end }) else {
        guard let due else { return }
        now = max(now, due)
        continue
      }
      if let due, due < underway[index].end {
        now = max(now, due)
        continue
      }
      let ended = underway.remove(at: index)
      now = max(now, ended.end)
      if ended.visit.kind != .resolve {
        requests.append(
          Request(visit: ended.visit, start: ended.start - origin, end: ended.end - origin))
      }
      receipts.merge(
        state.report(
          VisitReport(
            id: ended.visit.id, outcome: ended.outcome, startedAt: ended.start,
            responseSeconds: (ended.end - ended.start) / .seconds(1),
            bytes: ended.visit.kind == .resolve ? 0 : 100,
            links: ended.visit.kind == .page ? links(ended.visit) : []), at: now))
    }
  }

  private func standardAnswer(_ visit: Visit) -> Answer? {
    guard visit.kind == .resolve else { return nil }
    let number = UInt32(truncatingIfNeeded: state.indexOfHost[visit.hostKey] ?? 0)
    return (.resolved([addresses[visit.hostKey] ?? .v4(0x0A00_0000 + number)]), .zero)
  }

  /// The least span between two starts in a group of requests.
  static func leastGap(_ requests: some Sequence<Request>) -> Duration {
    let starts = requests.map(\.start).sorted()
    return zip(starts, starts.dropFirst()).map { $1 - $0 }.min() ?? .seconds(1_000_000)
  }

  /// The most requests under way at one moment.
  static func mostAtOnce(_ requests: some Sequence<Request>) -> Int {
    let edges = requests.flatMap { [($0.start, 1), ($0.end, -1)] }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    var open = 0
    return edges.map {
      open += $0.1; return open
    }.max() ?? 0
  }

  var byHost: [String: [Request]] { Dictionary(grouping: requests) { $0.visit.hostKey } }

  /// Whether the kept counters are what a scan finds.
  var countsAreRight: Bool {
    let counts = state.snapshot
    return counts.pending == state.hosts.reduce(0) { $0 + $1.pendingCount }
      && counts.known == counts.pending + counts.done + counts.failed + counts.blocked
        + counts.skipped + state.visits.values.count { $0.entry != nil }
  }
}

extension PolitenessPolicy {
  /// Half a second between requests, no robots.txt.
  static var quick: PolitenessPolicy {
    var policy = PolitenessPolicy()
    policy.delay = .milliseconds(500)
    policy.perAddressDelay = .zero
    policy.slownessFactor = 0
    policy.obeysRobots = false
    return policy
  }

  func with(_ change: (inout PolitenessPolicy) -> Void) -> PolitenessPolicy {
    var copy = self
    change(&copy)
    return copy
  }
}

extension Offer {
  init?(_ url: String, depth: Int = 0) {
    guard let url = CanonicalURL(url) else { return nil }
    self.init(url: url, depth: depth, seed: "seed")
  }
}

extension RobotsRules {
  init(_ text: String) { self.init(parsing: Array(text.utf8), agent: "Gossamer") }
}
