import Foundation
import GossamerFrontier
import GRDB
import Testing

@testable import GossamerSQLite

/// What every engine of `FrontierStore` must do, whatever it is made of. Where a question concerns
/// several at once, the frontier in front of the engine answers it; see its own suites.
@Suite("A frontier store: what every engine must do", .timeLimit(.minutes(5)))
struct FrontierStoreConformanceTests {
  @Test func offersAreIdempotentAndCountedRight() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var commit = FrontierCommit()
    commit.accepted = try crawl.entries("a.test", 0..<100, isHeld: false)
    commit.accepted += try crawl.entries("b.test", 0..<10, isHeld: false)
    commit.accepted += try crawl.entries("b.test", 5..<15, isHeld: false)
    let first = try await store.commit(commit).handedOver
    #expect(first["a.test"]?.count == 100 && first["a.test"]?.new == 100)
    #expect(first["b.test"]?.count == 20 && first["b.test"]?.new == 15)
    let second = try await store.commit(commit).handedOver
    #expect(second["a.test"]?.count == 100 && second["a.test"]?.new == 0)
    #expect(try SQLiteFrontierReader(path: file.path).counts().known == 115)
    try await store.close()
  }

  @Test func aRepeatedOrLateReportChangesNothing() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var commit = FrontierCommit()
    commit.accepted = try crawl.entries("a.test", 0..<10)
    commit.finished = commit.accepted.prefix(4).map { FinishedURL(entry: $0, state: .failed) }
    for _ in 0..<3 { _ = try await store.commit(commit) }
    commit.finished = commit.accepted.prefix(4).map { FinishedURL(entry: $0, state: .done) }
    commit.postponed = [PostponedURL(entry: commit.accepted[0], dueIn: .seconds(9))]
    _ = try await store.commit(commit)
    let counts = try SQLiteFrontierReader(path: file.path).counts()
    #expect(counts.known == 10 && counts.failed == 4 && counts.done == 0 && counts.pending == 6)
    #expect(try await store.waiting("a.test") == (4..<10).map { "/\($0)" })
    try await store.close()
  }

  @Test func aCommitIsWholeOrAbsentWhereverTheLogIsCut() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    let groups = 25
    for group in 1...groups {
      var commit = FrontierCommit()
      commit.accepted = try crawl.entries("h\(group % 3).test", group * 40..<group * 40 + 40)
      commit.finished = commit.accepted.prefix(9).map { FinishedURL(entry: $0, state: .done) }
      commit.contents = [(Array(repeating: UInt8(group), count: 32), commit.accepted[0].url)]
      commit.segments = [SegmentEnd(family: "warc", number: 0, length: group)]
      commit.paces = [HostPace(hostKey: "h0.test", pagesStored: group)]
      commit.pages = 9
      _ = try await store.commit(commit)
    }
    let whole = try file.copy()
    let log = try Data(contentsOf: URL(filePath: whole.path + "-wal"))
    var seen: Set<Int> = []
    for point in 0..<200 {
      let copy = try TemporaryStore()
      try FileManager.default.copyItem(atPath: whole.path, toPath: copy.path)
      let end = point == 199 ? log.count : log.count * point / 199 + point % 7
      try log.prefix(end).write(to: URL(filePath: copy.path + "-wal"))
      let (again, restored) = try await copy.open()
      let group = restored.segments.first?.length ?? 0
      seen.insert(group)
      #expect(restored.counts.known == group * 40 && restored.counts.done == group * 9)
      #expect(restored.counts.pages == group * 9 && restored.contents.count == group)
      #expect(restored.hosts.reduce(0) { $0 + $1.waiting } == group * 31)
      let host = restored.hosts.first { $0.pace.hostKey == "h0.test" }
      #expect(host?.pace.pagesStored ?? 0 == group)
      try await again.close()
    }
    #expect(seen.count > groups / 2 && seen.contains(groups))
    try await store.close()
  }

  @Test func theLastWordOnAChangeIsKeptOfKnownURLsOnly() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var commit = FrontierCommit()
    commit.accepted = try crawl.entries("a.test", 0..<2)
    commit.finished = [FinishedURL(entry: commit.accepted[0], state: .done)]
    let hashes = commit.accepted.map(\.hash)
    for (hash, time) in [(hashes[0], 100), (hashes[0], 200), (hashes[1] ^ 1, 300)] {
      commit.announced.append(AnnouncedChange(hostKey: "a.test", hash: hash, modifiedAt: time))
    }
    _ = try await store.commit(commit)
    var later = FrontierCommit()
    later.announced = [AnnouncedChange(hostKey: "a.test", hash: hashes[0], modifiedAt: 400)]
    _ = try await store.commit(later)
    try await store.close()
    let reader = try SQLiteFrontierReader(path: file.path)
    func modified(_ path: String) throws -> Int? {
      try reader.facts(of: "http://a.test/\(path)", hostKey: "a.test").url?.modifiedAt
    }
    #expect(try modified("0") == 400 && modified("1") == nil)
    #expect(try file.number("SELECT count(*) FROM announced") == 1)
  }

  @Test func lowerDepthsComeFirstThenEarlierOnesAndRetriesLast() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var commit = FrontierCommit()
    for (path, depth) in [("deep", 3), ("b", 1), ("a", 1), ("late", 0), ("soon", 0), ("top", 0)] {
      commit.accepted.append(try crawl.entry("http://a.test/\(path)", depth: depth))
    }
    var map = try crawl.entry("http://a.test/map", depth: 1)
    map.purpose = .sitemap
    commit.accepted.append(map)
    commit.postponed = [
      PostponedURL(entry: commit.accepted[3], dueIn: .seconds(80)),
      PostponedURL(entry: commit.accepted[4], dueIn: .seconds(8)),
    ]
    _ = try await store.commit(commit)
    let order = ["/top", "/map", "/b", "/a", "/deep", "/soon", "/late"]
    #expect(try await store.waiting("a.test") == order)
    #expect(try await store.waiting("a.test", count: 2) == ["/top", "/map"])
    let held = try Set(["top", "b"].map { try crawl.entry("http://a.test/\($0)").hash })
    #expect(try await store.waiting("a.test", count: 2, held: held) == ["/map", "/a"])
    try await store.close()
  }

  @Test func aLongQueueIsReadThroughItsIndexAlone() async throws {
    let file = try TemporaryStore()
    try await file.open().store.close()
    let plan = try file.plan(SupplyReader.waiting, arguments: [1, 5])
    #expect(plan.count == 1 && plan.first?.contains("USING INDEX todo") == true, "\(plan)")
  }

  @Test func theLogStaysWithinItsBoundWhileOthersRead() async throws {
    let file = try TemporaryStore()
    let store = try SQLiteFrontierStore(path: file.path, logPages: 100)
    let crawl = try await store.open(
      settings: [:], memory: FrontierMemory(), at: .now)
    func logSize() throws -> Int {
      try FileManager.default.attributesOfItem(atPath: file.path + "-wal")[.size] as? Int ?? 0
    }
    var (number, largest) = (0, 0)
    func commitSome(_ groups: Int) async throws {
      for _ in 0..<groups {
        var commit = FrontierCommit()
        commit.accepted = try crawl.entries("a.test", number..<number + 200)
        number += 200
        _ = try await store.commit(commit)
        _ = try await store.waiting("a.test", count: 10)
        _ = try SQLiteFrontierReader(path: file.path).counts()
        largest = max(largest, try logSize())
      }
    }
    try await commitSome(60)
    let bound = largest
    #expect(bound < 3 * 100 * 4_200)
    // A stranger that holds a snapshot can make the log grow; once it lets go, the log shrinks.
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let stranger = try DatabaseQueue(path: file.path, configuration: configuration)
    try await stranger.writeWithoutTransaction { try $0.execute(sql: "BEGIN; SELECT * FROM host") }
    try await commitSome(30)
    #expect(largest > bound)
    try await stranger.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    try await commitSome(10)
    #expect(try logSize() <= bound)
    try await store.close()
  }

  @Test func anOlderVersionIsChangedToThisOnesForm() async throws {
    let file = try TemporaryStore()
    let identity = URLIdentity(key0: 3, key1: 4)
    func row(_ path: String, _ state: Int, _ rest: String) -> String {
      let hash = Int64(bitPattern: identity.hash("http://a.test\(path)"))
      return "INSERT INTO url VALUES (1, \(hash), \(state), \(rest.replacing("PATH", with: path)));"
    }
    try file.execute(
      VersionOne.tables + """
        INSERT INTO crawl VALUES ('id', 'x'), ('started_at', '2026-01-01T00:00:00Z'),
          ('key0', '3'), ('key1', '4'), ('runs', '1');
        INSERT INTO setting VALUES ('seeds', 'abc'), ('scope', 'host');
        INSERT INTO counter VALUES ('pages', 1), ('known', 3), ('done', 1);
        INSERT INTO seed VALUES (1, 'http://a.test/');
        INSERT INTO host VALUES (1, 'a.test', 2.5, NULL, 1, 0, 1, 1);
        INSERT INTO content VALUES (x'01020304050607080910111213141516', 'http://a.test/');
        INSERT INTO segment VALUES ('warc', 2, 77);
        """ + row("/", 2, "1, 0, 0, 1, 'http://a.testPATH', NULL, NULL, NULL")
        + row("/x", 0, "0, 1, 0, 1, 'http://a.testPATH', 'http://a.test/', NULL, NULL")
        + row("/y", 0, "2, 1, 0, 1, 'http://a.testPATH', 'http://a.test/', NULL, 9e12"))
    let (store, restored) = try await file.open()
    #expect(restored.isContinued && restored.runs == 2 && restored.identity == identity)
    #expect(restored.counts.known == 3 && restored.counts.done == 1 && restored.counts.pages == 1)
    #expect(restored.segments == [SegmentEnd(family: "warc", number: 2, length: 77)])
    #expect(restored.hosts.first?.pace.crawlDelay == .milliseconds(2_500))
    #expect(restored.hosts.first?.waiting == 2)
    #expect(try await store.waiting("a.test") == ["/x", "/y"])
    let digest: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 18, 19, 20, 21, 22]
    #expect(try await store.url(ofContent: digest) == "http://a.test/")
    try await store.close()
    #expect(try file.number("PRAGMA user_version") == Schema.version)
    #expect(try file.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'old%'") == 0)
  }
}

extension FrontierStoreConformanceTests {
  @Test func theSecondVersionHadNoAnnouncedChanges() async throws {
    let file = try TemporaryStore()
    let (store, crawl) = try await file.open()
    var commit = FrontierCommit()
    commit.accepted = try crawl.entries("a.test", 0..<3)
    _ = try await store.commit(commit)
    try await store.close()
    try file.execute("DROP TABLE announced; PRAGMA user_version = 2")
    let (again, restored) = try await file.open()
    #expect(restored.counts.known == 3)
    let hash = commit.accepted[1].hash
    commit = FrontierCommit()
    commit.announced = [AnnouncedChange(hostKey: "a.test", hash: hash, modifiedAt: 5)]
    _ = try await again.commit(commit)
    try await again.close()
    let reader = try SQLiteFrontierReader(path: file.path)
    #expect(try reader.facts(of: "http://a.test/1", hostKey: "a.test").url?.modifiedAt == 5)
  }
}

/// The tables of the first version, as it made them.
private enum VersionOne {
  static let tables = """
    CREATE TABLE crawl(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE seed(id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE);
    CREATE TABLE host(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, crawl_delay REAL, parked_until REAL,
      refusals INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
      pages INTEGER NOT NULL DEFAULT 0, was_asked INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE url(
      host_id INTEGER NOT NULL, hash INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
      tries INTEGER NOT NULL DEFAULT 0, depth INTEGER NOT NULL, purpose INTEGER NOT NULL,
      seed_id INTEGER NOT NULL, url TEXT NOT NULL, referrer TEXT, redirects TEXT, due REAL,
      PRIMARY KEY(host_id, hash)) WITHOUT ROWID;
    CREATE TABLE content(digest BLOB PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE segment(
      family TEXT PRIMARY KEY, number INTEGER NOT NULL, length INTEGER NOT NULL) WITHOUT ROWID;
    PRAGMA user_version = 1;

    """
}
