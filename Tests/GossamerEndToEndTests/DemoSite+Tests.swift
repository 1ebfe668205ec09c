#if Network
  import GossamerDemo
  import Testing

  extension DemoSite {
    /// Runs `body` while a demo web is up.
    ///
    /// - Parameter prefix: of addresses; suites run side by side, so each has its own.
    static func with<Result>(
      _ prefix: String, delay: Duration = .zero, crawlDelay: Duration = .zero,
      slowness: Duration = .milliseconds(100), tolerance: Duration = .milliseconds(10),
      _ body: (DemoSite) async throws -> Result
    ) async throws -> Result {
      var configuration = DemoConfiguration()
      configuration.addressPrefix = prefix
      configuration.promisedDelay = delay
      configuration.crawlDelay = crawlDelay
      configuration.slowness = slowness
      configuration.tolerance = tolerance
      let site = try await start(configuration)
      do {
        let result = try await body(site)
        try await site.shutdown()
        return result
      } catch {
        try? await site.shutdown()
        throw error
      }
    }

    /// One of each group of duplicates, the same for any of them; other URLs are themselves.
    func representative(of url: String) -> String {
      duplicateGroups.first { $0.contains(url) }?.first ?? url
    }

    /// What a complete crawl stores, with the first of each group of duplicates.
    var completePages: Set<String> {
      Set(expectedPages + duplicateGroups.compactMap(\.first))
    }

    /// The home page of a host by its number, without a slash.
    func base(_ host: Int) -> String { String(seeds[host].dropLast()) }

    /// Checks that the pages stored are those of a complete crawl: each once, nothing else.
    ///
    /// Print versions are pages of their own; whether to store them is left open.
    func expectComplete(_ urls: [String], sourceLocation: SourceLocation = #_sourceLocation) {
      #expect(repeated(urls.map(representative)) == [], sourceLocation: sourceLocation)
      let stored = Set(urls.map(representative))
      #expect(completePages.subtracting(stored).sorted() == [], sourceLocation: sourceLocation)
      let surplus = stored.subtracting(completePages)
        .filter { !$0.contains("/calendar") && !$0.hasSuffix("?print=1") }
      #expect(surplus.sorted() == [], sourceLocation: sourceLocation)
    }
  }

  /// The part of a crawl's command line that all tests share: quick retries, no endless calendar.
  let briskly = ["--retry-delay", "1", "--exclude", "/calendar\\?", "--quiet"]
#endif
