public import GossamerCorpus

/// `read_page`: a stored page, passage by passage.
public struct ReadPageTool: Tool, GroundSharing {
  /// The tool's name.
  public let name = "read_page"
  /// For the model.
  public let purpose = "Reads a stored page: its text in passages, from the one you name."
  /// What it takes.
  public let schema = ToolSchema([
    ToolParameter("url", .address, "An address that a result named."),
    ToolParameter(
      "passage", .number(0...100_000), "The passage to begin with; 0 if left out.",
      isRequired: false),
  ])
  /// How much.
  public let limits: ToolLimits
  private let pages: any CorpusPages
  private var noted: @Sendable (String) -> Void = { _ in }

  /// The tool over a corpus.
  public init(_ pages: any CorpusPages, limits: ToolLimits = ToolLimits(resultBytes: 5_000)) {
    self.pages = pages
    self.limits = limits
  }

  /// Reads as many passages as fit into a result.
  public func call(_ arguments: ToolArguments) async throws -> ToolResult {
    let address = arguments.text("url") ?? ""
    guard let page = try await pages.page(at: address) else {
      throw ToolFailure("This page is not stored.")
    }
    noted(page.record.url)
    return try PageReading.result(
      page.record, from: arguments.number("passage") ?? 0, bytes: limits.resultBytes)
  }

  func sharing(_ ground: SharedGround, as agent: Int) -> any Tool {
    var tool = self
    tool.noted = { ground.note($0, readBy: agent) }
    return tool
  }
}

/// The text of a page as a result.
enum PageReading {
  static func result(_ record: PageRecord, from first: Int, bytes: Int) throws -> ToolResult {
    guard record.textForModels != nil else {
      throw ToolFailure(
        record.text == nil
          ? "This page has no text." : "The site does not allow models to read this page.")
    }
    let passages = StoredPage(record, forModels: true).passages
    guard first < passages.count else {
      throw ToolFailure("This page has only \(passages.count) passages, from 0.")
    }
    var parts: [ToolResult.Part] = []
    var left = bytes - 200
    var last = first
    for passage in passages[first...] {
      left -= passage.text.utf8.count + record.url.utf8.count
      guard left >= 0 || parts.isEmpty else { break }
      last = passage.number
      parts.append(
        .passage(
          PagePassage(
            url: record.url, digest: record.digest, title: record.title, number: passage.number,
            range: passage.range, text: passage.text)))
    }
    let isWhole = last == passages.count - 1
    let note =
      isWhole
      ? "The page ends here."
      : "The page has \(passages.count) passages; the next one is \(last + 1)."
    return ToolResult(parts + [.note(note)], addresses: [record.url])
  }
}
