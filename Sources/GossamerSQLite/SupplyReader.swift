import GossamerFrontier
import GRDB

/// Reads what hosts have in the store, in the order of visits.
struct SupplyReader {
  let database: Database
  let identity: URLIdentity
  let at: ContinuousClock.Instant
  private let references: URLReferences
  private let now = WallTime.now()

  init(_ database: Database, _ identity: URLIdentity, at: ContinuousClock.Instant) {
    self.database = database
    self.identity = identity
    self.at = at
    references = URLReferences(database, identity)
  }

  func supply(_ request: HostRequest) throws -> HostSupply {
    var supply = HostSupply(hostKey: request.hostKey)
    let select = try database.cachedStatement(sql: "SELECT id FROM host WHERE name = ?")
    select.bind(request.hostKey, at: 1)
    guard let host = try select.only(database) else { return supply }
    supply.entries = try entries(of: host, request)
    if request.wantsRules { supply.rules = try rules(of: host) }
    return supply
  }

  static let waiting = """
    SELECT kind, path, depth, tries, due, seed, referrer, redirects FROM url
    WHERE host_id = ? AND state = 0 ORDER BY visit_order, due, id LIMIT ?
    """

  /// Those that the frontier holds come first in the order, so reading past them costs no more than
  /// they are.
  private func entries(of host: Int64, _ request: HostRequest) throws -> [FrontierEntry] {
    let select = try database.cachedStatement(sql: Self.waiting)
    select.bind(host, at: 1)
    select.bind(request.count + request.held.count, at: 2)
    defer { select.rewind() }
    var entries: [FrontierEntry] = []
    while entries.count < request.count, try select.next(database) {
      guard let path = select.text(1) else { continue }
      let kind = select.integer(0)
      let url = URLText.text(kind: kind, hostKey: request.hostKey, path: path)
      let hash = identity.hash(url)
      guard !request.held.contains(hash) else { continue }
      entries.append(
        FrontierEntry(
          hostKey: request.hostKey, hash: hash, url: url, purpose: URLText.purpose(kind: kind),
          depth: Int(select.integer(2)),
          referrer: try select.optionalInteger(6).flatMap { try references.url($0) },
          seed: try select.optionalInteger(5).flatMap { try references.url($0) } ?? "",
          redirects: select.text(7)?.split(separator: " ").map(String.init) ?? [],
          failedTries: Int(select.integer(3)), queuedAt: at,
          dueAt: select.optionalInteger(4).map { at + WallTime.span(from: now, until: $0) }))
    }
    return entries
  }

  private func rules(of host: Int64) throws -> [RobotsCopy] {
    let select = try database.cachedStatement(
      sql: "SELECT is_secure, body, valid_until FROM robots WHERE host_id = ?")
    select.bind(host, at: 1)
    var copies: [RobotsCopy] = []
    while try select.next(database) {
      copies.append(
        RobotsCopy(
          isSecure: select.integer(0) != 0, body: select.bytes(1),
          validFor: WallTime.span(from: now, until: select.integer(2))))
    }
    return copies
  }

  func url(ofContent digest: [UInt8]) throws -> String? {
    let select = try database.cachedStatement(sql: "SELECT url FROM content WHERE digest = ?")
    select.bind(digest.prefix(16), at: 1)
    return try select.only(database).flatMap { try references.url($0) }
  }
}
