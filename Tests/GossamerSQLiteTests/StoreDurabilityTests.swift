import Foundation
import GossamerFrontier
import GRDB
import Testing

import GossamerSQLite

@Suite("The store when things go wrong", .timeLimit(.minutes(2)))
struct StoreDurabilityTests {
  let settings = ["seeds": "abc", "scope": "host"]

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
    #expect(counting?.kind == "store.missing")
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
