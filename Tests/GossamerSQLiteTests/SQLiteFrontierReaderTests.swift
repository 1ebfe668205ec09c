import Foundation
import GossamerFlow
import GossamerFrontier
import GossamerSQLite
import Testing

@Suite("Looking up one URL beside a crawl", .timeLimit(.minutes(5)))
struct SQLiteFrontierReaderTests {
  @Test func aStoreThatIsOpenTellsWhatItKnows() async throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "gossamer-\(UUID().uuidString).db").path
    defer {
      for ending in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + ending)
      }
    }
    let now = ContinuousClock().now
    let store = try SQLiteFrontierStore(path: path)
    let identity = try await store.open(
      settings: [:], memory: FrontierMemory(), at: now
    ).identity
    func entry(_ url: String, depth: Int) -> FrontierEntry {
      FrontierEntry(
        hostKey: "a.test", hash: identity.hash(url), url: url, purpose: .page, depth: depth,
        referrer: "http://a.test/", seed: "http://a.test/", redirects: ["http://a.test/old"],
        failedTries: 0, queuedAt: now)
    }
    var late = entry("http://a.test/late", depth: 2)
    var commit = FrontierCommit()
    commit.accepted = [entry("http://a.test/done", depth: 1), late]
    commit.finished = [FinishedURL(entry: entry("http://a.test/done", depth: 1), state: .done)]
    late.failedTries = 2
    commit.postponed = [PostponedURL(entry: late, dueIn: .seconds(500))]
    commit.paces = [
      HostPace(
        hostKey: "a.test", crawlDelay: .seconds(2), parkedFor: .seconds(1_000), refusalsInARow: 3,
        failuresInARow: 1, pagesStored: 1)
    ]
    _ = try await store.commit(commit)

    let reader = try SQLiteFrontierReader(path: path)
    let done = try reader.facts(of: "http://a.test/done", hostKey: "a.test")
    #expect(done.url?.end == .done)
    #expect(done.url?.seed == "http://a.test/" && done.url?.referrer == "http://a.test/")
    #expect(done.url?.redirects == ["http://a.test/old"])
    #expect(done.host?.crawlDelay == 2 && done.host?.refusalsInARow == 3)
    #expect(done.host?.known == 2 && done.host?.waiting == 1 && done.host?.stop == nil)
    let soon = Date().timeIntervalSince1970
    #expect(try #require(done.host?.parkedUntil) > soon + 900)
    let waiting = try reader.facts(of: "http://a.test/late", hostKey: "a.test")
    #expect(waiting.url?.end == nil && waiting.url?.failedTries == 2 && waiting.url?.depth == 2)
    #expect(try #require(waiting.url?.dueAt) > soon + 400)
    let unknown = try reader.facts(of: "http://a.test/never", hostKey: "a.test")
    #expect(unknown.url == nil && unknown.host != nil)
    #expect(try reader.facts(of: "http://b.test/", hostKey: "b.test").host == nil)
    try await store.close()
    // Also once nobody has the file open any more.
    let afterwards = try SQLiteFrontierReader(path: path)
    #expect(try afterwards.facts(of: "http://a.test/done", hostKey: "a.test").url?.end == .done)
  }

  @Test func whereNoCrawlIsTheReaderSaysSo() {
    let error = #expect(throws: FrontierStoreError.self) {
      try SQLiteFrontierReader(path: "/nonexistent/crawl.db")
    }
    #expect(error?.kind == .storeMissing)
  }
}
