#if Network
  import Foundation
  import Glibc
  import GossamerDemo
  import Testing

  /// `summarize` and `embed` over a stored corpus, with the model behind a real server.
  @Suite("Language stages over a stored corpus", .serialized, .timeLimit(.minutes(5)))
  struct EnrichCommandTests {
    /// A folder as a crawl leaves it, as far as these commands read it.
    private func corpus(_ folder: Folder, pages: Int) throws {
      try FileManager.default.createDirectory(
        atPath: folder("out/pages"), withIntermediateDirectories: true)
      var lines = (0..<pages).map {
        #"{"url":"http://a.test/\#($0)","digest":"sha256:\#($0)","text":"Page \#($0) is about mending things."}"#
      }
      lines.append(
        #"{"url":"http://a.test/secret","digest":"sha256:no","text":"Keep this from models.","preferences":{"ai_input":"no"}}"#
      )
      try folder.write("out/pages/part-00000.jsonl", lines.joined(separator: "\n") + "\n")
    }

    private func lines(_ folder: Folder, _ name: String) throws -> [[String: Any]] {
      try String(contentsOfFile: folder(name), encoding: .utf8).split(separator: "\n").map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
      }
    }

    @Test func summariesAreMadeOnceAndRefusedPagesNeverSent() async throws {
      try await ModelServer.with(.answers("People mend things.", after: .zero)) { server in
        try await Folder.with { folder in
          try corpus(folder, pages: 12)
          let command = ["summarize", "out", "--llm-url", server.url, "--model", "tester"]
          let key = ["GOSSAMER_LLM_KEY": "hush-hush"]
          let first = try await GossamerBinary.run(command, in: folder, environment: key)
          #expect(first.code == 0, "\(first.errors)")
          #expect(first.errors.contains("12 summarized, 1 kept from models by their sites"))
          let made = try lines(folder, "out/summaries.jsonl")
          #expect(made.count == 12)
          #expect(made.allSatisfy { $0["summary"] as? String == "People mend things." })
          #expect(made.allSatisfy { ($0["method"] as? String)?.contains("tester") == true })
          #expect(server.count.begun == 12)
          #expect(server.count.bodies.allSatisfy { !$0.contains("Keep this from models") })
          let refused = try lines(folder, "out/summaries.failed.jsonl")
          #expect(refused.map { $0["kind"] as? String } == ["policy.ai_input"])
          let second = try await GossamerBinary.run(command, in: folder, environment: key)
          #expect(second.code == 0)
          #expect(server.count.begun == 12, "nothing is paid for twice")
          for text in [first.output, first.errors, second.errors] {
            #expect(!text.contains("hush-hush"))
          }
          for name in ["out/summaries.jsonl", "out/summaries.failed.jsonl"] {
            #expect(try !String(contentsOfFile: folder(name), encoding: .utf8).contains("hush"))
          }
        }
      }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aModelThatNeverAnswersDoesNotHoldUpTheStop(signal: Int32) async throws {
      try await ModelServer.with(.answers("At last.", after: .seconds(120))) { server in
        try await Folder.with { folder in
          try corpus(folder, pages: 12)
          let command = ["summarize", "out", "--llm-url", server.url, "--model", "tester"]
          let run = try GossamerBinary.start(command, in: folder)
          while run.isRunning, server.count.begun < 4 {
            try await Task.sleep(for: .milliseconds(10))
          }
          let asked = ContinuousClock.now
          run.send(signal)
          let stopped = await run.end()
          #expect(stopped.code == 130, "\(stopped.errors)")
          #expect(stopped.errors.contains("run the same command again to go on"))
          #expect(
            ContinuousClock.now - asked < .seconds(8), "four seconds and what a busy machine adds")
          server.behave(.answers("People mend things.", after: .zero))
          let last = try await GossamerBinary.run(command, in: folder)
          #expect(last.code == 0, "\(last.errors)")
          #expect(try lines(folder, "out/summaries.jsonl").count == 12)
        }
      }
    }

    /// What a crawl paid for is not paid for again, and what it left out is made up for.
    @Test func summariesOfACrawlAreNotMadeAgain() async throws {
      try await DemoSite.with("127.0.25") { site in
        try await ModelServer.with(.answers("People mend many things here.", after: .zero)) {
          server in
          try await Folder.with { folder in
            let model = ["--llm-url", server.url, "--model", "tester", "--words", "80"]
            let crawl = try await GossamerBinary.run(
              ["crawl", site.seeds[4], "-o", "out", "--delay", "0"] + briskly
                + ["--summarize", "openai"] + model, in: folder)
            #expect(crawl.code == 0, "\(crawl.errors)")
            let paid = server.count.begun
            #expect(paid > 15)
            let again = try await GossamerBinary.run(["summarize", "out"] + model, in: folder)
            #expect(again.code == 0, "\(again.errors)")
            #expect(server.count.begun == paid, "\(again.errors)")
            let others = try await GossamerBinary.run(
              ["summarize", "out"] + model + ["--summary-language", "de"], in: folder)
            #expect(others.code == 0, "\(others.errors)")
            #expect(server.count.begun > paid, "another setting is another summary")
          }
        }
      }
    }

    @Test func aCrawlEmbedsWhatItStoredAndPaysForItOnce() async throws {
      try await DemoSite.with("127.0.25") { site in
        try await ModelServer.with(.answers("unused", after: .zero)) { server in
          try await Folder.with { folder in
            let command = [
              "crawl", site.seeds[4], "-o", "out", "--delay", "0", "--embed", "openai",
              "--embed-url", server.url, "--embed-model", "vectors",
            ]
            let crawl = try await GossamerBinary.run(command + briskly, in: folder)
            #expect(crawl.code == 0, "\(crawl.errors)")
            let pages = try StoredCorpus(folder).pages().filter { $0.text?.isEmpty == false }
            let made = try lines(folder, "out/embeddings.jsonl")
            #expect(Set(made.compactMap { $0["url"] as? String }) == Set(pages.map(\.url)))
            #expect(server.count.bodies.allSatisfy { $0.contains(#""model":"vectors""#) })
            let paid = server.count.begun
            let again = try await GossamerBinary.run(command + briskly, in: folder)
            #expect(again.code == 0, "\(again.errors)")
            #expect(server.count.begun == paid)
          }
        }
      }
    }

    @Test func sitesAndTheWholeAreSummedUpFromSummaries() async throws {
      try await ModelServer.with(.answers("People mend many things here.", after: .zero)) {
        server in
        try await Folder.with { folder in
          try corpus(folder, pages: 7)
          let command = [
            "summarize", "out", "--llm-url", server.url, "--model", "tester", "--level", "corpus",
          ]
          let first = try await GossamerBinary.run(command, in: folder)
          #expect(first.code == 0, "\(first.errors)")
          let made = try lines(folder, "out/summaries.jsonl")
          #expect(made.compactMap { $0["level"] as? String } == ["site", "corpus"])
          #expect(made.count == 9 && server.count.begun == 9)
          #expect(server.count.bodies[7].contains("People mend many things here."))
          _ = try await GossamerBinary.run(command, in: folder)
          #expect(server.count.begun == 9, "nothing is paid for twice")
        }
      }
    }

    @Test func schemasAreFilledAndWhatDoesNotFitIsADeadLetter() async throws {
      let answer = #"{\"topic\":\"mending\"}"#
      try await ModelServer.with(.answers(answer, after: .zero)) { server in
        try await Folder.with { folder in
          try corpus(folder, pages: 3)
          try folder.write(
            "topic.json",
            #"{"type":"object","properties":{"topic":{"type":"string"}},"required":["topic"],"additionalProperties":false}"#
          )
          let command = [
            "summarize", "out", "--llm-url", server.url, "--model", "tester", "--schema",
          ]
          let good = try await GossamerBinary.run(command + ["topic.json"], in: folder)
          #expect(good.code == 0, "\(good.errors)")
          let made = try lines(folder, "out/summaries.jsonl")
          #expect(made.count == 3)
          #expect(made.allSatisfy { ($0["data"] as? [String: String]) == ["topic": "mending"] })
          #expect(server.count.bodies.allSatisfy { $0.contains("json_schema") })
          try folder.write("year.json", #"{"type":"object","required":["year"]}"#)
          let bad = try await GossamerBinary.run(command + ["year.json"], in: folder)
          #expect(bad.code == 1)
          #expect(server.count.begun == 3 + 6, "one repair each")
          let dead = try lines(folder, "out/summaries.failed.jsonl")
          #expect(dead.count { $0["kind"] as? String == "llm.wrong_shape" } == 3)
        }
      }
    }

    @Test func shardsAreReadByPatternAndWrittenBySize() async throws {
      try await Folder.with { folder in
        for shard in 0..<3 {
          let texts = (0..<20).map {
            #"{"id":"\#(shard)-\#($0)","text":"Ferry \#(shard) \#($0) sails."}"#
          }
          try folder.write("in-\(shard).jsonl", texts.joined(separator: "\n"))
        }
        let command = ["summarize", "in-*.jsonl", "-o", "all.jsonl", "--output-size", "4k"]
        let first = try await GossamerBinary.run(command, in: folder)
        #expect(first.code == 0, "\(first.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder("."))
          .filter { $0.hasPrefix("all") && $0.hasSuffix(".jsonl") }.sorted()
        #expect(names.count > 2 && names.contains("all-00001.jsonl"))
        var urls = Set<String>()
        for name in names {
          #expect(try Data(contentsOf: URL(filePath: folder(name))).count <= 4_096)
          for line in try lines(folder, name) { urls.insert(line["url"] as? String ?? "") }
        }
        #expect(urls.count == 60)
        let second = try await GossamerBinary.run(command, in: folder)
        #expect(second.errors.contains("60 there before"), "\(second.errors)")
      }
    }

    @Test func whatIsKnownOfLimitsOutlivesARun() async throws {
      try await ModelServer.with(.answers("People mend many things here.", after: .zero)) {
        server in
        try await Folder.with { folder in
          try corpus(folder, pages: 3)
          let answer = try await GossamerBinary.run(
            [
              "summarize", "out", "--llm-url", server.url, "--model", "tester", "--llm-rpm", "6000",
            ],
            in: folder, environment: ["GOSSAMER_LLM_KEY": "hush-hush"])
          #expect(answer.code == 0, "\(answer.errors)")
          let text = try String(contentsOfFile: folder("out/model-limits.json"), encoding: .utf8)
          #expect(text.contains("openai \(server.url) tester".replacing("/", with: "\\/")))
          #expect(text.contains("secondsAgo") && !text.contains("hush"))
        }
      }
    }

    @Test func aBudgetEndsTheRunAndAnotherGoesOn() async throws {
      try await ModelServer.with(.answers("People mend things.", after: .zero)) { server in
        try await Folder.with { folder in
          try corpus(folder, pages: 30)
          let command = [
            "summarize", "out", "--llm-url", server.url, "--model", "tester",
            "--llm-concurrency", "1", "--llm-budget",
          ]
          let first = try await GossamerBinary.run(command + ["3000"], in: folder)
          #expect(first.code == 1)
          #expect(first.errorLines.first?.contains("llm.quota") == true, "\(first.errors)")
          let before = try lines(folder, "out/summaries.jsonl").count
          #expect(before > 0 && before < 30)
          let second = try await GossamerBinary.run(command + ["10000000"], in: folder)
          #expect(second.code == 0, "\(second.errors)")
          #expect(try lines(folder, "out/summaries.jsonl").count == 30)
          #expect(server.count.begun == 30)
        }
      }
    }

    @Test func anyJSONLinesAreSummarizedWithoutAModelInTheirOrder() async throws {
      try await Folder.with { folder in
        let texts = (0..<5).map { #"{"id":"n\#($0)","text":"Ferry \#($0) sails. It is blue."}"# }
        let answer = try await GossamerBinary.run(
          ["summarize", "-"], in: folder, input: texts.joined(separator: "\n"))
        #expect(answer.code == 0, "\(answer.errors)")
        let urls = try answer.output.split(separator: "\n").map {
          (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["url"]
            as? String
        }
        #expect(urls == (0..<5).map { "n\($0)" })
      }
    }

    @Test(arguments: [
      (["summarize", "nowhere"], "nowhere"),
      (["embed", ".", "--llm-url", "http://127.0.0.1:1"], "no pages"),
      (["summarize", "."], "no pages"),
      (["embed", "-", "--provider", "extractive"], "--provider"),
      (["embed", "-"], "--llm-url"),
      (
        ["summarize", "-", "--llm-url", "http://127.0.0.1:1", "--llm-budget", "$2"], "--llm-prices"
      ),
      (["summarize", "-", "--llm-url", "http://127.0.0.1:1", "--llm-budget", "much"], "much"),
    ])
    func wrongUseIsToldInALine(arguments: [String], says: String) async throws {
      try await Folder.with { folder in
        let answer = try await GossamerBinary.run(arguments, in: folder, input: "")
        #expect(answer.code == 2)
        #expect(answer.errorLines.count == 1)
        #expect(answer.errors.contains(says), "\(answer.errors)")
      }
    }

    @Test func aServerThatIsDownFailsEveryTextAndSaysSo() async throws {
      try await ModelServer.with(.fails(status: 401)) { server in
        try await Folder.with { folder in
          try corpus(folder, pages: 9)
          let answer = try await GossamerBinary.run(
            ["summarize", "out", "--llm-url", server.url, "--model", "tester"], in: folder)
          #expect(answer.code == 1)
          #expect(answer.errorLines.first?.contains("llm.auth") == true, "\(answer.errors)")
          #expect(server.count.begun <= 8, "a refused key ends the run")
        }
      }
    }
  }
#endif
