#if Network
  import Foundation
  import Glibc
  import GossamerArchive
  import GossamerDemo
  import Testing

  /// A process may be killed at any moment: what it vouched for stays, the rest is fetched again.
  @Suite("Crashes", .serialized, .timeLimit(.minutes(5)))
  struct CrashTests {
    private static let prefix = "127.0.22"

    private func command(_ site: DemoSite, _ folder: String, _ options: [String]) -> [String] {
      ["crawl"] + site.seeds + ["-o", folder, "--delay", "0.06"] + briskly + options
    }

    @Test(arguments: [[], ["--summarize"]])
    func aCrawlKilledManyTimesEndsAsAnUndisturbedOne(options: [String]) async throws {
      try await DemoSite.with(Self.prefix, tolerance: .seconds(10)) { site in
        try await Folder.with { folder in
          let whole = try await GossamerBinary.run(command(site, "whole", options), in: folder)
          #expect(whole.code == 0, "\(whole.errors)")
          let kills = try await killAgainAndAgain(command(site, "out", options), folder, times: 7)
          let last = try await GossamerBinary.run(command(site, "out", options), in: folder)
          #expect(last.code == 0, "\(last.errors)")
          let moments = Comment(rawValue: "killed after \(kills) s")
          #expect(kills.count >= 5, moments)
          try compare(
            StoredCorpus(folder, "out"), with: StoredCorpus(folder, "whole"), site, moments)
          let manifest = try StoredCorpus(folder).manifest()
          #expect(manifest.crawl.state == "finished" && manifest.crawl.runs > kills.count, moments)
        }
      }
    }

    /// Starts the command and kills it at random moments; ends early when the crawl is complete.
    ///
    /// - Returns: how many seconds each run was given.
    private func killAgainAndAgain(
      _ command: [String], _ folder: Folder, times: Int
    ) async throws -> [Double] {
      var moments: [Double] = []
      for _ in 0..<times {
        let run = try GossamerBinary.start(command, in: folder)
        // A crash before the crawl has begun would say nothing.
        while run.isRunning, try beginnings(folder) <= moments.count {
          try await Task.sleep(for: .milliseconds(5))
        }
        let moment = Double.random(in: 0.02...0.4)
        try await Task.sleep(for: .seconds(moment))
        run.send(SIGKILL)
        guard await run.end().code == -SIGKILL else { break }
        moments.append(moment)
      }
      return moments
    }

    /// How many runs have begun, as the manifest says.
    private func beginnings(_ folder: Folder) throws -> Int {
      folder.has("out/manifest.json") ? try StoredCorpus(folder).manifest().crawl.runs : 0
    }

    private func compare(
      _ corpus: StoredCorpus, with whole: StoredCorpus, _ site: DemoSite, _ moments: Comment
    ) throws {
      let pages = try corpus.pages()
      #expect(repeated(pages.map(\.url)) == [], moments)
      site.expectComplete(pages.map(\.url))
      #expect(try contents(corpus, site) == contents(whole, site), moments)
      let responses = try corpus.archive().filter { $0.kind == "response" }.compactMap(\.targetURI)
      #expect(repeated(responses.filter { !$0.hasSuffix("/robots.txt") }) == [], moments)
      #expect(Set(responses).isSuperset(of: pages.map(\.url)), moments)
      for page in pages { #expect(try place(of: page, in: corpus) == page.url, moments) }
      let skips = try corpus.skips().filter { $0.kind != "policy.scope" }
      #expect(repeated(skips.map { $0.kind + " " + $0.url }) == [], moments)
    }

    /// What must not depend on how often the process died.
    private func contents(_ corpus: StoredCorpus, _ site: DemoSite) throws -> [String: String] {
      Dictionary(
        try corpus.pages().map { page in
          (
            site.representative(of: page.url),
            [page.digest, page.title, page.text, page.summary?.text].compactMap { $0 }
              .joined(separator: "\n")
          )
        }, uniquingKeysWith: { $1 })
    }

    /// The URL of the response that a record points to.
    private func place(of page: StoredCorpus.Page, in corpus: StoredCorpus) throws -> String? {
      let place = try #require(page.warc)
      return try corpus.record(place)?.targetURI
    }
  }
#endif
