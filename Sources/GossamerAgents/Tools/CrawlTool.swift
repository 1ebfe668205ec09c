public import GossamerCorpus

/// `crawl`: a page of the live web, fetched by the rules of the crawler and added to the corpus.
///
/// Of several agents that want one page, one fetches it and all get it.
public struct CrawlTool: Tool {
  /// The tool's name.
  public let name = "crawl"
  /// For the model.
  public let purpose =
    "Fetches a page that is not stored yet from the web and stores it. Slow: read_page first."
  /// What it takes.
  public let schema = ToolSchema([
    ToolParameter("url", .address, "An address that a result named or the user gave.")
  ])
  /// How long, how much and how often.
  public let limits: ToolLimits
  private let visits: SharedVisits

  /// The tool over a source of pages; agents that share the tool share what it fetched.
  public init(
    _ source: any PageSource,
    limits: ToolLimits = ToolLimits(deadline: .seconds(90), resultBytes: 5_000, calls: 10)
  ) {
    self.limits = limits
    visits = SharedVisits(source)
  }

  /// Fetches.
  public func call(_ arguments: ToolArguments) async throws -> ToolResult {
    let record = try await visits.page(at: arguments.text("url") ?? "")
    return try PageReading.result(record, from: 0, bytes: limits.resultBytes)
  }
}

/// Pages under way and fetched, by address. Filled by calls; emptied with its owner.
private actor SharedVisits {
  private enum Visit {
    case underway([UInt64: CheckedContinuation<Void, Never>])
    case done(Result<PageRecord, any Error>)
  }

  private let source: any PageSource
  private var visits: [String: Visit] = [:]
  private var lastWaiter: UInt64 = 0

  init(_ source: any PageSource) { self.source = source }

  func page(at url: String) async throws -> PageRecord {
    while true {
      switch visits[url] {
      case .done(let result): return try result.get()
      case .underway:
        await wait(for: url)
        try Task.checkCancellation()
      case nil:
        visits[url] = .underway([:])
        let result: Result<PageRecord, any Error>
        do { result = .success(try await source.page(at: url)) } catch { result = .failure(error) }
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        if case .underway(let waiting) = visits[url] { waiters = waiting }
        // A visit that was cancelled says nothing of the page: the next who waits makes it.
        visits[url] = Task.isCancelled ? nil : .done(result)
        for waiter in waiters.values { waiter.resume() }
        return try result.get()
      }
    }
  }

  private func wait(for url: String) async {
    lastWaiter += 1
    let id = lastWaiter
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard !Task.isCancelled, case .underway(var waiters) = visits[url] else {
          return continuation.resume()
        }
        waiters[id] = continuation
        visits[url] = .underway(waiters)
      }
    } onCancel: {
      Task { await self.leave(url, id) }
    }
  }

  private func leave(_ url: String, _ id: UInt64) {
    guard case .underway(var waiters) = visits[url] else { return }
    let waiter = waiters.removeValue(forKey: id)
    visits[url] = .underway(waiters)
    waiter?.resume()
  }
}
