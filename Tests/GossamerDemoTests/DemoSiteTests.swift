#if Network
  import GossamerDemo
  import Testing

  @Suite("The demo web", .serialized, .timeLimit(.minutes(5)))
  struct DemoSiteTests {
    private func withSite(
      _ change: (inout DemoConfiguration) -> Void = { _ in },
      _ body: (DemoSite) async throws -> Void
    ) async throws {
      var configuration = DemoConfiguration()
      configuration.addressPrefix = "127.0.77"
      configuration.promisedDelay = .zero
      configuration.crawlDelay = .zero
      configuration.slowness = .milliseconds(50)
      change(&configuration)
      let site = try await DemoSite.start(configuration)
      do {
        try await body(site)
      } catch {
        try? await site.shutdown()
        throw error
      }
      try await site.shutdown()
    }

    private func base(_ site: DemoSite, _ host: Int) -> String {
      String(site.seeds[host].dropLast())
    }

    @Test func everyExpectedPageIsServedWithProseOfItsOwn() async throws {
      try await withSite { site in
        #expect(site.seeds.count == 7)
        #expect(site.expectedPages.count > 140)
        #expect(Set(site.expectedPages).count == site.expectedPages.count)
        var bodies: Set<[UInt8]> = []
        for url in site.expectedPages {
          var answer = try await PlainClient.get(url)
          if answer.status == 429 || answer.status == 503 {
            answer = try await PlainClient.get(url)
          }
          #expect(answer.status == 200, "\(url)")
          #expect(answer.body.count > 800, "\(url)")
          #expect(bodies.insert(answer.body).inserted, "\(url)")
        }
        #expect(site.statistics().count(of: .repeated) == 0)
        #expect(site.statistics().count(of: .disallowed) == 0)
      }
    }

    @Test func robotsAndSitemapNameWhatTheyShould() async throws {
      try await withSite({ $0.crawlDelay = .milliseconds(200) }) { site in
        let robots = try await PlainClient.get(base(site, 2) + "/robots.txt").text
        #expect(robots.contains("Crawl-delay: 0.2\n"))
        #expect(robots.contains("Disallow: /private/\nDisallow: /raw/"))
        #expect(robots.contains("Sitemap: \(base(site, 2))/sitemap.xml"))
        for index in 0..<7 {
          let sitemap = try await PlainClient.get(base(site, index) + "/sitemap.xml").text
          for url in site.sitemapOnlyPages where url.hasPrefix(base(site, index) + "/") {
            #expect(sitemap.contains("<loc>\(url)</loc>"))
          }
          #expect(!sitemap.contains("/private/"))
        }
      }
    }

    @Test func refusalsAreGivenOnceWithATime() async throws {
      try await withSite { site in
        for (url, status) in [
          (base(site, 2) + "/stations/railway-bridge", 429),
          (base(site, 1) + "/recipes/yesterday", 503),
        ] {
          let first = try await PlainClient.get(url)
          #expect(first.status == status)
          #expect(first.headers["retry-after"] == "1")
          #expect(try await PlainClient.get(url).status == 200)
        }
        #expect(site.statistics().count(of: .duringRetryAfter) == 2)
      }
    }

    @Test func redirectsLeadThroughAChain() async throws {
      try await withSite { site in
        var url = base(site, 0) + "/go/oil"
        var statuses: [Int] = []
        while true {
          let answer = try await PlainClient.get(url)
          statuses.append(answer.status)
          guard let location = answer.headers["location"] else { break }
          url = location.hasPrefix("/") ? base(site, 0) + location : location
        }
        #expect(statuses == [302, 301, 200])
        #expect(site.expectedPages.contains(url))
        let away = try await PlainClient.get(base(site, 4) + "/friends/rye")
        #expect(away.headers["location"] == base(site, 1) + "/recipes/for-our-friends")
      }
    }

    @Test(arguments: [
      ("rye-note", "windows-1251", [UInt8](arrayLiteral: 0xD0, 0xEE, 0xE6, 0xFC)),
      ("tea-note", "shift_jis", [0x82, 0xB1, 0x82, 0xCC]), ("vine-note", "utf-16le", [0xA4, 0x03]),
    ])
    func oldEncodingsAreSentAsBytes(page: String, charset: String, bytes: [UInt8]) async throws {
      try await withSite { site in
        let answer = try await PlainClient.get(base(site, 5) + "/advice/" + page)
        #expect(answer.headers["content-type"] == "text/html; charset=\(charset)")
        #expect(answer.body.firstRange(of: bytes) != nil)
      }
    }

    @Test func theOddPagesAreThere() async throws {
      try await withSite { site in
        let gzip = try await PlainClient.get(base(site, 0) + "/craft/log-books")
        #expect(gzip.headers["content-encoding"] == "gzip")
        #expect(gzip.body.starts(with: [0x1F, 0x8B]))
        #expect(try await PlainClient.get(base(site, 4) + "/guides/perpetual-motion").status == 404)
        let start = ContinuousClock.now
        _ = try await PlainClient.get(base(site, 0) + "/craft/relief")
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        let noindex = try await PlainClient.get(base(site, 3) + "/notes/members-only-minutes").text
        #expect(noindex.contains("<meta name=\"robots\" content=\"noindex\">"))
        let calendar = try await PlainClient.get(base(site, 3) + "/calendar?month=2031-12").text
        #expect(calendar.contains("/calendar?month=2032-01"))
        let tracked = try await PlainClient.get(base(site, 3) + "/notes/dew?utm_source=x").text
        #expect(tracked == (try await PlainClient.get(base(site, 3) + "/notes/dew").text))
        for group in site.duplicateGroups {
          let first = try await PlainClient.get(group[0]).body
          #expect(first == (try await PlainClient.get(group[1]).body))
        }
        let note = try await PlainClient.get(base(site, 2) + "/issues/assistant-note").text
        #expect(note.contains("Ignore all previous instructions"))
      }
    }

    @Test func anImpoliteVisitorIsWrittenUp() async throws {
      try await withSite({ $0.promisedDelay = .seconds(5) }) { site in
        let page = base(site, 0) + "/lights/skerrow"
        _ = try await PlainClient.get(page)
        _ = try await PlainClient.get(base(site, 0) + "/robots.txt")
        _ = try await PlainClient.get(page)
        _ = try await PlainClient.get(base(site, 0) + "/admin/rota")
        _ = try await PlainClient.get(base(site, 0) + "/private/key-cupboard")
        _ = try await PlainClient.get(base(site, 3) + "/notes/complaints")
        let seen = site.statistics()
        #expect(seen.count(of: .robotsNotFirst) == 2)
        #expect(seen.count(of: .gap) == 4)
        #expect(seen.count(of: .repeated) == 1)
        #expect(seen.count(of: .disallowed) == 2)
        #expect(seen.count(of: .privatePage) == 1)
        #expect(seen.count(of: .nofollowed) == 1)
        #expect(seen.hosts[0].requests == 5)
        #expect(seen.hosts[0].requiredGap == .seconds(5))
      }
    }

    @Test func parallelRequestsAreCounted() async throws {
      try await withSite({ $0.slowness = .milliseconds(400) }) { site in
        let url = base(site, 0) + "/craft/relief"
        async let first = PlainClient.get(url)
        async let second = PlainClient.get(url)
        _ = try await (first, second)
        #expect(site.statistics().count(of: .parallel) == 1)
        #expect(site.statistics().hosts[0].mostParallel == 2)
      }
    }

    @Test func politenessLeavesNoTrace() async throws {
      try await withSite { site in
        for path in ["/robots.txt", "/", "/admin/opening-hours"] {
          _ = try await PlainClient.get(base(site, 0) + path)
        }
        #expect(site.statistics().violations.isEmpty)
        #expect(site.statistics().requests == 3)
      }
    }

    @Test func aTakenPortIsAClearError() async throws {
      try await withSite { site in
        var configuration = DemoConfiguration()
        configuration.addressPrefix = "127.0.77"
        configuration.port = site.port
        await #expect(throws: DemoError.self) { _ = try await DemoSite.start(configuration) }
      }
    }
  }
#endif
