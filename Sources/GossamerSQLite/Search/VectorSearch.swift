import GossamerCorpus
import GRDB

/// Finds pages by the vectors of their passages, comparing with every one of them.
struct VectorSearch {
  /// Of so many the exact vectors are read.
  private static let leastCandidates = 128

  private let database: Database
  private let layout: CorpusLayout
  private let filter: FilterClause

  init(_ database: Database, _ layout: CorpusLayout, _ filter: CorpusFilter) {
    self.database = database
    self.layout = layout
    self.filter = FilterClause(filter)
  }

  static func models(_ database: Database) throws -> [VectorModel] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT provider, name, dimensions FROM model JOIN block ON model_id = model.id
        GROUP BY model.id ORDER BY sum(count) DESC, model.id
        """
    ).map { VectorModel(provider: $0[0], name: $0[1], dimensions: $0[2]) }
  }

  /// The pages with the nearest passages, by cosine.
  func pages(
    _ query: (vector: [Float], model: VectorModel), limit: Int
  ) throws -> [FoundPage] {
    let vector = QueryVector(query.vector)
    let nearest = try candidates(vector, query.model, limit: limit)
    var best: [Int32: (score: Double, range: Range<Int>)] = [:]
    for candidate in nearest {
      let score = Double(exact(candidate, vector) ?? candidate.product)
      if best[candidate.digest].map({ score > $0.score }) ?? true {
        best[candidate.digest] = (score, Int(candidate.start)..<Int(candidate.end))
      }
    }
    var pages: [FoundPage] = []
    for (digest, found) in best.sorted(by: { ($0.value.score, $1.key) > ($1.value.score, $0.key) })
    {
      for id in try ids(of: digest) where pages.count < limit {
        pages.append(FoundPage(id: id, score: found.score, range: found.range))
      }
    }
    return pages
  }

  // MARK: Scanning

  private struct Candidate {
    var product: Float
    var digest: Int32
    var start: Int32
    var end: Int32
    var line: Int64
    var length: Int32
  }

  private func candidates(
    _ query: QueryVector, _ model: VectorModel, limit: Int
  ) throws -> [Candidate] {
    let wanted = try wantedDigests()
    var nearest = Nearest<Candidate>(capacity: max(Self.leastCandidates, limit * 8))
    let blocks = try database.cachedStatement(
      sql: """
        SELECT count, digests, starts, ends, lines, lengths, scales, vectors FROM block
        WHERE model_id = (SELECT id FROM model WHERE provider = ? AND name = ? AND dimensions = ?)
        ORDER BY id
        """)
    blocks.bind(model.provider, at: 1)
    blocks.bind(model.name, at: 2)
    blocks.bind(model.dimensions, at: 3)
    defer { blocks.rewind() }
    while try blocks.next(database) {
      let count = Int(blocks.integer(0))
      blocks.withNumbers(1, Int32.self) { digests in
        blocks.withNumbers(6, Float.self) { scales in
          blocks.withNumbers(7, Int8.self) { vectors in
            guard digests.count == count, scales.count == count else { return }
            query.products(with: vectors, scales: scales, where: { wanted[digests[$0]] }) {
              index, product in
              guard product > nearest.threshold else { return }
              nearest.add(
                product,
                Candidate(
                  product: product, digest: digests[index],
                  start: blocks.number(2, at: index) ?? 0, end: blocks.number(3, at: index) ?? 0,
                  line: blocks.number(4, at: index) ?? 0, length: blocks.number(5, at: index) ?? 0))
            }
          }
        }
      }
    }
    return nearest.all
  }

  /// The exact product; nil where the line is no longer what it was.
  private func exact(_ candidate: Candidate, _ query: QueryVector) -> Float? {
    guard
      let line = CorpusLines.line(
        path: layout.embeddings, offset: Int(candidate.line), length: Int(candidate.length)),
      let passage = EmbeddedPassage(line), passage.vector.count == query.exact.count
    else { return nil }
    return query.product(with: passage.vector)
  }

  /// Contents that stored pages have and that pass the filter.
  private func wantedDigests() throws -> NumberSet {
    let condition = filter.isEmpty ? "" : " AND " + filter.sql
    let largest = try Int.fetchOne(database, sql: "SELECT max(id) FROM digest") ?? 0
    var wanted = NumberSet(largest: largest)
    let statement = try database.makeStatement(
      sql: "SELECT digest_id FROM page WHERE content IS NOT NULL\(condition)")
    try statement.setArguments(filter.arguments)
    while try statement.next(database) { wanted.insert(Int(statement.integer(0))) }
    return wanted
  }

  private func ids(of digest: Int32) throws -> [Int64] {
    let condition = filter.isEmpty ? "" : " AND " + filter.sql
    return try Int64.fetchAll(
      database,
      sql:
        "SELECT id FROM page WHERE digest_id = ? AND content IS NOT NULL\(condition) ORDER BY id",
      arguments: [digest] + filter.arguments)
  }
}

/// The most similar of many, with a threshold that most others do not reach.
private struct Nearest<Element> {
  private(set) var threshold = -Float.infinity
  private let capacity: Int
  private var kept: [(score: Float, element: Element)] = []

  init(capacity: Int) { self.capacity = capacity }

  var all: [Element] { kept.sorted { $0.score > $1.score }.prefix(capacity).map(\.element) }

  /// Keeps up to twice the capacity, so that sorting costs little an element.
  mutating func add(_ score: Float, _ element: Element) {
    kept.append((score, element))
    guard kept.count >= 2 * capacity else { return }
    kept.sort { $0.score > $1.score }
    kept.removeLast(kept.count - capacity)
    threshold = kept[capacity - 1].score
  }
}

/// Small numbers, a bit each.
private struct NumberSet {
  private var words: [UInt64]

  init(largest: Int) { words = Array(repeating: 0, count: largest / 64 + 1) }

  mutating func insert(_ number: Int) {
    guard number >= 0, number / 64 < words.count else { return }
    words[number / 64] |= 1 << UInt64(number % 64)
  }

  subscript(_ number: Int32) -> Bool {
    let number = Int(number)
    return number >= 0 && number / 64 < words.count
      && words[number / 64] & 1 << UInt64(number % 64) != 0
  }
}

extension Statement {
  /// The numbers of a column of blocks, to be read before the statement moves on.
  fileprivate func withNumbers<Number: BitwiseCopyable, Result>(
    _ column: CInt, _ type: Number.Type, _ body: (UnsafeBufferPointer<Number>) -> Result
  ) -> Result {
    withBytes(column) { body($0.bindMemory(to: Number.self)) }
  }

  fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ column: CInt, at index: Int
  ) -> Number? {
    withNumbers(column, Number.self) { $0.indices.contains(index) ? $0[index] : nil }
  }
}
