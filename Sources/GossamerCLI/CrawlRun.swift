#if Network
  import Foundation
  import Gossamer
  import GossamerFlow
  import GossamerNetwork
  import GossamerSQLite
  import Logging
  import Synchronization

  /// One run of a plan: opens the doors, crawls, shows progress, listens for signals, and writes
  /// manifest and report at the end. The only place that picks concrete doors.
  struct CrawlRun {
    let plan: CrawlPlan
    let console: Console
    var logger = Logger(label: "gossamer.crawl") { _ in SwiftLogNoOpLogHandler() }

    /// What is known after the run.
    struct Result {
      var end: Crawler.End
      var counters: CrawlProgress.Counters
      var counts: FrontierCounts
      var seconds: Double
      var wasContinued: Bool
      var pagesBefore: Int
      var report: CrawlReport?
    }

    /// - Throws: `CommandFailure` with the right exit code.
    func run() async throws -> Result {
      let transport = AsyncHTTPTransport(settings: transportSettings) {
        [addresses = plan.addresses] in
        addresses.allows($0)
      }
      let modelTransport = plan.summaries?.transport() ?? AsyncHTTPTransport()
      do {
        let result = try await run(transport, modelTransport)
        await transport.shutdown()
        await modelTransport.shutdown()
        return result
      } catch {
        await transport.shutdown()
        await modelTransport.shutdown()
        throw CommandFailure(error)
      }
    }

    /// How the network is used.
    var transportSettings: TransportSettings {
      var settings = TransportSettings()
      settings.connectTimeout = plan.transport.connectTimeout
      settings.httpVersion = plan.transport.onlyHTTP1 ? .http1Only : .automatic
      settings.maximumConnectionsPerAddress = plan.transport.perAddress
      // Pages are larger than the first words of a model.
      settings.firstReadInBytes = 16_384
      settings.additionalTrustRootsFile = plan.transport.trustRootsFile
      return settings
    }

    /// What the crawl is made of, without stages.
    func parts(_ transport: AsyncHTTPTransport) -> Crawler.Parts {
      var parts = Crawler.Parts(
        transport: transport, resolver: SystemResolver(),
        makeStore: { try SQLiteFrontierStore(path: $0) })
      parts.policy = plan.policy
      parts.budget = plan.budget
      parts.traps = plan.traps
      parts.concurrency = plan.concurrency
      parts.memory = plan.memory
      parts.addresses = plan.addresses
      parts.limits = plan.limits
      return parts
    }

    private func run(
      _ transport: AsyncHTTPTransport, _ modelTransport: AsyncHTTPTransport
    ) async throws -> Result {
      var parts = parts(transport)
      parts.logger = logger
      if let summaries = plan.summaries {
        parts.stages = [try stage(summaries, modelTransport)]
      }
      let crawler = try await Crawler(
        settings: plan.settings, seeds: plan.seeds, scope: plan.scope, output: plan.layout,
        parts: parts)
      if crawler.isContinued {
        console.say("continuing \(plan.layout.root): \(crawler.pagesBefore) pages stored before")
      }
      logger.info(
        "crawl begins",
        metadata: [
          "output": "\(plan.layout.root)", "seeds": "\(plan.seeds.seeds.count)",
          "continued": "\(crawler.isContinued)",
        ])
      for cut in crawler.cuts {
        console.say("\(cut.file): cut \(cut.bytes) bytes that no commit vouches for")
      }
      let start = ContinuousClock.now
      let end = try await keepingLimits { try await crawl(crawler, since: start) }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      try await crawler.writeManifest(end, files: files())
      let counts = await crawler.counts
      logger.info(
        "crawl ends",
        metadata: [
          "end": "\(end)", "pages": "\(counts.pages)", "failed": "\(counts.failed)",
          "pending": "\(counts.pending)", "seconds": "\(seconds)",
        ])
      return Result(
        end: end, counters: crawler.progress.now, counts: counts, seconds: seconds,
        wasContinued: crawler.isContinued, pagesBefore: crawler.pagesBefore, report: report())
    }

    private func stage(
      _ model: ModelPlan, _ transport: AsyncHTTPTransport
    ) throws -> SummaryStage {
      let summaries = plan.summaryPlan
      guard model.provider != .extractive else {
        return SummaryStage(summarizer: summaries.extractive())
      }
      return SummaryStage(summarizer: summaries.summarizer(try model.model(over: transport), model))
    }

    // MARK: While it runs

    /// What the model's limits turned out to be is known to the next run.
    private func keepingLimits<End: Sendable>(_ body: () async throws -> End) async throws -> End {
      guard let model = plan.summaries, model.provider != .extractive else {
        return try await body()
      }
      return try await LimiterFile(plan.layout.modelLimits, of: model).keep(body)
    }

    /// Runs the crawl beside its progress line. A first signal lets what is under way end, within
    /// four seconds; a second one ends the process at once, which loses no more than a crash does.
    private func crawl(_ crawler: Crawler, since start: ContinuousClock.Instant) async throws
      -> Crawler.End
    {
      let signals = StopSignals()
      return try await withThrowingTaskGroup(of: Crawler.End?.self) { group in
        group.addTask { try await crawler.run() }
        group.addTask {
          await self.showProgress(of: crawler, since: start)
          return nil
        }
        group.addTask {
          guard await signals.first() else { return nil }
          console.say("stopping: requests under way get 4 s to end")
          await crawler.stop()
          guard (try? await Task.sleep(for: .seconds(4))) != nil else { return nil }
          return .stopped
        }
        // The first to return something is the crawl itself, or the end of patience.
        while let result = try await group.next() {
          guard let end = result else { continue }
          group.cancelAll()
          try await group.waitForAll()
          return end
        }
        return .stopped
      }
    }

    private func showProgress(of crawler: Crawler, since start: ContinuousClock.Instant) async {
      let interval: Duration = console.isTerminal ? .milliseconds(200) : .seconds(10)
      var last = (pages: 0, at: start)
      var rate = 0.0
      while (try? await Task.sleep(for: interval)) != nil {
        let counters = crawler.progress.now
        let counts = await crawler.counts
        let now = ContinuousClock.now
        let span = (now - last.at) / .seconds(1)
        if span >= 1 {
          rate = Double(counters.pages - last.pages) / span
          last = (counters.pages, now)
        }
        var line = ProgressLine()
        line.pages = counts.pages
        line.pagesPerSecond = rate
        line.queued = counts.pending
        line.hostsWaiting = await crawler.waiting().hosts
        line.errors = counters.failures
        line.bytes = counters.bytes
        line.pageLimit = plan.budget.pages
        line.elapsed = now - start
        console.draw(
          console.isTerminal
            ? line.text(width: console.width, colors: console.usesColor) : line.plain)
      }
    }

    // MARK: Afterwards

    private func files() -> [String] {
      let manager = FileManager.default
      var names: [String] = []
      for folder in [plan.layout.pages, plan.layout.archive] {
        let found = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
        let parent = URL(filePath: folder).lastPathComponent
        names += found.map { "\(parent)/\($0)" }
      }
      for file in [
        plan.layout.skipped, plan.layout.summaries, plan.layout.permissions, plan.layout.database,
      ]
      where manager.fileExists(atPath: file) {
        names.append(URL(filePath: file).lastPathComponent)
      }
      return names.sorted()
    }

    /// A report that cannot be written is a pity, not a failed crawl.
    private func report() -> CrawlReport? {
      do {
        let report = try CrawlReport.read(directory: URL(filePath: plan.layout.root))
        try report.write(to: URL(filePath: plan.layout.report))
        return report
      } catch {
        console.say("note: no report: \(error)")
        return nil
      }
    }
  }
#endif
