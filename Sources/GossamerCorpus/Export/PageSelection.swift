import GossamerBytes

/// Which pages of a corpus are exported.
public struct PageSelection: Sendable {
  /// What the pages are wanted for. Sites can reserve each of these uses.
  public enum Use: String, Sendable, CaseIterable {
    /// Finding them.
    case search
    /// Giving them to a model that answers, or summarizes.
    case aiInput = "ai-input"
    /// Training models.
    case aiTrain = "ai-train"
  }

  /// What pages must be.
  public var filter = CorpusFilter()
  /// The least words of the main content.
  public var leastWords = 0
  /// What they are wanted for: pages that reserve it are left out, and of those that allow only so many
  /// characters to be shown no more is taken. Nil asks nobody.
  public var use: Use?
  /// Leaves out pages whose text an earlier page had. Holds 16 bytes a page.
  public var leavesOutRepeated = false

  /// Everything.
  public init() {}

  /// Why a page is left out.
  public enum Refusal: String, Sendable, CaseIterable {
    /// The filter does not admit it.
    case filtered
    /// Its text has too few words.
    case short
    /// Its site or the page itself reserves the use.
    case reserved
    /// An earlier page had the same text.
    case repeated
  }

  /// The keys of a page record that it looks at.
  var keys: Set<String> {
    var keys = filter.keys
    if leastWords > 0 { keys.formUnion(["word_count", "text"]) }
    if use != nil { keys.insert("preferences") }
    if leavesOutRepeated { keys.insert("text") }
    return keys
  }

  func refusal(of record: PageRecord, seen: inout Set<[UInt8]>) -> Refusal? {
    guard filter.admits(record) else { return .filtered }
    guard leastWords == 0 || Self.words(of: record) >= leastWords else { return .short }
    guard !isReserved(record) else { return .reserved }
    guard leavesOutRepeated, let text = record.text, !text.isEmpty else { return nil }
    let digest = Array(Digest.sha256(of: text).bytes.prefix(16))
    return seen.insert(digest).inserted ? nil : .repeated
  }

  private func isReserved(_ record: PageRecord) -> Bool {
    switch use {
    case .search: record.preferences?.search == "no"
    case .aiInput: record.preferences?.aiInput == "no"
    case .aiTrain: record.preferences?.aiTrain == "no"
    case nil: false
    }
  }

  /// The record with as much text as may be used.
  func permitted(_ record: PageRecord) -> PageRecord {
    guard use != nil, let limit = record.preferences?.maxSnippet else { return record }
    var record = record
    func cut(_ text: String?) -> String? { text.map { String($0.prefix(max(0, limit))) } }
    record.text = cut(record.text)
    record.markdown = cut(record.markdown)
    record.comments = cut(record.comments)
    return record
  }

  private static func words(of record: PageRecord) -> Int {
    record.wordCount ?? record.text?.split(whereSeparator: \.isWhitespace).count ?? 0
  }
}
