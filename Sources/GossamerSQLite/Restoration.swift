import Foundation
import GossamerFlow
import GossamerFrontier
import GRDB

/// Reads what an earlier run left, or begins a crawl.
struct Restoration {
  let database: Database
  let names: NameTable
  let memory: FrontierMemory

  func restore(settings: [String: String]) throws -> RestoredFrontier {
    guard let crawl = try CrawlRow.read(database, memory: memory) else {
      return try begin(settings: settings)
    }
    try compare(settings, with: database.pairs(of: "setting"))
    var restored = crawl
    restored.isContinued = true
    restored.runs += 1
    try set("runs", "\(restored.runs)")
    restored.counts = try database.counts()
    try readSeen(into: &restored)
    try readContents(into: &restored)
    try readHosts(into: &restored)
    restored.segments = try Row.fetchAll(database, sql: "SELECT * FROM segment").map {
      SegmentEnd(family: $0["family"], number: $0["number"], length: $0["length"])
    }
    return restored
  }

  private func begin(settings: [String: String]) throws -> RestoredFrontier {
    let identity = URLIdentity.random()
    let restored = RestoredFrontier(
      crawlID: UUID().uuidString.lowercased(), startedAt: Date().ISO8601Format(),
      identity: identity, memory: memory)
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
      kind: .otherCrawl,
      message: "the directory holds another crawl: '\(differing)' is "
        + "'\(Self.shortened(stored[differing]))' there and "
        + "'\(Self.shortened(settings[differing]))' here",
      advice: "choose another directory with --output, or repeat the earlier command to go on")
  }

  private static func shortened(_ value: String?) -> String {
    guard let value, value.count > 60 else { return value ?? "" }
    return value.prefix(57) + "…"
  }

  // MARK: What is held in memory

  /// More than there is room for is not read at all: the store is asked then.
  private func readSeen(into restored: inout RestoredFrontier) throws {
    guard restored.counts.known <= restored.seen.capacity else {
      return restored.seen.becomeIncomplete()
    }
    restored.seen.reserve(restored.counts.known)
    let rows = try database.cachedStatement(sql: "SELECT hash FROM known")
    while try rows.next(database) {
      restored.seen.insert(UInt64(bitPattern: rows.integer(0)))
    }
  }

  private func readContents(into restored: inout RestoredFrontier) throws {
    guard restored.counts.pages <= restored.contents.capacity else {
      return restored.contents.becomeIncomplete()
    }
    let rows = try database.cachedStatement(sql: "SELECT digest FROM content")
    while try rows.next(database) {
      restored.contents.insert(SeenHashes.hash(ofDigest: rows.bytes(0)))
    }
  }

  private func readHosts(into restored: inout RestoredFrontier) throws {
    let now = WallTime.now()
    let rows = try database.cachedStatement(
      sql: """
        SELECT id, name, known, waiting, pages, refusals, failures, was_asked, crawl_delay, next_at,
          parked_until, stop_kind, stop_rule,
          (SELECT valid_until FROM robots WHERE host_id = id AND is_secure = 0),
          (SELECT valid_until FROM robots WHERE host_id = id AND is_secure = 1)
        FROM host
        """)
    while try rows.next(database) {
      func span(_ column: CInt) -> Duration? {
        rows.optionalInteger(column).map { WallTime.span(from: now, until: $0) }
      }
      guard let name = rows.text(1) else { continue }
      names.add(host: name, rows.integer(0))
      var pace = HostPace(
        hostKey: name, crawlDelay: rows.optionalInteger(8).map { .milliseconds($0) },
        parkedFor: span(10), refusalsInARow: Int(rows.integer(5)),
        failuresInARow: Int(rows.integer(6)), pagesStored: Int(rows.integer(4)))
      pace.restsFor = span(9) ?? .zero
      pace.stop = rows.text(11).map { HostStop(stored: $0, rule: rows.text(12)) }
      var host = StoredHost(pace: pace)
      host.known = Int(rows.integer(2))
      host.waiting = Int(rows.integer(3))
      host.wasAsked = rows.integer(7) != 0
      host.rulesValidFor = (span(13), span(14))
      restored.hosts.append(host)
    }
  }

  private func set(_ name: String, _ value: String) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO crawl VALUES (?, ?)", arguments: [name, value])
  }
}

/// The facts of a crawl, as its one row of names and values has them.
enum CrawlRow {
  static func read(_ database: Database, memory: FrontierMemory) throws -> RestoredFrontier? {
    let facts = try database.pairs(of: "crawl")
    guard let id = facts["id"], let startedAt = facts["started_at"],
      let key0 = facts["key0"].flatMap(UInt64.init), let key1 = facts["key1"].flatMap(UInt64.init)
    else { return nil }
    var crawl = RestoredFrontier(
      crawlID: id, startedAt: startedAt, identity: URLIdentity(key0: key0, key1: key1),
      memory: memory)
    crawl.runs = facts["runs"].flatMap { Int($0) } ?? 1
    return crawl
  }
}

extension Database {
  /// A table of names and values.
  func pairs(of table: String) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for row in try Row.fetchAll(self, sql: "SELECT name, value FROM \(table)") {
      pairs[row["name"]] = row["value"]
    }
    return pairs
  }

  /// The counters.
  func counts() throws -> FrontierCounts {
    var counts = FrontierCounts()
    for row in try Row.fetchAll(self, sql: "SELECT name, value FROM counter") {
      counts.set(row["name"], to: row["value"])
    }
    return counts
  }
}

extension FrontierCounts {
  fileprivate mutating func set(_ name: String, to value: Int) {
    switch name {
    case "known": known = value
    case "pages": pages = value
    case "done": done = value
    case "failed": failed = value
    case "blocked": blocked = value
    case "skipped": skipped = value
    case "hosts": hosts = value
    default: break
    }
    pending = known - done - failed - blocked - skipped
  }
}
