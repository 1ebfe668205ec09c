import Foundation
import GossamerCorpus
import GossamerFlow
import Testing

@Suite("Files that grow and rotate")
struct SegmentedFileTests {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/gossamer-\(UUID().uuidString)/"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func content(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: folder + name) ?? Data(), as: UTF8.self)
  }

  @Test func aFullFileEndsWithAWholeRecord() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var file = try SegmentedFile(
      folder: folder, prefix: "part-", suffix: ".jsonl", limitInBytes: 10, committed: nil)
    let first = try file.append(Array("0123456789ab\n".utf8))
    let second = try file.append(Array("next\n".utf8))
    try file.synchronize()
    #expect(first == PageRecord.Place(file: "part-00000.jsonl", offset: 0, length: 13))
    #expect(second == PageRecord.Place(file: "part-00001.jsonl", offset: 0, length: 5))
    #expect(content("part-00000.jsonl") == "0123456789ab\n")
    #expect(content("part-00001.jsonl") == "next\n")
  }

  @Test func whatNoTransactionVouchesForIsCut() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("whole\ntorn".utf8).write(to: URL(filePath: folder + "part-00001.jsonl"))
    try Data("stray".utf8).write(to: URL(filePath: folder + "part-00002.jsonl"))
    var file = try SegmentedFile(
      folder: folder, prefix: "part-", suffix: ".jsonl", limitInBytes: 1000,
      committed: (number: 1, length: 6))
    _ = try file.append(Array("more\n".utf8))
    try file.synchronize()
    #expect(content("part-00001.jsonl") == "whole\nmore\n")
    #expect(!FileManager.default.fileExists(atPath: folder + "part-00002.jsonl"))
  }

  @Test func aFileShorterThanWhatWasCommittedIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("abc".utf8).write(to: URL(filePath: folder + "part-00000.jsonl"))
    let folder = folder
    let error = #expect(throws: StoreError.self) {
      _ = try SegmentedFile(
        folder: folder, prefix: "part-", suffix: ".jsonl", limitInBytes: 1000,
        committed: (number: 0, length: 6))
    }
    #expect(error?.kind == .storeCorrupt)
  }

  @Test func anUnwritableFolderIsNamedWithAdvice() {
    let error = #expect(throws: StoreError.self) {
      _ = try SegmentedFile(
        folder: "/proc/nowhere/", prefix: "part-", suffix: ".jsonl", limitInBytes: 1000,
        committed: nil)
    }
    #expect(error?.description.contains("/proc/nowhere/part-00000.jsonl") == true)
  }

  @Test func pagesAreReadBackInOrderAndBadLinesAreCounted() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pages = folder + "pages/"
    try FileManager.default.createDirectory(atPath: pages, withIntermediateDirectories: true)
    try Data("{\"url\":\"a\"}\n{\"url\":\"b\"}\n".utf8).write(
      to: URL(filePath: pages + "part-00000.jsonl"))
    try Data("nonsense\n{\"url\":\"c\"}\n{\"url\":".utf8).write(
      to: URL(filePath: pages + "part-00001.jsonl"))
    var reader = try CorpusReader(CorpusLayout(root: folder))
    var urls: [String] = []
    while let record = reader.next() { urls.append(record.url) }
    #expect(urls == ["a", "b", "c"])
    // The last line is still being written.
    #expect(reader.badLines == 1)
  }
}
