import GossamerBytes
import GossamerCorpus
import GRDB

/// Takes lines of the file of vectors into blocks.
struct VectorWriter {
  private let database: Database
  private var open: [Int64: VectorBlock] = [:]
  private var models: [VectorModel: Int64] = [:]

  init(_ database: Database) { self.database = database }

  /// - Returns: false for a line that holds no vector.
  mutating func take(_ line: [UInt8], _ offset: Int) throws -> Bool {
    guard let passage = EmbeddedPassage(line) else { return false }
    let model = try id(
      of: VectorModel(
        provider: passage.provider, name: passage.model, dimensions: passage.vector.count))
    let digest = try IndexUpdate.number(ofDigest: passage.digest, database)
    open[model, default: VectorBlock()].append(
      passage.vector, digest: digest, range: passage.range, line: offset, length: line.count)
    if let block = open[model], block.count >= VectorBlock.capacity {
      try write(block, model)
      open[model] = nil
    }
    return true
  }

  /// Writes what is not full, too; the next update begins blocks of its own.
  mutating func flush() throws {
    for (model, block) in open.sorted(by: { $0.key < $1.key }) { try write(block, model) }
    open = [:]
  }

  private mutating func id(of model: VectorModel) throws -> Int64 {
    if let id = models[model] { return id }
    let arguments: StatementArguments = [model.provider, model.name, model.dimensions]
    try database.execute(
      sql: "INSERT OR IGNORE INTO model(provider, name, dimensions) VALUES(?, ?, ?)",
      arguments: arguments)
    let id = try Int64.fetchOne(
      database, sql: "SELECT id FROM model WHERE provider = ? AND name = ? AND dimensions = ?",
      arguments: arguments)
    models[model] = id
    return id ?? 0
  }

  private func write(_ block: VectorBlock, _ model: Int64) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO block VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    statement.bind(model, at: 1)
    statement.bind(block.count, at: 2)
    statement.bind(VectorBlock.bytes(block.digests), at: 3)
    statement.bind(VectorBlock.bytes(block.starts), at: 4)
    statement.bind(VectorBlock.bytes(block.ends), at: 5)
    statement.bind(VectorBlock.bytes(block.lines), at: 6)
    statement.bind(VectorBlock.bytes(block.lengths), at: 7)
    statement.bind(VectorBlock.bytes(block.scales), at: 8)
    statement.bind(VectorBlock.bytes(block.components), at: 9)
    try statement.run(database)
  }
}

/// A line of the file of vectors.
struct EmbeddedPassage {
  var digest: String
  var provider: String
  var model: String
  var range: Range<Int>
  var vector: [Float]

  private static let keys = ["digest", "provider", "model", "start", "end", "vector"]
    .map { Array($0.utf8) }

  init?(_ line: [UInt8]) {
    let read = line.withUnsafeBufferPointer { bytes -> EmbeddedPassage? in
      guard let skim = JSONSkim(bytes, keys: Self.keys), let digest = skim.string(0),
        let model = skim.string(2), let start = skim.number(3), let end = skim.number(4),
        start >= 0, end >= start, end < 1e9, let text = skim.text(5),
        let vector = Base64.floats(text), !vector.isEmpty,
        vector.count <= VectorBlock.mostDimensions, vector.allSatisfy(\.isFinite)
      else { return nil }
      return EmbeddedPassage(
        digest: digest, provider: skim.string(1) ?? "", model: model,
        range: Int(start)..<Int(end), vector: vector)
    }
    guard let read else { return nil }
    self = read
  }

  private init(digest: String, provider: String, model: String, range: Range<Int>, vector: [Float])
  {
    self.digest = digest
    self.provider = provider
    self.model = model
    self.range = range
    self.vector = vector
  }
}
