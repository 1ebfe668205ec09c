import GRDB
import Synchronization

/// Numbers that stand in many rows: of hosts, and of the next URL. Used by the writer alone.
final class NameTable: Sendable {
  private struct Numbers {
    var hosts: [String: Int64] = [:]
    var lastURL: Int64?
  }

  private let numbers = Mutex(Numbers())

  func add(host name: String, _ id: Int64) { numbers.withLock { $0.hosts[name] = id } }

  /// The number of a host, which gets a row on first sight.
  func host(_ name: String, _ database: Database) throws -> Int64 {
    if let known = numbers.withLock({ $0.hosts[name] }) { return known }
    let insert = try database.cachedStatement(sql: "INSERT OR IGNORE INTO host(name) VALUES (?)")
    insert.bind(name, at: 1)
    if try insert.run(database) { try database.add(1, to: "hosts") }
    let select = try database.cachedStatement(sql: "SELECT id FROM host WHERE name = ?")
    select.bind(name, at: 1)
    let id = try select.only(database) ?? database.lastInsertedRowID
    add(host: name, id)
    return id
  }

  /// Numbers for so many new URLs; the first of them.
  func reserveURLs(_ count: Int, _ database: Database) throws -> Int64 {
    let last =
      try numbers.withLock { $0.lastURL }
      ?? Int64.fetchOne(database, sql: "SELECT max(id) FROM url") ?? 0
    numbers.withLock { $0.lastURL = last + Int64(count) }
    return last + 1
  }

  /// A transaction that failed may have taken back rows whose numbers are remembered.
  func forget() { numbers.withLock { $0 = Numbers() } }
}

extension Database {
  /// Counters are kept by name, so that no view ever counts by scanning.
  func add(_ count: Int, to counter: String) throws {
    guard count != 0 else { return }
    let statement = try cachedStatement(
      sql: """
        INSERT INTO counter VALUES (?, ?)
        ON CONFLICT(name) DO UPDATE SET value = value + excluded.value
        """)
    statement.bind(counter, at: 1)
    statement.bind(count, at: 2)
    try statement.run(self)
  }
}
