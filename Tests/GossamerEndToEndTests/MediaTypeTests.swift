#if Network
  import Foundation
  import GossamerTestKit
  import Testing

  /// What a server says of a body, and what the body is.
  @Suite("MIME Sniffing over a real server", .timeLimit(.minutes(5)))
  struct MediaTypeTests {
    private typealias Answer = ScriptedSite.Answer

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    private func answer(
      _ type: String?, _ body: [UInt8], _ fields: [(String, String)] = []
    ) -> ScriptedSite.Answer {
      Answer(fields: (type.map { [("Content-Type", $0)] } ?? []) + fields, body: body)
    }

    /// Path, answer, whether it is kept as a page.
    private var cases: [(path: String, answer: ScriptedSite.Answer, isKept: Bool)] {
      func page(_ name: String) -> [UInt8] {
        Array("<!DOCTYPE html><title>\(name)</title><p>A few words about \(name) to keep.".utf8)
      }
      let noSniff = [("X-Content-Type-Options", "nosniff")]
      return [
        ("/page", answer("text/html", page("declared")), true),
        ("/undeclared", answer(nil, page("nothing")), true),
        ("/unknown", answer("unknown/unknown", page("unknown")), true),
        ("/octets", answer("application/octet-stream", page("octets")), true),
        ("/strict-octets", answer("application/octet-stream", page("strict"), noSniff), false),
        ("/strict-undeclared", answer(nil, page("bare"), noSniff), true),
        ("/two-types", answer("text/html, image/png", page("two")), false),
        ("/comment-first", answer(nil, Array("<!-- x -->\n<html>".utf8) + page("comments")), true),
        ("/pdf", answer("text/html", Array("%PDF-1.7\n%\u{E2}\n1 0 obj".utf8)), false),
        ("/png", answer("text/html; charset=utf-8", Self.png), false),
        ("/undeclared-png", answer(nil, Self.png), false),
        ("/zip", answer("text/html", [0x50, 0x4B, 3, 4, 20, 0, 0, 0]), false),
        ("/noise", answer("text/plain", [0x41, 0, 1, 2, 3, 4]), false),
        ("/json", answer("application/json", Array(#"{"a": 1}"#.utf8)), false),
      ]
    }

    @Test func aBodyIsTakenForWhatItIs() async throws {
      let links = cases.map { "<a href=\"\($0.path)\">x</a>" }.joined()
      var answers = Dictionary(uniqueKeysWithValues: cases.map { ($0.path, $0.answer) })
      answers["/"] = .page("<title>Home</title><p>Where the links are. \(links)")
      try await ScriptedSite.with(answers) { site in
        try await Folder.with { folder in
          let answer = try await GossamerBinary.run(
            [
              "crawl", site.base + "/", "-o", "out", "--delay", "0.01",
              "--quiet",
            ],
            in: folder)
          #expect(answer.code == 0, "\(answer.errors)")
          let corpus = StoredCorpus(folder)
          let pages = Set(try corpus.pages().map { String($0.url.dropFirst(site.base.count)) })
          let skips = Dictionary(
            try corpus.skips().map { ($0.url.dropFirst(site.base.count), $0.kind) },
            uniquingKeysWith: { first, _ in first })
          for (path, _, isKept) in cases {
            let kind = skips[path[...]]
            #expect(pages.contains(path) == isKept, "\(path): \(kind ?? "kept")")
            if !isKept { #expect(kind == "policy.type", "\(path): \(kind ?? "kept")") }
          }
        }
      }
    }

    @Test func whatASitemapSaysOfAChangeIsKept() async throws {
      let map = """
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <url><loc>/</loc><lastmod>2026-03-04T05:06:07Z</lastmod></url>
        <url><loc>/listed</loc><lastmod>2025-01-02</lastmod></url>
        <url><loc>/bare</loc></url></urlset>
        """
      let answers: [String: Answer] = [
        "/": .page("<title>Home</title><p>Words of the home page."),
        "/listed": .page("<title>Listed</title><p>Other words stand here."),
        "/bare": .page("<title>Bare</title><p>No date is given for these."),
        "/robots.txt": Answer(body: "Sitemap: /map.xml"),
        "/map.xml": Answer(fields: [("Content-Type", "application/xml")], body: map),
      ]
      try await ScriptedSite.with(answers) { site in
        try await Folder.with { folder in
          let answer = try await GossamerBinary.run(
            ["crawl", site.base + "/", "-o", "out", "--delay", "0.01", "--quiet"], in: folder)
          #expect(answer.code == 0, "\(answer.errors)")
          let expected = [
            "/": "2026-03-04T05:06:07.000Z", "/listed": "2025-01-02T00:00:00.000Z", "/bare": nil,
          ]
          for (path, date) in expected {
            struct Found: Decodable {
              var state: String
              var modified_at: String?
            }
            let told = try await GossamerBinary.run(
              ["explain", "out", site.base + path, "--json"], in: folder)
            let found = try JSONDecoder().decode(Found.self, from: Data(told.output.utf8))
            #expect(found.state == "done" && found.modified_at == date, "\(path): \(told.output)")
          }
        }
      }
    }
  }
#endif
