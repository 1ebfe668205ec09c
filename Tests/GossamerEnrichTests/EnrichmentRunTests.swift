import Foundation
import GossamerCorpus
import GossamerFlow
import GossamerLLM
import Synchronization
import Testing

@testable import GossamerEnrich

@Suite("Enrichment of a corpus", .timeLimit(.minutes(5)))
struct EnrichmentRunTests {
  /// Counts what it is asked for; fails and is out of money on demand.
  final class Maker: Enricher {
    let method: String
    private let asked = Mutex<[String]>([])
    private let budget: Int

    init(method: String = "test/1", budget: Int = .max) {
      self.method = method
      self.budget = budget
    }

    var requests: [String] { asked.withLock { $0 } }

    func enrich(_ record: TextRecord) async throws(ModelError) -> Enrichment {
      let count = asked.withLock {
        $0.append(record.page.url)
        return $0.count
      }
      await Task.yield()
      if count > budget { throw ModelError(.quota, "spent") }
      if record.page.text.contains("bad") { throw ModelError(.refusal, "no \u{1B}[31m") }
      var line = JSONLine()
      line.add("digest", record.digest)
      line.add("method", method)
      return Enrichment(lines: line.finished(), tokens: 5)
    }
  }

  /// A folder that is gone with the test.
  final class Folder {
    let path = NSTemporaryDirectory() + "enrich-\(UUID().uuidString)"
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ lines: [String]) throws -> String {
      let file = path + "/" + name
      try lines.map { $0 + "\n" }.joined().write(toFile: file, atomically: true, encoding: .utf8)
      return file
    }

    func lines(_ name: String) -> [[String: Any]] {
      let text = (try? String(contentsOfFile: path + "/" + name, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").map {
        (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any] ?? [:]
      }
    }
  }

  static func pages(_ count: Int) -> [String] {
    (0..<count).map {
      #"{"url":"http://a.test/\#($0)","digest":"sha256:\#($0)","text":"Page \#($0) says much."}"#
    }
  }

  func run(_ folder: Folder, _ inputs: [String]) -> EnrichmentRun {
    EnrichmentRun(
      inputs: inputs, results: folder.path + "/out.jsonl", failures: folder.path + "/out.failed",
      concurrency: 4)
  }

  @Test func everyTextIsMadeOnceAndASecondRunMakesNothing() async throws {
    let folder = try Folder()
    let inputs = [
      try folder.write("a.jsonl", Self.pages(40)), try folder.write("b.jsonl", Self.pages(60)),
    ]
    let first = try await run(folder, inputs).run(Maker())
    #expect(first.made == 60 && first.known == 40 && first.tokens == 300)
    let maker = Maker()
    let second = try await run(folder, inputs).run(maker)
    #expect(second.made == 0 && second.known == 100)
    #expect(maker.requests.isEmpty)
    let third = try await run(folder, inputs).run(Maker(method: "test/2"))
    #expect(third.made == 60, "another prompt or model is another key")
    #expect(folder.lines("out.jsonl").count == 120)
  }

  @Test func pagesThatSayNoAreNeverSentAndAreReported() async throws {
    let folder = try Folder()
    let refused =
      #"{"url":"http://a.test/no","digest":"sha256:n","text":"x","preferences":{"ai_input":"no"}}"#
    let input = try folder.write("a.jsonl", Self.pages(3) + [refused])
    let maker = Maker()
    let report = try await run(folder, [input]).run(maker)
    #expect(report.refused == 1 && report.made == 3)
    #expect(!maker.requests.contains("http://a.test/no"))
    #expect(folder.lines("out.failed").first?["kind"] as? String == "policy.ai_input")
  }

  @Test func failuresAreNotedAndTriedAgainByTheNextRun() async throws {
    let folder = try Folder()
    let input = try folder.write(
      "a.jsonl", Self.pages(5) + [#"{"id":7,"text":"bad"}"#, "no json", #"{"url":"x"}"#, ""])
    let report = try await run(folder, [input]).run(Maker())
    #expect(report.made == 5 && report.failed == 1 && report.bad == 1 && report.empty == 1)
    #expect(report.firstBad == "\(input), line 7")
    #expect(report.firstFailure?.kind == .refusal)
    let failures = folder.lines("out.failed")
    #expect(failures.count == 1)
    #expect(failures.first?["url"] as? String == "7")
    #expect(failures.first?["kind"] as? String == "llm.refusal")
    let maker = Maker()
    _ = try await run(folder, [input]).run(maker)
    #expect(maker.requests == ["7"])
  }

  @Test func aSpentBudgetEndsTheRunAndTheNextOneGoesOn() async throws {
    let folder = try Folder()
    let input = try folder.write("a.jsonl", Self.pages(500))
    let report = try await run(folder, [input]).run(Maker(budget: 20))
    #expect(report.halt?.kind == .quota)
    #expect(report.made == 20 && report.failed == 0)
    let rest = Maker()
    let second = try await run(folder, [input]).run(rest)
    #expect(second.made == 480 && rest.requests.count == 480)
  }

  private struct Failing: Enricher {
    let method = "failing/1"
    let error: ModelError
    /// Every so many texts one is made.
    let period: Int

    func enrich(_ record: TextRecord) async throws(ModelError) -> Enrichment {
      let number = Int(record.page.url.filter(\.isNumber)) ?? 0
      guard number % period == period - 1 else { throw error }
      return Enrichment(lines: Array("{}\n".utf8), tokens: 0)
    }
  }

  @Test(arguments: [
    (ModelError(.server, "net.refused"), Int.max, true),
    (ModelError(.rateLimited, "later"), Int.max, true),
    (ModelError(.rateLimited, "tomorrow", retryAfter: .seconds(7_200)), 2, true),
    (ModelError(.auth, "no"), 2, true),
    (ModelError(.server, "sometimes"), 2, false),
    (ModelError(.refusal, "never"), Int.max, false),
    (ModelError(.suspect, "odd"), Int.max, false),
  ])
  func aRunEndsOnceNothingHelpsAnyMore(error: ModelError, period: Int, ends: Bool) async throws {
    let folder = try Folder()
    let input = try folder.write("a.jsonl", Self.pages(400))
    let report = try await run(folder, [input]).run(Failing(error: error, period: period))
    #expect((report.halt?.kind == error.kind) == ends)
    #expect(ends ? report.failed < 40 : report.failed + report.made == 400)
  }

  @Test func aTornLineIsCutAndItsTextMadeAgain() async throws {
    let folder = try Folder()
    let input = try folder.write("a.jsonl", Self.pages(3))
    let whole = #"{"digest":"sha256:0","method":"test/1"}"#
    try (whole + "\n" + #"{"digest":"sha256:1","met"#).write(
      toFile: folder.path + "/out.jsonl", atomically: true, encoding: .utf8)
    let report = try await run(folder, [input]).run(Maker())
    #expect(report.made == 2 && report.known == 1)
    let digests = folder.lines("out.jsonl").compactMap { $0["digest"] as? String }
    #expect(digests.sorted() == ["sha256:0", "sha256:1", "sha256:2"])
  }

  @Test func aResultOfSeveralLinesCountsOnlyWhenAllAreThere() async throws {
    let folder = try Folder()
    let input = try folder.write("a.jsonl", Self.pages(2))
    _ = try folder.write(
      "out.jsonl",
      [
        #"{"digest":"sha256:0","method":"test/1","part":0,"parts":2}"#,
        #"{"digest":"sha256:1","method":"test/1","part":0,"parts":2}"#,
        #"{"digest":"sha256:1","method":"test/1","part":1,"parts":2}"#,
      ])
    let maker = Maker()
    _ = try await run(folder, [input]).run(maker)
    #expect(maker.requests == ["http://a.test/0"])
  }

  @Test func withoutAFileResultsComeInTheOrderOfTheTexts() async throws {
    let folder = try Folder()
    let input = try folder.write("a.jsonl", Self.pages(100))
    let out = Mutex<[UInt8]>([])
    var run = EnrichmentRun(inputs: [input], results: nil, failures: nil, concurrency: 8)
    run.output = { line in out.withLock { $0 += line } }
    _ = try await run.run(Maker())
    let text = out.withLock { String(decoding: $0, as: UTF8.self) }
    let digests = text.split(separator: "\n").map {
      $0.split(separator: "\"")[3]
    }
    #expect(digests == (0..<100).map { "sha256:\($0)" })
  }

  @Test func noMoreOfATextIsTakenThanItsSiteAllows() {
    func record(_ limit: Int) -> TextRecord? {
      let line = #"{"url":"u","text":"Zwölf Boote","preferences":{"max_snippet":\#(limit)}}"#
      if case .record(let record) = TextRecord.read(Array(line.utf8)) { return record }
      return nil
    }
    #expect(record(5)?.page.text == "Zwölf")
    #expect(record(500)?.page.text == "Zwölf Boote")
    #expect(record(0)?.allowsModels == false)
  }

  @Test(arguments: [
    #"{"url":"u","text":"t"}"#, #"{"id":"u","content":"t"}"#, #"{"url":"u","markdown":"t"}"#,
    #"{"url":"u","text":" ","body":"t"}"#,
  ])
  func anyJSONWithATextIsTaken(line: String) {
    guard case .record(let record) = TextRecord.read(Array(line.utf8)) else {
      Issue.record("not taken")
      return
    }
    #expect(record.page.url == "u" && record.page.text == "t")
    #expect(
      record.digest
        == "sha256:e3b98a4da31a127d4bde6e43033f66ba274cab0eb7eb1c70ec41402bf6273dd8")
  }
}

@Suite("Passages")
struct PassagesTests {
  @Test(arguments: [
    String(repeating: "A sentence of some length stands here. ", count: 60),
    String(repeating: "word", count: 2_000), String(repeating: "日本語の文章です。", count: 200),
    String(repeating: "😀", count: 500), "short",
    "a\n\nb\n\n" + String(repeating: "x y ", count: 900),
  ])
  func theyCoverEveryLetterAndKeepToTheirLength(text: String) {
    let bytes = Array(text.utf8)
    let passages = Passages.cut(bytes, tokens: 50, language: nil)
    var end = 0
    for passage in passages {
      #expect(bytes[end..<passage.lowerBound].allSatisfy { $0 <= 0x20 }, "nothing is left out")
      let part = String(decoding: bytes[passage], as: UTF8.self)
      #expect(TokenEstimate.tokens(in: part) <= 51)
      #expect(!part.contains("\u{FFFD}"), "no character is cut")
      end = passage.upperBound
    }
    #expect(bytes[end...].allSatisfy { $0 <= 0x20 })
  }

  @Test func aTextWithoutLettersHasNone() {
    #expect(Passages.cut(Array(" \n".utf8), tokens: 50, language: nil).isEmpty)
  }
}
