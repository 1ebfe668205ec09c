import GossamerBytes
import GossamerLLM

/// A text to work on, from a line of JSON: a page record of ours, or any object with a text.
public struct TextRecord: Sendable {
  /// What the text is, whatever its address: the digest of its page, else of the text.
  public let digest: String
  /// The text with what is known of it.
  public let page: PageText
  /// False where the site does not want its text given to models.
  public let allowsModels: Bool

  /// What the text is made of: a page, or summaries.
  public let level: SummaryLevel

  /// A text.
  public init(
    digest: String, page: PageText, allowsModels: Bool, level: SummaryLevel = .page
  ) {
    self.digest = digest
    self.page = page
    self.allowsModels = allowsModels
    self.level = level
  }

  /// What a line holds.
  public enum Content: Sendable {
    case record(TextRecord)
    /// An object without a text, such as a record of an image.
    case empty
    /// No JSON object.
    case bad
  }

  /// Reads a line. The text is `text`, else `content`, `markdown` or `body`; the address `url`,
  /// else `id`. A text is no longer than its site allows models to be given.
  public static func read(_ line: [UInt8]) -> Content {
    guard let json = JSONValue(parsing: line), json.isObject else { return .bad }
    let texts = ["text", "content", "markdown", "body"].lazy.compactMap { json[$0]?.string }
    guard let whole = texts.first(where: { $0.utf8.contains { $0 > 0x20 } }) else { return .empty }
    let preferences = json["preferences"]
    let text = preferences?["max_snippet"]?.int.map { String(whole.prefix(max(0, $0))) } ?? whole
    let url = (json["url"] ?? json["id"])?.string ?? json["id"]?.text ?? ""
    let kinds = json["structured"]?["json-ld"]?.array ?? []
    let page = PageText(
      url: url, host: json["host"]?.string ?? "", title: json["title"]?.string ?? "", text: text,
      headings: (json["headings"]?.array ?? []).compactMap { ($0["text"] ?? $0).string },
      language: json["language"]?.string,
      isNews: kinds.contains { $0.string?.contains("NewsArticle") == true })
    return .record(
      TextRecord(
        digest: json["digest"]?.string ?? "sha256:" + Digest.sha256(of: whole).hex, page: page,
        allowsModels: preferences?["ai_input"]?.string != "no" && !text.isEmpty))
  }
}
