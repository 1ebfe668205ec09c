import Foundation
public import GossamerCorpus
import GossamerFlow
import GossamerURL
import GRDB

/// The index of a corpus in one SQLite file: full text by FTS5, vectors side by side.
///
/// The file is made of the other files of the directory. It is brought up to date by ``update(_:)``,
/// which reads only what is new, also beside a crawl that is running; where it is damaged, of another
/// version, or the files were written anew, it is made again. A search reads one consistent state.
/// Values share their connections; any number of searches may run at once.
public struct SQLiteCorpusIndex: CorpusSearch, CorpusPages {
  /// Embeds what is looked for, by the model of the passages; without it only words are searched.
  public var embedder: QueryEmbedder?
  /// Takes in what is new before every search and reading, for whoever runs beside a crawl.
  public var followsFiles = false

  private let layout: CorpusLayout
  private let pool: DatabasePool

  /// Opens the index of a directory, or begins it.
  ///
  /// - Throws: `StoreError` where there are no pages; `CorpusSearchError` where the file cannot be used.
  public init(_ layout: CorpusLayout, embedder: QueryEmbedder? = nil) throws {
    guard !layout.pageFiles.isEmpty else {
      throw StoreError(
        kind: .storeMissing, message: "there are no pages (\(layout.root))",
        advice: "name the output directory of a crawl")
    }
    self.layout = layout
    self.embedder = embedder
    do {
      do {
        pool = try Self.open(layout.searchIndex)
      } catch  where Self.isUseless(error) {
        Self.remove(layout.searchIndex)
        pool = try Self.open(layout.searchIndex)
      }
    } catch {
      throw CorpusSearchError(error, path: layout.searchIndex)
    }
  }

  private static func open(_ path: String) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "search"
    configuration.busyMode = .timeout(30)
    configuration.maximumReaderCount = 8
    configuration.prepareDatabase { database in
      try database.execute(
        sql: "PRAGMA page_size = 8192; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 2147418112")
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    try pool.write { database in
      let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
      guard found == 0 || found == SearchSchema.version else { throw OtherVersion() }
      try SearchSchema.prepare(database)
    }
    return pool
  }

  /// Damaged, or of another version: the files of the corpus are worth more than it.
  private static func isUseless(_ error: any Error) -> Bool {
    error is OtherVersion
      || [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains((error as? DatabaseError)?.resultCode)
  }

  private static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  // MARK: Bringing up to date

  /// Takes in what the files hold and the index does not. A step is durable as a whole or not at all,
  /// so that a process that is killed loses one step.
  ///
  /// - Parameter progress: sees the report after each step.
  /// - Throws: `CorpusSearchError`, `CancellationError`.
  @discardableResult
  public func update(
    _ progress: (IndexReport) -> Void = { _ in }
  ) async throws -> IndexReport {
    try await update(stepBytes: IndexUpdate.stepBytes, progress)
  }

  package func update(
    stepBytes: Int, _ progress: (IndexReport) -> Void
  ) async throws -> IndexReport {
    var report = IndexReport()
    var isDone = false
    while !isDone {
      try Task.checkCancellation()
      (report, isDone) = try await step(report, stepBytes)
      progress(report)
    }
    return report
  }

  private func step(_ report: IndexReport, _ bytes: Int) async throws -> (IndexReport, Bool) {
    let layout = layout
    do {
      return try await pool.write { database in
        var update = IndexUpdate(database, layout, report, stepBytes: bytes)
        let isDone = try update.step()
        return (update.report, isDone)
      }
    } catch is IndexIsStale {
      var report = report
      report.beganAnew = true
      try await wrapping { try await pool.write { try SearchSchema.forgetPages($0) } }
      return (report, false)
    } catch {
      throw CorpusSearchError(error, path: layout.searchIndex)
    }
  }

  /// Whether the files hold more than the index; cheap enough to be asked before every search.
  public func isStale() async throws -> Bool {
    let layout = layout
    let sources = try await read { try IndexSource.all($0) }
    let known = Dictionary(sources.map { ($0.file, $0.length) }) { first, _ in first }
    func length(_ path: String) -> Int {
      (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
    return layout.pageFiles.contains { path in
      known["pages/" + (path as NSString).lastPathComponent] ?? 0 != length(path)
    } || known[IndexUpdate.vectorSource] ?? 0 != length(layout.embeddings)
  }

  private func follow() async throws {
    if followsFiles, try await isStale() { try await update() }
  }

  // MARK: Searching

  /// The pages that answer a query best.
  public func search(_ query: CorpusQuery) async throws -> [CorpusHit] {
    let words = SearchQuery(query.text)
    try await follow()
    switch query.mode {
    case .text:
      return try await read { [layout] database in
        let found = try TextSearch(database, query.filter).pages(words, limit: query.limit)
        return try HitReader(database, layout, words).hits(found)
      }
    case .semantic:
      let vector = try await vector(of: query.text)
      return try await read { [layout] database in
        let found = try VectorSearch(database, layout, query.filter)
          .pages(vector, limit: query.limit)
        return try HitReader(database, layout, words).hits(found)
      }
    case .hybrid:
      let vector = try await vector(of: query.text)
      return try await read { [layout] database in
        let depth = max(100, query.limit)
        let texts = try TextSearch(database, query.filter).pagesOrSimilar(words, limit: depth)
        let vectors = try VectorSearch(database, layout, query.filter).pages(vector, limit: depth)
        let found = RankFusion.merge([texts, vectors]).prefix(query.limit)
        return try HitReader(database, layout, words).hits(Array(found))
      }
    }
  }

  /// The models that made the vectors, those with most vectors first.
  public func vectorModels() async throws -> [VectorModel] {
    try await read { try VectorSearch.models($0) }
  }

  private func vector(of text: String) async throws -> (vector: [Float], model: VectorModel) {
    let models = try await vectorModels()
    guard !models.isEmpty else {
      throw CorpusSearchError(
        kind: "search.no_vectors", message: "there are no vectors (\(layout.root))",
        advice: "run gossamer embed on it first, or search with --mode text")
    }
    let names = models.map { "\($0.provider)/\($0.name)" }.joined(separator: ", ")
    guard let embedder else {
      throw CorpusSearchError(
        kind: "search.model", message: "there is no model to embed the query with",
        advice: "name the server of \(names)")
    }
    let same = models.filter { $0.provider == embedder.provider && $0.name == embedder.name }
    guard !same.isEmpty else {
      throw CorpusSearchError(
        kind: "search.other_model",
        message: "\(embedder.provider)/\(embedder.name) made none of the vectors (\(layout.root))",
        advice: "search with \(names), or run gossamer embed with this model")
    }
    let vector = try await embedder.vector(text)
    guard let model = same.first(where: { $0.dimensions == vector.count }) else {
      throw CorpusSearchError(
        kind: "search.other_model",
        message: "\(embedder.name) gave \(vector.count) numbers where the vectors have "
          + "\(same[0].dimensions)",
        advice: "use the same server as gossamer embed")
    }
    return (vector, model)
  }

  // MARK: Reading pages

  /// The page stored last under a URL, in whichever spelling.
  public func page(at url: String) async throws -> StoredPage? {
    try await follow()
    let canonical = WebURL(url).flatMap { CanonicalURL($0) }?.string
    return try await read { [layout] database in
      for spelling in [url, canonical].compactMap({ $0 }) {
        guard let place = try StoredPlace.find(spelling, database),
          let line = CorpusLines.line(
            path: layout.root + "/" + place.file, offset: place.offset, length: place.length),
          let record = try? JSONDecoder().decode(PageRecord.self, from: Data(line)),
          record.url == spelling
        else { continue }
        return StoredPage(record)
      }
      return nil
    }
  }

  /// Hosts with pages that have a text.
  public func hosts(limit: Int) async throws -> [CorpusHost] {
    try await follow()
    return try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT host.name AS name, count(*) AS pages FROM page JOIN host ON host.id = host_id
          WHERE content IS NOT NULL GROUP BY host_id ORDER BY pages DESC, host.name LIMIT ?
          """, arguments: [max(0, limit)]
      ).map { CorpusHost(name: $0["name"], pages: $0["pages"]) }
    }
  }

  // MARK: The file

  private func read<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await wrapping { try await pool.read(body) }
  }

  private func wrapping<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as DatabaseError {
      throw CorpusSearchError(error, path: layout.searchIndex)
    }
  }
}

/// The file was made by another version of the program.
private struct OtherVersion: Error {}

extension CorpusSearchError {
  init(_ error: any Error, path: String) {
    if let error = error as? CorpusSearchError {
      self = error
      return
    }
    let failure = error as? DatabaseError
    let advice =
      switch failure?.resultCode {
      case .SQLITE_FULL?: "make room and run the same command again"
      case .SQLITE_BUSY?, .SQLITE_LOCKED?: "wait until the other process has done its update"
      case .SQLITE_CORRUPT?, .SQLITE_NOTADB?: "remove the file: it is made again"
      default: "check the directory and your right to write to it"
      }
    self.init(
      kind: "search.io", message: "\(path): \(failure?.message ?? "\(error)")", advice: advice)
  }
}
