import GossamerFlow
import GossamerFrontier
import GRDB

/// Writes what a restart must know of a host.
struct PaceWriter {
  let database: Database
  let now: Int64

  func write(_ pace: HostPace, _ names: NameTable) throws {
    let host = try names.host(pace.hostKey, database)
    let update = try database.cachedStatement(
      sql: """
        UPDATE host SET pages = ?, refusals = ?, failures = ?, was_asked = 1, crawl_delay = ?,
          next_at = ?, parked_until = ?, stop_kind = ?, stop_rule = ?
        WHERE id = ?
        """)
    update.bind(pace.pagesStored, at: 1)
    update.bind(pace.refusalsInARow, at: 2)
    update.bind(pace.failuresInARow, at: 3)
    update.bind(pace.crawlDelay.map(WallTime.milliseconds), at: 4)
    update.bind(now + WallTime.milliseconds(pace.restsFor), at: 5)
    update.bind(pace.parkedFor.map { now + WallTime.milliseconds($0) }, at: 6)
    update.bind(pace.stop?.kind.rawValue, at: 7)
    update.bind(pace.stop?.rule, at: 8)
    update.bind(host, at: 9)
    try update.run(database)
    for copy in pace.rules { try write(copy, host) }
  }

  private func write(_ copy: RobotsCopy, _ host: Int64) throws {
    let insert = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, ?)")
    insert.bind(host, at: 1)
    insert.bind(copy.isSecure ? 1 : 0, at: 2)
    insert.bind(now, at: 3)
    insert.bind(now + WallTime.milliseconds(copy.validFor), at: 4)
    insert.bind(copy.body, at: 5)
    try insert.run(database)
  }
}
