import Foundation
import GossamerFrontier
import GRDB

/// Reads what an earlier run left, or begins a crawl.
struct Restoration {
  let database: Database
  let names: NameTable
  let at: ContinuousClock.Instant

  init(database: Database, names: NameTable, at now: ContinuousClock.Instant) {
    self.database = database
    self.names = names
    at = now
  }

  func restore(settings: [String: String]) throws -> RestoredFrontier {
    let facts = try pairs(of: "crawl")
    guard let id = facts["id"], let startedAt = facts["started_at"],
      let key0 = facts["key0"].flatMap(UInt64.init), let key1 = facts["key1"].flatMap(UInt64.init)
    else { return try begin(settings: settings) }
    try compare(settings, with: pairs(of: "setting"))
    var restored = RestoredFrontier(
      crawlID: id, startedAt: startedAt, identity: URLIdentity(key0: key0, key1: key1))
    restored.isContinued = true
    restored.runs = (facts["runs"].flatMap { Int($0) } ?? 1) + 1
    try set("runs", "\(restored.runs)")
    try names.load(database)
    try readURLs(into: &restored)
    try readContents(into: &restored)
    restored.paces = try readPaces()
    restored.segments = try Row.fetchAll(database, sql: "SELECT * FROM segment").map {
      SegmentEnd(family: $0["family"], number: $0["number"], length: $0["length"])
    }
    restored.pages =
      try Int.fetchOne(database, sql: "SELECT value FROM counter WHERE name = 'pages'") ?? 0
    return restored
  }

  private func begin(settings: [String: String]) throws -> RestoredFrontier {
    let identity = URLIdentity.random()
    let restored = RestoredFrontier(
      crawlID: UUID().uuidString.lowercased(), startedAt: Date().ISO8601Format(),
      identity: identity)
    try set("id", restored.crawlID)
    try set("started_at", restored.startedAt)
    try set("key0", "\(identity.key0)")
    try set("key1", "\(identity.key1)")
    try set("runs", "1")
    for (name, value) in settings {
      try database.execute(
        sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [name, value])
    }
    return restored
  }

  private func compare(_ settings: [String: String], with stored: [String: String]) throws {
    let names = Set(settings.keys).union(stored.keys).sorted()
    guard let differing = names.first(where: { settings[$0] != stored[$0] }) else { return }
    throw FrontierStoreError(
      kind: "store.other_crawl",
      message: "the directory holds another crawl: '\(differing)' is "
        + "'\(Self.shortened(stored[differing]))' there and "
        + "'\(Self.shortened(settings[differing]))' here",
      advice: "choose another directory with --output, or repeat the earlier command to go on")
  }

  private static func shortened(_ value: String?) -> String {
    guard let value, value.count > 60 else { return value ?? "" }
    return value.prefix(57) + "…"
  }

  private func readURLs(into restored: inout RestoredFrontier) throws {
    let hosts = try table("SELECT id, name FROM host")
    let seeds = try table("SELECT id, url AS name FROM seed")
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT host_id, hash, state, tries, depth, purpose, seed_id,
        CASE state WHEN 0 THEN url END AS url, referrer, redirects, due FROM url
        """)
    let now = Date().timeIntervalSince1970
    while let row = try rows.next() {
      guard let host = hosts[row["host_id"]] else { continue }
      let hash = UInt64(bitPattern: row["hash"])
      if let state = FinishedURL.State(rawValue: row["state"]) {
        restored.finished.append((host, hash, state))
        continue
      }
      let redirects: String? = row["redirects"]
      let due: Double? = row["due"]
      restored.pending.append(
        FrontierEntry(
          hostKey: host, hash: hash, url: row["url"],
          purpose: Offer.Purpose(rawValue: row["purpose"]) ?? .page, depth: row["depth"],
          referrer: row["referrer"], seed: seeds[row["seed_id"]] ?? "",
          redirects: redirects?.split(separator: " ").map(String.init) ?? [],
          failedTries: row["tries"], queuedAt: at,
          dueAt: due.map { at + .seconds(min(max(0, $0 - now), 86_400)) }))
    }
  }

  private func readContents(into restored: inout RestoredFrontier) throws {
    let rows = try Row.fetchCursor(database, sql: "SELECT digest, url FROM content")
    while let row = try rows.next() {
      let digest: Data = row["digest"]
      restored.contents.append((Array(digest), row["url"]))
    }
  }

  private func readPaces() throws -> [HostPace] {
    let now = Date().timeIntervalSince1970
    return try Row.fetchAll(database, sql: "SELECT * FROM host WHERE was_asked").map { row in
      let delay: Double? = row["crawl_delay"]
      let parkedUntil: Double? = row["parked_until"]
      return HostPace(
        hostKey: row["name"], crawlDelay: delay.map { .seconds($0) },
        // A clock that was set back must not park a host for years.
        parkedFor: parkedUntil.map { .seconds(min(max(0, $0 - now), 86_400)) },
        refusalsInARow: row["refusals"], failuresInARow: row["failures"],
        pagesStored: row["pages"])
    }
  }

  private func table(_ sql: String) throws -> [Int64: String] {
    var table: [Int64: String] = [:]
    for row in try Row.fetchAll(database, sql: sql) { table[row["id"]] = row["name"] }
    return table
  }

  private func pairs(of table: String) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT name, value FROM \(table)") {
      pairs[row["name"]] = row["value"]
    }
    return pairs
  }

  private func set(_ name: String, _ value: String) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO crawl VALUES (?, ?)", arguments: [name, value])
  }
}
