import GossamerArchive
import GossamerCorpus
import GossamerFrontier

/// Owns the files of a crawl and makes pages durable in groups: bytes first, then one transaction
/// that vouches for them together with everything the frontier changed.
///
/// Filled by page carriers, emptied by a flush after 256 pages or 200 ms, whichever is first; that
/// is also the most a crash can take back, and what it takes is fetched again.
actor Recorder {
  private static let groupSize = 256
  private static let groupTime = Duration.milliseconds(200)

  private let store: any FrontierStore
  private let frontier: Frontier
  private let progress: CrawlProgress
  private var files: CrawlFiles
  private var group = FrontierCommit()
  private var results = 0
  private var isFlushing = false
  private var isDirty = false
  private var failure: (any Error)?
  private var flusher: CheckedContinuation<Void, Never>?
  private let executor = FileExecutor(label: "gossamer.recorder")

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(
    files: consuming CrawlFiles, store: any FrontierStore, frontier: Frontier,
    progress: CrawlProgress
  ) {
    self.files = files
    self.store = store
    self.frontier = frontier
    self.progress = progress
  }

  /// Writes a result; durable a moment later.
  func record(_ result: PageResult, line: [UInt8]?) async throws {
    if let failure { throw failure }
    isDirty = true
    try keepingFailure { try append(result, line) }
    group.add(result.receipt)
    results += 1
    if results >= Self.groupSize { try await flush() } else { wakeFlusher() }
  }

  private func append(_ result: PageResult, _ line: [UInt8]?) throws {
    let place = try files.append(archive: result.archive)
    if let page = result.page {
      if let line { try files.append(page: PageRecord.finish(line: line, at: place)) }
      if let summary = page.record.summary, !summary.isStored {
        try files.append(
          summary: summary.line(url: page.record.url, digest: page.record.digest),
          isPaid: summary.model != nil)
      }
      // A page counts as stored also where the archive alone is kept.
      group.contents.append((page.digest, page.record.url))
      group.pages += 1
      progress.count { $0.pages += 1 }
    }
    for skip in result.skipped { try files.append(skip: skip.line()) }
    for permission in result.permissions { try files.append(permission: permission.line()) }
  }

  /// A result that was written in part must never be vouched for: the next flush fails, too.
  private func keepingFailure(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      failure = error
      throw error
    }
  }

  /// Takes in what the frontier changed apart from pages: seeds, decisions.
  func note(_ receipt: ReportReceipt) throws {
    isDirty = true
    group.add(receipt)
    try keepingFailure {
      for refusal in receipt.refused { try files.append(skip: SkipRecord(refusal).line()) }
    }
    wakeFlusher()
  }

  /// Flushes what is written, a while after the first of a group came. Ends by cancellation.
  func keepFlushing() async throws {
    while true {
      if !isDirty {
        await withTaskCancellationHandler {
          await withCheckedContinuation { flusher = $0 }
        } onCancel: {
          // The handler runs outside the actor: hop back in to let the loop end.
          Task { await self.wakeFlusher(evenIfEmpty: true) }
        }
      }
      guard (try? await Task.sleep(for: Self.groupTime)) != nil else { return }
      try await flush()
    }
  }

  /// Makes everything durable that was written.
  ///
  /// A failure is final: what a failed flush left behind cannot be told, so nothing more is written
  /// and the next run goes on from the last group that is whole.
  func flush() async throws {
    if let failure { throw failure }
    guard !isFlushing, isDirty else { return }
    isFlushing = true
    defer { isFlushing = false }
    var commit = group
    group = FrontierCommit()
    results = 0
    isDirty = false
    do {
      commit.segments = try files.synchronize()
      commit.paces = await frontier.takeChangedPaces()
      let receipt = try await store.commit(commit)
      await frontier.confirm(commit, receipt)
    } catch {
      failure = error
      throw error
    }
  }

  /// The last flush; the files are closed with the recorder.
  func finish() async throws {
    try note(await frontier.takeDecisions())
    while isFlushing { await Task.yield() }
    try await flush()
  }

  private func wakeFlusher(evenIfEmpty: Bool = false) {
    guard evenIfEmpty || isDirty else { return }
    flusher?.resume()
    flusher = nil
  }
}

extension SkipRecord {
  /// A decision of the frontier's as a line of `skipped.jsonl`.
  init(_ refusal: Refusal) {
    self.init(url: refusal.url, kind: refusal.kind)
    rule = refusal.rule
    value = refusal.value
    threshold = refusal.threshold
    depth = refusal.depth
    referrer = refusal.referrer
    at = Timestamp.rfc3339(Timestamp.now())
  }
}
