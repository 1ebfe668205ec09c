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
  private let visits: OnceEach<PageRecord>

  /// The tool over a source of pages; agents that share the tool share what it fetched.
  public init(
    _ source: any PageSource,
    limits: ToolLimits = ToolLimits(deadline: .seconds(90), resultBytes: 5_000, calls: 10)
  ) {
    self.limits = limits
    // What a site refused once it refuses again: failures are kept too.
    visits = OnceEach(most: 1_000) { try await source.page(at: $0) }
  }

  /// Fetches.
  public func call(_ arguments: ToolArguments) async throws -> ToolResult {
    let record = try await visits.value(of: arguments.text("url") ?? "")
    return try PageReading.result(record, from: 0, bytes: limits.resultBytes)
  }
}
