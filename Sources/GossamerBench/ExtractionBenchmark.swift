import ArgumentParser
import Foundation
import Gossamer
import GossamerBytes
import GossamerExtract
import GossamerMarkup

/// `gossamer-bench extraction`: labelled pages to predictions, or to the rows that train the scorer.
///
/// Reads a set as `../shared/extraction` has them: `cases.jsonl` with `id`, `url` and `html`, a
/// file packed with gzip. One thread; the CPU time is printed on standard error.
struct ExtractionBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extraction", abstract: "Extracts a set of labelled pages.")

  @Argument(help: "A folder with cases.jsonl.")
  var set: String

  @Option(help: "Rules to switch off, with commas between: \(ExtractionRules.names).")
  var without = ""

  @Option(help: "Write the blocks and features of each page there instead: SET.dump.*")
  var dump: String?

  @Option(help: "Judge each page by the network there that has not seen its site.")
  var folds: String?

  @Option(help: "How often, for timing.")
  var rounds = 1

  private struct Case: Decodable {
    let id: String
    let url: String?
    let html: String
  }

  func run() async throws {
    let folder = URL(filePath: set)
    let lines = try String(contentsOf: folder.appending(path: "cases.jsonl"), encoding: .utf8)
    let cases = try lines.split(separator: "\n").map {
      try JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
    let pages = try cases.map { one in
      let packed = [UInt8](try Data(contentsOf: folder.appending(path: one.html)))
      return ContentDecoder.decode(packed, codings: [.gzip], limit: 1 << 26).0
    }
    if let dump { return try write(cases, pages, to: dump, name: folder.lastPathComponent) }
    var rules = ExtractionRules.all
    for name in without.split(separator: ",") {
      guard let rule = ExtractionRules(name: String(name)) else {
        throw ValidationError("no rule '\(name)': \(ExtractionRules.names)")
      }
      rules.subtract(rule)
    }
    let networks = try folds.map { try Folds(in: $0, set: folder.lastPathComponent, rules: rules) }
    let standard = networks == nil ? ContentExtractor(rules: rules) : nil
    var output = Data()
    // POSIX: a million a second.
    let start = clock()
    for round in 0..<max(1, rounds) {
      for (one, page) in zip(cases, pages) {
        guard let extractor = standard ?? networks?[one.id] else {
          throw ValidationError("no network for case \(one.id)")
        }
        let prediction = try predict(one, page, extractor)
        if round == 0 { output += try JSONEncoder().encode(prediction) + Data([0x0A]) }
      }
    }
    let seconds = Double(clock() - start) / 1_000_000
    let size = pages.reduce(0) { $0 + $1.count } * max(1, rounds)
    try FileHandle.standardOutput.write(contentsOf: output)
    let count = Double(cases.count * max(1, rounds))
    let line = String(
      format: "%d pages, %.1f KB each, %.2f CPU seconds, %.0f pages and %.1f MB a CPU second\n",
      cases.count, Double(size) / count / 1000, seconds, count / seconds,
      Double(size) / seconds / 1e6)
    try FileHandle.standardError.write(contentsOf: Data(line.utf8))
  }

  /// Networks that were trained without a part of the sites each, as `train_block_scorer.py --folds`
  /// writes them.
  private struct Folds {
    private let networks: [ContentExtractor]
    private let folds: [String: Int]

    init(in folder: String, set: String, rules: ExtractionRules) throws {
      let folder = URL(filePath: folder)
      let table = try Data(contentsOf: folder.appending(path: "folds.json"))
      folds = try JSONDecoder().decode([String: [String: Int]].self, from: table)[set] ?? [:]
      networks = try (0..<((folds.values.max() ?? -1) + 1)).map { number in
        let bytes = try Data(contentsOf: folder.appending(path: "\(number).f32"))
        let weights = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        guard let network = ContentExtractor(rules: rules, weights: weights) else {
          throw ValidationError("the weights of \(folder.path) do not fit the features")
        }
        return network
      }
    }

    subscript(id: String) -> ContentExtractor? { folds[id].map { networks[$0] } }
  }

  private struct Prediction: Encodable {
    let id: String
    let text: String
    let markdown: String
    let title: String?
    let author: String?
    let date: String?
    let language: String?
  }

  private func predict(
    _ one: Case, _ page: [UInt8], _ extractor: ContentExtractor
  ) throws -> Prediction {
    let (document, url, metadata) = try parse(one, page)
    let content = extractor.extract(from: document, url: url, metadata: metadata)
    let byline = ContentByline(of: document, metadata: metadata, url: url)
    return Prediction(
      id: one.id, text: content.text, markdown: content.markdown,
      title: ContentTitle.of(document, metadata: metadata), author: byline.author,
      date: byline.published.map { String($0.prefix(10)) }, language: content.language)
  }

  private func parse(_ one: Case, _ page: [UInt8]) throws -> (HTMLDocument, WebURL, PageMetadata) {
    guard let url = WebURL(one.url ?? "http://example.org/") else {
      throw ValidationError("case \(one.id) has no address")
    }
    let document = try HTMLDocument(parsing: CharsetDetector().decode(page).utf8)
    return (document, url, PageMetadata(of: document, url: url))
  }

  private func write(
    _ cases: [Case], _ pages: [[UInt8]], to folder: String, name: String
  ) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    var columns: [String] = []
    var texts = Data()
    var values = Data()
    for (one, page) in zip(cases, pages) {
      let (document, url, metadata) = try parse(one, page)
      let rows = ContentExtractor.trainingRows(of: document, url: url, metadata: metadata)
      columns = rows.columns
      texts += try JSONSerialization.data(withJSONObject: ["id": one.id, "texts": rows.texts])
      texts.append(0x0A)
      rows.values.withUnsafeBytes { values.append(contentsOf: $0) }
    }
    let prefix = folder + "/" + name + ".dump"
    try JSONSerialization.data(withJSONObject: columns)
      .write(to: URL(filePath: prefix + ".columns.json"))
    try texts.write(to: URL(filePath: prefix + ".texts.jsonl"))
    try values.write(to: URL(filePath: prefix + ".f32"))
  }
}
