import GossamerFrontier
import GRDB

/// Tables of `crawl.db`.
///
/// URLs are keyed by host, then hash: links mostly stay on their host, so that the URLs of one page
/// touch a few leaves of the tree, and hashes only have to differ within a host.
enum Schema {
  static let version = 1

  static func prepare(_ database: Database, path: String) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found <= version else {
      throw FrontierStoreError(
        kind: "store.version", message: "\(path) was made by a newer version (\(found))",
        advice: "use that version, or crawl into another directory")
    }
    guard found == 0 else { return }
    try database.execute(
      sql: """
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
        """)
  }

  /// Reads the whole file and compares what must agree.
  static func check(_ database: Database, path: String) throws {
    let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
    guard findings == ["ok"] else {
      throw FrontierStoreError(
        kind: "store.corrupt", message: "\(path): \(findings.first ?? "not readable")",
        advice: "restore it from a backup, or crawl into another directory")
    }
  }
}
