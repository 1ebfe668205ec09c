import Foundation
import GossamerFrontier
import GossamerSQLite
import GossamerURL
import GRDB

/// A place for one store; taken away in the end.
final class TemporaryStore {
  static let settings = ["seeds": "abc", "scope": "host"]

  let folder: URL
  var path: String { folder.appending(path: "crawl.db").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func open(
    _ settings: [String: String] = settings, memory: FrontierMemory = FrontierMemory(),
    at now: ContinuousClock.Instant = .now
  ) async throws -> (store: SQLiteFrontierStore, restored: RestoredFrontier) {
    let store = try SQLiteFrontierStore(path: path)
    return (store, try await store.open(settings: settings, memory: memory, at: now))
  }

  /// What a killed process would leave behind now.
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

  /// How SQLite would go about a query.
  func plan(_ sql: String, arguments: StatementArguments) throws -> [String] {
    try DatabaseQueue(path: path).read { database in
      try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
        .map { $0["detail"] }
    }
  }

  func number(_ sql: String) throws -> Int {
    try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: sql) ?? -1 }
  }
}

extension RestoredFrontier {
  /// An entry of this crawl.
  func entry(
    _ url: String, depth: Int = 1, referrer: String? = nil, tries: Int = 0, isHeld: Bool = true
  ) throws -> FrontierEntry {
    guard let canonical = CanonicalURL(url) else { throw CocoaError(.formatting) }
    var entry = FrontierEntry(
      hostKey: canonical.hostKey, hash: identity.hash(canonical.string), url: canonical.string,
      purpose: .page, depth: depth, referrer: referrer, seed: "http://seed.test/", redirects: [],
      failedTries: tries, queuedAt: .now)
    entry.isHeld = isHeld
    return entry
  }

  func entries(_ host: String, _ numbers: Range<Int>, isHeld: Bool = true) throws
    -> [FrontierEntry]
  {
    try numbers.map { try entry("http://\(host)/\($0)", isHeld: isHeld) }
  }
}

extension SQLiteFrontierStore {
  /// Paths of what waits at a host, in the order of visits.
  func waiting(_ host: String, count: Int = 10_000, held: Set<UInt64> = []) async throws
    -> [String]
  {
    let request = HostRequest(hostKey: host, count: count, held: held)
    return try await supply([request], at: .now).flatMap(\.entries)
      .map { String($0.url.dropFirst("http://\(host)".utf8.count)) }
  }
}
