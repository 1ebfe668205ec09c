#if Network
  import Foundation
  import Glibc
  import GossamerDemo
  import Testing

  /// Summaries on the way to the corpus; a model that fails never ends or blocks a crawl.
  @Suite("The language stage", .serialized, .timeLimit(.minutes(5)))
  struct LanguageStageTests {
    private static let prefix = "127.0.24"

    private func crawl(
      _ site: DemoSite, _ folder: Folder, _ options: [String], output: String = "out",
      environment: [String: String] = [:]
    ) async throws -> GossamerBinary.Answer {
      try await GossamerBinary.run(
        ["crawl", site.seeds[4], "-o", output, "--delay", "0"] + briskly + options, in: folder,
        environment: environment)
    }

    @Test func extractiveSummariesAreTheSameEachTime() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          var runs: [[String: String]] = []
          for name in ["first", "second"] {
            let answer = try await crawl(site, folder, ["--summarize"], output: name)
            #expect(answer.code == 0, "\(answer.errors)")
            let pages = try StoredCorpus(folder, name).pages()
            #expect(pages.allSatisfy { $0.summary?.provider == "extractive" })
            runs.append(
              Dictionary(
                pages.map { ($0.url, $0.summary?.text ?? "") }, uniquingKeysWith: { $1 }))
          }
          #expect(runs[0] == runs[1])
          #expect(runs[0].count > 15)
        }
      }
    }

    @Test func aModelsSummariesStandOnTheRecords() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await ModelServer.with(.answers("People mend things.", after: .zero)) { server in
          try await Folder.with { folder in
            let answer = try await crawl(
              site, folder,
              ["--summarize", "openai", "--llm-url", server.url, "--model", "tester"],
              environment: ["GOSSAMER_LLM_KEY": "hush-hush"])
            #expect(answer.code == 0, "\(answer.errors)")
            let pages = try StoredCorpus(folder).pages()
            #expect(pages.count > 15)
            for page in pages {
              #expect(page.summary?.text == "People mend things.", "\(page.url)")
              #expect(page.summary?.provider == "openai" && page.summary?.model == "tester")
              #expect(page.summaryError == nil)
            }
            #expect(server.count.begun == pages.count)
            #expect(server.count.mostParallel <= 4)
            for body in server.count.bodies { #expect(body.contains(#""stream":true"#)) }
            let lines = try StoredCorpus(folder).bytes("summaries.jsonl").split(separator: 0x0A)
            #expect(lines.count == pages.count)
            for file in ["manifest.json", "crawl.db", "pages/part-00000.jsonl", "report.html"] {
              #expect(
                try StoredCorpus(folder).bytes(file).firstRange(of: Data("hush-hush".utf8)) == nil,
                "a key in \(file)")
            }
          }
        }
      }
    }

    @Test func aModelThatFailsIsNotedOnTheRecords() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await ModelServer.with(.fails(status: 500)) { server in
          try await Folder.with { folder in
            try await expectFailures(server.url, site, folder, kind: "llm.server")
            #expect(server.count.begun >= 4)
          }
        }
      }
    }

    @Test func aModelThatIsDownIsNotedOnTheRecords() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          try await expectFailures("http://127.0.0.1:1", site, folder, kind: "llm.server")
        }
      }
    }

    private func expectFailures(
      _ url: String, _ site: DemoSite, _ folder: Folder, kind: String
    ) async throws {
      let answer = try await crawl(
        site, folder, ["--summarize", "openai", "--llm-url", url, "--model", "tester"])
      #expect(answer.code == 1)
      #expect(answer.errors.split(separator: "\n").count == 1, "\(answer.errors)")
      #expect(answer.errorLines.first?.contains("without a summary") == true)
      let corpus = StoredCorpus(folder)
      let pages = try corpus.pages()
      let wanted = site.expectedPages.filter { $0.hasPrefix(site.base(4) + "/") }
      #expect(Set(pages.map(\.url)).isSuperset(of: wanted))
      #expect(pages.allSatisfy { $0.summary == nil && $0.summaryError?.message.isEmpty == false })
      let seen = Set(pages.compactMap(\.summaryError?.kind))
      #expect(seen.contains(kind), "\(seen)")
      #expect(try corpus.manifest().crawl.state == "finished")
      // Once several in a row failed, the others do not wait for their turn to fail.
      #expect(answer.seconds < 20)
    }

    /// How far fetching may run ahead of a slow model: what is at the model or queued for it, what
    /// is under way, and what is answered besides pages.
    @Test func fetchingWaitsForASlowModel() async throws {
      let inFlight = 3
      try await DemoSite.with(Self.prefix) { site in
        try await ModelServer.with(.answers("Slow and sure.", after: .milliseconds(200))) {
          server in
          try await Folder.with { folder in
            let run = try GossamerBinary.start(
              ["crawl", site.seeds[4], "-o", "out", "--delay", "0", "--sitemaps", "no"] + briskly
                + [
                  "--concurrency", "\(inFlight)", "--llm-concurrency", "1", "--summarize", "openai",
                  "--llm-url", server.url, "--model", "tester",
                ], in: folder)
            var furthest = 0
            while run.isRunning {
              let host = site.statistics().hosts[4]
              let pages = host.answered - host.robotsRequests
              furthest = max(furthest, pages - server.count.ended)
              try await Task.sleep(for: .milliseconds(20))
            }
            #expect(await run.end().code == 0)
            let stored = try StoredCorpus(folder).pages().count
            #expect(stored > 15)
            // One at the model, three queued for it, and twice as many as are fetched at once.
            #expect(furthest <= 1 + 3 + 2 * inFlight, "fetched \(furthest) ahead of \(stored)")
          }
        }
      }
    }

    @Test func aModelThatNeverAnswersDoesNotHoldUpTheStop() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await ModelServer.with(.answers("At last.", after: .seconds(120))) { server in
          try await Folder.with { folder in
            let command =
              ["crawl", site.seeds[4], "-o", "out", "--delay", "0"] + briskly + [
                "--summarize", "openai", "--llm-url", server.url, "--model", "tester",
              ]
            let run = try GossamerBinary.start(command, in: folder)
            // Pages are at the model, queued for it, and waiting for a place in the queue.
            while run.isRunning, server.count.begun < 4 || site.statistics().hosts[4].answered < 18
            {
              try await Task.sleep(for: .milliseconds(10))
            }
            let asked = ContinuousClock.now
            run.send(SIGINT)
            let stopped = await run.end()
            #expect(stopped.code == 130, "\(stopped.errors)")
            #expect(stopped.errorLines.isEmpty, "\(stopped.errors)")
            #expect(
              ContinuousClock.now - asked < .seconds(8), "four seconds and what a busy machine adds"
            )
            server.behave(.answers("All at once.", after: .zero))
            let last = try await GossamerBinary.run(command, in: folder)
            #expect(last.code == 0, "\(last.errors)")
            let pages = try StoredCorpus(folder).pages()
            #expect(repeated(pages.map(\.url)) == [])
            let wanted = site.expectedPages.filter { $0.hasPrefix(site.base(4) + "/") }
            #expect(Set(pages.map(\.url)).isSuperset(of: wanted))
            #expect(pages.allSatisfy { $0.summary?.text == "All at once." })
          }
        }
      }
    }

    /// A killed run leaves what it paid for: only calls that were under way are made again.
    @Test func aKilledCrawlPaysForNothingTwiceButWhatWasUnderWay() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await ModelServer.with(.answers("People mend things.", after: .milliseconds(5))) {
          server in
          try await Folder.with { folder in
            let command =
              ["crawl", site.seeds[4], site.seeds[0], "-o", "out", "--delay", "0"] + briskly + [
                "--summarize", "openai", "--llm-url", server.url, "--model", "tester",
                "--llm-concurrency", "2",
              ]
            var kills = 0
            for moment in [3, 9, 16, 24, 33] {
              let begun = server.count.begun
              let run = try GossamerBinary.start(command, in: folder)
              while run.isRunning, server.count.begun < begun + moment {
                try await Task.sleep(for: .milliseconds(1))
              }
              run.send(SIGKILL)
              if await run.end().code == -SIGKILL { kills += 1 }
            }
            #expect(kills >= 3)
            let last = try await GossamerBinary.run(command, in: folder)
            #expect(last.code == 0, "\(last.errors)")
            let pages = try StoredCorpus(folder).pages()
            #expect(pages.allSatisfy { $0.summary?.text == "People mend things." })
            // The mark around a page's text is another for each call.
            let texts = server.count.bodies.map { $0.replacing(/=== (page|end) \w+ ===/, with: "") }
            let twice = texts.count - Set(texts).count
            // Two at the model, two done and on their way to the disk, one at it.
            #expect(twice <= kills * 5, "\(twice) of \(texts.count) calls after \(kills) kills")
            let lines = try StoredCorpus(folder).bytes("summaries.jsonl").split(separator: 0x0A)
            #expect(lines.count <= pages.count + kills * 5)
          }
        }
      }
    }

    @Test(
      .enabled(
        if: LocalModel.isNamed,
        "no model server: set LLM_BASE_URL and LLM_MODEL to summarize with a real one"),
      .timeLimit(.minutes(3)))
    func aRealModelSummarizes() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          let answer = try await GossamerBinary.run(
            ["crawl", site.seeds[0], "-o", "out", "--delay", "0", "--max-pages", "2"] + briskly + [
              "--summarize", "openai", "--llm-url", LocalModel.url, "--model", LocalModel.name,
              "--llm-concurrency", "1",
            ], in: folder, patience: .seconds(170))
          #expect(answer.code == 0, "\(answer.errors)")
          let pages = try StoredCorpus(folder).pages()
          #expect(pages.count == 2)
          for page in pages { #expect(page.summary?.text.isEmpty == false, "\(page.url)") }
        }
      }
    }
  }

  /// The real model server that the environment names, if it does.
  enum LocalModel {
    static let url = ProcessInfo.processInfo.environment["LLM_BASE_URL"] ?? ""
    static let name = ProcessInfo.processInfo.environment["LLM_MODEL"] ?? ""
    static var isNamed: Bool { !url.isEmpty && !name.isEmpty }
  }
#endif
