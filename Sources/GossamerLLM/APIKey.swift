/// A key to a provider. Is never shown: not in descriptions, dumps, or errors.
public struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  let value: String

  /// A key; nil if the text is empty, or has characters that cannot stand in a header.
  public init?(_ value: String) {
    let inner = value.utf8.filter { $0 > 0x20 && $0 < 0x7F }
    guard !inner.isEmpty, inner.count == value.utf8.count else { return nil }
    self.value = value
  }

  /// The variables that may hold a provider's key, the first one first.
  public static func variables(of provider: String) -> [String] {
    let own =
      switch provider {
      case "anthropic": ["ANTHROPIC_API_KEY"]
      case "gemini": ["GEMINI_API_KEY", "GOOGLE_API_KEY"]
      case "ollama": ["OLLAMA_API_KEY"]
      default: ["OPENAI_API_KEY"]
      }
    return ["GOSSAMER_LLM_KEY"] + own
  }

  /// The key for a provider that the environment holds, or nil.
  public init?(environment: [String: String], provider: String = "openai") {
    for name in Self.variables(of: provider) {
      if let value = environment[name], let key = APIKey(value) {
        self = key
        return
      }
    }
    return nil
  }

  /// "[key]".
  public var description: String { "[key]" }
  /// "[key]".
  public var debugDescription: String { "[key]" }
  /// Without children.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The text with every occurrence of the key taken out.
  func redacted(_ text: String) -> String {
    text.contains(value) ? text.replacing(value, with: "[key]") : text
  }
}
