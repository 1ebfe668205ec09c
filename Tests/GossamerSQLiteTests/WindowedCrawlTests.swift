import GossamerURL
import Testing

@testable import GossamerFrontier
@testable import GossamerSQLite

/// Whole crawls of a made-up web through the frontier and a real store, in virtual time, where only
/// a few URLs have room in memory.
@Suite("Crawls that do not fit into memory", .timeLimit(.minutes(5)))
struct WindowedCrawlTests {
  @Test(arguments: [1, 7, 1_000], [false, true])
  func everyPageIsVisitedOnceWhateverFitsIntoMemory(
    perHost: Int, forgets: Bool
  ) async throws {
    let file = try TemporaryStore()
    var run = try await StoredCrawl(file, perHost: perHost, forgets: forgets)
    try await run.play()
    let (visits, counts, breaches) = (run.visits, run.state.snapshot, run.breaches)
    #expect(Set(visits.keys) == StoredCrawl.reachable)
    #expect(visits.values.allSatisfy { $0 == 1 })
    #expect(breaches.isEmpty)
    #expect(counts.done == visits.count && counts.pending == 0)
    try await run.close()
    let stored = try SQLiteFrontierReader(path: file.path).counts()
    #expect(stored.known == visits.count && stored.done == visits.count)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func whatIsCutShortAnywhereIsVisitedToTheEnd(seed: UInt64) async throws {
    let file = try TemporaryStore()
    var random = SplitMix(state: seed)
    var (visits, lost): ([String: Int], Int) = ([:], 0)
    for cut in 0..<20 {
      var run = try await StoredCrawl(file, perHost: 5, forgets: seed % 2 == 0)
      let isLast = cut == 19
      try await run.play(
        steps: isLast ? .max : Int.random(in: 1...600, using: &random))
      // What was not committed is as if it had not been; the next run does it again.
      if !isLast { lost += run.uncommitted }
      visits.merge(run.visits, uniquingKeysWith: +)
      #expect(run.breaches.isEmpty)
      try await run.close()
    }
    #expect(Set(visits.keys) == StoredCrawl.reachable)
    #expect(visits.values.reduce(0, +) <= visits.count + lost)
    let stored = try SQLiteFrontierReader(path: file.path).counts()
    #expect(stored.done == visits.count && stored.pending == 0)
  }
}

/// One run of a crawl of a web of 4 hosts with 400 pages each; page n links to 2n and 2n + 1 of its
/// host and to pages of the others.
private struct StoredCrawl {
  static let pagesPerHost = 400
  static let hosts = (0..<4).map { "h\($0).test" }
  static let reachable = Set(
    hosts.flatMap { host in (1..<pagesPerHost).map { "http://\(host)/\($0)" } })

  let store: SQLiteFrontierStore
  var state: FrontierState
  var now = ContinuousClock.now
  var visits: [String: Int] = [:]
  var breaches: [String] = []
  /// Visits whose end is not durable.
  var uncommitted = 0
  private var commit = FrontierCommit()
  private var lastDepth: [String: Int] = [:]

  init(_ file: TemporaryStore, perHost: Int, forgets: Bool) async throws {
    var memory = FrontierMemory()
    memory.waitingURLsPerHost = perHost
    let (store, restored) = try await file.open(memory: memory)
    self.store = store
    var policy = PolitenessPolicy()
    (policy.delay, policy.perAddressDelay, policy.obeysRobots) = (.milliseconds(10), .zero, false)
    state = FrontierState(
      policy: policy, memory: memory, identity: restored.identity, maximumInFlight: 3, seed: 1,
      at: now)
    state.restore(restored, at: now)
    if forgets { state.seen.becomeIncomplete() }
    commit.add(state.offer(Self.hosts.map { offer("http://\($0)/1", depth: 0) }, at: now))
  }

  private func offer(_ url: String, depth: Int) -> Offer {
    guard let url = CanonicalURL(url) else { preconditionFailure("a URL of this web") }
    return Offer(url: url, depth: depth, seed: "http://h0.test/1")
  }

  mutating func play(steps: Int = .max) async throws {
    var steps = steps
    while steps > 0 {
      steps -= 1
      switch state.step(at: now) {
      case .visit(let visit): end(visit)
      case .wait(let due):
        let requests = state.takeRequests(limit: 2)
        if !requests.isEmpty {
          commit.add(state.take(try await store.supply(requests, at: now), at: now))
        } else if let due {
          now = max(now, due)
        } else if commit.isEmpty {
          return breaches.append("waits for nothing: \(state.snapshot)")
        } else {
          try await flush()
        }
      case .drained: return try await flush()
      }
      if uncommitted >= 16 { try await flush() }
    }
  }

  func close() async throws { try await store.close() }

  private mutating func end(_ visit: Visit) {
    guard visit.kind == .page else {
      return commit.add(
        state.report(VisitReport(id: visit.id, outcome: .resolved([.v4(1)])), at: now))
    }
    visits[visit.url.string, default: 0] += 1
    uncommitted += 1
    let report = VisitReport(
      id: visit.id, outcome: .fetched(isPage: true), startedAt: now, links: links(of: visit))
    commit.add(state.report(report, at: now))
    commit.pages += 1
  }

  private func links(of visit: Visit) -> [Offer] {
    let page = Int(visit.url.url.pathname.dropFirst()) ?? 0
    let own = [page * 2, page * 2 + 1, 1].map { (visit.hostKey, $0) }
    let others = Self.hosts.map { ($0, page * 7 % Self.pagesPerHost) }
    return (own + others).filter { 1..<Self.pagesPerHost ~= $0.1 }
      .map { offer("http://\($0.0)/\($0.1)", depth: visit.depth + 1) }
  }

  private mutating func flush() async throws {
    commit.paces = state.takeChangedPaces(at: now)
    let receipt = try await store.commit(commit)
    state.confirm(commit, receipt, at: now)
    commit = FrontierCommit()
    uncommitted = 0
    let stored = state.hosts.reduce(0) { $0 + $1.stored }
    if stored != state.storedCount { breaches.append("stored: \(stored), \(state.storedCount)") }
    let queued = state.hosts.reduce(0) { $0 + $1.pendingCount }
    if queued != state.counts.pending { breaches.append("\(queued), \(state.counts.pending)") }
    let known = try SQLiteFrontierReader(path: try path()).counts()
    if known.known != state.counts.known { breaches.append("known: \(known), \(state.counts)") }
  }

  private func path() throws -> String { store.path }
}
