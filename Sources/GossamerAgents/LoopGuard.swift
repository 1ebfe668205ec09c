import GossamerLLM

/// Notices a model that goes in circles: the same call again is answered with what it brought the
/// first time and a note, and the third time ends the run.
struct LoopGuard: Sendable {
  private struct Made {
    var count: Int
    var text: String
  }

  private var made: [String: Made] = [:]
  /// Names of tools that were called with the same arguments twice.
  private(set) var repeated: Set<String> = []
  /// Whether some call was made for the third time.
  private(set) var isOver = false

  /// What identifies a call: its name and the meaning of its arguments.
  static func key(_ call: ToolCall) -> String {
    let arguments = JSONValue(parsing: call.arguments).map(canonical)?.text
    return call.name + " " + (arguments ?? call.arguments)
  }

  /// Whether a call was made in an earlier turn.
  func knows(_ key: String) -> Bool { made[key] != nil }

  /// Notes a call that was made.
  mutating func note(_ key: String, result: String) { made[key] = Made(count: 1, text: result) }

  /// Lets a call be made again as if it never was.
  mutating func forget(_ key: String) { made[key] = nil }

  /// The answer to a call that was made before.
  mutating func again(_ key: String, name: String) -> String {
    made[key, default: Made(count: 0, text: "")].count += 1
    let earlier = made[key, default: Made(count: 0, text: "")]
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
