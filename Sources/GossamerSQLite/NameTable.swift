import GRDB
import Synchronization

/// Short numbers for names that stand in many rows: hosts and seeds.
final class NameTable: Sendable {
  private struct Numbers {
    var hosts: [String: Int64] = [:]
    var seeds: [String: Int64] = [:]
  }

  private let numbers = Mutex(Numbers())

  func load(_ database: Database) throws {
    var loaded = Numbers()
    for row in try Row.fetchAll(database, sql: "SELECT id, name FROM host") {
      loaded.hosts[row["name"]] = row["id"]
    }
    for row in try Row.fetchAll(database, sql: "SELECT id, url FROM seed") {
      loaded.seeds[row["url"]] = row["id"]
    }
    numbers.withLock { $0 = loaded }
  }

  func host(_ name: String, _ database: Database) throws -> Int64 {
    if let known = numbers.withLock({ $0.hosts[name] }) { return known }
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO host(name) VALUES (?)")
      .execute(arguments: [name])
    let id =
      try Int64.fetchOne(database, sql: "SELECT id FROM host WHERE name = ?", arguments: [name])
      ?? database.lastInsertedRowID
    numbers.withLock { $0.hosts[name] = id }
    return id
  }

  func seed(_ url: String, _ database: Database) throws -> Int64 {
    if let known = numbers.withLock({ $0.seeds[url] }) { return known }
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO seed(url) VALUES (?)")
      .execute(arguments: [url])
    let id =
      try Int64.fetchOne(database, sql: "SELECT id FROM seed WHERE url = ?", arguments: [url])
      ?? database.lastInsertedRowID
    numbers.withLock { $0.seeds[url] = id }
    return id
  }

  /// A transaction that failed may have taken back rows whose numbers are remembered.
  func forget() { numbers.withLock { $0 = Numbers() } }
}
