#if Network
  import Foundation
  import GossamerArchive
  import GossamerDemo
  import Testing

  /// Each option of `crawl` against one host of the demo web, or all.
  @Suite("Options of crawl", .serialized, .timeLimit(.minutes(5)))
  struct CrawlOptionTests {
    private static let prefix = "127.0.21"

    /// Crawls the first host, or those named, without pauses.
    private func crawl(
      _ options: [String], seeds: [Int] = [0], check: (DemoSite, StoredCorpus) async throws -> Void
    ) async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          let answer = try await GossamerBinary.run(
            ["crawl"] + seeds.map { site.seeds[$0] } + ["-o", "out", "--delay", "0"] + briskly
              + options, in: folder)
          #expect(answer.code == 0, "\(answer.errors)")
          try await check(site, StoredCorpus(folder))
          #expect(site.statistics().count(of: .repeated) == 0)
          #expect(site.statistics().count(of: .disallowed) == 0)
        }
      }
    }

    /// The pages of a host that a complete crawl stores.
    private func pages(_ site: DemoSite, _ host: Int) -> [String] {
      site.expectedPages.filter { $0.hasPrefix(site.base(host) + "/") }.sorted()
    }

    @Test func withoutExtractionThereAreLinksButNoText() async throws {
      try await crawl(["--extract", "none"]) { site, corpus in
        let pages = try corpus.pages()
        #expect(pages.map(\.url).sorted() == self.pages(site, 0))
        #expect(pages.allSatisfy { $0.text == nil && $0.markdown == nil && $0.warc != nil })
        #expect(pages.allSatisfy { $0.links?.isEmpty == false && $0.title != nil })
      }
    }

    @Test func allVisibleTextIsMoreThanTheMainContent() async throws {
      try await crawl(["--extract", "all", "--max-pages", "1"]) { _, corpus in
        let page = try #require(try corpus.pages().first)
        #expect(page.text?.contains("Keepers' Museum of Lights") == true)
        #expect(page.text?.contains("For a hundred and sixty years") == true)
      }
    }

    @Test func recordsAloneMakeNoArchive() async throws {
      try await crawl(["--formats", "jsonl"]) { site, corpus in
        let pages = try corpus.pages()
        #expect(pages.map(\.url).sorted() == self.pages(site, 0))
        #expect(pages.allSatisfy { $0.warc == nil })
        #expect(corpus.files("warc").isEmpty)
      }
    }

    @Test func anArchiveAloneMakesNoRecords() async throws {
      try await crawl(["--formats", "warc", "--max-pages", "5"]) { _, corpus in
        #expect(corpus.files("pages").isEmpty)
        let kinds = Set(try corpus.archive().map(\.kind))
        #expect(kinds.contains("response"))
        let manifest = try corpus.manifest()
        #expect(manifest.counts["pages"] == 5)
      }
    }

    @Test(arguments: [1, 7, 23])
    func theLimitOfPagesIsExact(limit: Int) async throws {
      try await crawl(
        ["--max-pages", "\(limit)", "--concurrency", "16"], seeds: Array(0..<7)
      ) { _, corpus in
        let (pages, manifest) = (try corpus.pages(), try corpus.manifest())
        #expect(pages.count == limit)
        #expect(manifest.crawl.state == "stopped")
        #expect(manifest.counts["pages"] == limit)
      }
    }

    @Test(arguments: ["jsonl,warc", "warc"])
    func aGreaterLimitGoesOn(formats: String) async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          let corpus = StoredCorpus(folder)
          for limit in [4, 9] {
            let answer = try await GossamerBinary.run(
              ["crawl", site.seeds[0], "-o", "out", "--delay", "0", "--max-pages", "\(limit)"]
                + briskly + ["--formats", formats], in: folder)
            #expect(answer.code == 0)
            let manifest = try corpus.manifest()
            #expect(manifest.counts["pages"] == limit)
          }
          let urls = try corpus.pages().map(\.url)
          #expect(urls.count == (formats == "warc" ? 0 : 9))
          #expect(repeated(urls) == [])
          #expect(site.statistics().count(of: .repeated) == 0)
        }
      }
    }

    @Test func aLimitOfPagesOfAHostHoldsForEachHost() async throws {
      try await crawl(["--per-host-pages", "3"], seeds: [0, 1, 4]) { _, corpus in
        let counts = Dictionary(grouping: try corpus.pages(), by: \.host).mapValues(\.count)
        #expect(counts.count == 3)
        #expect(counts.values.allSatisfy { $0 == 3 }, "\(counts)")
      }
    }

    @Test func depthIsCountedInHops() async throws {
      try await crawl(["--max-depth", "0", "--sitemaps", "no"]) { site, corpus in
        let urls = try corpus.pages().map(\.url)
        #expect(urls == [site.seeds[0]])
      }
      try await crawl(["--max-depth", "1", "--sitemaps", "no"]) { site, corpus in
        let pages = try corpus.pages()
        let home = try #require(pages.first { $0.depth == 0 })
        let linked = Set((home.links ?? []).filter { $0.kind == "a" }.map(\.url))
        #expect(pages.count > 3 && pages.count < self.pages(site, 0).count)
        for page in pages where page.depth > 0 {
          #expect(page.depth == 1)
          #expect(
            linked.contains(page.url) || page.redirects?.contains { linked.contains($0) } == true,
            "\(page.url)")
        }
        #expect(try corpus.skips().contains { $0.kind == "limit.depth" })
      }
    }

    @Test func includedAndExcludedAreWhatTheExpressionsSay() async throws {
      try await crawl(["--include", "/lights/|:[0-9]+/$", "--exclude", "skerrow"]) { site, corpus in
        let wanted = pages(site, 0).filter {
          ($0.contains("/lights/") || $0 == site.seeds[0]) && !$0.contains("skerrow")
        }
        #expect(try corpus.pages().map(\.url).sorted() == wanted)
        #expect(wanted.count > 3)
        let skip = try corpus.skips().first { $0.url.hasSuffix("/lights/skerrow") }
        #expect(skip?.kind == "policy.scope" && skip?.rule == "exclude skerrow")
      }
    }

    @Test func withoutSitemapsOnlyLinkedPagesAreFound() async throws {
      try await crawl(["--sitemaps", "no"]) { site, corpus in
        let wanted = pages(site, 0).filter { !site.sitemapOnlyPages.contains($0) }
        let urls = try corpus.pages().map(\.url).sorted()
        #expect(urls == wanted)
      }
    }

    @Test func withSitemapsOnlyNoLinkIsFollowed() async throws {
      try await crawl(["--sitemaps", "only"]) { site, corpus in
        let stored = Set(try corpus.pages().map(\.url))
        #expect(
          site.sitemapOnlyPages.filter { $0.hasPrefix(site.base(0)) && !stored.contains($0) } == [])
        #expect(stored.isSubset(of: pages(site, 0)))
        // The seed itself may be followed a hop: it stands for the whole site.
        #expect(try corpus.pages().allSatisfy { $0.depth <= 1 })
      }
    }

    @Test func aScopeWithoutEndReachesAllHostsFromOne() async throws {
      try await crawl(["--scope", "any", "--allow-private-addresses"]) { site, corpus in
        site.expectComplete(try corpus.pages().map(\.url))
        #expect(site.statistics().hosts.allSatisfy { $0.robotsRequests == 1 })
      }
    }

    @Test func otherPrivateAddressesAreRefused() async throws {
      try await crawl(["--scope", "any"]) { site, corpus in
        let urls = try corpus.pages().map(\.url)
        #expect(urls.sorted() == pages(site, 0))
        let kinds = Set(try corpus.skips().map(\.kind))
        #expect(kinds.contains("policy.address_blocked"))
        #expect(site.statistics().hosts.dropFirst().allSatisfy { $0.requests == 0 })
      }
    }

    @Test func theScopeOfAFolderStaysInIt() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          let answer = try await GossamerBinary.run(
            ["crawl", site.base(0) + "/lights/", "-o", "out", "--delay", "0", "--scope", "prefix"]
              + briskly, in: folder)
          #expect(answer.code == 0)
          let urls = try StoredCorpus(folder).pages().map(\.url)
          #expect(urls.count > 3)
          #expect(urls.allSatisfy { $0.hasPrefix(site.base(0) + "/lights/") })
        }
      }
    }

    @Test func seedsComeFromFilesAndStandardInput() async throws {
      try await DemoSite.with(Self.prefix) { site in
        try await Folder.with { folder in
          try folder.write(
            "seeds.txt", "# two hosts\n\(site.seeds[0]) depth=0\n\n\(site.seeds[1])\n")
          let common = ["--delay", "0", "--sitemaps", "no", "--max-depth", "1"] + briskly
          let file = try await GossamerBinary.run(
            ["crawl", "seeds.txt", "-o", "out"] + common, in: folder)
          #expect(file.code == 0, "\(file.errors)")
          let byHost = Dictionary(grouping: try StoredCorpus(folder).pages(), by: \.seed)
          #expect(byHost[site.seeds[0]]?.count == 1)
          #expect((byHost[site.seeds[1]]?.count ?? 0) > 3)
          let input = try await GossamerBinary.run(
            ["crawl", "-", "-o", "piped"] + common, in: folder, input: site.seeds[4] + "\n")
          #expect(input.code == 0, "\(input.errors)")
          #expect(try StoredCorpus(folder, "piped").pages().count > 3)
        }
      }
    }
  }
#endif
