import Foundation
import GossamerBytes
import GossamerCorpus
import GRDB

/// What an update of the index did.
public struct IndexReport: Sendable, Equatable {
  /// Page records read.
  public var records = 0
  /// Pages whose words were taken in.
  public var added = 0
  /// Pages whose words were taken out, most of them since they changed.
  public var removed = 0
  /// Vectors taken in.
  public var vectors = 0
  /// Lines that were no records.
  public var badLines = 0
  /// Whether a file had been written anew, so that all was read again.
  public var beganAnew = false

  /// Nothing done.
  public init() {}
}

/// One step of an update, inside one transaction: reads on where the last step ended.
struct IndexUpdate {
  /// About what a step reads before it is made durable.
  static let stepBytes = 32 << 20

  let database: Database
  let layout: CorpusLayout
  var report: IndexReport
  private var bytesLeft: Int
  private var folder = TermFolder()

  init(
    _ database: Database, _ layout: CorpusLayout, _ report: IndexReport, stepBytes: Int
  ) {
    bytesLeft = stepBytes
    self.database = database
    self.layout = layout
    self.report = report
  }

  /// - Returns: whether everything is read.
  mutating func step() throws -> Bool {
    try forgetWhatChanged()
    for file in layout.pageFiles {
      let name = "pages/" + (file as NSString).lastPathComponent
      try read(file, as: name) { update, line, place in try update.take(page: line, name, place) }
      if bytesLeft <= 0 { return false }
    }
    var vectors = VectorWriter(database)
    try read(layout.embeddings, as: Self.vectorSource) { update, line, place in
      if try vectors.take(line, place) {
        update.report.vectors += 1
      } else {
        update.report.badLines += 1
      }
    }
    try vectors.flush()
    return bytesLeft > 0
  }

  static let vectorSource = "embeddings.jsonl"

  // MARK: Sources

  /// A file that was cut or written anew makes all places of its kind worthless.
  private mutating func forgetWhatChanged() throws {
    for source in try IndexSource.all(database) where !source.isUnchanged(in: layout) {
      report.beganAnew = true
      if source.file == Self.vectorSource {
        try SearchSchema.forgetVectors(database)
      } else {
        return try SearchSchema.forgetPages(database)
      }
    }
  }

  private mutating func read(
    _ path: String, as name: String, _ take: (inout Self, [UInt8], Int) throws -> Void
  ) throws {
    let start = try IndexSource.length(of: name, database)
    var last: (offset: Int, line: [UInt8])?
    var lines = CorpusLines(path: path, from: start)
    while bytesLeft > 0, let line = lines.next() {
      try take(&self, line, lines.offset)
      bytesLeft -= line.count + 1
      last = (lines.offset, line)
    }
    guard let last else { return }
    try IndexSource(
      file: name, length: last.offset + last.line.count + 1, line: last.offset,
      digest: Digest.sha256(of: last.line).bytes
    ).save(database)
  }

  // MARK: Pages

  private mutating func take(page line: [UInt8], _ file: String, _ offset: Int) throws {
    guard let page = PageLine(line) else {
      if !line.isEmpty { report.badLines += 1 }
      return
    }
    report.records += 1
    // "Not modified" says that the page stored before still holds.
    guard page.status != 304 else { return }
    let old = try StoredPlace.find(page.url, database)
    let terms = page.terms(&folder)
    let content = terms?.digest
    let changed = old.map { $0.content != content } ?? true
    if changed, let old, old.content != nil { try remove(old) }
    let id = try save(page, content, StoredPlace(old?.id, content, file, offset, line.count))
    if changed, let terms { try add(terms, id) }
  }

  private mutating func add(_ terms: PageTerms, _ id: Int64) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO words(rowid, title, headings, body) VALUES(?, ?, ?, ?)")
    statement.bind(id, at: 1)
    statement.bind(text: terms.title, at: 2)
    statement.bind(text: terms.headings, at: 3)
    statement.bind(text: terms.body, at: 4)
    try statement.run(database)
    report.added += 1
  }

  /// The table has no texts, so it must be told what to take out: what the old line says.
  private mutating func remove(_ old: StoredPlace) throws {
    let line = CorpusLines.line(
      path: layout.root + "/" + old.file, offset: old.offset, length: old.length)
    guard let terms = line.flatMap({ PageLine($0) })?.terms(&folder), terms.digest == old.content
    else { throw IndexIsStale() }
    let statement = try database.cachedStatement(
      sql: "INSERT INTO words(words, rowid, title, headings, body) VALUES('delete', ?, ?, ?, ?)")
    statement.bind(old.id ?? 0, at: 1)
    statement.bind(text: terms.title, at: 2)
    statement.bind(text: terms.headings, at: 3)
    statement.bind(text: terms.body, at: 4)
    try statement.run(database)
    report.removed += 1
  }

  private func save(_ page: PageLine, _ content: [UInt8]?, _ place: StoredPlace) throws -> Int64 {
    let statement = try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO page VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    statement.bind(place.id, at: 1)
    statement.bind(page.url, at: 2)
    statement.bind(try host(page.host), at: 3)
    statement.bind(try IndexUpdate.number(ofDigest: page.digest, database), at: 4)
    statement.bind(page.title, at: 5)
    statement.bind(page.date, at: 6)
    statement.bind(page.language, at: 7)
    statement.bind(page.isForModels ? 1 : 0, at: 8)
    statement.bind(page.mostShown.map { Int64($0) }, at: 9)
    if let content { statement.bind(content, at: 10) } else { statement.bind(Int64?.none, at: 10) }
    statement.bind(place.file, at: 11)
    statement.bind(place.offset, at: 12)
    statement.bind(place.length, at: 13)
    try statement.run(database)
    return place.id ?? database.lastInsertedRowID
  }

  private func host(_ name: String) throws -> Int64 {
    let find = try database.cachedStatement(sql: "SELECT id FROM host WHERE name = ?")
    find.bind(name, at: 1)
    if let id = try find.only(database) { return id }
    let insert = try database.cachedStatement(sql: "INSERT INTO host(name, bare) VALUES(?, ?)")
    insert.bind(name, at: 1)
    insert.bind(CorpusFilter.withoutPort(name), at: 2)
    try insert.run(database)
    return database.lastInsertedRowID
  }

  /// Digests are long and stand with many vectors: these have a number instead.
  static func number(ofDigest text: String, _ database: Database) throws -> Int64 {
    let find = try database.cachedStatement(sql: "SELECT id FROM digest WHERE text = ?")
    find.bind(text, at: 1)
    if let id = try find.only(database) { return id }
    let insert = try database.cachedStatement(sql: "INSERT INTO digest(text) VALUES(?)")
    insert.bind(text, at: 1)
    try insert.run(database)
    return database.lastInsertedRowID
  }
}

/// The files say something else than the index remembers: it has to be made anew.
struct IndexIsStale: Error {}

/// Where the record of a page is.
struct StoredPlace {
  var id: Int64?
  var content: [UInt8]?
  var file: String
  var offset: Int
  var length: Int

  init(_ id: Int64?, _ content: [UInt8]?, _ file: String, _ offset: Int, _ length: Int) {
    self.id = id
    self.content = content
    self.file = file
    self.offset = offset
    self.length = length
  }

  static func find(_ url: String, _ database: Database) throws -> StoredPlace? {
    let statement = try database.cachedStatement(
      sql: "SELECT id, content, file, offset, length FROM page WHERE url = ?")
    statement.bind(url, at: 1)
    defer { statement.rewind() }
    guard try statement.next(database) else { return nil }
    let content = statement.bytes(1)
    return StoredPlace(
      statement.integer(0), content.isEmpty ? nil : content, statement.text(2) ?? "",
      Int(statement.integer(3)), Int(statement.integer(4)))
  }
}

/// How far a file was read.
struct IndexSource {
  var file: String
  var length: Int
  /// Where the last line that was read begins.
  var line: Int
  /// The digest of that line.
  var digest: [UInt8]

  static func all(_ database: Database) throws -> [IndexSource] {
    try Row.fetchAll(database, sql: "SELECT * FROM source").map { row in
      let digest: Data = row["digest"]
      return IndexSource(
        file: row["file"], length: row["length"], line: row["line"], digest: [UInt8](digest))
    }
  }

  static func length(of file: String, _ database: Database) throws -> Int {
    try Int.fetchOne(
      database, sql: "SELECT length FROM source WHERE file = ?", arguments: [file]) ?? 0
  }

  func save(_ database: Database) throws {
    try database.execute(
      sql: "INSERT OR REPLACE INTO source VALUES(?, ?, ?, ?)",
      arguments: [file, length, line, Data(digest)])
  }

  /// Whether what was read is still there, judged by its last line.
  func isUnchanged(in layout: CorpusLayout) -> Bool {
    let bytes = CorpusLines.line(
      path: layout.root + "/" + file, offset: line, length: length - line - 1)
    return bytes.map { Digest.sha256(of: $0).bytes == digest } ?? false
  }
}
