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

  /// The key that the environment holds, or nil. `GOSSAMER_LLM_KEY` goes before `OPENAI_API_KEY`.
  public init?(environment: [String: String]) {
    for name in ["GOSSAMER_LLM_KEY", "OPENAI_API_KEY"] {
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
