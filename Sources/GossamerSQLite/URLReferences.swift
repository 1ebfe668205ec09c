import GossamerFrontier
import GRDB

/// URLs named by others: as referrer, as seed, as the first with a content. In rows they are the
/// number of that URL; one that has no row, such as a robots.txt, gets one in `text` and counts
/// downwards from zero.
///
/// The links of a page follow each other and share their referrer, so the last answers are kept.
final class URLReferences {
  private let database: Database
  private let identity: URLIdentity
  private var numbers: [String: Int64] = [:]
  private var texts: [Int64: String] = [:]
  private static let kept = 1_024

  init(_ database: Database, _ identity: URLIdentity) {
    self.database = database
    self.identity = identity
  }

  /// The number of a URL.
  func number(of url: String) throws -> Int64 {
    if let known = numbers[url] { return known }
    let number = try find(url) ?? -addText(url)
    if numbers.count >= Self.kept { numbers.removeAll(keepingCapacity: true) }
    numbers[url] = number
    return number
  }

  /// The row of a URL.
  func find(_ url: String) throws -> Int64? {
    guard let parts = URLText(url) else { return nil }
    let statement = try database.cachedStatement(
      sql: """
        SELECT url_id FROM known WHERE hash = ? AND host_id = (SELECT id FROM host WHERE name = ?)
        """)
    statement.bind(Int64(bitPattern: identity.hash(url)), at: 1)
    statement.bind(String(parts.hostKey), at: 2)
    return try statement.only(database)
  }

  private func addText(_ text: String) throws -> Int64 {
    let insert = try database.cachedStatement(sql: "INSERT OR IGNORE INTO text(text) VALUES (?)")
    insert.bind(text, at: 1)
    try insert.run(database)
    let select = try database.cachedStatement(sql: "SELECT id FROM text WHERE text = ?")
    select.bind(text, at: 1)
    return try select.only(database) ?? database.lastInsertedRowID
  }

  /// The URL with a number.
  func url(_ number: Int64) throws -> String? {
    if let known = texts[number] { return known }
    guard let text = try number < 0 ? text(-number) : rowText(number) else { return nil }
    if texts.count >= Self.kept { texts.removeAll(keepingCapacity: true) }
    texts[number] = text
    return text
  }

  private func text(_ id: Int64) throws -> String? {
    let statement = try database.cachedStatement(sql: "SELECT text FROM text WHERE id = ?")
    statement.bind(id, at: 1)
    defer { statement.rewind() }
    return try statement.next(database) ? statement.text(0) : nil
  }

  private func rowText(_ id: Int64) throws -> String? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT url.kind, host.name, url.path FROM url JOIN host ON host.id = url.host_id
        WHERE url.id = ?
        """)
    statement.bind(id, at: 1)
    defer { statement.rewind() }
    guard try statement.next(database), let host = statement.text(1), let path = statement.text(2)
    else { return nil }
    return URLText.text(kind: statement.integer(0), hostKey: host, path: path)
  }
}
