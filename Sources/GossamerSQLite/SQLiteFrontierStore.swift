import Foundation
import GossamerFlow
public import GossamerFrontier
import GRDB
import Synchronization

/// The frontier's durable side in one SQLite file, for a crawl on one machine.
///
/// One connection writes, in write-ahead mode with full synchronization: once `commit` returns, a
/// crash or a power cut takes nothing of it back. Another one reads beside it, for one short
/// transaction at a time, so that it never keeps the log from being emptied. Methods wait for the
/// disk on the caller's thread; the caller is an actor that has a thread to wait on.
public final class SQLiteFrontierStore: FrontierStore {
  let path: String
  private let writer: DatabaseQueue
  private let names = NameTable()
  private let wasLeftOpen: Bool
  private let opened = Mutex<(reader: DatabaseQueue, identity: URLIdentity)?>(nil)

  /// Opens the file, making it if need be.
  ///
  /// - Throws: `FrontierStoreError` when the file cannot be opened or is no database.
  public convenience init(path: String) throws(FrontierStoreError) {
    try self.init(path: path, logPages: 65_536)
  }

  /// - Parameter logPages: how long the log gets before it is emptied into the file. With the usual
  ///   1,000 pages, a page of the file that many commits change is written as often.
  init(path: String, logPages: Int) throws(FrontierStoreError) {
    self.path = path
    wasLeftOpen = Self.hasLog(beside: path)
    do {
      writer = try DatabaseQueue(path: path, configuration: Self.configuration(logPages: logPages))
    } catch {
      throw FrontierStoreError(error, path: path)
    }
  }

  private static func configuration(logPages: Int) -> Configuration {
    var configuration = Configuration()
    configuration.label = "frontier"
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = FULL;
          PRAGMA wal_autocheckpoint = \(logPages);
          PRAGMA journal_size_limit = \(logPages * 4_096);
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
  /// closing, a file that is not too large is checked as a whole first.
  public func open(
    settings: [String: String], memory: FrontierMemory, at now: ContinuousClock.Instant
  ) async throws(FrontierStoreError) -> RestoredFrontier {
    try wrapping {
      let restored = try writer.writeWithoutTransaction { database in
        let kibibytes = memory.storeBytes / 4 * 3 / 1_024
        try database.execute(sql: "PRAGMA cache_size = -\(kibibytes)")
        if wasLeftOpen { try Schema.check(database, path: path) }
        var restored: RestoredFrontier?
        try database.inTransaction(.immediate) {
          try Schema.prepare(database, path: path)
          restored = try Restoration(database: database, names: names, memory: memory)
            .restore(settings: settings)
          return .commit
        }
        restored?.wasCutShort = wasLeftOpen
        guard let restored else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return restored
      }
      let reader = try Self.reader(path: path, cacheBytes: memory.storeBytes / 4)
      opened.withLock { $0 = (reader, restored.identity) }
      return restored
    }
  }

  static func reader(path: String, cacheBytes: Int) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "frontier reader"
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA cache_size = -\(cacheBytes / 1_024)")
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Makes a group of changes durable: all of it or, when this throws, nothing.
  public func commit(
    _ commit: FrontierCommit
  ) async throws(FrontierStoreError) -> CommitReceipt {
    try wrapping {
      let identity = try current().identity
      return try writer.writeWithoutTransaction { database in
        do {
          var receipt = CommitReceipt()
          try database.inTransaction(.immediate) {
            var writer = CommitWriter(database, names: names, identity: identity)
            receipt = try writer.write(commit)
            return .commit
          }
          return receipt
        } catch {
          // Also when only the last step failed: rows of names were taken back with all others.
          names.forget()
          throw error
        }
      }
    }
  }

  /// URLs that wait and rules of hosts; see the protocol.
  public func supply(
    _ requests: [HostRequest], at now: ContinuousClock.Instant
  ) async throws(FrontierStoreError) -> [HostSupply] {
    try wrapping {
      let (reader, identity) = try current()
      return try reader.read { database in
        let reader = SupplyReader(database, identity, at: now)
        return try requests.map { try reader.supply($0) }
      }
    }
  }

  /// The URL under which a content is stored.
  public func url(ofContent digest: [UInt8]) async throws(FrontierStoreError) -> String? {
    try wrapping {
      let (reader, identity) = try current()
      return try reader.read { database in
        try SupplyReader(database, identity, at: .now).url(ofContent: digest)
      }
    }
  }

  /// Ends the use of the file and empties its log into it.
  public func close() async throws(FrontierStoreError) {
    try wrapping {
      try opened.withLock { opened in
        try opened?.reader.close()
        opened = nil
      }
      try writer.close()
    }
  }

  private func current() throws(FrontierStoreError) -> (
    reader: DatabaseQueue, identity: URLIdentity
  ) {
    guard let current = opened.withLock({ $0 }) else {
      throw FrontierStoreError(
        kind: .storeIO, message: "\(path) is not open", advice: "open it first")
    }
    return current
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

extension FrontierStoreError {
  init(_ error: any Error, path: String) {
    let code = (error as? DatabaseError)?.resultCode
    let text = (error as? DatabaseError)?.message ?? "\(error)"
    switch code {
    case .SQLITE_FULL?:
      self.init(
        kind: .storeFull, message: "\(path): \(text)",
        advice: "make room and run the same command again")
    case .SQLITE_CORRUPT?, .SQLITE_NOTADB?:
      self.init(
        kind: .storeCorrupt, message: "\(path): \(text)",
        advice: "restore it from a backup, or crawl into another directory")
    case .SQLITE_BUSY?, .SQLITE_LOCKED?:
      self.init(
        kind: .storeLocked, message: "\(path): \(text)", advice: "close the program that uses it")
    default:
      self.init(
        kind: .storeIO, message: "\(path): \(text)",
        advice: "check the directory given with --output and its rights")
    }
  }
}
