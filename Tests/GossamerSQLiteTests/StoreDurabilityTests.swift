import Foundation
import GossamerFlow
import GossamerFrontier
import GossamerSQLite
import Testing

@Suite("The store when things go wrong", .timeLimit(.minutes(5)))
struct StoreDurabilityTests {
  @Test func whatWasNotClosedIsFoundAsWell() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var commit = FrontierCommit()
    commit.accepted = try crawl.entries("a.test", 0..<1_000)
    _ = try await store.commit(commit)
    // A copy taken while the log is not empty is what a killed process leaves behind.
    let copy = try file.copy()
    let (_, restored) = try await copy.open()
    #expect(restored.counts.pending == 1_000 && restored.wasCutShort)
    #expect(restored.hosts.map(\.waiting) == [1_000])
    try await store.close()
  }

  // MARK: States

  @Test func commitIsAllOrNothing() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    try file.execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON segment WHEN new.number = 13
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    var commit = FrontierCommit()
    commit.accepted = try [crawl.entry("http://new.test/1"), crawl.entry("http://new.test/2")]
    commit.finished = try [FinishedURL(entry: crawl.entry("http://new.test/1"), state: .failed)]
    commit.contents = [([1], "http://new.test/1")]
    commit.pages = 1
    commit.segments = [SegmentEnd(family: "pages", number: 13, length: 1)]
    await #expect(throws: FrontierStoreError.self) { _ = try await store.commit(commit) }
    #expect(try SQLiteFrontierReader(path: file.path).counts() == FrontierCounts())

    // Numbers of names that were taken back must not be used again.
    commit.segments = [SegmentEnd(family: "pages", number: 14, length: 1)]
    _ = try await store.commit(commit)
    try await store.close()
    let (again, restored) = try await file.open()
    #expect(restored.hosts.map(\.waiting) == [1])
    #expect(restored.counts.failed == 1 && restored.contents.count == 1)
    #expect(try await again.waiting("new.test") == ["/2"])
    #expect(restored.segments.map(\.number) == [14])
  }

  @Test func aURLThatEndsBeforeItIsAcceptedStaysEnded() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var first = FrontierCommit()
    first.finished = try [FinishedURL(entry: crawl.entry("http://a.test/5"), state: .skipped)]
    _ = try await store.commit(first)
    var second = FrontierCommit()
    second.accepted = try [crawl.entry("http://a.test/5")]
    _ = try await store.commit(second)
    try await store.close()
    let (_, restored) = try await file.open()
    #expect(restored.counts.pending == 0 && restored.counts.skipped == 1)
  }

  @Test func equalHashesOfTwoHostsAreTwoURLs() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var commit = FrontierCommit()
    commit.accepted = try [crawl.entry("http://a.test/1"), crawl.entry("http://b.test/1")]
    _ = try await store.commit(commit)
    #expect(try SQLiteFrontierReader(path: file.path).counts().known == 2)
    try await store.close()
  }

  @Test(arguments: [1, 2, 3])
  func countersAreWhatAScanFinds(seed: UInt64) async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var random = Numbers(state: seed)
    let states: [FinishedURL.State] = [.done, .failed, .blocked, .skipped]
    for _ in 0..<40 {
      var commit = FrontierCommit()
      commit.accepted = try (0..<20).map { _ in
        try crawl.entry("http://h\(random.next(below: 5)).test/\(random.next(below: 200))")
      }
      for _ in 0..<8 {
        commit.finished.append(
          FinishedURL(
            entry: try crawl.entry(
              "http://h\(random.next(below: 5)).test/\(random.next(below: 200))"),
            state: states[Int(random.next(below: 4))]))
      }
      _ = try await store.commit(commit)
    }
    let counts = try SQLiteFrontierReader(path: file.path).counts()
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
    #expect(try file.number("SELECT count(*) FROM known") == counts.known)
    for column in ["known", "waiting"] {
      let condition = column == "known" ? "1" : "state = 0"
      let wrong = """
        SELECT count(*) FROM host WHERE \(column) <>
        (SELECT count(*) FROM url WHERE host_id = host.id AND \(condition))
        """
      #expect(try file.number(wrong) == 0)
    }
    try await store.close()
  }

  // MARK: Refusals

  @Test func aNewerVersionIsRefused() async throws {
    let file = try TemporaryStore()
    try await file.open().store.close()
    try file.execute("PRAGMA user_version = 99")
    let error = await #expect(throws: FrontierStoreError.self) { _ = try await file.open() }
    #expect(error?.kind == .storeVersion)
  }

  @Test func aFileThatIsNoDatabaseIsSaidToBeNone() async throws {
    let file = try TemporaryStore()
    let text = Array("This is no database, but a letter to a friend. ".utf8)
    try Data((0..<200).flatMap { _ in text }).write(to: URL(filePath: file.path))
    let error = await #expect(throws: FrontierStoreError.self) { _ = try await file.open() }
    #expect(error?.kind == .storeCorrupt)
    #expect(error?.message.contains(file.path) == true)
    let counting = #expect(throws: FrontierStoreError.self) {
      try SQLiteFrontierReader(path: file.path).counts()
    }
    #expect(counting?.kind == .storeCorrupt)
  }

  @Test func aDirectoryThatIsNotThereIsAnIOError() async throws {
    let error = #expect(throws: FrontierStoreError.self) {
      _ = try SQLiteFrontierStore(path: "/no/such/directory/crawl.db")
    }
    #expect(error?.kind == .storeIO)
    let counting = #expect(throws: FrontierStoreError.self) {
      _ = try SQLiteFrontierReader(path: "/no/such/directory/crawl.db")
    }
    #expect(counting?.kind == .storeMissing)
  }

  @Test func aDamagedFileIsRefusedAfterAnUncleanEnd() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var commit = FrontierCommit()
    commit.accepted = try crawl.entries("a.test", 0..<5_000)
    _ = try await store.commit(commit)
    try await store.close()
    let (again, _) = try await file.open()
    commit.accepted = try [crawl.entry("http://a.test/1")]
    _ = try await again.commit(commit)
    let copy = try file.copy()
    try await again.close()
    var bytes = try Data(contentsOf: URL(filePath: copy.path))
    for page in 20..<60 {
      bytes[page * 4096..<page * 4096 + 200] = Data(repeating: 0xA5, count: 200)
    }
    try bytes.write(to: URL(filePath: copy.path))
    let error = await #expect(throws: FrontierStoreError.self) { _ = try await copy.open() }
    #expect(error?.kind == .storeCorrupt)
  }

  // MARK: Beside an open writer

  @Test func countsAreReadBesideAnOpenWriter() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    for number in 0..<20 {
      var commit = FrontierCommit()
      commit.accepted = try crawl.entries("h\(number).test", 1..<2)
      commit.pages = 1
      _ = try await store.commit(commit)
      let counts = try SQLiteFrontierReader(path: file.path).counts()
      #expect(counts.known == number + 1 && counts.hosts == number + 1)
      #expect(counts.pages == number + 1)
    }
    try await store.close()
    #expect(try SQLiteFrontierReader(path: file.path).counts().known == 20)
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
