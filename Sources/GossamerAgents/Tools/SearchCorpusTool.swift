public import GossamerCorpus

/// `search_corpus`: pages of the corpus that answer a query best.
public struct SearchCorpusTool: Tool, GroundSharing {
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
  private let pages: any CorpusPages
  private var isTaken: @Sendable (String) -> Bool = { _ in false }

  /// The tool over a corpus. What sites do not want given to models is never found or shown.
  public init(_ corpus: any CorpusSearch, pages: any CorpusPages) {
    self.corpus = corpus
    self.pages = pages
  }

  /// Searches. Where no page has all the words, pages that have some of them are given.
  public func call(_ arguments: ToolArguments) async throws -> ToolResult {
    let (hits, note) = try await found(
      arguments.text("query") ?? "", limit: arguments.number("limit") ?? 5,
      host: arguments.text("host"))
    var passages: [ToolResult.Part] = [.note(note)]
    let (taken, free) = (hits.filter { isTaken($0.url) }, hits.filter { !isTaken($0.url) })
    for hit in free { passages.append(.passage(try await passage(hit))) }
    if !taken.isEmpty { passages.append(.note("Others work on these pages already:")) }
    for hit in taken { passages.append(.passage(try await passage(hit))) }
    return ToolResult(passages, addresses: (free + taken).map(\.url))
  }

  func sharing(_ ground: SharedGround, as agent: Int) -> any Tool {
    var tool = self
    tool.isTaken = { ground.isTaken($0, for: agent) }
    return tool
  }

  /// A hit as it may be shown. A site may allow the beginning of a page only: then that is shown in
  /// place of what lies beyond.
  private func passage(_ hit: CorpusHit) async throws -> PagePassage {
    var passage = PagePassage(
      url: hit.url, digest: hit.digest, title: hit.title, number: hit.passage, range: hit.range,
      text: hit.snippet)
    guard let record = try await pages.page(at: hit.url)?.record,
      record.preferences?.maxSnippet != nil
    else { return passage }
    let allowed = StoredPage(record, forModels: true).passages.first
    passage.number = 0
    passage.range = allowed?.range ?? 0..<0
    passage.text = allowed?.text ?? ""
    return passage
  }

  /// What is found, and a note on how.
  func found(
    _ words: String, limit: Int, host: String?
  ) async throws -> (hits: [CorpusHit], note: String) {
    var query = CorpusQuery(words, limit: limit)
    query.filter.forModels = true
    if let host { query.filter.hosts = [host] }
    let hits = try await corpus.search(query)
    if !hits.isEmpty { return (hits, "\(hits.count) pages.") }
    let beginnings = ContentTerms.beginnings(in: words)
    guard !beginnings.isEmpty else { return ([], "No page has these words.") }
    for (text, note) in [
      (beginnings.joined(separator: " "), "No page has these words; with other endings:"),
      (beginnings.joined(separator: " OR "), "No page has all words; some of them have:"),
    ] {
      query.text = text
      let some = try await corpus.search(query)
      if !some.isEmpty { return (some, note) }
    }
    return ([], "No page has these words.")
  }
}
