#if Network
  import Foundation
  import Glibc
  import GossamerDemo
  import Testing

  /// The user may stop a crawl at any time, and goes on with the same command.
  @Suite("Stopping and going on", .serialized, .timeLimit(.minutes(5)))
  struct StopTests {
    private static let prefix = "127.0.23"

    private func command(_ site: DemoSite) -> [String] {
      // Without --quiet: what is said at the end is looked at.
      ["crawl"] + site.seeds + ["-o", "out", "--delay", "0.06"] + briskly.dropLast()
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalStopsWithinSecondsAndTheSameCommandGoesOn(signal: Int32) async throws {
      try await DemoSite.with(Self.prefix, tolerance: .seconds(10)) { site in
        try await Folder.with { folder in
          let run = try GossamerBinary.start(command(site), in: folder)
          try await Self.waitForPages(20, run, site)
          let asked = ContinuousClock.now
          run.send(signal)
          let stopped = await run.end()
          #expect(ContinuousClock.now - asked < .seconds(5))
          #expect(stopped.code == 130)
          #expect(stopped.errors.contains("run the same command again to go on"))
          #expect(stopped.errorLines.isEmpty)
          let corpus = StoredCorpus(folder)
          let first = try corpus.pages().map(\.url)
          #expect(first.count > 10)
          #expect(try corpus.manifest().crawl.state == "stopped")
          let last = try await GossamerBinary.run(command(site), in: folder)
          #expect(last.code == 0, "\(last.errors)")
          #expect(last.errors.contains("continuing out: \(first.count) pages stored before"))
          let all = try corpus.pages().map(\.url)
          #expect(Array(all.prefix(first.count)) == first)
          site.expectComplete(all)
          #expect(site.statistics().count(of: .repeated) == 0, "a stop loses nothing")
          let manifest = try corpus.manifest()
          #expect(manifest.crawl.state == "finished" && manifest.crawl.runs == 2)
        }
      }
    }

    @Test func aSecondSignalEndsAtOnce() async throws {
      // A page that takes longer than anybody would wait.
      try await DemoSite.with(Self.prefix, slowness: .seconds(30)) { site in
        try await Folder.with { folder in
          let run = try GossamerBinary.start(
            [
              "crawl", site.base(0) + "/craft/relief", "-o", "out", "--delay", "0", "--sitemaps",
              "no",
            ],
            in: folder)
          try await Self.waitForPages(1, run, site, answeredOnly: false)
          run.send(SIGINT)
          while run.isRunning, !run.errorsSoFar.contains("stopping") {
            try await Task.sleep(for: .milliseconds(10))
          }
          let asked = ContinuousClock.now
          run.send(SIGINT)
          #expect(await run.end().code == 130)
          #expect(ContinuousClock.now - asked < .seconds(2))
        }
      }
    }

    @Test func aFinishedCrawlRunAgainDoesNothing() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          let command = ["crawl", site.seeds[0], "-o", "out", "--delay", "0"] + briskly
          #expect(try await GossamerBinary.run(command, in: folder).code == 0)
          let corpus = StoredCorpus(folder)
          let before = try [
            "pages/part-00000.jsonl", "skipped.jsonl", "warc/gossamer-00000.warc.gz",
            "warc/index.cdxj",
          ]
          .map { try corpus.bytes($0) }
          let requests = site.statistics().requests
          let again = try await GossamerBinary.run(command, in: folder)
          #expect(again.code == 0)
          #expect(again.errorLines.isEmpty)
          let after = try [
            "pages/part-00000.jsonl", "skipped.jsonl", "warc/gossamer-00000.warc.gz",
            "warc/index.cdxj",
          ]
          .map { try corpus.bytes($0) }
          #expect(before == after)
          #expect(site.statistics().requests == requests)
          #expect(try corpus.manifest().crawl.state == "finished")
          #expect(try corpus.manifest().counts["pages"] == (try corpus.pages().count))
        }
      }
    }

    @Test func aDirectoryInUseIsRefused() async throws {
      try await DemoSite.with(Self.prefix, slowness: .seconds(30)) { site in
        try await Folder.with { folder in
          let command = [
            "crawl", site.base(0) + "/craft/relief", "-o", "out", "--delay", "0", "--sitemaps",
            "no",
          ]
          let first = try GossamerBinary.start(command, in: folder)
          try await Self.waitForPages(1, first, site, answeredOnly: false)
          let second = try await GossamerBinary.run(command, in: folder)
          #expect(second.code == 3)
          #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
          #expect(second.errorLines.first?.contains("out is in use (process ") == true)
          let status = try await GossamerBinary.run(["status", "out"], in: folder)
          #expect(status.output.contains(#""state":"running""#), "\(status.output)")
          first.send(SIGKILL)
          _ = await first.end()
        }
      }
    }

    @Test(arguments: [
      (["http://127.0.23.2:1/"], [], "seeds"),
      (["http://127.0.23.1:1/"], ["--scope", "domain"], "scope"),
      (["http://127.0.23.1:1/"], ["--exclude", "x"], "exclude"),
      (["http://127.0.23.1:1/"], ["--formats", "jsonl"], "formats"),
    ])
    func anotherCrawlsDirectoryIsRefused(
      seeds: [String], options: [String], key: String
    ) async throws {
      try await Folder.with { folder in
        let common = ["-o", "out", "--retries", "0", "--quiet"]
        _ = try await GossamerBinary.run(["crawl", "http://127.0.23.1:1/"] + common, in: folder)
        let before = try StoredCorpus(folder).bytes("manifest.json")
        let other = try await GossamerBinary.run(["crawl"] + seeds + common + options, in: folder)
        #expect(other.code == 3)
        #expect(other.errors.split(separator: "\n").count == 1, "\(other.errors)")
        #expect(other.errorLines.first?.contains(key) == true, "\(other.errors)")
        #expect(try StoredCorpus(folder).bytes("manifest.json") == before)
      }
    }

    /// Waits until the site has been asked, or the process has ended.
    private static func waitForPages(
      _ count: Int, _ run: RunningBinary, _ site: DemoSite, answeredOnly: Bool = true
    ) async throws {
      while run.isRunning {
        let statistics = site.statistics()
        let pages = statistics.hosts.reduce(0) {
          $0 + (answeredOnly ? $1.answered : $1.requests) - $1.robotsRequests
        }
        if pages >= count { return }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
  }
#endif
