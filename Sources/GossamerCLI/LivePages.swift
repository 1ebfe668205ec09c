#if Network
  import ArgumentParser
  import Foundation
  import Gossamer
  import GossamerFlow

  /// Pages of the live web for agents: each is a crawl of one page, so robots.txt, rates, redirects,
  /// limits and addresses are treated as ever. What is fetched goes into the corpus.
  ///
  /// Only hosts of the corpus and of addresses that the user named are asked, whatever a page says.
  struct LivePages: PageSource {
    private let layout: CorpusLayout
    private let index: SQLiteCorpusIndex
    private let hosts: Set<String>
    private let contact: String?
    /// One page at a time: they share the state that keeps the gaps between requests.
    private let place = RateLimiter(limits: RateLimits(concurrency: 1))

    init(
      _ layout: CorpusLayout, _ index: SQLiteCorpusIndex, questions: [String], contact: String?
    ) async throws {
      self.layout = layout
      self.index = index
      self.contact = contact
      var hosts = Set(try await index.hosts(limit: 1_000_000).map(\.name))
      for word in questions.flatMap({ $0.split(whereSeparator: \.isWhitespace) }) {
        if word.contains("://"), let url = CanonicalURL(String(word)) { hosts.insert(url.hostKey) }
      }
      self.hosts = hosts
    }

    func page(at url: String) async throws -> PageRecord {
      if let stored = try await index.page(at: url) { return stored.record }
      guard let canonical = CanonicalURL(url), hosts.contains(canonical.hostKey) else {
        throw ToolFailure("Only pages of hosts that are in the corpus, or that the user named.")
      }
      let turn = try await place.acquire()
      let result: Result<PageRecord, any Error>
      do { result = .success(try await fetch(canonical)) } catch { result = .failure(error) }
      await place.settle(turn)
      return try result.get()
    }

    private func fetch(_ url: CanonicalURL) async throws -> PageRecord {
      var plan = try CrawlPlan(options(), seeds: [url.string])
      // One state for all pages that are asked for: gaps and robots.txt outlive each of them.
      plan.settings.identity = ["purpose": "pages for agents"]
      let run = CrawlRun(plan: plan, console: Console(quiet: true, color: .never))
      let transport = AsyncHTTPTransport(settings: run.transportSettings) {
        [addresses = plan.addresses] in
        addresses.allows($0)
      }
      do {
        let crawler = try await Crawler(
          settings: plan.settings, seeds: plan.seeds, scope: plan.scope, output: plan.layout,
          parts: run.parts(transport))
        try await withTaskCancellationHandler {
          _ = try await crawler.run()
        } onCancel: {
          Task { await crawler.stop() }
        }
        await transport.shutdown()
        // The crawler holds the lock of its folder: nobody else adds a line meanwhile.
        let record = try await add(url, from: plan.layout)
        withExtendedLifetime(crawler) {}
        return record
      } catch {
        await transport.shutdown()
        throw error
      }
    }

    private func options() throws -> CrawlOptions {
      var options = try CrawlOptions.parse([])
      options.output = layout.root + "/asked"
      options.formats = FormatsValue(formats: [.jsonl])
      options.maxDepth = 0
      options.sitemaps = .no
      options.contact = contact
      return options
    }

    /// Takes the page's line over into the corpus and its index.
    private func add(_ url: CanonicalURL, from asked: CorpusLayout) async throws -> PageRecord {
      var lines = LineFiles(asked.pageFiles)
      let decoder = JSONDecoder()
      var found: (line: [UInt8], record: PageRecord)?
      while let line = lines.next() {
        guard let record = try? decoder.decode(PageRecord.self, from: line),
          record.url == url.string || record.redirects?.contains(url.string) == true
        else { continue }
        found = ([UInt8](line) + [0x0A], record)
      }
      guard let found else {
        throw ToolFailure("The page was not fetched: \(FetchCommand.reason(asked)).")
      }
      let path = layout.pages + "asked-00000.jsonl"
      var file = try AppendFile(
        path: path, committed: AppendFile.lengthOfWholeLines(path: path))
      try file.append(found.line)
      try file.synchronize()
      try await index.update()
      return found.record
    }
  }
#endif
