import GossamerLLM

/// Notices a model that goes in circles: the same call again is answered with what it brought the
/// first time and a note, and the third time ends the run.
struct LoopGuard: Sendable {
  private struct Made {
    var count = 0
    var text = ""
    var name = ""
    /// Texts among its arguments, addresses for one.
    var texts: Set<String> = []
  }

  private var made: [String: Made] = [:]
  /// Names of tools that were called with the same arguments twice.
  private(set) var repeated: Set<String> = []
  /// The tool that named addresses of which none was used since.
  private(set) var finder: String?
  private var found: Set<String> = []
  /// Whether some call was made for the third time.
  private(set) var isOver = false

  /// What identifies a call: its name and the meaning of its arguments.
  static func key(_ call: ToolCall) -> String {
    let arguments = JSONValue(parsing: call.arguments).map(canonical)?.text
    return call.name + " " + (arguments ?? call.arguments)
  }

  /// Whether a call was made in an earlier turn.
  func knows(_ key: String) -> Bool { made[key] != nil }

  /// Whether a tool was called with a text, an address for one.
  func wasCalled(_ name: String, with text: String) -> Bool {
    made.values.contains { $0.name == name && $0.texts.contains(text) }
  }

  /// Notes a call that was made.
  ///
  /// - Parameter addresses: what its result names.
  mutating func note(_ call: ToolCall, _ key: String, result: String, addresses: [String]) {
    let members = JSONValue(parsing: call.arguments)?.members ?? []
    let texts = Set(members.compactMap(\.value.string))
    made[key] = Made(count: 1, text: result, name: call.name, texts: texts)
    if !found.isDisjoint(with: texts) { finder = nil }
    let new = addresses.filter { address in
      !made.values.contains { $0.texts.contains(address) }
    }
    if !new.isEmpty { (finder, found) = (call.name, Set(new)) }
  }

  /// Lets a call be made again as if it never was.
  mutating func forget(_ key: String) { made[key] = nil }

  /// The answer to a call that was made before.
  mutating func again(_ key: String, name: String) -> String {
    made[key, default: Made()].count += 1
    let earlier = made[key, default: Made()]
    repeated.insert(name)
    if earlier.count >= 3 {
      isOver = true
      return "The same call for the third time: no more calls are made."
    }
    return "You made this very call before. Its result was:\n\(earlier.text)\n"
      + "Do not repeat it: call something else, or answer."
  }

  private static func canonical(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        members.filter { $0.value != .null }.sorted { $0.key < $1.key }
          .map { .init(key: $0.key, value: canonical($0.value)) })
    case .array(let values): .array(values.map(canonical))
    default: value
    }
  }
}
