#if Network
  import Foundation
  import Testing

  /// From a crawl over a server of vectors to a ranking, with the built program.
  @Suite("Search by meaning, from the crawl to the ranking", .timeLimit(.minutes(3)))
  struct SemanticSearchTests {
    struct Hit: Decodable {
      var rank: Int
      var url: String
      var snippet: String
    }

    static let pages = [
      (
        "/", "Start",
        [
          "Welcome to our small town at the end of the fjord. What its people do all year is told "
            + "on a few sides, which are listed below.",
          "They were written by whoever had an hour to spare, and read by whoever had two of them. "
            + "Mistakes are ours, and letters about them are answered when it rains.",
        ]
      ),
      (
        "/ferry", "The ferry",
        [
          "The ferry to Lunde departs twice a day from the old quay, in the morning and in the late "
            + "afternoon. In winter ice may keep it at its berth.",
          "Who wants to bring a cart or a horse says so a day before, at the counter or by letter. "
            + "The crossing takes an hour and a half when the sea is calm.",
        ]
      ),
      (
        "/museum", "The museum",
        [
          "The exhibition shows nets, lamps and the log of a lightship that lay off the coast for "
            + "sixty years. Children may ring its bell once.",
          "The upper floor tells of whalers and of those who waited for them. A film of twelve "
            + "minutes, made in 1931, is shown whenever somebody asks for it.",
        ]
      ),
      (
        "/bread", "Bread",
        [
          "The bakery bakes rye loaves before dawn and sells them warm over the counter. On "
            + "Saturdays there are poppy plaits as well.",
          "Flour comes from the mill at the upper end of the valley, salt from the pans behind the "
            + "dunes. Who comes late gets what the gulls have left over.",
        ]
      ),
    ]

    private func crawled(
      _ folder: Folder, _ body: (ScriptedSite) async throws -> Void
    ) async throws {
      let links = Self.pages.map { "<a href='\($0.0)'>\($0.1)</a>" }.joined(separator: " ")
      var answers: [String: ScriptedSite.Answer] = [:]
      for (path, title, texts) in Self.pages {
        let text = texts.map { "<p>\($0)</p>" }.joined(separator: "\n")
        answers[path] = .page(
          "<title>\(title)</title><body><article><h1>\(title)</h1>\(text)</article>"
            + (path == "/" ? "<nav>\(links)</nav>" : ""))
      }
      try await ScriptedSite.with(answers) { site in
        let crawl = try await GossamerBinary.run(
          ["crawl", site.base + "/", "-o", "out", "--delay", "0"] + briskly, in: folder)
        #expect(crawl.code == 0, "\(crawl.errors)")
        try await body(site)
      }
    }

    private func search(
      _ folder: Folder, _ arguments: [String]
    ) async throws -> [Hit] {
      let answer = try await GossamerBinary.run(
        ["search", "out", "--json"] + arguments, in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      return try answer.output.split(separator: "\n").map {
        try JSONDecoder().decode(Hit.self, from: Data($0.utf8))
      }
    }

    @Test func meaningRanksWhatNoWordFindsAndBothTogetherWhatEitherFinds() async throws {
      try await Folder.with { folder in
        try await crawled(folder) { site in
          try await ModelServer.with(.plays(WordVectors.answer)) { server in
            let embed = try await GossamerBinary.run(
              ["embed", "out", "--llm-url", server.url, "--model", "bag"], in: folder)
            #expect(embed.code == 0, "\(embed.errors)")
            let model = ["--llm-url", server.url]

            // "Boat timetable" shares no word with the page of the ferry.
            #expect(try await search(folder, ["boat timetable"]).isEmpty)
            let semantic = try await search(
              folder, ["boat timetable", "--mode", "semantic"] + model)
            #expect(semantic.first?.url == site.base + "/ferry")
            #expect(semantic.map(\.rank) == (0..<semantic.count).map { $0 + 1 })
            #expect(semantic.first?.snippet.contains("departs twice a day") == true)

            // By words the bakery, by meaning the ferry: both lead the fused list.
            let hybrid = try await search(
              folder, ["boat OR rye", "--mode", "hybrid", "--limit", "2"] + model)
            #expect(Set(hybrid.map(\.url)) == [site.base + "/ferry", site.base + "/bread"])

            let filtered = try await search(
              folder, ["boat timetable", "--mode", "semantic", "--host", "elsewhere.test"] + model)
            #expect(filtered.isEmpty)

            let unreachable = try await GossamerBinary.run(
              ["search", "out", "boat", "--mode", "semantic", "--llm-url", "http://127.0.0.1:1"],
              in: folder)
            #expect(unreachable.code == 1)
            #expect(unreachable.errors.contains("check that the model's server runs"))

            let before = server.count.bodies.count
            let again = try await GossamerBinary.run(
              ["embed", "out", "--llm-url", server.url, "--model", "bag"], in: folder)
            #expect(again.code == 0, "\(again.errors)")
            #expect(server.count.bodies.count == before, "nothing is embedded twice")
          }
        }
      }
    }

    @Test(
      .enabled(
        if: LocalEmbedder.isNamed,
        "no embedding server: set EMBED_BASE_URL and EMBED_MODEL to search with a real one"))
    func aRealModelRanksByMeaning() async throws {
      try await Folder.with { folder in
        try await crawled(folder) { site in
          let embed = try await GossamerBinary.run(
            ["embed", "out", "--llm-url", LocalEmbedder.url, "--model", LocalEmbedder.name],
            in: folder)
          #expect(embed.code == 0, "\(embed.errors)")
          var model = ["--llm-url", LocalEmbedder.url]
          if LocalEmbedder.name == "e5-passage" { model += ["--query-model", "e5-query"] }
          for (question, path) in [
            ("When does the boat leave?", "/ferry"), ("fresh bakery goods", "/bread"),
            ("What can I see of the history of seafaring?", "/museum"),
          ] {
            for mode in ["semantic", "hybrid"] {
              let hits = try await search(folder, [question, "--mode", mode] + model)
              #expect(hits.first?.url == site.base + path, "\(mode): \(question)")
            }
          }
        }
      }
    }
  }

  /// Vectors of words, counted into places by a hash; words of one thing share a place. What a model
  /// learns is written down here.
  private enum WordVectors {
    static let dimensions = 256
    static let things = [
      ["ferry", "boat", "ship"], ["departs", "timetable", "leaves"], ["museum", "exhibition"],
      ["bakery", "bread", "loaves"],
    ]

    @Sendable static func answer(
      _ method: String, _ path: String, _ body: String
    ) -> (status: Int, text: String) {
      struct Request: Decodable { var input: [String] }
      guard path.hasSuffix("/embeddings"),
        let inputs = try? JSONDecoder().decode(Request.self, from: Data(body.utf8)).input
      else { return (404, #"{"error":{"message":"no such path"}}"#) }
      let data = inputs.enumerated().map { index, text in
        #"{"index":\#(index),"embedding":\#(vector(of: text))}"#
      }
      return (
        200, #"{"data":[\#(data.joined(separator: ","))],"usage":{"prompt_tokens":9}}"#
      )
    }

    private static func vector(of text: String) -> [Double] {
      var counts = [Double](repeating: 0, count: dimensions)
      for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) where word.count > 3 {
        let thing = things.first { $0.contains(String(word)) }?.first ?? String(word)
        // FNV-1a: the same in every run.
        let hash = thing.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
          ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        counts[Int(hash % UInt64(dimensions))] += 1
      }
      let length = counts.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return length > 0 ? counts.map { $0 / length } : counts.map { _ in 1 / 16 }
    }
  }

  /// The real embedding server that the environment names, if it does.
  private enum LocalEmbedder {
    static let url = ProcessInfo.processInfo.environment["EMBED_BASE_URL"] ?? ""
    static let name = ProcessInfo.processInfo.environment["EMBED_MODEL"] ?? ""
    static var isNamed: Bool { !url.isEmpty && !name.isEmpty }
  }
#endif
