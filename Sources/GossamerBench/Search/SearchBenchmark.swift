import ArgumentParser
import Foundation
import Gossamer
import GossamerBytes

/// `gossamer-bench search`: the index of a corpus that is made up, and how long queries take.
///
/// What is timed is all that `gossamer search` does after its start: reading the query, finding, ranking,
/// and reading the pages found to show the passages. One query at a time, warm.
struct SearchBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Pages indexed in a second, and the latency of queries.")

  @Option(help: "Pages of the corpus.")
  var pages = 100_000
  @Option(help: "Vectors of passages.")
  var vectors = 100_000
  @Option(help: "Numbers in a vector.")
  var dimensions = 384
  @Option(help: "Queries of each kind.")
  var queries = 200
  @Option(help: "The folder to work in; its pages and its index are replaced.")
  var directory = FileManager.default.temporaryDirectory.appending(path: "gossamer-search").path
  @Flag(help: "Use what an earlier run left in the folder.")
  var keep = false

  func run() async throws {
    let layout = CorpusLayout(root: directory)
    if !keep { try write(layout) }
    let index = try SQLiteCorpusIndex(layout)
    if !keep { try await build(index, layout) }
    var samples: [Sample] = []
    for kind in QueryKind.allCases {
      let ofKind = try await time(kind, index)
      if !kind.isWorst { samples += ofKind }
    }
    Self.report("all but the worst cases", samples)
    if vectors > 0 { try await timeVectors(index) }
  }

  // MARK: The corpus

  private func write(_ layout: CorpusLayout) throws {
    try? FileManager.default.removeItem(atPath: layout.pages)
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: layout.searchIndex + ending)
    }
    try FileManager.default.createDirectory(
      atPath: layout.pages, withIntermediateDirectories: true)
    var corpus = SyntheticCorpus()
    var file = try SegmentedFile(
      folder: layout.pages, prefix: "part-", suffix: ".jsonl", limitInBytes: 256 << 20,
      committed: nil)
    for number in 0..<pages {
      _ = try file.append(PageRecord.finish(line: corpus.page(number).openLine(), at: nil))
    }
    try file.synchronize()
    try writeVectors(layout, &corpus)
  }

  private func writeVectors(_ layout: CorpusLayout, _ corpus: inout SyntheticCorpus) throws {
    try? FileManager.default.removeItem(atPath: layout.embeddings)
    guard vectors > 0 else { return }
    var file = try BufferedFile(path: layout.embeddings, committed: 0)
    for number in 0..<vectors {
      var line = JSONLine(capacity: dimensions * 6 + 256)
      let page = number % pages
      let url = "http://host-\(page % 503).example/articles/\(page)"
      line.add("url", url)
      line.add("digest", "sha256:" + Digest.sha256(of: url).hex)
      line.add("provider", "bench")
      line.add("model", "random")
      line.add("start", number / pages * 200)
      line.add("end", number / pages * 200 + 200)
      line.add("vector", Base64.text(corpus.vector(dimensions)))
      try file.append(line.finished())
    }
    try file.synchronize()
  }

  private func build(_ index: SQLiteCorpusIndex, _ layout: CorpusLayout) async throws {
    let start = ContinuousClock.now
    let before = ProcessFigures.cpuSeconds()
    let report = try await index.update()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let cpu = ProcessFigures.cpuSeconds() - before
    let text = try layout.pageFiles.reduce(0) { try $0 + Self.size(of: $1) }
    print(
      "index: \(report.added) pages (\(text >> 20) MiB of records) and \(report.vectors) vectors in "
        + "\(Self.rounded(seconds)) s, \(Self.rounded(cpu)) s of CPU: "
        + "\(Int(Double(report.added) / seconds)) pages/s; search.db has "
        + "\(try Self.size(of: layout.searchIndex) >> 20) MiB")
  }

  // MARK: Queries

  private enum QueryKind: String, CaseIterable {
    case one = "one word"
    case two = "two words"
    case three = "three words"
    case phrase = "a phrase"
    case beginning = "the beginning of a word"
    case either = "either of two words"
    case without = "a word without another"
    case filtered = "two words on one host"
    case common = "worst case: two words of any page"
    case commonPhrase = "worst case: a phrase of two such words"

    /// Words that say nothing, such as "the": shown, and not counted among the others.
    var isWorst: Bool { self == .common || self == .commonPhrase }

    func query(_ corpus: inout SyntheticCorpus) -> CorpusQuery {
      var query: CorpusQuery
      switch self {
      case .one: query = CorpusQuery(corpus.rareWord())
      case .two: query = CorpusQuery("\(corpus.word()) \(corpus.rareWord())")
      case .three: query = CorpusQuery("\(corpus.word()) \(corpus.word()) \(corpus.rareWord())")
      case .phrase: query = CorpusQuery("\"\(corpus.word()) \(corpus.rareWord())\"")
      case .beginning: query = CorpusQuery(String(corpus.rareWord().prefix(4)) + "*")
      case .either: query = CorpusQuery("\(corpus.rareWord()) OR \(corpus.rareWord())")
      case .without: query = CorpusQuery("\(corpus.rareWord()) -\(corpus.word())")
      case .common: query = CorpusQuery("\(corpus.word()) \(corpus.word())")
      case .commonPhrase: query = CorpusQuery("\"\(corpus.word()) \(corpus.word())\"")
      case .filtered:
        query = CorpusQuery("\(corpus.word()) \(corpus.rareWord())")
        query.filter.hosts = ["host-7.example"]
      }
      return query
    }
  }

  private func time(_ kind: QueryKind, _ index: SQLiteCorpusIndex) async throws -> [Sample] {
    var corpus = SyntheticCorpus(seed: 77)
    var samples: [Sample] = []
    var hits = 0
    for _ in 0..<queries {
      let query = kind.query(&corpus)
      samples.append(try await Self.sample { hits += try await index.search(query).count })
    }
    Self.report(kind.rawValue + " (\(hits / queries) hits shown)", samples)
    return samples
  }

  private func timeVectors(_ index: SQLiteCorpusIndex) async throws {
    let query = SyntheticCorpus(seed: 5)
    let dimensions = dimensions
    var index = index
    index.embedder = QueryEmbedder(provider: "bench", name: "random") { text in
      var corpus = query
      for _ in 0..<text.utf8.count % 64 { _ = corpus.word() }
      return corpus.vector(dimensions)
    }
    var samples: [Sample] = []
    for number in 0..<max(5, queries / 10) {
      let query = CorpusQuery(String(repeating: "x", count: number % 64 + 1), mode: .semantic)
      samples.append(try await Self.sample { _ = try await index.search(query) })
    }
    Self.report("nearest of \(vectors) vectors", samples)
  }

  // MARK: Figures

  /// What one query took. On a busy machine the processor's time is the one to look at.
  private struct Sample {
    var clock: Double
    var processor: Double
  }

  private static func sample(_ body: () async throws -> Void) async rethrows -> Sample {
    let start = ContinuousClock.now
    let before = ProcessFigures.cpuSeconds()
    try await body()
    return Sample(
      clock: (ContinuousClock.now - start) / .milliseconds(1),
      processor: (ProcessFigures.cpuSeconds() - before) * 1_000)
  }

  private static func report(_ name: String, _ samples: [Sample]) {
    func shares(_ values: [Double]) -> String {
      let sorted = values.sorted()
      return [0.5, 0.95, 1].map { part in
        rounded(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))])
      }.joined(separator: " / ")
    }
    print(
      "\(name): p50 / p95 / slowest \(shares(samples.map(\.clock))) ms, "
        + "CPU \(shares(samples.map(\.processor))) ms")
    fflush(nil)
  }

  private static func rounded(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func size(of path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  }
}
