import GossamerFlow
import GossamerRobots
import GossamerURL
import Testing

@testable import GossamerFrontier

/// Crawls of random sites under random policies; what must always hold is checked at every step.
@Suite("Whatever happens: rules that hold at every step")
struct RandomCrawlTests {
  @Test(arguments: 0..<60 as Range<UInt64>)
  func rulesHoldAtEveryStep(seed: UInt64) {
    var crawl = RandomCrawl(seed: seed)
    crawl.play()
    let (breaches, hasEnded) = (crawl.breaches, crawl.hasEnded)
    #expect(breaches.isEmpty, "seed \(seed)")
    #expect(hasEnded, "seed \(seed): \(crawl.state.snapshot)")
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func theSameSeedGivesTheSameCrawl(seed: UInt64) {
    var first = RandomCrawl(seed: seed)
    var second = RandomCrawl(seed: seed)
    first.play()
    second.play()
    let (asked, again) = (first.asked, second.asked)
    #expect(asked == again)
  }
}

/// One random crawl, with its own book of what was asked when.
private struct RandomCrawl {
  typealias Instant = ContinuousClock.Instant

  struct Underway {
    var visit: Visit
    var start: Instant
    var end: Instant
    var hasBegun: Bool
  }

  let origin = ContinuousClock().now
  var now: Instant
  var state: FrontierState
  let policy: PolitenessPolicy
  let pageLimit: Int?
  let hostLimit: Int?
  let maximumInFlight: Int
  /// Milliseconds between leave and request; a machine under load can be slower than any gap.
  let longestLag: Int
  var random: SplitMix
  let hostCount: Int
  let addressCount: Int

  var underway: [Underway] = []
  var lastStart: [String: Instant] = [:]
  var restsUntil: [String: Instant] = [:]
  var lastStartAtAddress: [IPAddress: Instant] = [:]
  var ruled: Set<String> = []
  var pages: [String: Int] = [:]
  var ended: Set<String> = []
  var asked: [String] = []
  var steps = 0
  var breaches: [String] = []
  var hasEnded = false

  init(seed: UInt64) {
    var random = SplitMix(state: seed)
    var policy = PolitenessPolicy()
    policy.delay = .milliseconds([0, 100, 500].randomElement(using: &random) ?? 0)
    policy.perHost = Int.random(in: 1...3, using: &random)
    policy.perAddressDelay = .milliseconds([0, 50, 300].randomElement(using: &random) ?? 0)
    policy.perAddress = Int.random(in: 1...4, using: &random)
    policy.slownessFactor = Double.random(in: 0...3, using: &random)
    policy.obeysRobots = Bool.random(using: &random)
    policy.robotsLifetime = .seconds([5, 86_400].randomElement(using: &random) ?? 5)
    var budget = CrawlBudget()
    if Bool.random(using: &random) { budget.pages = Int.random(in: 1...150, using: &random) }
    if Bool.random(using: &random) { budget.pagesPerHost = Int.random(in: 1...20, using: &random) }
    budget.depth = [nil, 2, 6].randomElement(using: &random) ?? nil
    var traps = TrapLimits()
    traps.urlsPerHost = Int.random(in: 10...60, using: &random)
    hostCount = Int.random(in: 1...12, using: &random)
    addressCount = Int.random(in: 1...6, using: &random)
    maximumInFlight = Int.random(in: 1...20, using: &random)
    longestLag = [0, 80, 900].randomElement(using: &random) ?? 0
    self.policy = policy
    pageLimit = budget.pages
    hostLimit = budget.pagesPerHost
    self.random = random
    now = origin
    state = FrontierState(
      policy: policy, budget: budget, traps: traps, identity: URLIdentity(key0: 1, key1: 2),
      maximumInFlight: maximumInFlight, seed: seed, at: now)
  }

  mutating func play() {
    take(state.offer(links(depth: 0, count: 30), at: now))
    while steps < 20_000, breaches.isEmpty {
      steps += 1
      switch state.step(at: now) {
      case .visit(let visit): begin(visit)
      case .wait(let due):
        guard let next = nextMoment(due) else {
          return note("waits for nothing: \(state.snapshot)")
        }
        now = max(now, next)
        finishDue()
      case .drained:
        hasEnded = true
        checkEnd()
        return
      }
      checkCounts()
    }
  }

  // MARK: What happens

  private mutating func begin(_ visit: Visit) {
    let lag = Duration.milliseconds(Int.random(in: 0...longestLag, using: &random))
    let length = Duration.milliseconds(Int.random(in: 1...1_500, using: &random))
    let start = visit.kind == .resolve ? now : now + lag
    underway.append(
      Underway(visit: visit, start: start, end: start + length, hasBegun: !visit.announcesStart))
    checkPlaces()
    guard visit.kind != .resolve else { return }
    asked.append(visit.url.string)
    checkGap(visit, start)
    if visit.kind == .robots {
      ruled.insert(visit.url.url.origin)
    } else {
      if policy.obeysRobots, !ruled.contains(visit.url.url.origin) {
        note("\(visit.url) before its robots.txt")
      }
      if ended.contains(visit.url.string) { note("\(visit.url) after its end") }
    }
  }

  private func nextMoment(_ due: Instant?) -> Instant? {
    var moments = underway.map(\.end)
    moments += underway.filter { !$0.hasBegun }.map(\.start)
    if let due { moments.append(due) }
    return moments.min()
  }

  private mutating func finishDue() {
    for index in underway.indices where !underway[index].hasBegun && underway[index].start <= now {
      underway[index].hasBegun = true
      state.began(underway[index].visit.id, startedAt: underway[index].start, at: now)
    }
    let finished = underway.filter { $0.end <= now }
    underway.removeAll { $0.end <= now }
    for visit in finished { finish(visit) }
  }

  private mutating func finish(_ ended: Underway) {
    let visit = ended.visit
    let isPage = visit.kind == .page
    let report = VisitReport(
      id: visit.id, outcome: outcome(of: visit), startedAt: ended.start,
      responseSeconds: (ended.end - ended.start) / .seconds(1), bytes: 10,
      links: isPage
        ? links(depth: visit.depth + 1, count: Int.random(in: 0...6, using: &random)) : [])
    if case .fetched(isPage: true) = report.outcome { pages[visit.hostKey, default: 0] += 1 }
    if case .rateLimited(_, let time?) = report.outcome, time > .zero {
      restsUntil[visit.hostKey] = max(restsUntil[visit.hostKey] ?? now, now + time)
    }
    take(state.report(report, at: now))
  }

  private mutating func outcome(of visit: Visit) -> VisitReport.Outcome {
    let dice = Int.random(in: 0..<100, using: &random)
    if dice < 4 { return .cancelled }
    if dice < 10 {
      return .failed(
        kind: .reset, isTransient: Bool.random(using: &random),
        harmsHost: Bool.random(using: &random))
    }
    switch visit.kind {
    case .resolve:
      let number = state.indexOfHost[visit.hostKey] ?? 0
      return .resolved([.v4(UInt32(number % addressCount))])
    case .robots:
      if dice < 15 { return .rateLimited(kind: .rateLimited, retryAfter: nil) }
      let delay = dice < 20 ? "Crawl-delay: 2\n" : dice < 22 ? "Crawl-delay: 100\n" : ""
      return .robots(RobotsRules("User-agent: *\n\(delay)Disallow: /3"))
    case .probe: return .probed(nil)
    case .page, .sitemap, .reservations:
      if dice < 18 {
        let times: [Duration?] = [nil, .zero, .seconds(2), .seconds(9), .seconds(100_000)]
        return .rateLimited(
          kind: .rateLimited, retryAfter: times.randomElement(using: &random) ?? nil)
      }
      if dice < 24 { return .refused(kind: .type, rule: nil) }
      if dice < 32, let target = links(depth: visit.depth, count: 1).first {
        return .redirected(target)
      }
      return .fetched(isPage: visit.kind == .page && dice < 90)
    }
  }

  private mutating func links(depth: Int, count: Int) -> [Offer] {
    (0..<count).compactMap { _ in
      let host = Int.random(in: 0..<hostCount, using: &random)
      let scheme = Int.random(in: 0..<4, using: &random) == 0 ? "https" : "http"
      let path = Int.random(in: 0..<40, using: &random)
      var offer = Offer("\(scheme)://h\(host).test/\(path)", depth: depth)
      if path == 39 { offer?.purpose = .sitemap }
      return offer
    }
  }

  private mutating func take(_ receipt: ReportReceipt) {
    for url in receipt.finished where !ended.insert(url.entry.url).inserted {
      note("\(url.entry.url) ended twice")
    }
  }

  // MARK: What must hold

  private mutating func note(_ breach: String) { breaches.append(breach) }

  /// The book has the gap as the least that can be asked for, a learnt Crawl-delay included.
  private mutating func checkGap(_ visit: Visit, _ start: Instant) {
    let host = visit.hostKey
    let index = state.indexOfHost[host] ?? 0
    let gap = max(policy.delay, state.hosts[index].crawlDelay ?? .zero)
    if gap > .zero, let last = lastStart[host], start - last < gap {
      note("\(host) asked again after \(start - last), not \(gap)")
    }
    lastStart[host] = start
    if let until = restsUntil[host], now < until { note("\(host) asked during its rest") }
    guard case .known(let addresses) = state.hosts[index].addresses, let address = addresses.first
    else { return note("\(host) asked before its addresses are known") }
    let addressGap = policy.perAddressDelay
    if addressGap > .zero, let last = lastStartAtAddress[address], start - last < addressGap {
      note("\(address) asked again after \(start - last), not \(addressGap)")
    }
    lastStartAtAddress[address] = start
  }

  private mutating func checkPlaces() {
    if underway.count > maximumInFlight { note("\(underway.count) in flight") }
    let requests = underway.filter { $0.visit.kind != .resolve }
    for (host, group) in Dictionary(grouping: requests, by: \.visit.hostKey)
    where group.count > policy.perHost {
      note("\(group.count) at once to \(host)")
    }
    let byAddress = Dictionary(grouping: requests) { request in
      UInt32((state.indexOfHost[request.visit.hostKey] ?? 0) % addressCount)
    }
    for (address, group) in byAddress where group.count > policy.perAddress {
      note("\(group.count) at once to address \(address)")
    }
  }

  private mutating func checkCounts() {
    let counts = state.snapshot
    let held = state.visits.values.count { $0.entry != nil }
    let inAll =
      counts.pending + held + counts.done + counts.failed + counts.blocked
      + counts.skipped
    if counts.known != inAll { note("known is \(counts.known), the states add up to \(inAll)") }
    let queued = state.hosts.reduce(0) { $0 + $1.pendingCount }
    if counts.pending != queued { note("pending is \(counts.pending), queued are \(queued)") }
    let places = state.hosts.count { $0.scheduledAt != nil }
    if state.placedHosts != places { note("placed are \(state.placedHosts), found \(places)") }
    let inLine = state.hosts.count { $0.waitsAtGate }
    if state.hostsAtGates != inLine { note("in line are \(state.hostsAtGates), found \(inLine)") }
    if state.placeCount > 2 * (state.hosts.count + state.gates.count) + 64 {
      note("the heap grows")
    }
    if let pageLimit, counts.pages > pageLimit { note("\(counts.pages) pages of \(pageLimit)") }
    if let hostLimit, let most = pages.values.max(), most > hostLimit {
      note("\(most) pages of one host, not \(hostLimit)")
    }
  }

  /// Nothing may be left but what a budget holds back.
  private mutating func checkEnd() {
    take(state.takeDecisions())
    let counts = state.snapshot
    if counts.inFlight != 0 { note("drained with \(counts.inFlight) in flight") }
    if counts.pending > 0, !state.isBudgetSpent(at: now) { note("drained too early: \(counts)") }
    if ended.count != counts.done + counts.failed + counts.blocked + counts.skipped {
      note("\(ended.count) ends were said, counted: \(counts)")
    }
  }
}
