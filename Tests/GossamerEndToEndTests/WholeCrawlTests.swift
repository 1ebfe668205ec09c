#if Network
  import Foundation
  import GossamerArchive
  import GossamerBytes
  import GossamerDemo
  import GossamerURL
  import Testing

  /// One crawl of the whole demo web, at which the tests of a suite look from several sides.
  struct WholeCrawl: SuiteTrait, TestScoping {
    struct Result: Sendable {
      var answer: GossamerBinary.Answer
      var site: DemoSite
      var folder: Folder
      var statistics: DemoStatistics
    }

    @TaskLocal static var result: Result?

    func provideScope(
      for test: Test, testCase: Test.Case?,
      performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
      // Gaps are far above what a busy machine may add, so that a breach is a breach.
      try await DemoSite.with(
        "127.0.20", delay: .milliseconds(200), crawlDelay: .milliseconds(260),
        tolerance: .milliseconds(80)
      ) { site in
        try await Folder.with { folder in
          let answer = try await GossamerBinary.run(
            ["crawl"] + site.seeds + [
              "-o", "out", "--delay", "0.2", "--retry-delay", "1", "--max-depth", "8",
              "--summarize",
            ], in: folder)
          let result = Result(
            answer: answer, site: site, folder: folder, statistics: site.statistics())
          try await Self.$result.withValue(result) { try await function() }
        }
      }
    }
  }

  @Suite("A whole crawl of the demo web", WholeCrawl(), .serialized, .timeLimit(.minutes(5)))
  struct WholeCrawlTests {
    private let crawl: WholeCrawl.Result
    private let corpus: StoredCorpus

    init() throws {
      crawl = try #require(WholeCrawl.result)
      corpus = StoredCorpus(crawl.folder)
    }

    @Test func itEndsWell() {
      #expect(crawl.answer.code == 0)
      #expect(crawl.answer.output == "", "results only, and a crawl has none to print")
      #expect(crawl.answer.errorLines.isEmpty)
      #expect(crawl.answer.errors.contains("report: out/report.html"))
    }

    @Test func everyPageIsStoredOnce() throws {
      let urls = try corpus.pages().map(\.url)
      #expect(repeated(urls) == [])
      crawl.site.expectComplete(urls)
    }

    @Test func oneOfEachGroupOfDuplicatesIsStored() throws {
      let urls = Set(try corpus.pages().map(\.url))
      for group in crawl.site.duplicateGroups {
        #expect(group.count { urls.contains($0) } == 1, "\(group)")
      }
    }

    @Test func unwantedPagesAreNotStored() throws {
      let urls = Set(try corpus.pages().map(\.url))
      #expect(crawl.site.unwantedPages.filter { urls.contains($0) } == [])
    }

    @Test func theSiteCountsNoBreachOfPoliteness() {
      #expect(crawl.statistics.violations.map(\.description) == [])
      for host in crawl.statistics.hosts {
        #expect(host.robotsRequests == 1, "\(host.base)")
        #expect(host.mostParallel == 1, "\(host.base)")
      }
    }

    @Test func recordsAreWellFormed() throws {
      let times = try corpus.pages().map { page in
        #expect(page.status == 200, "\(page.url)")
        #expect(page.digest.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil, "\(page.url)")
        #expect(page.url.hasPrefix("http://\(page.host)/"), "\(page.url)")
        #expect(crawl.site.seeds.contains(page.seed), "\(page.url): \(page.seed)")
        #expect((page.depth == 0) == (page.referrer == nil), "\(page.url)")
        #expect(page.depth <= 8, "\(page.url)")
        #expect(page.bytes > 0 && page.fetchSeconds >= 0 && page.queuedSeconds >= 0)
        #expect(page.title?.isEmpty == false, "\(page.url)")
        #expect(page.fetchedAt.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        return page.fetchedAt
      }
      #expect(times.count > 140)
    }

    @Test func expectedPagesHaveTextMarkdownAndSummary() throws {
      let expected = Set(crawl.site.expectedPages)
      for page in try corpus.pages() where expected.contains(page.url) {
        #expect(
          (page.text ?? "").split(separator: " ").count > 5 || page.language != "en", "\(page.url)")
        #expect(page.markdown?.isEmpty == false, "\(page.url)")
        #expect(page.summary?.provider == "extractive", "\(page.url)")
        #expect(page.summary?.text.isEmpty == false, "\(page.url)")
        #expect(page.summaryError == nil, "\(page.url)")
        #expect(page.links?.isEmpty == false, "\(page.url)")
      }
    }

    @Test(arguments: [
      ("/advice/rye-note", 5, "windows-1251", "Рожь прислала нам библиотека семян"),
      ("/advice/tea-note", 5, "Shift_JIS", "この種は山の上の小さな畑から届きました"),
      ("/advice/vine-note", 5, "UTF-16LE", "Το κλήμα ήρθε από ένα νησί χωρίς ποτάμια"),
      // Labels of ISO 8859-1 mean windows-1252. Source: WHATWG Encoding §4.2.
      ("/guides/sewing-tension", 4, "windows-1252", "Zoë Nuñez, who came to us from a façade"),
    ])
    func legacyPagesAreReadable(
      path: String, host: Int, charset: String, words: String
    ) throws {
      let url = crawl.site.base(host) + path
      let page = try #require(try corpus.pages().first { $0.url == url })
      #expect(page.charset?.lowercased() == charset.lowercased())
      #expect(page.text?.contains(words) == true, "\(page.text ?? "")")
    }

    @Test func everyRefusalHasItsReason() throws {
      let skips = try corpus.skips()
      let kinds = Dictionary(grouping: skips, by: \.kind)
      func skip(_ host: Int, _ path: String) -> StoredCorpus.Skip? {
        skips.first { $0.url == crawl.site.base(host) + path }
      }
      let robots = try #require(skip(6, "/private/closed-files"))
      #expect(robots.kind == "policy.robots")
      #expect(robots.rule?.hasSuffix("Disallow: /private/") == true)
      #expect(robots.referrer == crawl.site.base(6) + "/")
      #expect(skip(3, "/notes/members-only-minutes")?.kind == "policy.meta_robots")
      let missing = try #require(skip(6, "/records/lost-fire-book"))
      #expect(missing.kind == "http.status" && missing.status == 404)
      let moved = try #require(skip(6, "/catalogue.cgi"))
      #expect(moved.kind == "redirect" && moved.status == 301)
      #expect(moved.value == crawl.site.base(6) + "/how-we-catalogue")
      #expect(kinds["limit.depth"]?.contains { $0.url.contains("/calendar?month=") } == true)
      let urls = Set(try corpus.pages().map(\.url))
      for skip in kinds["duplicate"] ?? [] {
        #expect(urls.contains(skip.value ?? ""), "\(skip.url): \(skip.value ?? "nothing")")
      }
      #expect(kinds["duplicate"]?.isEmpty == false)
      #expect(repeated(skips.map { $0.kind + " " + $0.url }) == [])
      #expect(skips.allSatisfy { $0.at != nil && $0.depth != nil })
      #expect(skips.filter { urls.contains($0.url) }.map(\.url) == [], "stored and skipped")
    }

    @Test func manifestAndReportHoldTheFigures() throws {
      let manifest = try corpus.manifest()
      let pages = try corpus.pages()
      #expect(manifest.crawl.state == "finished")
      #expect(manifest.crawl.runs == 1)
      #expect(manifest.crawl.finishedAt != nil)
      #expect(manifest.counts["pages"] == pages.count)
      #expect(manifest.counts["hosts"] == 7)
      #expect(manifest.counts["requests"] == crawl.statistics.requests)
      #expect(manifest.settings["delay"] == "0.2")
      for file in manifest.files { #expect(crawl.folder.has("out/" + file), "\(file)") }
      #expect(manifest.files.contains("warc/gossamer-00000.warc.gz"))
      let report = String(decoding: try corpus.bytes("report.html"), as: UTF8.self)
      #expect(report.contains("<svg"))
      #expect(report.contains(String(pages.count)))
      #expect(!report.contains("src=") && !report.contains("<link"), "self-contained")
    }

    @Test func theArchiveHoldsEveryExchange() throws {
      let entries = try corpus.archive()
      #expect(entries.first?.kind == "warcinfo")
      #expect(entries.filter { $0.problem != nil }.map(\.offset) == [])
      #expect(entries.filter { $0.blockDigestFits == false }.map(\.offset) == [])
      #expect(entries.filter { $0.payloadDigestFits == false }.map(\.offset) == [])
      let responses = entries.filter { $0.kind == "response" }
      let requests = entries.filter { $0.kind == "request" }
      #expect(repeated(responses.compactMap(\.targetURI)) == [])
      let answered = entries.count { ["response", "revisit"].contains($0.kind) }
      #expect(requests.count == answered)
      #expect(Set(responses.compactMap(\.targetURI)).isSuperset(of: try corpus.pages().map(\.url)))
    }

    @Test func theIndexLeadsToEveryCapture() throws {
      struct Line: Decodable {
        var url: String
        var mime: String?
        var status: String
        var digest: String
        var length: String
        var offset: String
        var filename: String
      }
      let index = String(decoding: try corpus.bytes("warc/index.cdxj"), as: UTF8.self)
      let lines = index.split(separator: "\n")
      #expect(
        lines.map { Array($0.utf8) }
          == lines.map { Array($0.utf8) }.sorted {
            $0.lexicographicallyPrecedes($1)
          })
      for line in lines {
        let parts = line.split(separator: " ", maxSplits: 2)
        let capture = try JSONDecoder().decode(Line.self, from: Data(parts[2].utf8))
        let entry = try #require(
          try corpus.record(
            .init(
              file: capture.filename, offset: Int(capture.offset) ?? -1,
              length: Int(capture.length) ?? -1)))
        #expect(entry.targetURI == capture.url && parts[1].utf8.count == 14)
        #expect(CanonicalURL(capture.url)?.surt == String(parts[0]))
        #expect(entry["WARC-Payload-Digest"]?.hasSuffix(capture.digest) == true)
        #expect((entry.kind == "revisit") == (capture.mime == "warc/revisit"))
        #expect(entry.message?.status == Int(capture.status))
      }
      let captures = try corpus.archive().count { ["response", "revisit"].contains($0.kind) }
      #expect(lines.count == captures)
    }

    @Test func recordsPointAtTheirResponses() throws {
      for page in try corpus.pages() {
        let place = try #require(page.warc, "\(page.url)")
        #expect(place.file == "gossamer-00000.warc.gz")
        let entry = try #require(try corpus.record(place))
        #expect(entry.kind == "response" && entry.targetURI == page.url)
        #expect(entry.length == place.length)
        let message = try #require(entry.message)
        #expect(message.status == 200)
        if message["Content-Encoding"] == nil {
          #expect(page.digest == "sha256:" + Digest.sha256(of: message.body).hex, "\(page.url)")
        }
      }
    }

    @Test(.enabled(if: Tools.has(python: "warcio"), "Python's warcio is not installed"))
    func anotherReaderAcceptsTheArchive() throws {
      let status = try Tools.status(
        "python3", ["-m", "warcio.cli", "check", crawl.folder("out/warc/gossamer-00000.warc.gz")])
      #expect(status == 0)
    }

    @Test func statusTellsTheSameFigures() async throws {
      let answer = try await GossamerBinary.run(["status", "out"], in: crawl.folder)
      #expect(answer.code == 0)
      let status = try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
      let object = try #require(status as? [String: Any])
      #expect(object["state"] as? String == "finished")
      #expect(object["pages"] as? Int == (try corpus.pages().count))
      #expect(object["pending"] as? Int == 0)
    }

    @Test func theReportIsMadeAgain() async throws {
      let answer = try await GossamerBinary.run(["report", "out"], in: crawl.folder)
      #expect(answer.code == 0)
      #expect(answer.output == "out/report.html\n")
    }
  }
#endif
