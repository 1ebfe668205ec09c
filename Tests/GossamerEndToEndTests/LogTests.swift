#if Network
  import Foundation
  import GossamerDemo
  import Testing

  @Suite("Logs", .timeLimit(.minutes(5)))
  struct LogTests {
    /// Standard error of a small crawl.
    private func errors(_ options: [String]) async throws -> [String] {
      try await DemoSite.with("127.0.47") { site in
        try await Folder.with { folder in
          let answer = try await GossamerBinary.run(
            ["crawl", site.seeds[0], "-o", "out", "--delay", "0", "--max-pages", "5", "--quiet"]
              + options, in: folder)
          #expect(answer.code == 0, "\(answer.errors)")
          return answer.errors.split(separator: "\n").map(String.init)
        }
      }
    }

    @Test func programsReadThemAsJSONLines() async throws {
      struct Line: Decodable {
        var time: String
        var level: String
        var logger: String
        var message: String
        var url: String?
        var kind: String?
        var pages: String?
      }
      let lines = try await errors(["--log-level", "debug", "--log-format", "json"]).map {
        try JSONDecoder().decode(Line.self, from: Data($0.utf8))
      }
      #expect(lines.first?.message == "crawl begins" && lines.last?.message == "crawl ends")
      #expect(lines.last?.pages == "5")
      #expect(lines.count { $0.message == "page" && $0.url != nil && $0.level == "debug" } == 5)
      #expect(lines.filter { $0.message == "skipped" }.allSatisfy { $0.kind != nil })
    }

    @Test func theLevelDecidesWhatIsTold() async throws {
      let info = try await errors(["--log-level", "info"])
      #expect(info.count == 2)
      #expect(info.first?.contains(" info gossamer.crawl: crawl begins continued=false") == true)
      #expect(try await errors([]) == [])
    }

    @Test func anUnknownLevelIsWrongUse() async throws {
      try await Folder.with { folder in
        let answer = try await GossamerBinary.run(
          ["crawl", "http://127.0.0.1:1/", "-o", "out", "--log-level", "loud"], in: folder)
        #expect(answer.code == 2 && answer.errors.contains("'loud'"))
      }
    }
  }
#endif
