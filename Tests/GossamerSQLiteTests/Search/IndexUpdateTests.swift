import Foundation
import GossamerCorpus
import GossamerSQLite
import GRDB
import Testing

@Suite("Bringing an index up to date", .timeLimit(.minutes(5)))
struct IndexUpdateTests {
  private static func page(_ path: String, _ text: String?) -> PageRecord {
    TemporaryCorpus.page(path, text)
  }

  @Test func onlyWhatIsNewIsRead() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "one lamp"), Self.page("b", "two lamps")])
    let index = try SQLiteCorpusIndex(corpus.layout)
    #expect(try await index.isStale())
    #expect(try await index.update().added == 2)
    #expect(try await !index.isStale())
    #expect(try await index.update().records == 0)
    try corpus.append([Self.page("c", "three lamp")])
    #expect(try await index.isStale())
    let report = try await index.update()
    #expect(report.records == 1)
    #expect(report.added == 1)
    #expect(!report.beganAnew)
    try corpus.append([Self.page("d", "four lamp")], to: 1)
    #expect(try await index.update().added == 1)
    #expect(try await corpus.find("lamp").sorted() == ["a", "c", "d"])
  }

  @Test func anIndexThatFollowsItsFilesFindsWhatIsNew() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "one lamp")])
    var index = try await corpus.index()
    try corpus.append([Self.page("b", "two lamp")])
    #expect(try await index.search(CorpusQuery("lamp")).count == 1)
    index.followsFiles = true
    #expect(try await index.search(CorpusQuery("lamp")).count == 2)
    try corpus.append([Self.page("c", "three lamp")])
    #expect(try await index.page(at: "http://a.test/c") != nil)
    try corpus.append([Self.page("d", "four lamp")])
    #expect(try await index.hosts(limit: 1) == [CorpusHost(name: "a.test", pages: 4)])
  }

  @Test func aLineThatIsStillBeingWrittenIsReadLater() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "one lamp")])
    let line = PageRecord.finish(line: Self.page("b", "two lamp").openLine(), at: nil)
    let path = corpus.layout.pages + "part-00000.jsonl"
    try corpus.append(Array(line.prefix(40)), to: path)
    #expect(try await corpus.find("lamp") == ["a"])
    try corpus.append(Array(line.dropFirst(40)), to: path)
    #expect(try await corpus.find("lamp").sorted() == ["a", "b"])
  }

  @Test func aPageThatChangedIsFoundByItsNewWordsOnly() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "an old lamp"), Self.page("b", "old")])
    #expect(try await corpus.find("old").sorted() == ["a", "b"])
    try corpus.append([Self.page("a", "a new lamp")])
    let index = try SQLiteCorpusIndex(corpus.layout)
    let report = try await index.update()
    #expect(report.added == 1)
    #expect(report.removed == 1)
    #expect(try await corpus.find("old") == ["b"])
    #expect(try await corpus.find("new lamp") == ["a"])
    #expect(try await corpus.find("lamp").count == 1)
  }

  @Test func aPageThatDidNotChangeKeepsItsWordsAndMovesItsRecord() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "same lamp")])
    let index = try await corpus.index()
    var later = Self.page("a", "same lamp")
    later.fetchedAt = "2026-12-01T00:00:00Z"
    try corpus.append([later])
    let report = try await index.update()
    #expect(report.records == 1)
    #expect(report.added == 0)
    #expect(try await index.search(CorpusQuery("lamp")).map(\.date) == ["2026-12-01"])
    #expect(try await index.page(at: "http://a.test/a")?.record.fetchedAt == later.fetchedAt)
  }

  @Test func aPageThatLostItsTextIsFoundNoMore() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "lamp"), Self.page("b", "lamp")])
    #expect(try await corpus.find("lamp").count == 2)
    var notModified = Self.page("b", nil)
    notModified.status = 304
    try corpus.append([Self.page("a", nil), notModified])
    #expect(try await corpus.find("lamp") == ["b"])
    let index = try await corpus.index()
    #expect(try await index.page(at: "http://a.test/a")?.passages.isEmpty == true)
    #expect(try await index.hosts(limit: 9) == [CorpusHost(name: "a.test", pages: 1)])
  }

  @Test func theSameURLTwiceInOneStepIsOnePage() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "first lamp"), Self.page("a", "second lamp")])
    #expect(try await corpus.find("lamp") == ["a"])
    #expect(try await corpus.find("first") == [])
  }

  @Test(arguments: [true, false])
  func filesThatWereWrittenAnewAreReadAnew(isShorter: Bool) async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "lamp of old"), Self.page("b", "lamp")])
    #expect(try await corpus.find("lamp").count == 2)
    try FileManager.default.removeItem(atPath: corpus.layout.pages + "part-00000.jsonl")
    try corpus.append([Self.page("c", isShorter ? "lamp" : String(repeating: "lamp ", count: 400))])
    let report = try await SQLiteCorpusIndex(corpus.layout).update()
    #expect(report.beganAnew)
    #expect(try await corpus.find("lamp") == ["c"])
    #expect(try await corpus.find("old") == [])
  }

  @Test func aFileOfPagesThatIsGoneTakesItsPagesAlong() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "lamp")])
    try corpus.append([Self.page("b", "lamp")], to: 1)
    #expect(try await corpus.find("lamp").count == 2)
    try FileManager.default.removeItem(atPath: corpus.layout.pages + "part-00001.jsonl")
    #expect(try await corpus.find("lamp") == ["a"])
  }

  @Test(arguments: ["", "not json at all", "[1,2]", "{\"no\":\"url\"}", "{\"url\":\"x\""])
  func linesThatAreNoRecordsArePassedOver(line: String) async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "lamp")])
    try corpus.append(Array((line + "\n").utf8), to: corpus.layout.pages + "part-00000.jsonl")
    try corpus.append([Self.page("b", "lamp")])
    #expect(try await corpus.find("lamp").sorted() == ["a", "b"])
  }

  @Test(arguments: ["no database", ""])
  func anIndexThatIsNoneIsMadeAgain(content: String) async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "lamp")])
    let junk = String(repeating: content, count: 1_000)
    try Data(junk.utf8).write(to: URL(filePath: corpus.layout.searchIndex))
    #expect(try await corpus.find("lamp") == ["a"])
  }

  @Test func anIndexOfAnotherVersionIsMadeAgain() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "lamp")])
    _ = try await corpus.index()
    let queue = try DatabaseQueue(path: corpus.layout.searchIndex)
    try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
    try queue.close()
    #expect(try await corpus.find("lamp") == ["a"])
  }

  @Test func withoutPagesThereIsNoIndex() throws {
    let corpus = try TemporaryCorpus()
    #expect(throws: StoreError.self) { try SQLiteCorpusIndex(corpus.layout) }
    #expect(!FileManager.default.fileExists(atPath: corpus.layout.searchIndex))
  }

  @Test func searchesGoOnWhileACrawlAddsPagesAndTheIndexFollows() async throws {
    let corpus = try TemporaryCorpus([Self.page("0", "lamp number 0")])
    let index = try await corpus.index()
    let layout = corpus.layout
    let total = 60
    try await withThrowingTaskGroup(of: Int?.self) { group in
      group.addTask {
        for number in 1..<total {
          let line = PageRecord.finish(
            line: TemporaryCorpus.page("\(number)", "lamp number \(number)").openLine(), at: nil)
          let handle = try FileHandle(
            forWritingTo: URL(filePath: layout.pages + "part-00000.jsonl"))
          try handle.seekToEnd()
          try handle.write(contentsOf: Data(line))
          try handle.close()
          try await index.update()
        }
        return nil
      }
      for _ in 0..<4 {
        group.addTask {
          var most = 0
          while most < total {
            let count = try await index.search(CorpusQuery("lamp", limit: total)).count
            #expect(count >= most, "a page that was found stays found")
            most = max(most, count)
            await Task.yield()
          }
          return most
        }
      }
      for try await most in group { if let most { #expect(most == total) } }
    }
  }

  @Test func twoUpdatesAtOnceTakeEveryPageOnce() async throws {
    let corpus = try TemporaryCorpus((0..<200).map { Self.page("\($0)", "lamp \($0)") })
    let first = try SQLiteCorpusIndex(corpus.layout)
    let second = try SQLiteCorpusIndex(corpus.layout)
    async let one = first.update()
    async let two = second.update()
    let (a, b) = try await (one, two)
    #expect(a.added + b.added == 200)
    #expect(try await first.search(CorpusQuery("lamp", limit: 500)).count == 200)
  }

  @Test(arguments: ["http://a.test/a", "HTTP://A.test:80/a#part", "http://a.test/./a"])
  func aPageIsReadInWhicheverSpelling(url: String) async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "lamp")])
    #expect(try await corpus.index().page(at: url)?.record.text == "lamp")
    #expect(try await corpus.index().page(at: "http://a.test/b") == nil)
    #expect(try await corpus.index().page(at: "nonsense") == nil)
  }

  @Test func anUpdateThatWasCutShortGoesOnWhereItsLastStepEnded() async throws {
    let corpus = try TemporaryCorpus((0..<50).map { Self.page("\($0)", "lamp number \($0)") })
    for number in 0..<3 {
      try corpus.append([Self.page("\(number)", "changed lamp \(number)")], to: 1)
    }
    var steps = 0
    let index = try SQLiteCorpusIndex(corpus.layout)
    let whole = try await index.update(stepBytes: 1_000) { _ in steps += 1 }
    #expect(steps > 5)
    #expect(whole.added == 53 && whole.removed == 3)

    let other = try TemporaryCorpus((0..<50).map { Self.page("\($0)", "lamp number \($0)") })
    let layout = other.layout
    let cut = Task {
      try await SQLiteCorpusIndex(layout).update(stepBytes: 1_000) { _ in
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    await #expect(throws: CancellationError.self) { try await cut.value }
    // The steps that ended are durable, the others never were.
    let known = try await SQLiteCorpusIndex(layout).search(CorpusQuery("lamp", limit: 99)).count
    #expect(known > 0 && known < 50)
    let rest = try await SQLiteCorpusIndex(layout).update()
    #expect(rest.added == 50 - known)
    #expect(try await other.find(CorpusQuery("lamp", limit: 99)).count == 50)
  }

  @Test(arguments: [
    #"{"url":"http://a.test/x","host":"a.test","status":1e300,"text":"lamp","preferences":{"max_snippet":1e300}}"#,
    #"{"url":"http://a.test/x","host":"a.test","status":-1.5,"text":"lamp","preferences":{"max_snippet":-7}}"#,
    #"{"url":"http://a.test/x","text":"lamp","headings":{"no":1},"published":"","digest":7,"title":[]}"#,
  ])
  func oddValuesOfARecordDoNoHarm(line: String) async throws {
    let corpus = try TemporaryCorpus()
    try corpus.append(Array((line + "\n").utf8), to: corpus.layout.pages + "part-00000.jsonl")
    #expect(try await corpus.find("lamp") == ["x"])
  }
}
