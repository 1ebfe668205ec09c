import Foundation
import GossamerFrontier
import GossamerURL
import GRDB
import Testing

@testable import GossamerSQLite

@Suite("The frontier in one SQLite file", .timeLimit(.minutes(2)))
struct SQLiteFrontierStoreTests {
  let settings = ["seeds": "abc", "scope": "host"]

  // MARK: Restart

  @Test func aNewFileBeginsACrawl() async throws {
    let file = try TemporaryStore()
    let (store, restored) = try await file.open(settings)
    #expect(!restored.isContinued && restored.runs == 1)
    #expect(restored.pending.isEmpty && restored.finished.isEmpty)
    try await store.close()
    let (_, again) = try await file.open(settings)
    #expect(again.isContinued && again.runs == 2)
    #expect(again.crawlID == restored.crawlID && again.startedAt == restored.startedAt)
    #expect(again.identity == restored.identity, "hashes of both runs must agree")
  }

  @Test func aRestartFindsAllThatWasCommitted() async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    var commit = FrontierCommit()
    var redirected = entry("b.test", 7, depth: 3)
    redirected.redirects = ["http://b.test/x", "http://b.test/y"]
    redirected.purpose = .sitemap
    commit.accepted = [entry("a.test", 1), entry("a.test", .max), redirected]
    commit.finished = [FinishedURL(entry: entry("a.test", 1), state: .done)]
    commit.postponed = [
      PostponedURL(hostKey: "a.test", hash: .max, failedTries: 2, dueIn: .seconds(100))
    ]
    commit.contents = [([UInt8](repeating: 9, count: 32), "http://a.test/1")]
    commit.paces = [
      HostPace(
        hostKey: "a.test", crawlDelay: .seconds(2.5), parkedFor: .seconds(50), refusalsInARow: 3,
        failuresInARow: 1, pagesStored: 1)
    ]
    commit.segments = [SegmentEnd(family: "pages", number: 2, length: 12_345)]
    commit.pages = 1
    try await store.commit(commit)
    try await store.close()

    let now = ContinuousClock().now
    let (_, restored) = try await file.open(settings, at: now)
    #expect(restored.pages == 1 && restored.segments == commit.segments)
    #expect(restored.finished.map(\.hash) == [1])
    #expect(restored.finished.first?.state == .done)
    #expect(restored.finished.first?.hostKey == "a.test")
    #expect(restored.contents.first?.url == "http://a.test/1")
    #expect(restored.contents.first?.digest == [UInt8](repeating: 9, count: 16))
    let late = try #require(restored.pending.first { $0.hash == .max })
    #expect(late.failedTries == 2)
    let due = try #require(late.dueAt)
    #expect(due > now + .seconds(80) && due <= now + .seconds(100))
    let sitemap = try #require(restored.pending.first { $0.hash == 7 })
    #expect(sitemap.hostKey == "b.test" && sitemap.url == redirected.url && sitemap.depth == 3)
    #expect(sitemap.purpose == .sitemap && sitemap.redirects == redirected.redirects)
    #expect(sitemap.referrer == redirected.referrer && sitemap.seed == redirected.seed)
    let pace = try #require(restored.paces.first)
    #expect(restored.paces.count == 1, "only hosts that were asked have a pace")
    #expect(pace.crawlDelay == .seconds(2.5) && pace.refusalsInARow == 3)
    #expect(pace.failuresInARow == 1 && pace.pagesStored == 1)
    let rest = try #require(pace.parkedFor)
    #expect(rest > .seconds(30) && rest <= .seconds(50))
  }

  @Test func whatWasNotClosedIsFoundAsWell() async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    var commit = FrontierCommit()
    commit.accepted = (0..<1_000).map { entry("a.test", $0) }
    try await store.commit(commit)
    // A copy taken while the log is not empty is what a killed process leaves behind.
    let copy = try file.copy()
    let (_, restored) = try await copy.open(settings)
    #expect(restored.pending.count == 1_000)
    try await store.close()
  }

  // MARK: States

  @Test func commitIsAllOrNothing() async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    try file.execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON segment WHEN new.number = 13
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    var commit = FrontierCommit()
    commit.accepted = [entry("new.test", 1), entry("new.test", 2)]
    commit.finished = [FinishedURL(entry: entry("new.test", 1), state: .failed)]
    commit.contents = [([1], "http://new.test/1")]
    commit.pages = 1
    commit.segments = [SegmentEnd(family: "pages", number: 13, length: 1)]
    await #expect(throws: FrontierStoreError.self) { try await store.commit(commit) }
    #expect(try SQLiteFrontierStore.counts(path: file.path) == FrontierCounts())

    // Numbers of names that were taken back must not be used again.
    commit.segments = [SegmentEnd(family: "pages", number: 14, length: 1)]
    try await store.commit(commit)
    try await store.close()
    let (_, restored) = try await file.open(settings)
    #expect(restored.pending.map(\.hostKey) == ["new.test"])
    #expect(restored.finished.count == 1 && restored.contents.count == 1)
    #expect(restored.segments.map(\.number) == [14])
  }

  @Test func aRepeatedCommitChangesNothing() async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    var commit = FrontierCommit()
    commit.accepted = (0..<10).map { entry("a.test", $0) }
    commit.finished = [
      FinishedURL(entry: entry("a.test", 1), state: .done),
      FinishedURL(entry: entry("a.test", 2), state: .blocked),
    ]
    try await store.commit(commit)
    let once = try SQLiteFrontierStore.counts(path: file.path)
    try await store.commit(commit)
    #expect(try SQLiteFrontierStore.counts(path: file.path) == once)
    commit.finished = [FinishedURL(entry: entry("a.test", 1), state: .failed)]
    try await store.commit(commit)
    #expect(try SQLiteFrontierStore.counts(path: file.path) == once, "an end is an end")
    #expect(once.known == 10 && once.done == 1 && once.blocked == 1 && once.pending == 8)
    try await store.close()
  }

  @Test func aURLThatEndsBeforeItIsAcceptedStaysEnded() async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    var first = FrontierCommit()
    first.finished = [FinishedURL(entry: entry("a.test", 5), state: .skipped)]
    try await store.commit(first)
    var second = FrontierCommit()
    second.accepted = [entry("a.test", 5)]
    try await store.commit(second)
    try await store.close()
    let (_, restored) = try await file.open(settings)
    #expect(restored.pending.isEmpty)
    #expect(restored.finished.map(\.state) == [.skipped])
  }

  @Test func equalHashesOfTwoHostsAreTwoURLs() async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    var commit = FrontierCommit()
    commit.accepted = [entry("a.test", 1), entry("b.test", 1)]
    try await store.commit(commit)
    #expect(try SQLiteFrontierStore.counts(path: file.path).known == 2)
    try await store.close()
  }

  @Test(arguments: [1, 2, 3])
  func countersAreWhatAScanFinds(seed: UInt64) async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    var random = Numbers(state: seed)
    let states: [FinishedURL.State] = [.done, .failed, .blocked, .skipped]
    for _ in 0..<40 {
      var commit = FrontierCommit()
      commit.accepted = (0..<20).map { _ in
        entry("h\(random.next(below: 5)).test", random.next(below: 200))
      }
      for _ in 0..<8 {
        commit.finished.append(
          FinishedURL(
            entry: entry("h\(random.next(below: 5)).test", random.next(below: 200)),
            state: states[Int(random.next(below: 4))]))
      }
      try await store.commit(commit)
    }
    let counts = try SQLiteFrontierStore.counts(path: file.path)
    func scan(_ condition: String) throws -> Int {
      try file.number("SELECT count(*) FROM url WHERE \(condition)")
    }
    #expect(counts.known == (try scan("1")))
    #expect(counts.pending == (try scan("state = 0")))
    #expect(counts.done == (try scan("state = 2")))
    #expect(counts.failed == (try scan("state = 3")))
    #expect(counts.blocked == (try scan("state = 4")))
    #expect(counts.skipped == (try scan("state = 5")))
    #expect(counts.hosts == 5)
    try await store.close()
  }

  // MARK: Refusals

  @Test func anotherSettingIsRefusedByItsName() async throws {
    let file = try TemporaryStore()
    try await file.open(settings).store.close()
    for other in [["seeds": "abc", "scope": "domain"], ["seeds": "abc"]] {
      let error = await #expect(throws: FrontierStoreError.self) {
        _ = try await file.open(other)
      }
      #expect(error?.kind == "store.other_crawl")
      #expect(error?.message.contains("'scope'") == true)
    }
    let (_, restored) = try await file.open(settings)
    #expect(restored.runs == 2, "a refused opening is no run")
  }

  @Test func aNewerVersionIsRefused() async throws {
    let file = try TemporaryStore()
    try await file.open(settings).store.close()
    try file.execute("PRAGMA user_version = 99")
    let error = await #expect(throws: FrontierStoreError.self) { _ = try await file.open(settings) }
    #expect(error?.kind == "store.version")
  }

  @Test func aFileThatIsNoDatabaseIsSaidToBeNone() async throws {
    let file = try TemporaryStore()
    let text = Array("This is no database, but a letter to a friend. ".utf8)
    try Data((0..<200).flatMap { _ in text }).write(to: URL(filePath: file.path))
    let error = await #expect(throws: FrontierStoreError.self) { _ = try await file.open(settings) }
    #expect(error?.kind == "store.corrupt")
    #expect(error?.message.contains(file.path) == true)
    let counting = #expect(throws: FrontierStoreError.self) {
      try SQLiteFrontierStore.counts(path: file.path)
    }
    #expect(counting?.kind == "store.corrupt")
  }

  @Test func aDirectoryThatIsNotThereIsAnIOError() async throws {
    let error = #expect(throws: FrontierStoreError.self) {
      _ = try SQLiteFrontierStore(path: "/no/such/directory/crawl.db")
    }
    #expect(error?.kind == "store.io")
    let counting = #expect(throws: FrontierStoreError.self) {
      try SQLiteFrontierStore.counts(path: "/no/such/directory/crawl.db")
    }
    #expect(counting?.kind == "store.io")
  }

  @Test func aDamagedFileIsRefusedAfterAnUncleanEnd() async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    var commit = FrontierCommit()
    commit.accepted = (0..<5_000).map { entry("a.test", $0 &* 0x9E37_79B9_7F4A_7C15) }
    try await store.commit(commit)
    try await store.close()
    let (again, _) = try await file.open(settings)
    commit.accepted = [entry("a.test", 1)]
    try await again.commit(commit)
    let copy = try file.copy()
    try await again.close()
    var bytes = try Data(contentsOf: URL(filePath: copy.path))
    for page in 20..<60 {
      bytes[page * 4096..<page * 4096 + 200] = Data(repeating: 0xA5, count: 200)
    }
    try bytes.write(to: URL(filePath: copy.path))
    let error = await #expect(throws: FrontierStoreError.self) { _ = try await copy.open(settings) }
    #expect(error?.kind == "store.corrupt")
  }

  // MARK: Beside an open writer

  @Test func countsAreReadBesideAnOpenWriter() async throws {
    let file = try TemporaryStore()
    let (store, _) = try await file.open(settings)
    for number in 0..<20 {
      var commit = FrontierCommit()
      commit.accepted = [entry("h\(number).test", 1)]
      commit.pages = 1
      try await store.commit(commit)
      let counts = try SQLiteFrontierStore.counts(path: file.path)
      #expect(counts.known == number + 1 && counts.hosts == number + 1)
      #expect(counts.pages == number + 1)
    }
    try await store.close()
    #expect(try SQLiteFrontierStore.counts(path: file.path).known == 20)
  }

  // MARK: With the state

  /// A crawl that is stopped in the middle and goes on from the file visits each page once.
  @Test func aCrawlOverTwoRunsVisitsEachPageOnce() async throws {
    let file = try TemporaryStore()
    var visited: [String] = []
    for run in 1...2 {
      let (store, restored) = try await file.open(settings)
      var policy = PolitenessPolicy()
      policy.delay = .zero
      policy.perAddressDelay = .zero
      policy.obeysRobots = false
      let now = ContinuousClock().now
      var state = FrontierState(
        policy: policy, identity: restored.identity, maximumInFlight: 10, seed: 1, at: now)
      state.restore(
        pending: restored.pending, finished: restored.finished, pages: restored.pages,
        paces: restored.paces, at: now)
      let offers = (0..<60).compactMap { number in
        CanonicalURL("http://h\(number % 7).test/\(number)").map { Offer(url: $0, seed: "s") }
      }
      var receipt = state.offer(offers, at: now)
      #expect(receipt.accepted.count == (run == 1 ? 60 : 0))
      steps: while true {
        if run == 1, visited.count == 25 { break }
        switch state.step(at: now) {
        case .visit(let visit):
          let isPage = visit.kind == .page
          if isPage { visited.append(visit.url.string) }
          receipt.merge(
            state.report(
              VisitReport(
                id: visit.id,
                outcome: isPage ? .fetched(isPage: true) : .resolved([.v4(UInt32(visit.id))])),
              at: now))
        case .wait, .drained: break steps
        }
      }
      var commit = FrontierCommit()
      commit.accepted = receipt.accepted
      commit.finished = receipt.finished
      commit.postponed = receipt.postponed
      commit.paces = state.takeChangedPaces(at: now)
      try await store.commit(commit)
      let stored = try SQLiteFrontierStore.counts(path: file.path)
      #expect(stored.done == state.snapshot.done && stored.pending == state.snapshot.pending)
      try await store.close()
    }
    #expect(visited.count == 60 && Set(visited).count == 60)
  }

  private func entry(_ host: String, _ hash: UInt64, depth: Int = 0) -> FrontierEntry {
    FrontierEntry(
      hostKey: host, hash: hash, url: "http://\(host)/\(hash)", purpose: .page, depth: depth,
      referrer: depth > 0 ? "http://\(host)/" : nil, seed: "http://seed.test/", redirects: [],
      failedTries: 0, queuedAt: ContinuousClock().now)
  }
}

/// A place for one store; taken away in the end.
private final class TemporaryStore {
  let folder: URL
  var path: String { folder.appending(path: "crawl.db").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func open(
    _ settings: [String: String], at now: ContinuousClock.Instant = ContinuousClock().now
  ) async throws -> (store: SQLiteFrontierStore, restored: RestoredFrontier) {
    let store = try SQLiteFrontierStore(path: path)
    return (store, try await store.open(settings: settings, at: now))
  }

  func copy() throws -> TemporaryStore {
    let copy = try TemporaryStore()
    for ending in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + ending, toPath: copy.path + ending)
    }
    return copy
  }

  func execute(_ sql: String) throws {
    try DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  func number(_ sql: String) throws -> Int {
    try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: sql) ?? -1 }
  }
}

/// Numbers that look random and are the same each time.
private struct Numbers {
  var state: UInt64

  mutating func next(below bound: UInt64) -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) % bound
  }
}
