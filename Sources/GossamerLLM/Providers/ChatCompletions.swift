/// The Chat Completions format: request to bytes, chunks and answers to events.
///
/// Requires as little as it can and reads over what it does not know. Holds the state of one
/// answer.
struct ChatCompletions {
  private var callIDs: [Int: String] = [:]
  private var position = -1
  private var positions: [Int: Int] = [:]
  private var usage: ModelUsage?
  private var finish: FinishReason?
  private var sawChoice = false

  static func body(
    _ request: ModelRequest, model: String, limitName: String, streams: Bool
  ) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{")
    json.member("model", model)
    json.raw(",\"messages\":[")
    for (index, message) in request.messages.enumerated() {
      if index > 0 { json.raw(",") }
      write(message, to: &json)
    }
    json.raw("]")
    if !request.tools.isEmpty { write(request.tools, to: &json) }
    if let schema = request.answerSchema {
      json.raw(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":")
      json.raw("{\"name\":\"answer\",\"strict\":true,\"schema\":\(schema)}}")
    }
    json.raw(",\"\(limitName)\":\(max(1, request.maxTokens))")
    let temperature = request.temperature
    json.raw(",\"temperature\":\(temperature == 0 ? "0" : String(temperature))")
    if let seed = request.seed { json.raw(",\"seed\":\(seed)") }
    if streams { json.raw(",\"stream\":true,\"stream_options\":{\"include_usage\":true}") }
    json.raw("}")
    return json.bytes
  }

  private static func write(_ message: Message, to json: inout JSONWriter) {
    json.raw("{")
    json.member("role", message.role.rawValue)
    json.raw(",")
    json.member("content", message.text)
    if let id = message.toolCallID {
      json.raw(",")
      json.member("tool_call_id", id)
    }
    if !message.toolCalls.isEmpty {
      json.raw(",\"tool_calls\":[")
      for (index, call) in message.toolCalls.enumerated() {
        json.raw(index > 0 ? ",{" : "{")
        json.member("id", call.id)
        json.raw(",\"type\":\"function\",\"function\":{")
        json.member("name", call.name)
        json.raw(",")
        json.member("arguments", call.arguments)
        json.raw("}}")
      }
      json.raw("]")
    }
    json.raw("}")
  }

  private static func write(_ tools: [ToolDescription], to json: inout JSONWriter) {
    json.raw(",\"tools\":[")
    for (index, tool) in tools.enumerated() {
      json.raw(index > 0 ? ",{" : "{")
      json.raw("\"type\":\"function\",\"function\":{")
      json.member("name", tool.name)
      json.raw(",")
      json.member("description", tool.purpose)
      json.raw(",\"parameters\":\(tool.parametersSchema)}}")
    }
    json.raw("]")
  }

  /// The events of one chunk of a stream.
  mutating func read(chunk: JSONValue) throws(ModelError) -> [ModelEvent] {
    try read(chunk, part: "delta")
  }

  /// The events of an answer that came whole.
  mutating func read(whole: JSONValue) throws(ModelError) -> [ModelEvent] {
    let events = try read(whole, part: "message")
    return events + (try end())
  }

  /// The last events, once the end marker was seen.
  func end() throws(ModelError) -> [ModelEvent] {
    guard sawChoice else { throw ModelError(.empty, "an answer without choices") }
    let usage: [ModelEvent] = self.usage.map { [.usage($0)] } ?? []
    return usage + [.finished(finish ?? .done)]
  }

  private mutating func read(
    _ value: JSONValue, part: String
  ) throws(ModelError) -> [ModelEvent] {
    guard value.isObject else { throw ModelError(.wrongShape, "an answer that is no object") }
    if let usage = value["usage"] { readUsage(usage) }
    guard let choices = value["choices"] else {
      if value["usage"] != nil || part == "delta" { return [] }
      throw ModelError(.wrongShape, "an answer without choices")
    }
    guard let list = choices.array else {
      throw ModelError(.wrongShape, "choices that are no list")
    }
    var events: [ModelEvent] = []
    for choice in list where choice["index"]?.int ?? 0 == 0 {
      sawChoice = true
      if let content = choice[part] { try read(content, into: &events) }
      if let reason = choice["finish_reason"]?.string { finish = Self.reason(reason) }
      if part == "message" { break }
    }
    return events
  }

  private mutating func read(
    _ content: JSONValue, into events: inout [ModelEvent]
  ) throws(ModelError) {
    guard content.isObject else { throw ModelError(.wrongShape, "a message that is no object") }
    if let text = content["content"] {
      guard let text = text.string ?? Self.joined(text) else {
        throw ModelError(.wrongShape, "content that is no text")
      }
      if !text.isEmpty { events.append(.text(text)) }
    }
    if let text = content["refusal"]?.string, !text.isEmpty { events.append(.refusal(text)) }
    for call in content["tool_calls"]?.array ?? [] { events.append(readCall(call)) }
  }

  /// A piece of a call. Some servers repeat the name, leave the index out, or give every call
  /// index 0: a new id starts a new call.
  private mutating func readCall(_ call: JSONValue) -> ModelEvent {
    let id = call["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    let index = call["index"]?.int ?? (id == nil ? max(0, positions.count - 1) : positions.count)
    let startsAnew = positions[index] == nil || (id != nil && callIDs[index] != id)
    if startsAnew {
      position += 1
      positions[index] = position
      callIDs[index] = id ?? "call_\(position)"
    }
    let function = call["function"]
    return .toolCall(
      position: positions[index] ?? 0, id: startsAnew ? callIDs[index] : nil,
      name: startsAnew ? function?["name"]?.string : nil,
      arguments: function?["arguments"]?.string ?? "")
  }

  /// Content as a list of parts, as some gateways send it.
  private static func joined(_ content: JSONValue) -> String? {
    content.array.map { parts in parts.compactMap { $0["text"]?.string }.joined() }
  }

  private mutating func readUsage(_ value: JSONValue) {
    guard let input = value["prompt_tokens"]?.int, let output = value["completion_tokens"]?.int
    else { return }
    usage = ModelUsage(
      input: max(0, input), output: max(0, output),
      cached: value["prompt_tokens_details"]?["cached_tokens"]?.int ?? 0)
  }

  private static func reason(_ text: String) -> FinishReason {
    switch text {
    case "stop": .done
    case "length": .length
    case "tool_calls", "function_call": .toolCalls
    case "content_filter": .filtered
    default: .other(String(text.prefix(60)))
    }
  }
}
