#if Network
  import Foundation
  import Testing

  /// One crawl of a site that says in every known way what may be done with its pages.
  struct PermissionCrawl: SuiteTrait, TestScoping {
    struct Result: Sendable {
      var answer: GossamerBinary.Answer
      var base: String
      var requests: [String]
      var folder: Folder
    }

    @TaskLocal static var result: Result?

    /// Prose of its own for each page, long enough to be summarized.
    private static func text(_ name: String) -> String {
      (1...6).map {
        "<p>Sentence \($0) of the page called \(name) tells about boats, rivers and \(name) again.</p>"
      }.joined()
    }

    private static func page(
      _ name: String, head: String = "", _ fields: [(String, String)] = []
    ) -> ScriptedSite.Answer {
      .page("<head><title>\(name)</title>\(head)</head><body><main>\(text(name))</main>", fields)
    }

    private static let answers: [String: ScriptedSite.Answer] = {
      let pages: [String: ScriptedSite.Answer] = [
        "/plain": page("plain"),
        "/no-input/a": page("noinput"),
        "/mined/a": page("mined"),
        "/mined/free": page("free", head: "<meta name=tdm-reservation content=0>"),
        "/noai": page("noai", [("X-Robots-Tag", "noai")]),
        "/other": page("other", [("X-Robots-Tag", "otherbot: noai, noindex")]),
        "/named": page("named", head: "<meta name=Gossamer content=noindex>"),
        "/expired": page(
          "expired", [("X-Robots-Tag", "unavailable_after: 2010-06-25T15:00:00Z")]),
        "/future": page(
          "future", [("X-Robots-Tag", "unavailable_after: 25 Jun 2090 15:00:00 GMT")]),
        "/licensed": page("licensed", [("Link", "</terms.xml>; rel=\"license\"")]),
        "/header": page("header", [("Content-Usage", "train-ai=n"), ("tdm-reservation", "1")]),
        "/paid": .init(status: 402, fields: [("crawler-price", "USD 0.01")], body: "pay"),
        "/rsl": .init(
          status: 401, fields: [("WWW-Authenticate", "License error=\"invalid_request\"")],
          body: "licence"),
        "/login": .init(status: 401, fields: [("WWW-Authenticate", "Basic")], body: "login"),
        "/private": page("private"),
      ]
      let links = pages.keys.sorted().map { "<a href=\"\($0)\">\($0)</a> " }.joined()
      return pages.merging([
        "/": .page("<head><title>home</title></head><body>\(links)<main>\(text("home"))</main>"),
        "/robots.txt": .init(
          fields: [("Content-Type", "text/plain")],
          body: """
            License: https://licence.invalid/rsl.xml
            User-agent: *
            Disallow: /private
            Content-Signal: search=yes, ai-train=no
            Content-Usage: /no-input/ ai-use=n
            """),
        "/.well-known/tdmrep.json": .init(
          fields: [("Content-Type", "application/json")],
          body: """
            [{"location": 5}, {"location": "/mined/", "tdm-reservation": 1,
              "tdm-policy": "https://licence.invalid/policy.json"}]
            """),
      ]) { $1 }
    }()

    func provideScope(
      for test: Test, testCase: Test.Case?,
      performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
      try await ScriptedSite.with(Self.answers) { site in
        try await Folder.with { folder in
          let answer = try await GossamerBinary.run(
            [
              "crawl", site.base + "/", "-o", "out", "--delay", "0.05", "--summarize", "--quiet",
            ], in: folder)
          let result = Result(
            answer: answer, base: site.base, requests: site.requests, folder: folder)
          try await Self.$result.withValue(result) { try await function() }
        }
      }
    }
  }

  @Suite("What sites permit", PermissionCrawl(), .serialized, .timeLimit(.minutes(5)))
  struct PermissionTests {
    private let crawl: PermissionCrawl.Result
    private let corpus: StoredCorpus

    init() throws {
      crawl = try #require(PermissionCrawl.result)
      corpus = StoredCorpus(crawl.folder)
    }

    /// `gossamer explain --json` of a path.
    private func explain(_ path: String) async throws -> Explained {
      let answer = try await GossamerBinary.run(
        ["explain", "out", crawl.base + path, "--json"], in: crawl.folder)
      #expect(answer.code == 0, "\(answer.errors)")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(Explained.self, from: Data(answer.output.utf8))
    }

    struct Explained: Decodable {
      struct Host: Decodable {
        var pages: Int
        var gap: Double?
      }
      struct Robots: Decodable {
        var allowed: Bool
        var rule: String?
        var line: Int?
        var status: Int
      }
      struct Use: Decodable {
        struct Evidence: Decodable {
          var source: String
          var text: String
        }
        var search: String?
        var aiInput: String?
        var aiTrain: String?
        var licenses: [String]?
        var evidence: [Evidence]?
      }
      struct Page: Decodable {
        var url: String
        var robots: [String]?
        var preferences: Use?
        var summary: StoredCorpus.Page.Summary?
        var summaryError: StoredCorpus.Page.Failure?
        var warc: StoredCorpus.Page.Place?
      }
      var url: String
      var surt: String
      var hostKey: String
      var state: String
      var depth: Int?
      var seed: String?
      var referrer: String?
      var host: Host?
      var robots: Robots?
      var sitePreferences: Use?
      var skips: [StoredCorpus.Skip]?
      var page: Page?
    }

    @Test func obeyingIsNoFailure() {
      #expect(crawl.answer.code == 0)
      #expect(crawl.answer.errorLines == [])
    }

    @Test func bothFilesAreAskedForOnceAndFirst() {
      #expect(crawl.requests.prefix(2) == ["/robots.txt", "/.well-known/tdmrep.json"])
      #expect(repeated(crawl.requests) == [])
      #expect(!crawl.requests.contains("/private"))
    }

    @Test func pagesOfWhichNobodySaidMoreHaveTheWordOfTheSite() async throws {
      let found = try await explain("/plain")
      let use = try #require(found.page?.preferences)
      #expect([use.search, use.aiInput, use.aiTrain] == ["yes", nil, "no"])
      #expect(use.licenses == ["https://licence.invalid/rsl.xml"])
      #expect(
        use.evidence?.map(\.source) == ["robots.txt line 4", "robots.txt line 1"])
      #expect(found.page?.summary != nil)
    }

    @Test(arguments: ["/no-input/a", "/mined/a", "/noai", "/header"])
    func pagesThatModelsMustNotReadHaveNoSummary(path: String) async throws {
      let found = try await explain(path)
      #expect(found.page?.preferences?.aiInput == "no")
      #expect(found.page?.preferences?.aiTrain == "no")
      #expect(found.page?.summary == nil)
      #expect(found.page?.summaryError?.kind == "policy.ai_input")
    }

    @Test func thePageItselfSupersedesTheFileOfTheOrigin() async throws {
      let found = try await explain("/mined/free")
      // Robots.txt still speaks against training.
      #expect(found.page?.preferences?.aiInput == "yes")
      #expect(found.page?.preferences?.aiTrain == "no")
      let sources = found.page?.preferences?.evidence?.map(\.source) ?? []
      #expect(sources.contains("tdmrep.json rule 2") && sources.contains("meta"))
      #expect(found.sitePreferences?.aiInput == "no")
    }

    @Test func directivesForOtherCrawlersAreNotOurs() async throws {
      let found = try await explain("/other")
      #expect(found.page?.robots == nil)
      #expect(found.page?.summary != nil)
    }

    @Test(arguments: ["/named", "/expired"])
    func pagesThatMustNotBeKeptAreNot(path: String) async throws {
      let found = try await explain(path)
      #expect(found.state == "done" && found.page == nil)
      #expect(found.skips?.map(\.kind) == ["policy.meta_robots"])
    }

    @Test func aPageMayBeKeptUntilItsTimeIsOver() async throws {
      let found = try await explain("/future")
      #expect(found.page?.robots == ["unavailable_after: 25 Jun 2090 15:00:00 GMT"])
    }

    @Test func licencesOfPagesAreKept() async throws {
      let found = try await explain("/licensed")
      #expect(found.page?.preferences?.licenses?.contains(crawl.base + "/terms.xml") == true)
    }

    @Test(arguments: [
      ("/paid", "policy.payment", 402, "blocked"), ("/rsl", "policy.license", 401, "blocked"),
      ("/login", "http.status", 401, "failed"),
    ])
    func gatesAreReportedAndNotAskedAgain(path: String, kind: String, status: Int, state: String)
      async throws
    {
      let found = try await explain(path)
      #expect(found.state == state)
      #expect(found.skips?.map(\.kind) == [kind])
      #expect(found.skips?.first?.status == status)
      #expect(crawl.requests.count { $0 == path } == 1)
    }

    @Test func theRuleThatForbidsIsCited() async throws {
      let found = try await explain("/private")
      #expect(found.state == "blocked" && found.page == nil)
      #expect(found.robots?.allowed == false)
      #expect(found.robots?.rule == "Disallow: /private" && found.robots?.line == 3)
      #expect(found.skips?.first?.rule == "line 3: Disallow: /private")
    }

    @Test func aPageIsExplainedFromSeedToArchive() async throws {
      let found = try await explain("/plain?utm_source=x#top")
      #expect(found.url == crawl.base + "/plain")
      #expect(found.surt.hasSuffix(")/plain"))
      #expect(found.state == "done" && found.depth == 1)
      #expect(found.seed == crawl.base + "/" && found.referrer == crawl.base + "/")
      #expect(found.robots?.allowed == true && found.robots?.status == 200)
      #expect(found.host?.gap == 0.05)
      let place = try #require(found.page?.warc)
      #expect(try corpus.record(place) != nil)
    }

    @Test func whatWasNeverSeenIsUnknown() async throws {
      let found = try await explain("/nowhere")
      #expect(found.state == "unknown" && found.page == nil && found.depth == nil)
      #expect(found.robots?.allowed == true)
    }

    @Test func textForPeopleSaysTheSame() async throws {
      let answer = try await GossamerBinary.run(
        ["explain", "out", crawl.base + "/no-input/a"], in: crawl.folder)
      #expect(answer.code == 0 && answer.errors == "")
      for part in [
        "state: done", "input to models", "robots.txt line 5 for /no-input/", "archived",
      ] {
        #expect(answer.output.contains(part), "\(part)")
      }
    }

    @Test func wrongUseIsToldInOneLine() async throws {
      for arguments in [["explain", "nowhere", crawl.base], ["explain", "out", "mailto:a@b"]] {
        let answer = try await GossamerBinary.run(arguments, in: crawl.folder)
        #expect(answer.code == 2)
        #expect(answer.errorLines.count == 1 && answer.output == "")
      }
      let status = try await GossamerBinary.run(["status", "nowhere"], in: crawl.folder)
      #expect(status.code == 2)
    }
  }
#endif
