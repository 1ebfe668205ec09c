import Foundation
import GossamerFlow
import GossamerFrontier
import GRDB

/// Tables of `crawl.db`.
///
/// - `known` says which URLs there are. Its key is the host, then the hash: links mostly stay on
///   their host, so that the URLs of one page touch a few leaves of the tree, and hashes only have to
///   differ within a host.
/// - `url` holds what is known of each, in the order of acceptance, so that new rows go to its end. A
///   referrer or seed is the number of its URL, or the negative number of a `text` where it is none.
/// - `announced` holds when URLs changed last by what their sites say: few have it.
/// - `todo` is the order of visits of each host.
enum Schema {
  static let version = 3

  /// The place in the order of a URL that is to be tried again: after all others.
  static let retryOrder = 255

  /// Files beyond this are not read as a whole before they are used.
  private static let checkedBytes = 256 << 20

  static let tables = """
    CREATE TABLE crawl(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE segment(
      family TEXT PRIMARY KEY, number INTEGER NOT NULL, length INTEGER NOT NULL) WITHOUT ROWID;
    """

  /// Times are milliseconds since 1970, spans are milliseconds.
  static let frontierTables = """
    CREATE TABLE host(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
      known INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0,
      pages INTEGER NOT NULL DEFAULT 0, refusals INTEGER NOT NULL DEFAULT 0,
      failures INTEGER NOT NULL DEFAULT 0, was_asked INTEGER NOT NULL DEFAULT 0,
      crawl_delay INTEGER, next_at INTEGER, parked_until INTEGER, stop_kind TEXT, stop_rule TEXT);
    CREATE TABLE robots(
      host_id INTEGER NOT NULL, is_secure INTEGER NOT NULL, fetched_at INTEGER NOT NULL,
      valid_until INTEGER NOT NULL, body BLOB NOT NULL,
      PRIMARY KEY(host_id, is_secure)) WITHOUT ROWID;
    CREATE TABLE known(
      host_id INTEGER NOT NULL, hash INTEGER NOT NULL, url_id INTEGER NOT NULL,
      PRIMARY KEY(host_id, hash)) WITHOUT ROWID;
    CREATE TABLE url(
      id INTEGER PRIMARY KEY, host_id INTEGER NOT NULL, state INTEGER NOT NULL,
      visit_order INTEGER NOT NULL, due INTEGER, tries INTEGER NOT NULL, depth INTEGER NOT NULL,
      kind INTEGER NOT NULL, seed INTEGER, referrer INTEGER, redirects TEXT, path TEXT NOT NULL);
    CREATE INDEX todo ON url(host_id, visit_order, due) WHERE state = 0;
    \(announcedTable)
    CREATE TABLE text(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE content(digest BLOB PRIMARY KEY, url INTEGER NOT NULL) WITHOUT ROWID;
    """

  /// Times are seconds since 1970.
  private static let announcedTable =
    "CREATE TABLE announced(url_id INTEGER PRIMARY KEY, modified_at INTEGER NOT NULL);"

  /// Makes the tables, or changes those of an older version to this one's form.
  static func prepare(_ database: Database, path: String) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found <= version else {
      throw FrontierStoreError(
        kind: .storeVersion, message: "\(path) was made by a newer version (\(found))",
        advice: "use that version, or crawl into another directory")
    }
    switch found {
    case version: return
    case 1: try Migration(database: database).run()
    case 2: try database.execute(sql: announcedTable)
    default: try database.execute(sql: tables + frontierTables)
    }
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// - Throws: `FrontierStoreError`: `store.version` where a file is not of this version.
  static func requireVersion(_ database: Database, path: String) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found != version else { return }
    throw FrontierStoreError(
      kind: .storeVersion, message: "\(path) was made by another version (\(found))",
      advice: found < version
        ? "go on with the crawl once, which changes it to this version's form" : "use that version")
  }

  /// Reads the whole file and compares what must agree. A large file would hold up the start for
  /// too long: there SQLite finds what is wrong with a page when it comes to it.
  static func check(_ database: Database, path: String) throws {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    guard (size ?? 0) <= checkedBytes else { return }
    let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
    guard findings == ["ok"] else {
      throw FrontierStoreError(
        kind: .storeCorrupt, message: "\(path): \(findings.first ?? "not readable")",
        advice: "restore it from a backup, or crawl into another directory")
    }
  }
}
