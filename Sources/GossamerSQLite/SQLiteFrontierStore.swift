import Foundation
public import GossamerFrontier
import GRDB

/// The frontier's durable side in one SQLite file, for a crawl on one machine.
///
/// One connection writes, in write-ahead mode with full synchronization: once `commit` returns, a
/// crash or a power cut takes nothing of it back. Methods wait for the disk on the caller's thread;
/// the caller is an actor that has a thread to wait on.
public final class SQLiteFrontierStore: FrontierStore {
  private let path: String
  private let queue: DatabaseQueue
  private let names = NameTable()
  private let wasLeftOpen: Bool

  /// Opens the file, making it if need be.
  ///
  /// - Throws: `FrontierStoreError` when the file cannot be opened or is no database.
  public init(path: String) throws(FrontierStoreError) {
    self.path = path
    wasLeftOpen = Self.hasLog(beside: path)
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.configuration)
    } catch {
      throw FrontierStoreError(error, path: path)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "frontier"
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = FULL;
          PRAGMA wal_autocheckpoint = 65536;
          PRAGMA cache_size = -131072;
          """)
    }
    return configuration
  }

  /// A write-ahead log that holds something was left by a run that did not end by closing.
  private static func hasLog(beside path: String) -> Bool {
    let size = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
    return (size ?? 0) > 0
  }

  /// Opens or makes the store, and reads what an earlier run left. After a run that did not end by
  /// closing, the file is checked as a whole first.
  public func open(
    settings: [String: String], at now: ContinuousClock.Instant
  ) async throws(FrontierStoreError) -> RestoredFrontier {
    try wrapping {
      try queue.writeWithoutTransaction { database in
        if wasLeftOpen { try Schema.check(database, path: path) }
        var restored: RestoredFrontier?
        try database.inTransaction(.immediate) {
          try Schema.prepare(database, path: path)
          restored = try Restoration(database: database, names: names, at: now)
            .restore(settings: settings)
          return .commit
        }
        guard let restored else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return restored
      }
    }
  }

  /// Makes a group of changes durable: all of it or, when this throws, nothing.
  public func commit(_ commit: FrontierCommit) async throws(FrontierStoreError) {
    try wrapping {
      try queue.writeWithoutTransaction { database in
        do {
          try database.inTransaction(.immediate) {
            try CommitWriter(database: database, names: names).write(commit)
            return .commit
          }
        } catch {
          // Also when only the last step failed: rows of names were taken back with all others.
          names.forget()
          throw error
        }
      }
    }
  }

  /// Ends the use of the file and empties its log into it.
  public func close() async throws(FrontierStoreError) {
    try wrapping { try queue.close() }
  }

  /// Counts of URLs by state, read beside a crawl that may be running.
  ///
  /// - Throws: `FrontierStoreError` when there is no crawl at that path.
  public static func counts(path: String) throws(FrontierStoreError) -> FrontierCounts {
    guard FileManager.default.fileExists(atPath: path) else {
      throw FrontierStoreError(missing: path)
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      return try DatabaseQueue(path: path, configuration: configuration).read { database in
        var counts = FrontierCounts()
        for row in try Row.fetchAll(database, sql: "SELECT name, value FROM counter") {
          counts.set(row["name"], to: row["value"])
        }
        counts.hosts = try Int.fetchOne(database, sql: "SELECT count(*) FROM host") ?? 0
        return counts
      }
    } catch {
      throw FrontierStoreError(error, path: path)
    }
  }

  private func wrapping<Value>(
    _ body: () throws -> Value
  ) throws(FrontierStoreError) -> Value {
    do {
      return try body()
    } catch let error as FrontierStoreError {
      throw error
    } catch {
      throw FrontierStoreError(error, path: path)
    }
  }
}

extension FrontierCounts {
  /// Counters are kept by name in the database, so that no view ever counts by scanning.
  fileprivate mutating func set(_ name: String, to value: Int) {
    switch name {
    case "known": known = value
    case "pages": pages = value
    case "done": done = value
    case "failed": failed = value
    case "blocked": blocked = value
    case "skipped": skipped = value
    default: break
    }
    pending = known - done - failed - blocked - skipped
  }
}

extension FrontierStoreError {
  init(_ error: any Error, path: String) {
    let code = (error as? DatabaseError)?.resultCode
    let text = (error as? DatabaseError)?.message ?? "\(error)"
    switch code {
    case .SQLITE_FULL?:
      self.init(
        kind: "store.full", message: "\(path): \(text)",
        advice: "make room and run the same command again")
    case .SQLITE_CORRUPT?, .SQLITE_NOTADB?:
      self.init(
        kind: "store.corrupt", message: "\(path): \(text)",
        advice: "restore it from a backup, or crawl into another directory")
    case .SQLITE_BUSY?, .SQLITE_LOCKED?:
      self.init(
        kind: "store.locked", message: "\(path): \(text)", advice: "close the program that uses it")
    default:
      self.init(
        kind: "store.io", message: "\(path): \(text)",
        advice: "check the directory given with --output and its rights")
    }
  }
}
