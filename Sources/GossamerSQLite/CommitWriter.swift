import Foundation
import GossamerFrontier
import GRDB

/// Writes one group of changes inside a transaction.
struct CommitWriter {
  let database: Database
  let names: NameTable

  func write(_ commit: FrontierCommit) throws {
    try write(accepted: commit.accepted)
    try write(postponed: commit.postponed)
    try write(finished: commit.finished)
    try write(contents: commit.contents)
    try write(paces: commit.paces)
    for segment in commit.segments {
      try database.cachedStatement(sql: "INSERT OR REPLACE INTO segment VALUES (?, ?, ?)")
        .execute(arguments: [segment.family, segment.number, segment.length])
    }
    if commit.pages > 0 { try add(commit.pages, to: "pages") }
  }

  /// A URL that is known keeps its state. Sorted by key, so that a page's URLs touch neighbouring
  /// leaves.
  private func write(accepted: [FrontierEntry]) throws {
    guard !accepted.isEmpty else { return }
    let statement = try database.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO url(host_id, hash, depth, purpose, seed_id, url, referrer, redirects)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    var keys: [(host: Int64, hash: Int64, index: Int)] = []
    keys.reserveCapacity(accepted.count)
    for (index, entry) in accepted.enumerated() {
      let host = try names.host(entry.hostKey, database)
      keys.append((host, Int64(bitPattern: entry.hash), index))
    }
    keys.sort { ($0.host, $0.hash) < ($1.host, $1.hash) }
    var added = 0
    for (host, hash, index) in keys {
      let entry = accepted[index]
      try statement.execute(arguments: [
        host, hash, entry.depth, entry.purpose.rawValue,
        try names.seed(entry.seed, database), entry.url, entry.referrer,
        entry.redirects.isEmpty ? nil : entry.redirects.joined(separator: " "),
      ])
      added += database.changesCount
    }
    try add(added, to: "known")
  }

  private func write(postponed: [PostponedURL]) throws {
    guard !postponed.isEmpty else { return }
    try write(accepted: postponed.map(\.entry))
    let statement = try database.cachedStatement(
      sql: "UPDATE url SET tries = ?, due = ? WHERE host_id = ? AND hash = ? AND state = 0")
    let now = Date().timeIntervalSince1970
    for url in postponed {
      try statement.execute(arguments: [
        url.entry.failedTries, now + Self.seconds(url.dueIn),
        try names.host(url.entry.hostKey, database), Int64(bitPattern: url.entry.hash),
      ])
    }
  }

  /// States only move forward: a report that comes twice changes nothing.
  private func write(finished: [FinishedURL]) throws {
    guard !finished.isEmpty else { return }
    let statement = try database.cachedStatement(
      sql: "UPDATE url SET state = ?, tries = ? WHERE host_id = ? AND hash = ? AND state = 0")
    var counts: [FinishedURL.State: Int] = [:]
    for url in finished {
      let arguments: StatementArguments = [
        url.state.rawValue, url.entry.failedTries, try names.host(url.entry.hostKey, database),
        Int64(bitPattern: url.entry.hash),
      ]
      try statement.execute(arguments: arguments)
      if database.changesCount == 0 {
        // A page may end before the page that led to it is written: its row is made here then.
        try write(accepted: [url.entry])
        try statement.execute(arguments: arguments)
      }
      counts[url.state, default: 0] += database.changesCount
    }
    for (state, count) in counts { try add(count, to: Self.name(of: state)) }
  }

  private static func name(of state: FinishedURL.State) -> String {
    switch state {
    case .done: "done"
    case .failed: "failed"
    case .blocked: "blocked"
    case .skipped: "skipped"
    }
  }

  private func write(contents: [(digest: [UInt8], url: String)]) throws {
    guard !contents.isEmpty else { return }
    let statement = try database.cachedStatement(sql: "INSERT OR IGNORE INTO content VALUES (?, ?)")
    for content in contents {
      try statement.execute(arguments: [Data(content.digest.prefix(16)), content.url])
    }
  }

  private func write(paces: [HostPace]) throws {
    guard !paces.isEmpty else { return }
    let statement = try database.cachedStatement(
      sql: """
        UPDATE host SET crawl_delay = ?, parked_until = ?, refusals = ?, failures = ?, pages = ?,
        was_asked = 1 WHERE id = ?
        """)
    let now = Date().timeIntervalSince1970
    for pace in paces {
      try statement.execute(arguments: [
        pace.crawlDelay.map(Self.seconds), pace.parkedFor.map { now + Self.seconds($0) },
        pace.refusalsInARow, pace.failuresInARow, pace.pagesStored,
        try names.host(pace.hostKey, database),
      ])
    }
  }

  private func add(_ count: Int, to counter: String) throws {
    guard count != 0 else { return }
    try database.cachedStatement(
      sql: """
        INSERT INTO counter VALUES (?, ?)
        ON CONFLICT(name) DO UPDATE SET value = value + excluded.value
        """
    ).execute(arguments: [counter, count])
  }

  private static func seconds(_ span: Duration) -> Double { span / .seconds(1) }
}
