import Foundation
import GossamerArchive
import Testing

/// What a crawl has left in its directory, read with nothing but the documented shapes.
struct StoredCorpus {
  /// A line of `pages/*.jsonl`: the keys that every record has, and some that it may have.
  struct Page: Decodable {
    struct Link: Decodable {
      var url: String
      var kind: String
    }
    struct Place: Decodable {
      var file: String
      var offset: Int
      var length: Int
    }
    struct Summary: Decodable {
      var text: String
      var provider: String
      var model: String?
    }
    struct Failure: Decodable {
      var kind: String
      var message: String
    }

    var url: String
    var host: String
    var seed: String
    var depth: Int
    var referrer: String?
    var redirects: [String]?
    var status: Int
    var fetchedAt: String
    var fetchSeconds: Double
    var queuedSeconds: Double
    var contentType: String?
    var charset: String?
    var bytes: Int
    var digest: String
    var truncated: String?
    var limits: [String]?
    var title: String?
    var language: String?
    var text: String?
    var markdown: String?
    var links: [Link]?
    var warc: Place?
    var summary: Summary?
    var summaryError: Failure?
  }

  /// A line of `skipped.jsonl`.
  struct Skip: Decodable {
    var url: String
    var kind: String
    var rule: String?
    var value: String?
    var limits: [String]?
    var status: Int?
    var depth: Int?
    var referrer: String?
    var at: String?
    var attempt: Int?
  }

  struct Manifest: Decodable {
    struct Crawl: Decodable {
      var id: String
      var startedAt: String
      var finishedAt: String?
      var state: String
      var runs: Int

      enum CodingKeys: String, CodingKey {
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case id, state, runs
      }
    }
    var crawl: Crawl
    var settings: [String: String]
    var counts: [String: Int]
    var files: [String]
  }

  let folder: Folder
  let name: String

  init(_ folder: Folder, _ name: String = "out") {
    self.folder = folder
    self.name = name
  }

  /// All page records.
  func pages() throws -> [Page] {
    try files("pages").flatMap { try lines("pages/" + $0, as: Page.self) }
  }

  /// All that was not fetched or not kept.
  func skips() throws -> [Skip] { try lines("skipped.jsonl", as: Skip.self) }

  /// Settings keep their names, so no key of theirs is rewritten.
  func manifest() throws -> Manifest {
    try JSONDecoder().decode(Manifest.self, from: bytes("manifest.json"))
  }

  /// The names in a folder of the directory, in order; none where there is no such folder.
  func files(_ folder: String) -> [String] {
    let path = self.folder(name + "/" + folder)
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func bytes(_ file: String) throws -> Data {
    try Data(contentsOf: folder.url.appending(path: name + "/" + file))
  }

  /// All archive records, with what the reader found wrong.
  func archive() throws -> [WARCEntry] {
    var entries: [WARCEntry] = []
    for file in files("warc") where file.hasSuffix(".warc.gz") {
      var reader = WARCReader(bytes: Array(try bytes("warc/" + file)))
      while let entry = try reader.next() { entries.append(entry) }
      #expect(reader.damageCount == 0, "\(file): \(reader.damages)")
    }
    return entries
  }

  /// The archive record at a place.
  func record(_ place: Page.Place) throws -> WARCEntry? {
    let file = try bytes("warc/" + place.file)
    guard place.offset + place.length <= file.count else { return nil }
    var reader = WARCReader(bytes: Array(file[place.offset..<(place.offset + place.length)]))
    return try reader.next()
  }

  /// Lines that are whole, each a record; anything else is an issue.
  private func lines<Line: Decodable>(_ file: String, as type: Line.Type) throws -> [Line] {
    let data = try bytes(file)
    #expect(data.isEmpty || data.last == 0x0A, "\(file) ends with a torn line")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try data.split(separator: 0x0A).map { line in
      do {
        return try decoder.decode(type, from: line)
      } catch {
        Issue.record("\(file): \(String(decoding: line.prefix(200), as: UTF8.self)): \(error)")
        throw error
      }
    }
  }
}

/// Those of a list that stand in it more than once.
func repeated(_ names: [String]) -> [String] {
  Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.map(\.key).sorted()
}
