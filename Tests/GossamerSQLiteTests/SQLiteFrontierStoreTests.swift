import Foundation
import GossamerFrontier
import GossamerSQLite
import GossamerURL
import Testing

@Suite("The frontier in one SQLite file", .timeLimit(.minutes(1)))
struct SQLiteFrontierStoreTests {
  private let path: String = FileManager.default.temporaryDirectory
    .appending(path: "gossamer-\(UUID().uuidString).db").path
  private let now = ContinuousClock().now
  private let settings = ["scope": "host", "agent": "Gossamer"]

  private func entry(_ host: String, _ hash: UInt64, depth: Int = 1) -> FrontierEntry {
    FrontierEntry(
      hostKey: host, hash: hash, url: "http://\(host)/\(hash)", purpose: .page, depth: depth,
      referrer: "http://\(host)/", seed: "http://\(host)/", redirects: ["http://r.test/"],
      failedTries: 0, queuedAt: now)
  }

  private func withStore<Value>(
    settings: [String: String]? = nil,
    _ body: (SQLiteFrontierStore, RestoredFrontier) async throws -> Value
  ) async throws -> Value {
    let store = try SQLiteFrontierStore(path: path)
    let restored = try await store.open(settings: settings ?? self.settings, at: now)
    let value = try await body(store, restored)
    try await store.close()
    return value
  }

  private func removeFiles() {
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + ending)
    }
  }

  @Test func whatWasCommittedIsThereAfterARestart() async throws {
    defer { removeFiles() }
    let identity = try await withStore { store, restored in
      #expect(!restored.isContinued)
      var commit = FrontierCommit()
      commit.accepted = [entry("a.test", 1), entry("a.test", 2), entry("b.test", .max, depth: 0)]
      commit.finished = [FinishedURL(entry: entry("a.test", 1), state: .done)]
      var failed = entry("a.test", 2)
      failed.failedTries = 2
      commit.postponed = [PostponedURL(entry: failed, dueIn: .seconds(500))]
      commit.contents = [(Array(repeating: 7, count: 32), "http://a.test/1")]
      commit.segments = [SegmentEnd(family: "pages", number: 3, length: 4_567)]
      commit.paces = [
        HostPace(
          hostKey: "a.test", crawlDelay: .seconds(2), parkedFor: .seconds(1_000),
          refusalsInARow: 3, failuresInARow: 1, pagesStored: 1)
      ]
      commit.pages = 1
      try await store.commit(commit)
      return restored.identity
    }
    try await withStore { _, restored in
      #expect(restored.isContinued && restored.runs == 2)
      #expect(restored.identity == identity)
      #expect(restored.finished.map(\.hash) == [1])
      let pending = restored.pending.sorted { $0.hash < $1.hash }
      #expect(pending.map(\.url) == ["http://a.test/2", "http://b.test/\(UInt64.max)"])
      #expect(pending.first?.failedTries == 2)
      let due = try #require(pending.first?.dueAt) - now
      #expect(due > .seconds(400) && due <= .seconds(500))
      #expect(pending.last?.dueAt == nil && pending.last?.depth == 0)
      #expect(pending.first?.redirects == ["http://r.test/"])
      #expect(restored.segments == [SegmentEnd(family: "pages", number: 3, length: 4_567)])
      #expect(restored.pages == 1 && restored.contents.count == 1)
      let pace = try #require(restored.paces.first)
      #expect(pace.crawlDelay == .seconds(2) && pace.refusalsInARow == 3)
      #expect(try #require(pace.parkedFor) > .seconds(900))
    }
  }

  @Test func sayingThingsTwiceChangesNothing() async throws {
    defer { removeFiles() }
    try await withStore { store, _ in
      var commit = FrontierCommit()
      commit.accepted = (0..<10).map { entry("a.test", $0) }
      commit.finished = (0..<4).map { FinishedURL(entry: entry("a.test", $0), state: .failed) }
      for _ in 0..<3 { try await store.commit(commit) }
      commit.finished = (0..<4).map { FinishedURL(entry: entry("a.test", $0), state: .done) }
      try await store.commit(commit)
      let counts = try SQLiteFrontierStore.counts(path: path)
      #expect(counts.known == 10 && counts.failed == 4 && counts.done == 0)
      #expect(counts.pending == 6)
    }
  }

  @Test func countersAreWhatAScanFinds() async throws {
    defer { removeFiles() }
    let states: [FinishedURL.State] = [.done, .failed, .blocked, .skipped]
    try await withStore { store, _ in
      for round in 0..<20 {
        var commit = FrontierCommit()
        let hashes = (0..<50).map { UInt64(round * 30 + $0) }
        commit.accepted = hashes.map { entry("h\($0 % 3).test", $0) }
        commit.finished = hashes.filter { $0 % 2 == 0 }.map {
          FinishedURL(entry: entry("h\($0 % 3).test", $0), state: states[Int($0 / 2 % 4)])
        }
        try await store.commit(commit)
      }
    }
    let counts = try SQLiteFrontierStore.counts(path: path)
    try await withStore { _, restored in
      #expect(restored.pending.count == counts.pending)
      #expect(restored.finished.count { $0.state == .done } == counts.done)
      #expect(restored.finished.count { $0.state == .skipped } == counts.skipped)
      #expect(restored.finished.count + restored.pending.count == counts.known)
      #expect(counts.hosts == 3)
    }
  }

  @Test func anotherCrawlIsRefusedByTheNameOfTheSetting() async throws {
    defer { removeFiles() }
    try await withStore { _, _ in }
    let store = try SQLiteFrontierStore(path: path)
    let error = await #expect(throws: FrontierStoreError.self) {
      _ = try await store.open(settings: ["scope": "any", "agent": "Gossamer"], at: now)
    }
    #expect(error?.kind == "store.other_crawl")
    #expect(error?.message.contains("'scope'") == true)
  }

  @Test func aFileThatIsNoDatabaseIsRefused() async throws {
    defer { removeFiles() }
    try Data(repeating: 0x41, count: 10_000).write(to: URL(filePath: path))
    let error = await #expect(throws: FrontierStoreError.self) {
      _ = try await SQLiteFrontierStore(path: path).open(settings: settings, at: now)
    }
    #expect(error?.kind == "store.corrupt")
  }

  @Test func thereIsNothingToCountWhereThereIsNoCrawl() {
    #expect(throws: FrontierStoreError.self) {
      _ = try SQLiteFrontierStore.counts(path: path)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aCrawlGoesOnWhereItStopped() async throws {
    defer { removeFiles() }
    let offers = (0..<6).compactMap { number in
      CanonicalURL("http://h\(number % 2).test/\(number)").map { Offer(url: $0, seed: "s") }
    }
    func run(_ restored: RestoredFrontier, pages: Int?) -> (Frontier, Int?) {
      var policy = PolitenessPolicy()
      policy.delay = .zero
      policy.perAddressDelay = .zero
      policy.obeysRobots = false
      var budget = CrawlBudget()
      budget.pages = pages
      var state = FrontierState(
        policy: policy, budget: budget, identity: restored.identity, maximumInFlight: 4, seed: 1,
        at: now)
      state.restore(
        pending: restored.pending, finished: restored.finished, pages: restored.pages,
        paces: restored.paces, at: now)
      return (Frontier(state: state), pages)
    }
    func crawl(_ frontier: Frontier, _ store: SQLiteFrontierStore) async throws -> [String] {
      var fetched: [String] = []
      var commit = FrontierCommit()
      func add(_ receipt: ReportReceipt) {
        commit.accepted += receipt.accepted
        commit.finished += receipt.finished
      }
      add(await frontier.offer(offers))
      while let visit = try await frontier.next() {
        if visit.kind == .page {
          fetched.append(visit.url.string)
          commit.pages += 1
        }
        let outcome: VisitReport.Outcome =
          visit.kind == .resolve ? .resolved([.v4(1)]) : .fetched(isPage: true)
        add(await frontier.report(VisitReport(id: visit.id, outcome: outcome, startedAt: .now)))
      }
      try await store.commit(commit)
      return fetched
    }
    let first = try await withStore { try await crawl(run($1, pages: 4).0, $0) }
    let second = try await withStore { try await crawl(run($1, pages: nil).0, $0) }
    #expect(first.count == 4 && second.count == 2)
    #expect(Set(first + second).count == 6)
  }
}
