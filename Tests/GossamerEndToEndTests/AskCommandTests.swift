#if Network
  import Foundation
  import GossamerDemo
  import Testing

  /// The program answers from a corpus, over a model server that does as the test says.
  @Suite("gossamer ask", .serialized, .timeLimit(.minutes(3)))
  struct AskCommandTests {
    private static let prefix = "127.0.27"

    struct Step: Decodable {
      var event: String
      var agent: String?
      var turn: Int?
      var name: String?
      var status: String?
    }

    struct Line: Decodable {
      struct Citation: Decodable {
        var url: String?
        var verdict: String
      }
      var key: String?
      var question: String
      var answer: String
      var ending: String
      var verified: Bool
      var citations: [Citation]?
      var flags: [String]?
      var parts: [Line]?
    }

    /// A folder with a corpus of two pages in `out`, and more if they are wanted.
    private func withCorpus(
      and more: [(name: String, text: String)] = [], _ body: (Folder) async throws -> Void
    ) async throws {
      try await Folder.with { folder in
        let pages = folder.url.appending(path: "out/pages")
        try FileManager.default.createDirectory(at: pages, withIntermediateDirectories: true)
        let known = [
          ("ferry", "The ferry to Lunde sails twice a day, at 8:15 and at 17:40."),
          ("museum", "The harbour museum opened in 1894 in the old customs house."),
        ]
        let lines = (known + more).map { name, text in
          #"{"url":"http://harbour.test/\#(name)","host":"harbour.test","status":200,"#
            + #""digest":"sha256:\#(name)","title":"\#(name)","text":"\#(text)"}"# + "\n"
        }
        try Data(lines.joined().utf8).write(to: pages.appending(path: "part-00000.jsonl"))
        try await body(folder)
      }
    }

    private func ask(
      _ folder: Folder, _ server: ModelServer, _ arguments: [String]
    ) async throws -> GossamerBinary.Answer {
      try await GossamerBinary.run(
        ["ask", "out"] + arguments + ["--llm-url", server.url, "--model", "tester"], in: folder)
    }

    private static func call(_ id: String, _ name: String, _ arguments: String) -> String {
      let arguments = arguments.replacingOccurrences(of: "\"", with: "\\\"")
      return #"{"tool_calls":[{"index":\#(id.count - 1),"id":"\#(id)","type":"function","#
        + #""function":{"name":"\#(name)","arguments":"\#(arguments)"}}]}"#
    }

    /// Searches for two things, reads a page, and answers with one citation that holds and one that
    /// does not.
    @Sendable private static func research(_ body: String) -> [String] {
      switch body.components(separatedBy: #""role":"tool""#).count - 1 {
      case 0:
        [
          call("a", "search_corpus", #"{"query":"ferry"}"#),
          call("bb", "search_corpus", #"{"query":"museum"}"#), #"{"content":"One moment."}"#,
        ]
      case 2: [call("a", "read_page", #"{"url":"http://harbour.test/ferry"}"#)]
      default:
        [
          #"{"content":"It sails twice a day [S1 \"sails twice a day\"]. "}"#,
          #"{"content":"The museum is closed [S2 \"closed for good\"]."}"#,
        ]
      }
    }

    private func steps(_ folder: Folder) throws -> [Step] {
      try StoredCorpus(folder).bytes("transcripts.jsonl").split(separator: 0x0A)
        .map { try JSONDecoder().decode(Step.self, from: $0) }
    }

    private func lines(_ text: String) throws -> [Line] {
      try text.split(separator: "\n").map {
        try JSONDecoder().decode(Line.self, from: Data($0.utf8))
      }
    }

    @Test func anAnswerComesWithCheckedCitationsAndReplaysTheSame() async throws {
      try await withCorpus { folder in
        try await ModelServer.with(.streams(pause: .milliseconds(50), Self.research)) { server in
          let answer = try await ask(folder, server, ["How often does the ferry sail?", "-v"])
          #expect(answer.code == 0, "\(answer.errors)")
          #expect(
            answer.output == """
              It sails twice a day [1]. The museum is closed [2?].

              [1] http://harbour.test/ferry “sails twice a day” (verified: the words stand there)
              [2?] http://harbour.test/museum “closed for good” (not verified: the quoted words do \
              not stand there)

              """)
          #expect(answer.errors.contains("→ search_corpus {\"query\":\"ferry\"}"))
          #expect(server.count.begun == 3)

          // The first tool began while the first answer still streamed.
          let order = try steps(folder)
          let began = try #require(order.firstIndex { $0.event == "call_started" })
          let ended = try #require(order.firstIndex { $0.event == "answered" })
          #expect(began < ended)

          let again = try await GossamerBinary.run(
            ["ask", "out", "--replay", "out/transcripts.jsonl"], in: folder)
          #expect(again.code == 0, "\(again.errors)")
          #expect(again.output == "# How often does the ferry sail?\n\n" + answer.output)
        }
      }
    }

    @Test func manyQuestionsAreAnsweredOnceAndFailuresAgain() async throws {
      try await withCorpus { folder in
        let questions = (1...6).map { "Question \($0)?" }.joined(separator: "\n")
        try Data(questions.utf8).write(to: folder.url.appending(path: "questions.txt"))
        let arguments = ["--questions", "questions.txt", "--agents", "3"]
        try await ModelServer.with(
          .streams(pause: .zero) { body in
            body.contains("Question 4?") ? [#"{"refusal":"No."}"#] : Self.research(body)
          }
        ) { server in
          let first = try await ask(folder, server, arguments)
          #expect(first.code == 1, "\(first.errors)")
          #expect(first.errorLines.first?.contains("1 of 6 questions were not answered") == true)
          let answers = try lines(first.output)
          #expect(Set(answers.map(\.question)).count == 6)
          let failed: [String] = answers.filter { $0.ending == "failed" }.map(\.question)
          #expect(failed == ["Question 4?"])
          #expect(server.count.mostParallel > 1 && server.count.mostParallel <= 3)
          #expect(server.count.begun == 5 * 3 + 1)

          server.behave(.streams(pause: .zero, Self.research))
          let second = try await ask(folder, server, arguments)
          #expect(second.code == 0, "\(second.errors)")
          #expect(try lines(second.output).map(\.question) == ["Question 4?"])
          #expect(server.count.begun == 5 * 3 + 1 + 3)
          let kept = String(
            decoding: try StoredCorpus(folder).bytes("answers.jsonl"), as: UTF8.self)
          #expect(kept == first.output + second.output)
        }
      }
    }

    @Test func aQuestionIsSplitAndItsPartsAreMerged() async throws {
      try await withCorpus { folder in
        try await ModelServer.with(
          .streams(pause: .zero) { body in
            if body.contains("You split a question") {
              return [#"{"content":"{\"parts\":[\"When does it sail?\",\"And what else?\"]}"}"#]
            }
            return body.contains("Findings of the researchers")
              ? [#"{"content":"It sails twice a day [S1 \"sails twice a day\"]."}"#]
              : Self.research(body)
          }
        ) { server in
          let answer = try await ask(
            folder, server, ["Tell me of the ferry.", "--deep", "--agents", "2", "--json"])
          #expect(answer.code == 0, "\(answer.errors)")
          let line = try #require(try lines(answer.output).first)
          #expect(line.verified)
          #expect(line.parts?.map(\.question) == ["When does it sail?", "And what else?"])
          #expect(
            Set(try steps(folder).compactMap(\.agent)) == ["planner", "1", "2", "writer"])

          let again = try await GossamerBinary.run(
            ["ask", "out", "--replay", "out/transcripts.jsonl", "--json"], in: folder)
          // The same report, but for the key of a question that is to be asked again.
          let report = answer.output.replacing(/"key":"[0-9a-f]*",/, with: "")
          #expect(again.output == report)
        }
      }
    }

    /// Three find something, of which two contradict each other, and one cannot go on.
    @Test func contradictionsAndLostAgentsAreTold() async throws {
      try await withCorpus(and: [("guide", "A guide. The harbour museum opened in 1896 here.")]) {
        folder in
        try await ModelServer.with(
          .streams(pause: .zero) { body in
            if body.contains("You split a question") {
              let parts = #"[\"One?\",\"Two?\",\"Three?\",\"Four?\"]"#
              return [#"{"content":"{\"parts\":\#(parts)}"}"#]
            }
            if body.contains("Findings of the researchers") { return [#"{"refusal":"No."}"#] }
            let number = ["One?", "Two?", "Three?", "Four?"].firstIndex {
              body.contains(#""content":"\#($0)""#)
            }
            guard body.contains(#""role":"tool""#) else {
              let word = number == 2 ? "ferry" : number == 1 ? "guide" : "customs"
              return number == 3
                ? [#"{"refusal":"No."}"#]
                : [Self.call("a", "search_corpus", #"{"query":"\#(word)"}"#)]
            }
            return switch number {
            case 0:
              [#"{"content":"The harbour museum opened in 1894 [S1 \"opened in 1894\"]."}"#]
            case 1:
              [#"{"content":"The harbour museum opened in 1896 [S1 \"opened in 1896\"]."}"#]
            default: [#"{"content":"The ferry sails twice a day [S1 \"twice a day\"]."}"#]
            }
          }
        ) { server in
          let answer = try await ask(
            folder, server, ["Tell me of the town.", "--deep", "--agents", "4"])
          #expect(answer.code == 1, "the writer failed as well: \(answer.errors)")
          #expect(
            answer.output.contains(
              """
              These give other dates, and may speak of different things:
              - The harbour museum opened in 1894 (http://harbour.test/museum)
              - The harbour museum opened in 1896 (http://harbour.test/guide)

              Not all was looked into; what follows from that is not known:
              - Four?: failed (llm.refusal: No.)
              """), "\(answer.output)")
          for line in ["opened in 1894 [1]", "opened in 1896 [2]", "twice a day [3]"] {
            #expect(answer.output.contains(line))
          }
        }
      }
    }

    @Test func agentsTogetherKeepToTheLimitOfTheModel() async throws {
      try await withCorpus { folder in
        try folder.write("questions.txt", (1...8).map { "Question \($0)?" }.joined(separator: "\n"))
        try await ModelServer.with(.streams(pause: .milliseconds(20), Self.research)) { server in
          let answer = try await ask(
            folder, server,
            ["--questions", "questions.txt", "--agents", "8", "--llm-concurrency", "3"])
          #expect(answer.code == 0, "\(answer.errors)")
          #expect(server.count.begun == 8 * 3)
          #expect(server.count.mostParallel == 3)
        }
      }
    }

    /// Four agents want the same four pages: the site is asked for each once.
    @Test func agentsFetchAPageOnceForAll() async throws {
      let paths = ["/a", "/b", "/c", "/d"]
      var pages: [String: ScriptedSite.Answer] = [
        "/robots.txt": .init(fields: [("Content-Type", "text/plain")], body: "User-agent: *\n")
      ]
      for path in ["/"] + paths {
        pages[path] = .page("<title>\(path)</title><body><p>The page \(path) of a small site.</p>")
      }
      try await ScriptedSite.with(pages) { site in
        try await Folder.with { folder in
          let crawl = try await GossamerBinary.run(
            ["crawl", site.base + "/", "-o", "out", "--delay", "0", "--max-pages", "1"],
            in: folder)
          #expect(crawl.code == 0, "\(crawl.errors)")
          let urls = paths.map { site.base + $0 }
          let calls = urls.enumerated().map { index, url in
            Self.call(String(repeating: "c", count: index + 1), "crawl", #"{"url":"\#(url)"}"#)
          }
          try await ModelServer.with(
            .streams(pause: .zero) { body in
              body.contains(#""role":"tool""#) ? [#"{"content":"Done and dusted here."}"#] : calls
            }
          ) { server in
            let answer = try await ask(
              folder, server,
              ["What of " + urls.joined(separator: " "), "--allow-fetch", "--agents", "4"])
            #expect(answer.code == 0, "\(answer.errors)")
            let ends = try steps(folder).filter { $0.event == "call_ended" && $0.name == "crawl" }
            #expect(ends.count == 16)
            let asked = site.requests.filter { paths.contains($0) }
            #expect(asked.sorted() == paths, "\(site.requests)")
          }
        }
      }
    }

    @Test func withoutAModelThePagesAnswerInTheirOwnWords() async throws {
      try await withCorpus { folder in
        let answer = try await GossamerBinary.run(
          ["ask", "out", "When did the harbour museum open?"], in: folder)
        #expect(answer.code == 0, "\(answer.errors)")
        #expect(
          answer.output.hasPrefix(
            "The harbour museum opened in 1894 in the old customs house. [1]\n"))
        #expect(answer.output.contains("http://harbour.test/museum “The harbour museum opened"))
      }
    }

    /// Fetching keeps the crawler's rules: robots.txt, and hosts of the corpus.
    @Test func pagesAreFetchedByTheRulesOfTheCrawlerAndStay() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          let crawl = try await GossamerBinary.run(
            ["crawl", site.seeds[0], "-o", "out", "--delay", "0", "--max-pages", "1"], in: folder)
          #expect(crawl.code == 0, "\(crawl.errors)")
          let home = try #require(try StoredCorpus(folder).pages().first)
          let next = try #require(
            home.links?.first { $0.kind == "a" && $0.url.hasPrefix(home.url) && $0.url != home.url }
          )
          let wanted = [next.url, "http://127.0.27.99:9/", "http://example.test/"]
          let calls = wanted.enumerated().map { index, url in
            Self.call(String(repeating: "c", count: index + 1), "crawl", #"{"url":"\#(url)"}"#)
          }
          try await ModelServer.with(
            .streams(pause: .zero) { body in
              body.contains(#""role":"tool""#) ? [#"{"content":"Done and dusted here."}"#] : calls
            }
          ) { server in
            let denied = try await ask(folder, server, ["What of \(next.url)"])
            #expect(denied.code == 0, "\(denied.errors)")
            #expect(try StoredCorpus(folder).pages().count == 1)
            let answer = try await ask(folder, server, ["What of \(next.url)", "--allow-fetch"])
            #expect(answer.code == 0, "\(answer.errors)")
            let urls: [String] = try StoredCorpus(folder).pages().map(\.url)
            #expect(urls == [next.url, home.url])
            let ends = try steps(folder).filter { $0.event == "call_ended" && $0.name == "crawl" }
            let statuses: [String] = ends.suffix(3).compactMap(\.status).sorted()
            #expect(statuses == ["done", "refused", "refused"])
            // Found from now on, by whoever asks.
            let again = try await ask(folder, server, ["What of \(next.url)", "--allow-fetch"])
            #expect(again.code == 0, "\(again.errors)")
            #expect(try StoredCorpus(folder).pages().count == 2)
          }
        }
      }
    }

    @Test(arguments: [
      ([], "no question"), ([" "], "no question"), (["Why?", "--max-turns", "0"], "max-turns"),
      (["Why?", "--context", "10"], "--context"), (["Why?", "--tools", "none.yaml"], "none.yaml"),
      (["--questions", "none.txt"], "none.txt"), (["Why?", "--agents", "0"], "agents"),
      (["--replay", "none.jsonl"], "none.jsonl"),
    ])
    func wrongUseIsOneLine(arguments: [String], words: String) async throws {
      try await withCorpus { folder in
        let answer = try await GossamerBinary.run(
          ["ask", "out"] + arguments + ["--llm-url", "http://127.0.0.1:9"], in: folder)
        #expect(answer.code == 2)
        #expect(answer.errorLines.count == 1)
        #expect(answer.errors.contains(words))
      }
    }

    @Test(
      .enabled(
        if: LocalModel.isNamed,
        "no model server: set LLM_BASE_URL and LLM_MODEL to ask with a real one"),
      .timeLimit(.minutes(8)))
    func aRealModelResearchesToTheEnd() async throws {
      try await withCorpus { folder in
        let answer = try await GossamerBinary.run(
          [
            "ask", "out", "When did the harbour museum open?", "--tool-calls", "json", "--json",
            "--max-turns", "5", "--llm-url", LocalModel.url, "--model", LocalModel.name,
          ], in: folder, patience: .seconds(470))
        #expect(answer.code == 0, "\(answer.errors)")
        let line = try #require(try lines(answer.output).first)
        #expect(["answered", "limited", "looped"].contains(line.ending))
        #expect(!line.answer.isEmpty)
        // It may choose badly, but never an address that is not there, and quotes that are.
        let cited: [String] = (line.citations ?? []).map { $0.url ?? "" }
        let urls: Set<String> = ["http://harbour.test/ferry", "http://harbour.test/museum"]
        #expect(urls.isSuperset(of: cited))
        let order = try steps(folder)
        #expect(order.contains { $0.event == "call_ended" && $0.status == "done" })
        #expect(!order.contains { $0.status == "refused" })
      }
    }
  }
#endif
