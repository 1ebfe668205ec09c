import Foundation
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
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw FrontierStoreError(error, path: path)
    }
  }

  /// What the store knows of a URL and of its host; both nil where they were never accepted.
  ///
  /// - Parameters:
  ///   - url: the canonical URL as text.
  ///   - hostKey: the politeness group it belongs to.
  public func facts(
    of url: String, hostKey: String
  ) throws(FrontierStoreError) -> (url: URLFacts?, host: HostFacts?) {
    do {
      return try queue.read { database in
        let host = try Row.fetchOne(
          database, sql: "SELECT * FROM host WHERE name = ?", arguments: [hostKey])
        guard let host else { return (nil, nil) }
        return (try urlFacts(url, host["id"], database), HostFacts(host))
      }
    } catch {
      throw FrontierStoreError(error, path: path)
    }
  }

  private func urlFacts(_ url: String, _ host: Int64, _ database: Database) throws -> URLFacts? {
    let identity = try identity(database)
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT url.*, seed.url AS seed FROM url LEFT JOIN seed ON seed.id = url.seed_id
        WHERE host_id = ? AND hash = ?
        """, arguments: [host, Int64(bitPattern: identity.hash(url))])
    return row.map(URLFacts.init)
  }

  private func identity(_ database: Database) throws -> URLIdentity {
    func key(_ name: String) throws -> UInt64 {
      let text = try String.fetchOne(
        database, sql: "SELECT value FROM crawl WHERE name = ?", arguments: [name])
      guard let key = text.flatMap(UInt64.init) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the key of URLs is missing")
      }
      return key
    }
    return URLIdentity(key0: try key("key0"), key1: try key("key1"))
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

  fileprivate init(_ row: Row) {
    end = FinishedURL.State(rawValue: row["state"])
    purpose = Offer.Purpose(rawValue: row["purpose"]) ?? .page
    depth = row["depth"]
    failedTries = row["tries"]
    seed = row["seed"]
    referrer = row["referrer"]
    let redirects: String? = row["redirects"]
    self.redirects = redirects?.split(separator: " ").map(String.init) ?? []
    dueAt = row["due"]
  }
}

/// What a frontier's file says of one host.
public struct HostFacts: Sendable, Equatable {
  /// Whether it was ever asked for anything.
  public var wasAsked: Bool
  /// The gap its robots.txt asks for, in seconds.
  public var crawlDelay: Double?
  /// It rests until then, in seconds since 1970, because it asked for it or seemed unwell.
  public var parkedUntil: Double?
  /// Refusals (429, 503) in a row.
  public var refusalsInARow: Int
  /// Failures in a row.
  public var failuresInARow: Int
  /// Pages stored of it.
  public var pagesStored: Int

  /// Until when the host still rests, in seconds since 1970; nil where it does not.
  public func rests(at now: Double) -> Double? { parkedUntil.flatMap { $0 > now ? $0 : nil } }

  fileprivate init(_ row: Row) {
    wasAsked = row["was_asked"]
    crawlDelay = row["crawl_delay"]
    parkedUntil = row["parked_until"]
    refusalsInARow = row["refusals"]
    failuresInARow = row["failures"]
    pagesStored = row["pages"]
  }
}

extension FrontierStoreError {
  /// There is no crawl at a path.
  init(missing path: String) {
    self.init(
      kind: "store.missing", message: "there is no crawl (\(path))",
      advice: "name the output directory of a crawl")
  }
}
