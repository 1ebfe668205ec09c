public import GossamerCorpus

/// `search_corpus`: pages of the corpus that answer a query best.
public struct SearchCorpusTool: Tool {
  /// The tool's name.
  public let name = "search_corpus"
  /// For the model.
  public let purpose =
    "Finds stored pages by words. Gives addresses, titles and the passages that fit best."
  /// What it takes.
  public let schema = ToolSchema([
    ToolParameter("query", .text(limit: 300), "A few words that the pages must have."),
    ToolParameter("host", .text(limit: 253), "Only pages of this host.", isRequired: false),
    ToolParameter("limit", .number(1...10), "How many pages; 5 if left out.", isRequired: false),
  ])
  private let corpus: any CorpusSearch

  /// The tool over a corpus. What sites do not want given to models is never found.
  public init(_ corpus: any CorpusSearch) { self.corpus = corpus }

  /// Searches. Where no page has all the words, pages that have some of them are given.
  public func call(_ arguments: ToolArguments) async throws -> ToolResult {
    let words = arguments.text("query") ?? ""
    var query = CorpusQuery(words, limit: arguments.number("limit") ?? 5)
    query.filter.forModels = true
    if let host = arguments.text("host") { query.filter.hosts = [host] }
    var hits = try await corpus.search(query)
    var note = "\(hits.count) pages."
    if hits.isEmpty {
      let parts = words.split { !$0.isLetter && !$0.isNumber }.filter { $0.count > 2 }
      if parts.count > 1 {
        query.text = parts.map { String($0) }.joined(separator: " OR ")
        hits = try await corpus.search(query)
      }
      note = hits.isEmpty ? "No page has these words." : "No page has all words; some of them have:"
    }
    let passages = hits.map { hit in
      ToolResult.Part.passage(
        PagePassage(
          url: hit.url, digest: hit.digest, title: hit.title, number: hit.passage,
          range: hit.range, text: hit.snippet))
    }
    return ToolResult([.note(note)] + passages, addresses: hits.map(\.url))
  }
}
