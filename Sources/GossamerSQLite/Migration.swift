import Foundation
import GossamerFrontier
import GRDB

/// Changes tables of version 1 to the form of this version, inside the caller's transaction.
///
/// Version 1 had one wide row for a URL, with the texts of its referrer and seed, and no copies of
/// robots.txt.
struct Migration {
  let database: Database
  private static let groupSize = 2_000

  func run() throws {
    guard let crawl = try CrawlRow.read(database, memory: FrontierMemory()) else { return }
    for table in ["host", "url", "content", "seed"] {
      try database.execute(sql: "ALTER TABLE \(table) RENAME TO old_\(table)")
    }
    try database.execute(sql: "DELETE FROM counter WHERE name <> 'pages'")
    try database.execute(sql: Schema.frontierTables)
    let names = NameTable()
    try copyURLs(names, crawl.identity)
    try copyContents(names, crawl.identity)
    try copyPaces(names)
    for table in ["host", "url", "content", "seed"] {
      try database.execute(sql: "DROP TABLE old_\(table)")
    }
  }

  private func copyURLs(_ names: NameTable, _ identity: URLIdentity) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT old_url.*, old_host.name AS host, old_seed.url AS seed FROM old_url
        JOIN old_host ON old_host.id = host_id LEFT JOIN old_seed ON old_seed.id = seed_id
        ORDER BY depth
        """)
    let at = ContinuousClock.now
    let now = Date().timeIntervalSince1970
    var group = FrontierCommit()
    func flush() throws {
      var writer = CommitWriter(database, names: names, identity: identity)
      _ = try writer.write(group)
      group = FrontierCommit()
    }
    while let row = try rows.next() {
      let redirects: String? = row["redirects"]
      let entry = FrontierEntry(
        hostKey: row["host"], hash: UInt64(bitPattern: row["hash"]), url: row["url"],
        purpose: Offer.Purpose(rawValue: row["purpose"]) ?? .page, depth: row["depth"],
        referrer: row["referrer"], seed: row["seed"] ?? "",
        redirects: redirects?.split(separator: " ").map(String.init) ?? [],
        failedTries: row["tries"], queuedAt: at)
      group.accepted.append(entry)
      if let state = FinishedURL.State(rawValue: row["state"]) {
        group.finished.append(FinishedURL(entry: entry, state: state))
      } else if let due: Double = row["due"] {
        group.postponed.append(PostponedURL(entry: entry, dueIn: .seconds(max(0, due - now))))
      }
      if group.accepted.count == Self.groupSize { try flush() }
    }
    try flush()
  }

  private func copyContents(_ names: NameTable, _ identity: URLIdentity) throws {
    var group = FrontierCommit()
    for row in try Row.fetchAll(database, sql: "SELECT digest, url FROM old_content") {
      let digest: Data = row["digest"]
      group.contents.append((Array(digest), row["url"]))
    }
    var writer = CommitWriter(database, names: names, identity: identity)
    _ = try writer.write(group)
  }

  private func copyPaces(_ names: NameTable) throws {
    let now = Date().timeIntervalSince1970
    let writer = PaceWriter(database: database, now: WallTime.now())
    for row in try Row.fetchAll(database, sql: "SELECT * FROM old_host WHERE was_asked") {
      let delay: Double? = row["crawl_delay"]
      let parkedUntil: Double? = row["parked_until"]
      try writer.write(
        HostPace(
          hostKey: row["name"], crawlDelay: delay.map { .seconds($0) },
          parkedFor: parkedUntil.map { .seconds(max(0, $0 - now)) },
          refusalsInARow: row["refusals"], failuresInARow: row["failures"],
          pagesStored: row["pages"]), names)
    }
  }
}
