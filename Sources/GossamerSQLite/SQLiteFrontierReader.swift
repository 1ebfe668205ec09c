import Foundation
import GossamerFlow
public import GossamerFrontier
import GRDB

/// Looks things up in a frontier's file, beside a crawl that may be running. Changes nothing.
///
/// Each look-up reads one consistent state, by key; what a running crawl has not made durable yet is
/// not seen.
public struct SQLiteFrontierReader: Sendable {
  private let path: String
  private let queue: DatabaseQueue

  /// Opens the file of a crawl for reading.
  ///
  /// - Throws: `FrontierStoreError`: `store.missing` when there is no crawl at that path.
  public init(path: String) throws(FrontierStoreError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw FrontierStoreError(missing: path)
    }
    self.path = path
    do {
      queue = try SQLiteFrontierStore.reader(path: path, cacheBytes: 4 << 20)
    } catch {
      throw FrontierStoreError(error, path: path)
    }
  }

  /// Counters of URLs, pages and hosts: never counted by a scan.
  ///
  /// - Throws: `FrontierStoreError`: `store.version` where the file is of another version.
  public func counts() throws(FrontierStoreError) -> FrontierCounts {
    try read { try $0.counts() }
  }

  /// What the store knows of a URL and of its host; both nil where they were never accepted.
  ///
  /// - Parameters:
  ///   - url: the canonical URL as text.
  ///   - hostKey: the politeness group it belongs to.
  public func facts(
    of url: String, hostKey: String
  ) throws(FrontierStoreError) -> (url: URLFacts?, host: HostFacts?) {
    try read { database in
      let host = try Row.fetchOne(
        database, sql: "SELECT * FROM host WHERE name = ?", arguments: [hostKey])
      guard let host else { return (nil, nil) }
      return (try urlFacts(url, database), HostFacts(host))
    }
  }

  private func urlFacts(_ url: String, _ database: Database) throws -> URLFacts? {
    guard let crawl = try CrawlRow.read(database, memory: FrontierMemory()) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the key of URLs is missing")
    }
    let references = URLReferences(database, crawl.identity)
    guard let id = try references.find(url) else { return nil }
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT url.*, modified_at FROM url LEFT JOIN announced ON url_id = id WHERE id = ?
        """, arguments: [id])
    return try row.map { try URLFacts($0, references) }
  }

  private func read<Value>(
    _ body: (Database) throws -> Value
  ) throws(FrontierStoreError) -> Value {
    do {
      return try queue.read { database in
        try Schema.requireVersion(database, path: path)
        return try body(database)
      }
    } catch let error as FrontierStoreError {
      throw error
    } catch {
      throw FrontierStoreError(error, path: path)
    }
  }
}

/// What a frontier's file says of one URL.
public struct URLFacts: Sendable, Equatable {
  /// How it ended; nil while it waits.
  public var end: FinishedURL.State?
  /// What it is wanted for.
  public var purpose: Offer.Purpose
  /// Link hops from the seed.
  public var depth: Int
  /// Tries that failed.
  public var failedTries: Int
  /// The seed it was reached from.
  public var seed: String?
  /// The page it was first found on.
  public var referrer: String?
  /// The URLs that redirected to it, first one first.
  public var redirects: [String]
  /// Not to be tried before, in seconds since 1970.
  public var dueAt: Double?
  /// When it changed last by what a sitemap or feed says, in seconds since 1970.
  public var modifiedAt: Int?

  fileprivate init(_ row: Row, _ references: URLReferences) throws {
    let (seed, referrer, due): (Int64?, Int64?, Int64?) = (
      row["seed"], row["referrer"], row["due"]
    )
    end = FinishedURL.State(rawValue: row["state"])
    purpose = URLText.purpose(kind: row["kind"])
    depth = row["depth"]
    failedTries = row["tries"]
    self.seed = try seed.flatMap { try references.url($0) }
    self.referrer = try referrer.flatMap { try references.url($0) }
    let redirects: String? = row["redirects"]
    self.redirects = redirects?.split(separator: " ").map(String.init) ?? []
    dueAt = due.map { Double($0) / 1_000 }
    modifiedAt = row["modified_at"]
  }
}

/// What a frontier's file says of one host.
public struct HostFacts: Sendable, Equatable {
  /// Whether it was ever asked for anything.
  public var wasAsked: Bool
  /// The gap its robots.txt asks for, in seconds.
  public var crawlDelay: Double?
  /// Its next request may not be sent before, in seconds since 1970.
  public var nextAt: Double?
  /// It rests until then, in seconds since 1970, because it asked for it or seemed unwell.
  public var parkedUntil: Double?
  /// Refusals (429, 503) in a row.
  public var refusalsInARow: Int
  /// Failures in a row.
  public var failuresInARow: Int
  /// Pages stored of it.
  public var pagesStored: Int
  /// URLs known of it.
  public var known: Int
  /// URLs that wait.
  public var waiting: Int
  /// Why it was given up; nil if it was not.
  public var stop: HostStop?

  /// Until when the host still rests, in seconds since 1970; nil where it does not.
  public func rests(at now: Double) -> Double? { parkedUntil.flatMap { $0 > now ? $0 : nil } }

  fileprivate init(_ row: Row) {
    func seconds(_ column: String) -> Double? {
      let milliseconds: Int64? = row[column]
      return milliseconds.map { Double($0) / 1_000 }
    }
    let kind: String? = row["stop_kind"]
    wasAsked = row["was_asked"]
    crawlDelay = seconds("crawl_delay")
    nextAt = seconds("next_at")
    parkedUntil = seconds("parked_until")
    refusalsInARow = row["refusals"]
    failuresInARow = row["failures"]
    pagesStored = row["pages"]
    known = row["known"]
    waiting = row["waiting"]
    stop = kind.map { HostStop(stored: $0, rule: row["stop_rule"]) }
  }
}

extension FrontierStoreError {
  /// There is no crawl at a path.
  init(missing path: String) {
    self.init(
      kind: .storeMissing, message: "there is no crawl (\(path))",
      advice: "name the output directory of a crawl")
  }
}
