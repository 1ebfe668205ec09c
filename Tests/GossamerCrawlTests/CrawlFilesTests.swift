import Foundation
import GossamerArchive
import GossamerCorpus
import GossamerFrontier
import GossamerSQLite
import Testing

@testable import GossamerCrawl

@Suite("The files of a crawl")
struct CrawlFilesTests {
  private let layout = CorpusLayout(
    root: FileManager.default.temporaryDirectory.path + "/gossamer-\(UUID().uuidString)")
  private var settings: CrawlSettings {
    var settings = CrawlSettings(userAgent: "Tester/1")
    settings.warcSizeInBytes = 4_000
    return settings
  }

  private func open(_ committed: [SegmentEnd]) throws -> CrawlFiles {
    try CrawlFiles.prepare(layout, settings: settings)
    return try CrawlFiles(layout: layout, settings: settings, committed: committed)
  }

  private func remove() { try? FileManager.default.removeItem(atPath: layout.root) }

  private func bytes(_ path: String) -> [UInt8] {
    Array(FileManager.default.contents(atPath: path) ?? Data())
  }

  private func archives() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: layout.archive)
      .filter { $0.hasSuffix(".warc.gz") }
  }

  /// Records of one exchange; the index lists the first.
  private func records(_ members: [[UInt8]]) -> [ArchivedRecord] {
    members.enumerated().map { index, bytes in
      let line = CDXJIndex.open(
        .init(surt: "a)/", timestamp: "1", url: "http://a/", mime: nil, status: 200, digest: nil))
      return ArchivedRecord(bytes: bytes, indexLine: index == 0 ? line : nil)
    }
  }

  @Test func theRecordsOfAnExchangeStayInPlaceOverRotations() throws {
    defer { remove() }
    var files = try open([])
    var places: [(PageRecord.Place, [UInt8])] = []
    for number in 0..<10 {
      let response = [UInt8](repeating: UInt8(number), count: 1_500)
      let place = try files.append(archive: records([response, [0xAA], [0xBB]]))
      places.append((try #require(place), response))
    }
    let ends = try files.synchronize()
    for (place, response) in places {
      let file = bytes(layout.archive + place.file)
      #expect(Array(file[place.offset..<(place.offset + place.length)]) == response)
    }
    let names = Set(places.map(\.0.file))
    #expect(names.count > 2)
    // Each file begins with the record that says what it is.
    for name in names { #expect(bytes(layout.archive + name).starts(with: [0x1F, 0x8B])) }
    let last = try #require(ends.first { $0.family == "warc" })
    #expect(last.number == names.count - 1)
  }

  @Test func whatNoCommitVouchesForIsGoneWhenOpenedAgain() throws {
    defer { remove() }
    var ends: [SegmentEnd] = []
    do {
      var files = try open([])
      _ = try files.append(archive: records([[1, 2, 3]]))
      try files.append(page: Array("{\"n\":1}\n".utf8))
      try files.append(skip: Array("{\"s\":1}\n".utf8))
      try files.append(summary: Array("{\"m\":1}\n".utf8))
      ends = try files.synchronize()
      for _ in 0..<5 {
        _ = try files.append(archive: records([[UInt8](repeating: 9, count: 3_000)]))
      }
      try files.append(page: Array("{\"n\":2}\n".utf8))
      try files.append(skip: Array("{\"s\":2}\n{\"to".utf8))
      try files.append(summary: Array("{\"m\":2".utf8))
      _ = try files.synchronize()
    }
    #expect(try archives().count > 1)
    var files = try open(ends)
    let again = try files.synchronize()
    #expect(again == ends)
    #expect(try archives().count == 1)
    #expect(
      String(decoding: bytes(layout.archiveIndex), as: UTF8.self).split(separator: "\n").count == 1)
    #expect(
      String(decoding: bytes(layout.pages + "part-00000.jsonl"), as: UTF8.self) == "{\"n\":1}\n")
    #expect(String(decoding: bytes(layout.skipped), as: UTF8.self) == "{\"s\":1}\n")
    #expect(String(decoding: bytes(layout.summaries), as: UTF8.self) == "{\"m\":1}\n")
  }

  @Test func paidSummariesOfAKilledRunAreFoundBeyondTheLastCommit() throws {
    defer { remove() }
    func line(_ digest: String, _ method: String) -> [UInt8] {
      PageRecord.Summary(
        text: "About \(digest).", provider: "openai", model: "m", method: method, flags: nil
      ).line(url: "http://a.test/\(digest)", digest: digest)
    }
    var ends: [SegmentEnd] = []
    do {
      var files = try open([])
      try files.append(summary: line("stored", "m1"), isPaid: true)
      ends = try files.synchronize()
      try files.append(summary: line("lost", "m1"), isPaid: true)
      try files.append(summary: line("lost", "m2"), isPaid: true)
      // Neither flushed nor closed well, as when the process is killed.
      #expect(bytes(layout.summaries).count { $0 == 0x0A } == 3)
    }
    var files = try open(ends)
    let paid = files.paidSummaries
    #expect(paid.of("stored").isEmpty, "its page counts")
    #expect(paid.of("lost").map(\.method) == ["m1", "m2"])
    #expect(paid.of("lost").allSatisfy { $0.isStored && $0.text == "About lost." })
    #expect(paid.of(nil).isEmpty)
    _ = try files.synchronize()
    #expect(bytes(layout.summaries).count { $0 == 0x0A } == 3, "nothing paid for is cut")
  }

  @Test func withoutAnArchiveThereAreNoPlaces() throws {
    defer { remove() }
    var settings = settings
    settings.formats = [.jsonl]
    try CrawlFiles.prepare(layout, settings: settings)
    var files = try CrawlFiles(layout: layout, settings: settings, committed: [])
    let place = try files.append(archive: records([[1]]))
    #expect(place == nil)
    #expect(!FileManager.default.fileExists(atPath: layout.archive))
    let families = Set(try files.synchronize().map(\.family))
    #expect(families == ["skipped", "summaries", "permissions", "pages"])
  }

  @Test func aDirectoryBelowAFileIsRefusedWithAdvice() throws {
    defer { remove() }
    try Data().write(to: URL(filePath: layout.root))
    let below = CorpusLayout(root: layout.root + "/out")
    let error = #expect(throws: StoreError.self) {
      try CrawlFiles.prepare(below, settings: settings)
    }
    #expect(error?.description.contains(below.root) == true)
  }
}

@Suite("What the carriers of a crawl share", .timeLimit(.minutes(5)))
struct SharedLedgerTests {
  private func digest(_ first: UInt8) -> [UInt8] { [first] + [UInt8](repeating: 7, count: 31) }

  private func contents(
    _ body: (SQLiteFrontierStore, RestoredFrontier, SeenHashes) async throws -> Void
  ) async throws {
    let path = FileManager.default.temporaryDirectory.path + "/contents-\(UUID().uuidString).db"
    defer {
      for ending in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + ending)
      }
    }
    let store = try SQLiteFrontierStore(path: path)
    let restored = try await store.open(settings: [:], memory: FrontierMemory(), at: .now)
    var commit = FrontierCommit()
    commit.contents = [(digest(1), "http://a.example/")]
    _ = try await store.commit(commit)
    var seen = restored.contents
    seen.insert(SeenHashes.hash(ofDigest: digest(1)))
    try await body(store, restored, seen)
    try await store.close()
  }

  @Test(arguments: [false, true])
  func aContentBelongsToWhoClaimsItFirst(hasForgotten: Bool) async throws {
    try await contents { store, restored, stored in
      var seen = hasForgotten ? restored.contents : stored
      if hasForgotten { seen.becomeIncomplete() }
      func contents() -> Deduplicator {
        Deduplicator(seen: seen, reader: StoreReader(store: store))
      }
      let (a, b, c) = ("http://a.example/", "http://b.example/", "http://c.example/")
      let shared = contents()
      #expect(await shared.firstURL(of: digest(1), claimedBy: b) == a)
      #expect(await shared.firstURL(of: digest(1), claimedBy: c) == a)
      #expect(await contents().firstURL(of: digest(1), claimedBy: a) == nil)
      #expect(await shared.firstURL(of: digest(2), claimedBy: b) == nil)
      #expect(await shared.firstURL(of: digest(2), claimedBy: c) == b)
    }
  }

  @Test func oneOfManyThatClaimAtOnceGetsIt() async throws {
    try await contents { store, _, seen in
      let contents = Deduplicator(seen: seen, reader: StoreReader(store: store))
      let digest = digest(3)
      let winners = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<200 {
          group.addTask {
            await contents.firstURL(of: digest, claimedBy: "http://h\(number).example/") == nil
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(winners == 1)
    }
  }
}
