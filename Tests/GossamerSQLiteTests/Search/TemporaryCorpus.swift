import Foundation
import GossamerCorpus
import GossamerSQLite

/// A folder with page files as a crawl writes them; taken away in the end.
final class TemporaryCorpus {
  let layout: CorpusLayout

  init(_ pages: [PageRecord] = []) throws {
    layout = CorpusLayout(
      root: FileManager.default.temporaryDirectory.appending(path: "corpus-\(UUID().uuidString)")
        .path)
    try FileManager.default.createDirectory(
      atPath: layout.pages, withIntermediateDirectories: true)
    if !pages.isEmpty { try append(pages) }
  }

  deinit { try? FileManager.default.removeItem(atPath: layout.root) }

  /// Adds records to a page file.
  func append(_ pages: [PageRecord], to file: Int = 0) throws {
    let path = layout.pages + "part-0000\(file).jsonl"
    try append(pages.flatMap { PageRecord.finish(line: $0.openLine(), at: nil) }, to: path)
  }

  func append(_ bytes: [UInt8], to path: String) throws {
    if !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(filePath: path))
    }
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }

  /// An index that knows all there is.
  func index() async throws -> SQLiteCorpusIndex {
    let index = try SQLiteCorpusIndex(layout)
    try await index.update()
    return index
  }

  /// The paths of the pages that answer.
  func find(_ query: CorpusQuery) async throws -> [String] {
    try await index().search(query).map { String($0.url.dropFirst("http://a.test/".count)) }
  }

  func find(_ text: String) async throws -> [String] { try await find(CorpusQuery(text)) }

  static func page(
    _ path: String, _ text: String?, title: String? = nil, host: String = "a.test"
  ) -> PageRecord {
    var page = PageRecord(url: "http://\(host)/\(path)")
    page.host = host
    page.status = 200
    page.fetchedAt = "2026-11-24T10:00:00.000Z"
    page.digest = "sha256:\(path)-\(text ?? "")"
    page.title = title
    page.text = text
    return page
  }
}
