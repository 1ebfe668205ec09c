import Foundation
import GossamerFlow
import GossamerFrontier
import GossamerSQLite
import GossamerURL
import Testing

@Suite("What a store keeps across runs", .timeLimit(.minutes(5)))
struct SQLiteFrontierStoreTests {
  @Test func whatWasCommittedIsThereAfterARestart() async throws {
    let file = try TemporaryStore()
    let (store, first) = try await file.open()
    #expect(!first.isContinued)
    var commit = FrontierCommit()
    commit.accepted = try [
      first.entry("http://a.test/done"), first.entry("https://a.test/again?x=1"),
      first.entry("http://b.test:81/", depth: 0, referrer: "http://a.test/done"),
    ]
    commit.accepted[2].redirects = ["http://r.test/", "http://s.test/"]
    commit.accepted[2].purpose = .sitemap
    commit.finished = [FinishedURL(entry: commit.accepted[0], state: .done)]
    var failed = commit.accepted[1]
    failed.failedTries = 2
    commit.postponed = [PostponedURL(entry: failed, dueIn: .seconds(500))]
    let digest = Array(repeating: UInt8(7), count: 32)
    commit.contents = [(digest, "http://a.test/done")]
    commit.segments = [SegmentEnd(family: "pages", number: 3, length: 4_567)]
    commit.pages = 1
    _ = try await store.commit(commit)
    try await store.close()

    let now = ContinuousClock.now
    var (again, restored) = try await file.open(at: now)
    #expect(restored.isContinued && restored.runs == 2 && !restored.wasCutShort)
    #expect(restored.identity == first.identity && restored.crawlID == first.crawlID)
    #expect(restored.segments == commit.segments)
    #expect(restored.counts.pages == 1 && restored.counts.done == 1 && restored.counts.pending == 2)
    for entry in commit.accepted {
      let isSeen = restored.seen.contains(entry.hash)
      #expect(isSeen && restored.seen.isComplete)
    }
    #expect(
      Dictionary(uniqueKeysWithValues: restored.hosts.map { ($0.pace.hostKey, $0.waiting) })
        == ["a.test": 1, "b.test:81": 1])
    let supply = try await again.supply(
      ["a.test", "b.test:81", "c.test"].map { HostRequest(hostKey: $0, count: 10) }, at: now)
    #expect(supply.map(\.entries.count) == [1, 1, 0])
    let retry = try #require(supply[0].entries.first)
    #expect(retry.url == failed.url && retry.hash == failed.hash && retry.failedTries == 2)
    let due = try #require(retry.dueAt) - now
    #expect(due > .seconds(400) && due <= .seconds(500))
    let sitemap = try #require(supply[1].entries.first)
    #expect(sitemap.url == "http://b.test:81/" && sitemap.dueAt == nil && sitemap.depth == 0)
    #expect(
      sitemap.purpose == .sitemap && sitemap.redirects == ["http://r.test/", "http://s.test/"])
    #expect(sitemap.referrer == "http://a.test/done" && sitemap.seed == "http://seed.test/")
    let isKnown = restored.contents.contains(SeenHashes.hash(ofDigest: digest))
    #expect(isKnown)
    #expect(try await again.url(ofContent: digest) == "http://a.test/done")
    #expect(try await again.url(ofContent: Array(repeating: 8, count: 32)) == nil)
    try await again.close()
  }

  @Test func thePaceOfAHostAndItsRulesOutliveARun() async throws {
    let file = try TemporaryStore()
    let (store, first) = try await file.open()
    var commit = FrontierCommit()
    commit.accepted = try first.entries("a.test", 0..<2)
    var pace = HostPace(
      hostKey: "a.test", crawlDelay: .milliseconds(2_500), parkedFor: .seconds(1_000),
      refusalsInARow: 3, failuresInARow: 1, pagesStored: 4)
    pace.restsFor = .seconds(20)
    let rules = RobotsCopy(isSecure: true, body: Array("Disallow: /x".utf8), validFor: .seconds(90))
    pace.rules = [rules]
    var stopped = HostPace(hostKey: "b.test")
    stopped.stop = HostStop(kind: .rateLimited, rule: "Retry-After: 1")
    commit.paces = [pace, stopped]
    _ = try await store.commit(commit)
    // Later news of the pace leave the copy of the rules alone.
    pace.rules = []
    commit.paces = [pace]
    _ = try await store.commit(commit)
    try await store.close()

    let (again, restored) = try await file.open()
    let host = try #require(restored.hosts.first { $0.pace.hostKey == "a.test" })
    #expect(host.wasAsked && host.known == 2 && host.waiting == 2)
    #expect(host.pace.crawlDelay == pace.crawlDelay && host.pace.refusalsInARow == 3)
    #expect(host.pace.failuresInARow == 1 && host.pace.pagesStored == 4 && host.pace.stop == nil)
    #expect((.seconds(900)...(.seconds(1_000))).contains(try #require(host.pace.parkedFor)))
    #expect((.seconds(10)...(.seconds(20))).contains(host.pace.restsFor))
    #expect(host.rulesValidFor.plain == nil)
    #expect((.seconds(60)...(.seconds(90))).contains(try #require(host.rulesValidFor.secure)))
    #expect(restored.hosts.first { $0.pace.hostKey == "b.test" }?.pace.stop == stopped.stop)
    let supply = try await again.supply(
      [HostRequest(hostKey: "a.test", count: 1, wantsRules: true)], at: .now)
    #expect(supply.first?.rules.map(\.body) == [rules.body])
    try await again.close()
  }

  @Test func anotherCrawlIsRefusedByTheNameOfTheSetting() async throws {
    let file = try TemporaryStore()
    try await file.open().store.close()
    let error = await #expect(throws: FrontierStoreError.self) {
      _ = try await file.open(["seeds": "abc", "scope": "any"])
    }
    #expect(error?.kind == .otherCrawl)
    #expect(error?.message.contains("'scope'") == true)
  }
}
