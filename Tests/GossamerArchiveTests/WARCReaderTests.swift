import Foundation
import GossamerArchive
import GossamerTestKit
import Testing

@Suite("WARC files of the world", .enabled(if: ConformanceData.isPresent))
struct WARCReaderConformanceTests {
  struct File: Decodable {
    struct Record: Decodable {
      var type: String
      var offset: Int
      var record_length: Int
      var uri: String?
      var record_id: String?
      var date: String?
      var content_length: String?
      var http_status: String?
      var digest_ok: Bool?
    }
    var file: String
    var records: [Record]
    var warcio_error_after_records: String?
  }

  /// Files whose damage warcio meets at other places than we do, or gives up on: we go on.
  static let damaged: Set<String> = [
    "example-bad-non-chunked.warc.gz", "example-bad.warc.gz.bad", "example-wrong-chunks.warc.gz",
    "iipc-link-extraction-test.warc", "stormcrawler-unparsable-date.warc.gz",
  ]

  @Test(arguments: [64 << 10, 7])
  func recordsAreFoundWhereTheyLie(step: Int) throws {
    for file in try ConformanceData.json("warc/expected.json", as: [File].self) {
      let bytes = Array(try ConformanceData.bytes("warc/\(file.file)"))
      var reader = WARCReader { offset, count in
        Array(bytes.dropFirst(offset).prefix(min(count, step)))
      }
      var found: [WARCEntry] = []
      while let entry = try reader.next() { found.append(entry) }
      let isDamaged = Self.damaged.contains(file.file)
      if isDamaged ? found.count < file.records.count : found.count != file.records.count {
        Issue.record("\(file.file): \(found.count) records, not \(file.records.count)")
      }
      for (entry, wanted) in zip(found, file.records) {
        let label = "\(file.file) at \(wanted.offset)"
        if entry.kind != wanted.type { Issue.record("\(label): \(entry.kind)") }
        if entry.offset != wanted.offset { Issue.record("\(label): offset \(entry.offset)") }
        // The head of an ARC file ends where one likes to see it end.
        let isShort = wanted.type == "arc_header" || entry.problem != nil || isDamaged
        if !isShort && entry.length != wanted.record_length {
          Issue.record("\(label): length \(entry.length), not \(wanted.record_length)")
        }
        if let uri = wanted.uri, entry.targetURI != uri {
          Issue.record("\(label): \(entry.targetURI ?? "") for \(uri)")
        }
        if let date = wanted.date, entry["WARC-Date"] != date { Issue.record("\(label): date") }
        if let status = wanted.http_status, entry.message?.status != Int(status) {
          Issue.record("\(label): status \(entry.message?.startLine ?? "none")")
        }
        let digests = [entry.blockDigestFits, entry.payloadDigestFits]
        if wanted.digest_ok == true && digests.contains(false) {
          Issue.record("\(label): digests \(digests)")
        }
        if wanted.digest_ok == false && !digests.contains(false) {
          Issue.record("\(label): digests \(digests)")
        }
      }
      if isDamaged != (reader.damageCount > 0) || !reader.damages.isEmpty {
        print("warc \(file.file): \(found.count) records, \(reader.damages)")
      }
    }
  }

  @Test func examplesOfTheStandardAreRead() throws {
    let examples = try ConformanceData.json(
      "warc/standard-examples.json", as: [String: String].self)
    // "wacky" is a version that no standard has.
    for (name, text) in examples where name != "wacky" {
      var reader = WARCReader(bytes: Array(text.utf8))
      let entry = try reader.next()
      if entry?.id == nil || entry?.kind.isEmpty != false {
        Issue.record("\(name): \(String(describing: entry?.fields))")
      }
    }
  }
}
