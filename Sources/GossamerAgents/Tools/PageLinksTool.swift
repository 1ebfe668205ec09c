public import GossamerCorpus

/// `page_links`: where a stored page leads.
public struct PageLinksTool: Tool {
  /// The tool's name.
  public let name = "page_links"
  /// For the model.
  public let purpose = "Lists the links of a stored page with their texts."
  /// What it takes.
  public let schema = ToolSchema([
    ToolParameter("url", .address, "An address that a result named."),
    ToolParameter(
      "containing", .text(limit: 100), "Only links with this in their text or address.",
      isRequired: false),
  ])
  private let pages: any CorpusPages

  /// The tool over a corpus.
  public init(_ pages: any CorpusPages) { self.pages = pages }

  /// Lists links to pages, each address once, at most 40. From pages that models may read only: the
  /// texts of links are theirs.
  public func call(_ arguments: ToolArguments) async throws -> ToolResult {
    guard let record = try await pages.page(at: arguments.text("url") ?? "")?.record else {
      throw ToolFailure("This page is not stored.")
    }
    guard record.preferences?.aiInput != "no" else {
      throw ToolFailure("The site does not allow models to read this page.")
    }
    let wanted = arguments.text("containing")?.lowercased()
    var seen: Set<String> = []
    let links = (record.links ?? []).filter { link in
      guard link.kind == "a", seen.insert(link.url).inserted else { return false }
      guard let wanted else { return true }
      return (link.url + " " + (link.text ?? "")).lowercased().contains(wanted)
    }
    let shown = links.prefix(40)
    let lines = shown.map { link in
      link.url + (link.text.map { " " + $0.prefix(100) } ?? "")
    }
    guard !lines.isEmpty else { return ToolResult([.note("No links.")]) }
    return ToolResult(
      [.note("\(shown.count) of \(links.count) links."), .foreign(lines.joined(separator: "\n"))],
      addresses: shown.map(\.url))
  }
}
