public import GossamerCorpus

/// `list_hosts`: whose pages there are.
public struct ListHostsTool: Tool {
  /// The tool's name.
  public let name = "list_hosts"
  /// For the model.
  public let purpose = "Lists the hosts whose pages are stored, those with most pages first."
  /// What it takes.
  public let schema = ToolSchema([
    ToolParameter("limit", .number(1...200), "How many; 30 if left out.", isRequired: false)
  ])
  private let pages: any CorpusPages

  /// The tool over a corpus.
  public init(_ pages: any CorpusPages) { self.pages = pages }

  /// Lists.
  public func call(_ arguments: ToolArguments) async throws -> ToolResult {
    let hosts = try await pages.hosts(limit: arguments.number("limit") ?? 30)
    guard !hosts.isEmpty else { return ToolResult([.note("No pages are stored.")]) }
    let lines = hosts.map { "\($0.name): \($0.pages) pages" }
    return ToolResult([.note("\(hosts.count) hosts."), .foreign(lines.joined(separator: "\n"))])
  }
}
