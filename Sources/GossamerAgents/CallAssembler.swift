import GossamerLLM

/// Watches the events of one answer and tells of each tool call as soon as its arguments are whole:
/// when their JSON object closes, or when the next call begins. The stream may go on meanwhile.
struct CallAssembler {
  private struct Open {
    var call: ToolCall
    var scanner = ObjectScanner()
    var isTold = false
  }

  private var calls: [Open] = []

  /// The calls that this event makes whole, each told once.
  mutating func add(_ event: ModelEvent) -> [(position: Int, call: ToolCall)] {
    if event == .restarted { calls = [] }
    guard case .toolCall(let position, let id, let name, let arguments) = event,
      (0..<1_024).contains(position)
    else { return [] }
    var ready: [(Int, ToolCall)] = []
    while calls.count <= position {
      if let last = calls.indices.last { tell(last, &ready) }
      calls.append(Open(call: ToolCall(id: "", name: "", arguments: "")))
    }
    if let id { calls[position].call.id = id }
    if let name { calls[position].call.name = name }
    calls[position].call.arguments += arguments
    calls[position].scanner.read(arguments)
    if calls[position].scanner.isWhole { tell(position, &ready) }
    return ready
  }

  private mutating func tell(_ position: Int, _ ready: inout [(Int, ToolCall)]) {
    guard !calls[position].isTold, !calls[position].call.name.isEmpty else { return }
    calls[position].isTold = true
    ready.append((position, calls[position].call))
  }
}

/// Finds the end of a JSON object that comes in pieces, without reading any byte twice.
struct ObjectScanner {
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// Whether the object that began has ended.
  private(set) var isWhole = false

  mutating func read(_ piece: String) {
    for byte in piece.utf8 where !isWhole {
      if isEscaped {
        isEscaped = false
      } else if isInString {
        if byte == UInt8(ascii: "\\") { isEscaped = true }
        if byte == UInt8(ascii: "\"") { isInString = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = depth > 0
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          if depth <= 0 { isWhole = true }
        default: break
        }
      }
    }
  }
}

/// Tool calls that a model writes as text, since its server does not know how to tell them apart.
///
/// Taken only where the whole answer is made of them, and only with the exact name of a tool: a page
/// that is quoted in an answer calls nothing.
enum TextCalls {
  /// The calls, or nil for an answer that is one.
  static func calls(in answer: String, names: [String]) -> [ToolCall]? {
    var calls: [ToolCall] = []
    var rest = answer[...]
    while true {
      rest = rest.drop(while: \.isWhitespace)
      guard !rest.isEmpty else { break }
      guard let (body, after) = block(rest), let json = JSONValue(parsing: String(body)),
        let call = call(json, number: calls.count, names: names)
      else { return nil }
      calls.append(call)
      rest = after
      guard calls.count <= 64 else { return nil }
    }
    return calls.isEmpty ? nil : calls
  }

  /// The object that an answer holds inside a fence or a tag.
  static func object(in text: String) -> JSONValue? {
    guard let (body, _) = block(text.drop(while: \.isWhitespace)) else { return nil }
    return JSONValue(parsing: String(body))
  }

  private static func call(_ json: JSONValue, number: Int, names: [String]) -> ToolCall? {
    guard let name = (json["name"] ?? json["tool"])?.string, names.contains(name) else {
      return nil
    }
    let arguments = json["arguments"] ?? json["parameters"] ?? .object([])
    return ToolCall(
      id: "text_call_\(number)", name: name, arguments: arguments.string ?? arguments.text)
  }

  /// The text inside a tag or a fence, or a bare object, and what comes after.
  private static func block(_ text: Substring) -> (Substring, Substring)? {
    for (start, end) in [
      ("<tool_call>", "</tool_call>"), ("```json", "```"), ("```tool_call", "```"), ("```", "```"),
    ] where text.hasPrefix(start) {
      let inside = text.dropFirst(start.count)
      guard let close = inside.firstRange(of: end) else { return nil }
      return (inside[..<close.lowerBound], inside[close.upperBound...])
    }
    guard text.first == "{" else { return nil }
    var scanner = ObjectScanner()
    var index = text.startIndex
    while index < text.endIndex, !scanner.isWhole {
      scanner.read(String(text[index]))
      index = text.index(after: index)
    }
    return scanner.isWhole ? (text[..<index], text[index...]) : nil
  }
}
