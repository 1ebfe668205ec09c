public import GossamerCorpus
public import GossamerFetch
public import GossamerFrontier
public import GossamerHTTP
import GossamerExtract
import GossamerFlow
import GossamerURL
public import Logging

/// A crawl: seeds in, corpus out. Puts the road together and runs it.
public final class Crawler: Sendable {
  /// What a crawl is made of besides its settings.
  public struct Parts: Sendable {
    /// How hosts are treated.
    public var policy = PolitenessPolicy()
    /// How much may be done in all.
    public var budget = CrawlBudget()
    /// Where endless sites are cut.
    public var traps = TrapLimits()
    /// Visits under way at once.
    public var concurrency = 64
    /// How much memory the frontier and its store may take.
    public var memory = FrontierMemory()
    /// Which addresses may be connected to.
    public var addresses = AddressPolicy()
    /// Limits of one fetch.
    public var limits = FetchLimits()
    /// Steps between extraction and storage.
    public var stages: [any PageStage] = []
    /// Is told what becomes of each visit; silent unless given, as a library says nothing unasked.
    public var logger = Logger(label: "gossamer.crawl") { _ in SwiftLogNoOpLogHandler() }
    /// The way to the network.
    public var transport: any HTTPTransport
    /// Finds addresses.
    public var resolver: any AddressResolver
    /// Opens the durable side of the frontier at a path.
    public var makeStore: @Sendable (_ path: String) throws -> any FrontierStore

    /// Parts with defaults for all that does not touch the outside.
    public init(
      transport: any HTTPTransport, resolver: any AddressResolver,
      makeStore: @escaping @Sendable (_ path: String) throws -> any FrontierStore
    ) {
      self.transport = transport
      self.resolver = resolver
      self.makeStore = makeStore
    }
  }

  /// How a run ended.
  public enum End: String, Sendable {
    /// Nothing is left to visit.
    case finished
    /// A budget is used up; a greater one goes on.
    case budget
    /// It was stopped; the same command goes on.
    case stopped
  }

  /// Live counters.
  public let progress: CrawlProgress
  /// Whether an earlier run is continued.
  public let isContinued: Bool
  /// What an earlier run that was cut short had written behind its last commit; it is fetched again.
  public let cuts: [FileCut]
  /// Pages stored by earlier runs.
  public let pagesBefore: Int

  private let settings: CrawlSettings
  private let seeds: SeedList
  private let layout: CorpusLayout
  private let stages: [any PageStage]
  private let store: any FrontierStore
  private let frontier: Frontier
  private let carrier: PageCarrier
  private let recorder: Recorder
  private let sites: SiteMemory
  private let reader: StoreReader
  private let lock: DirectoryLock
  private let manifest: CorpusManifest
  private let paid: PaidSummaries
  private let concurrency: Int
  private let log: CrawlLog

  /// Opens the output directory, continuing what is there.
  ///
  /// - Throws: `StoreError` or `FrontierStoreError` when the directory cannot be used, is in use, or
  ///   holds another crawl.
  public init(
    settings: CrawlSettings, seeds: SeedList, scope: CrawlScope, output: CorpusLayout, parts: Parts
  ) async throws {
    try CrawlFiles.prepare(output, settings: settings)
    lock = try DirectoryLock(output)
    store = try parts.makeStore(output.database)
    let now = ContinuousClock.now
    let restored = try await store.open(
      settings: settings.identity, memory: parts.memory, at: now)
    var files = try CrawlFiles(layout: output, settings: settings, committed: restored.segments)
    cuts = files.cuts()
    paid = files.paidSummaries
    var policy = parts.policy
    policy.obeysRobots = settings.obeysRobots
    policy.robotsToken = settings.token
    var state = FrontierState(
      policy: policy, budget: parts.budget, traps: parts.traps, memory: parts.memory,
      identity: restored.identity, maximumInFlight: parts.concurrency,
      seed: .random(in: .min ... .max), at: .now)
    state.restore(restored, at: .now)
    frontier = Frontier(state: state)
    progress = CrawlProgress()
    reader = StoreReader(store: store)
    recorder = Recorder(files: files, store: store, frontier: frontier, progress: progress)
    let analyzer = PageAnalyzer(settings: settings)
    sites = analyzer.memory
    if restored.isContinued { sites.restore(SiteRecord.read(output)) }
    carrier = PageCarrier(
      settings: settings, frontier: frontier,
      fetcher: Fetcher(
        transport: parts.transport, resolver: parts.resolver, userAgent: settings.userAgent,
        addresses: parts.addresses, limits: parts.limits),
      resolver: parts.resolver, analyzer: analyzer,
      scope: scope,
      seedDepths: Dictionary(
        seeds.seeds.compactMap { seed in seed.maximumDepth.map { (seed.url.string, $0) } },
        uniquingKeysWith: max),
      ownFields: OwnFields(settings.headers, seeds: seeds.seeds.map(\.url.url)),
      deduplicator: Deduplicator(seen: restored.contents, reader: reader), outside: OutsideLedger(),
      reservationsOf: restored.isContinued ? .restore(output) : ReservationLedger(),
      progress: progress)
    isContinued = restored.isContinued
    pagesBefore = restored.counts.pages
    self.settings = settings
    self.seeds = seeds
    layout = output
    stages = parts.stages
    concurrency = parts.concurrency
    log = CrawlLog(logger: parts.logger)
    manifest = CorpusManifest(
      crawl: .init(
        id: restored.crawlID, startedAt: restored.startedAt, finishedAt: nil, state: "running",
        runs: restored.runs),
      software: .init(name: settings.token, version: settings.version),
      settings: settings.described, counts: [:], files: [])
  }

  /// Counters of the frontier now.
  public var counts: FrontierCounts {
    get async { await frontier.counts }
  }

  /// How many hosts rest, and how long until the first may be asked again.
  public func waiting() async -> (hosts: Int, next: Duration?) { await frontier.waiting() }

  /// Lets what is under way come to its end and starts nothing more.
  public func stop() async {
    await frontier.stop()
  }

  /// Crawls until nothing is left, a budget is used up, or it is stopped.
  ///
  /// Cancellation ends it at once; everything recorded until then is made durable.
  ///
  /// - Throws: `StoreError` or `FrontierStoreError` when the output can no longer be written.
  public func run() async throws -> End {
    try manifest.write(layout)
    let offers = seeds.seeds.map { Offer(url: $0.url, seed: $0.url.string) }
    try await recorder.note(frontier.offer(offers))
    var wasCancelled = false
    do {
      try await runRoad()
    } catch is CancellationError {
      wasCancelled = true
    } catch ChannelError.cancelled {
      wasCancelled = true
    }
    try await recorder.finish()
    let end = await end(wasCancelled: wasCancelled)
    try await store.close()
    // As long as before, so that what the store says of its length still holds.
    try LineSort.sort(path: layout.archiveIndex)
    let sites = sites.records
    if !sites.isEmpty { try SiteRecord.write(sites, to: layout) }
    return end
  }

  /// Off the caller's actor, so that a crawl started from a main function does not hop there and
  /// back for every visit. Workers and flusher live as long as there are carriers to feed them.
  @concurrent
  private func runRoad() async throws {
    // What waits for a stage: as many again wait inside its pipeline.
    let channel = BoundedChannel<PageResult>(capacity: max(1, settings.summariesAtOnce))
    try await withThrowingTaskGroup(of: Void.self) { helpers in
      helpers.addTask { try await self.help { try await self.recorder.keepFlushing() } }
      helpers.addTask {
        try await self.help {
          try await self.reader.keepSupplying(self.frontier, recorder: self.recorder)
        }
      }
      try await withThrowingDiscardingTaskGroup { workers in
        if !stages.isEmpty { workers.addTask { try await self.finish(pagesOf: channel) } }
        defer { channel.finish() }
        try await runCarriers(into: channel)
      }
      helpers.cancelAll()
      try await helpers.waitForAll()
    }
  }

  /// As many carriers again as visits are under way may wait for a stage or the disk: a flush does
  /// not stop fetching, but fetching cannot run far ahead of a slow model.
  private func runCarriers(into channel: BoundedChannel<PageResult>) async throws {
    try await withThrowingTaskGroup(of: Void.self) { carriers in
      var running = 0
      while true {
        if running == 2 * concurrency {
          try await carriers.next()
          running -= 1
        }
        guard let visit = try await frontier.next() else { break }
        running += 1
        carriers.addTask { try await self.carry(visit, into: channel) }
      }
      try await carriers.waitForAll()
    }
  }

  /// Takes a visit up to where its result is written or waits for a stage.
  private func carry(_ visit: Visit, into channel: BoundedChannel<PageResult>) async throws {
    guard let result = await carrier.carry(visit) else { return }
    do {
      if result.page != nil, !stages.isEmpty {
        try await channel.send(result)
      } else {
        try await write(result)
      }
    } catch {
      // The loop may be waiting for a host: let it see that nothing more can be kept.
      await frontier.stop()
      throw error
    }
  }

  /// Takes pages through the stages. Where one cannot be kept, the crawl ends: no new visits then,
  /// and those that wait for a place in the queue are let go.
  private func finish(pagesOf channel: BoundedChannel<PageResult>) async throws {
    let pipeline = Pipeline<PageResult, Written>("stages", concurrency: settings.summariesAtOnce) {
      result in
      let staged = try await self.staged(result)
      return Written(result: staged, line: self.line(of: staged))
    }
    do {
      _ = try await pipeline.run(
        source: { try await channel.next() }, window: 2 * settings.summariesAtOnce
      ) { written in
        try await self.recorder.record(written.result, line: written.line)
        self.log.tell(written.result)
      }
    } catch {
      await frontier.stop()
      while (try? await channel.next()) != nil {}
      throw error
    }
  }

  /// A result with the line that stands for it.
  private struct Written: Sendable {
    var result: PageResult
    var line: [UInt8]?
  }

  private func staged(_ result: PageResult) async throws -> PageResult {
    var result = result
    guard var page = result.page else { return result }
    page.paid = paid.of(page.record.digest)
    for stage in stages { await stage.process(&page) }
    // What a stage made of a page while it was cancelled is not the page's: it is fetched again.
    try Task.checkCancellation()
    progress.count {
      if page.record.summary != nil { $0.summaries += 1 }
      // Obeying a site is no failure.
      if let error = page.record.summaryError, !error.kind.hasPrefix("policy.") {
        $0.summaryFailures += 1
      }
    }
    result.page = page
    return result
  }

  /// Encodes in the caller's task, since many can at once, and hands the bytes over.
  private func write(_ result: PageResult) async throws {
    try await recorder.record(result, line: line(of: result))
    log.tell(result)
  }

  private func line(of result: PageResult) -> [UInt8]? {
    settings.formats.contains(.jsonl) ? result.page?.record.openLine() : nil
  }

  private func help(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch {
      // Nothing more can be stored or read: let the carriers end, then say why.
      await frontier.stop()
      throw error
    }
  }

  private func end(wasCancelled: Bool) async -> End {
    let counts = await frontier.counts
    if wasCancelled { return .stopped }
    if counts.pending == 0 { return .finished }
    return await frontier.isBudgetSpent() ? .budget : .stopped
  }

  /// Writes the manifest of a run that has ended.
  public func writeManifest(_ end: End, files: [String]) async throws {
    var manifest = manifest
    let counts = await frontier.counts
    manifest.crawl.state = end == .finished ? "finished" : "stopped"
    manifest.crawl.finishedAt = Timestamp.rfc3339(Timestamp.now())
    manifest.files = files
    manifest.counts = [
      "pages": counts.pages, "known": counts.known, "pending": counts.pending,
      "done": counts.done, "failed": counts.failed, "blocked": counts.blocked,
      "skipped": counts.skipped, "hosts": counts.hosts, "requests": progress.now.requests,
      "bytes": progress.now.bytes,
    ]
    try manifest.write(layout)
  }
}
