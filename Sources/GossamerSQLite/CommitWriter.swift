import Foundation
import GossamerFrontier
import GRDB

/// Writes one group of changes inside a transaction.
struct CommitWriter {
  let database: Database
  let names: NameTable
  private let references: URLReferences
  private let now = WallTime.now()
  private var receipt = CommitReceipt()
  /// By host, how many URLs became known, and how many more wait.
  private var changes: [Int64: (known: Int, waiting: Int)] = [:]

  init(_ database: Database, names: NameTable, identity: URLIdentity) {
    self.database = database
    self.names = names
    references = URLReferences(database, identity)
  }

  mutating func write(_ commit: FrontierCommit) throws -> CommitReceipt {
    try write(accepted: commit.accepted)
    try write(postponed: commit.postponed)
    try write(finished: commit.finished)
    try write(announced: commit.announced)
    try writeHostCounts()
    try write(contents: commit.contents)
    for pace in commit.paces { try PaceWriter(database: database, now: now).write(pace, names) }
    for segment in commit.segments { try write(segment) }
    try database.add(commit.pages, to: "pages")
    return receipt
  }

  // MARK: New URLs

  /// A URL that is known keeps its state. Keys are written in their order, so that a page's URLs
  /// touch neighbouring leaves; rows in the order of acceptance, which is that of visits.
  private mutating func write(accepted: [FrontierEntry]) throws {
    guard !accepted.isEmpty else { return }
    var keys: [(host: Int64, hash: Int64, index: Int)] = []
    keys.reserveCapacity(accepted.count)
    var last = (key: "", host: Int64(0))
    for (index, entry) in accepted.enumerated() {
      if entry.hostKey != last.key {
        last = (entry.hostKey, try names.host(entry.hostKey, database))
      }
      keys.append((last.host, Int64(bitPattern: entry.hash), index))
    }
    let hosts = keys.map(\.host)
    keys.sort { ($0.host, $0.hash) < ($1.host, $1.hash) }
    let first = try names.reserveURLs(accepted.count, database)
    let insert = try database.cachedStatement(sql: "INSERT OR IGNORE INTO known VALUES (?, ?, ?)")
    var isNew = Array(repeating: false, count: accepted.count)
    for (host, hash, index) in keys {
      insert.bind(host, at: 1)
      insert.bind(hash, at: 2)
      insert.bind(first + Int64(index), at: 3)
      isNew[index] = try insert.run(database)
    }
    var added = 0
    for (index, entry) in accepted.enumerated() {
      if isNew[index] {
        added += 1
        changes[hosts[index], default: (0, 0)].known += 1
        changes[hosts[index], default: (0, 0)].waiting += 1
        try insertRow(first + Int64(index), entry, host: hosts[index])
      }
      guard !entry.isHeld else { continue }
      receipt.handedOver[entry.hostKey, default: (0, 0)].count += 1
      if isNew[index] { receipt.handedOver[entry.hostKey, default: (0, 0)].new += 1 }
    }
    try database.add(added, to: "known")
  }

  private func insertRow(_ id: Int64, _ entry: FrontierEntry, host: Int64) throws {
    let insert = try database.cachedStatement(
      sql: """
        INSERT INTO url(id, host_id, state, visit_order, tries, depth, kind, seed, referrer,
          redirects, path)
        VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let parts = URLText(entry.url)
    insert.bind(id, at: 1)
    insert.bind(host, at: 2)
    insert.bind(entry.visitOrder, at: 3)
    insert.bind(entry.failedTries, at: 4)
    insert.bind(entry.depth, at: 5)
    insert.bind(URLText.kind(entry.purpose, isSecure: parts?.isSecure ?? false), at: 6)
    insert.bind(entry.seed.isEmpty ? nil : try references.number(of: entry.seed), at: 7)
    insert.bind(try entry.referrer.map { try references.number(of: $0) }, at: 8)
    insert.bind(entry.redirects.isEmpty ? nil : entry.redirects.joined(separator: " "), at: 9)
    insert.bind(parts.map { String($0.path) } ?? entry.url, at: 10)
    try insert.run(database)
  }

  /// The row of a URL. A page may come to its end before the page that led to it is written: its
  /// row is made here then.
  private mutating func row(of entry: FrontierEntry) throws -> (id: Int64, host: Int64) {
    let host = try names.host(entry.hostKey, database)
    if let id = try find(entry, host) { return (id, host) }
    var entry = entry
    entry.isHeld = true
    try write(accepted: [entry])
    guard let id = try find(entry, host) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a new row is not to be found")
    }
    return (id, host)
  }

  private func find(_ entry: FrontierEntry, _ host: Int64) throws -> Int64? {
    try find(hash: entry.hash, host)
  }

  private func find(hash: UInt64, _ host: Int64) throws -> Int64? {
    let select = try database.cachedStatement(
      sql: "SELECT url_id FROM known WHERE host_id = ? AND hash = ?")
    select.bind(host, at: 1)
    select.bind(Int64(bitPattern: hash), at: 2)
    return try select.only(database)
  }

  // MARK: Known URLs

  private mutating func write(postponed: [PostponedURL]) throws {
    for url in postponed {
      let id = try row(of: url.entry).id
      let update = try database.cachedStatement(
        sql: """
          UPDATE url SET tries = ?, due = ?, visit_order = \(Schema.retryOrder)
          WHERE id = ? AND state = 0
          """)
      update.bind(url.entry.failedTries, at: 1)
      update.bind(now + WallTime.milliseconds(url.dueIn), at: 2)
      update.bind(id, at: 3)
      try update.run(database)
    }
  }

  /// States only move forward: a report that comes twice changes nothing.
  private mutating func write(finished: [FinishedURL]) throws {
    var counts: [FinishedURL.State: Int] = [:]
    for url in finished {
      let (id, host) = try row(of: url.entry)
      let update = try database.cachedStatement(
        sql: "UPDATE url SET state = ?, tries = ?, due = NULL WHERE id = ? AND state = 0")
      update.bind(url.state.rawValue, at: 1)
      update.bind(url.entry.failedTries, at: 2)
      update.bind(id, at: 3)
      guard try update.run(database) else { continue }
      changes[host, default: (0, 0)].waiting -= 1
      counts[url.state, default: 0] += 1
    }
    for (state, count) in counts { try database.add(count, to: state.counter) }
  }

  private func write(announced changes: [AnnouncedChange]) throws {
    for change in changes {
      guard let id = try find(hash: change.hash, try names.host(change.hostKey, database)) else {
        continue
      }
      let insert = try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO announced VALUES (?, ?)")
      insert.bind(id, at: 1)
      insert.bind(change.modifiedAt, at: 2)
      try insert.run(database)
    }
  }

  private func writeHostCounts() throws {
    let update = try database.cachedStatement(
      sql: "UPDATE host SET known = known + ?, waiting = waiting + ? WHERE id = ?")
    for (host, change) in changes where change != (0, 0) {
      update.bind(change.known, at: 1)
      update.bind(change.waiting, at: 2)
      update.bind(host, at: 3)
      try update.run(database)
    }
  }

  // MARK: Contents and files

  private func write(contents: [(digest: [UInt8], url: String)]) throws {
    guard !contents.isEmpty else { return }
    let insert = try database.cachedStatement(sql: "INSERT OR IGNORE INTO content VALUES (?, ?)")
    for content in contents {
      insert.bind(content.digest.prefix(16), at: 1)
      insert.bind(try references.number(of: content.url), at: 2)
      try insert.run(database)
    }
  }

  private func write(_ segment: SegmentEnd) throws {
    let insert = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO segment VALUES (?, ?, ?)")
    insert.bind(segment.family, at: 1)
    insert.bind(segment.number, at: 2)
    insert.bind(segment.length, at: 3)
    try insert.run(database)
  }
}

extension FinishedURL.State {
  /// The name of its counter.
  var counter: String {
    switch self {
    case .done: "done"
    case .failed: "failed"
    case .blocked: "blocked"
    case .skipped: "skipped"
    }
  }
}
