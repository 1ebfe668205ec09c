import GossamerHTTP

/// OpenAI's Chat Completions, spoken by most servers.
struct ChatCompletions: ModelCodec {
  let home = "https://api.openai.com"
  let framing = MessageFraming.events

  func path(model: String) -> String { "/v1/chat/completions" }

  func sign(_ fields: inout HTTPFields, with key: APIKey?) {
    if let key { fields.append("Authorization", "Bearer \(key.value)") }
  }

  func body(_ request: ModelRequest, model: String, isHome: Bool) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{")
    json.member("model", model)
    json.raw(",\"messages\":")
    json.list(request.messages, Self.write)
    if !request.tools.isEmpty {
      json.raw(",\"tools\":")
      json.list(request.tools) { tool, json in
        json.raw("{\"type\":\"function\",\"function\":{")
        json.member("name", tool.name)
        json.also("description", tool.purpose)
        json.raw(",\"parameters\":\(tool.parametersSchema)}}")
      }
      Self.write(request.toolChoice, to: &json)
    }
    if let schema = request.answerSchema {
      json.raw(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":")
      json.raw("{\"name\":\"answer\",\"strict\":\(AnswerSchema.isStrict(schema))")
      json.raw(",\"schema\":\(schema)}}")
    }
    // The old name is all that many compatible servers know.
    let limit = isHome ? "max_completion_tokens" : "max_tokens"
    json.raw(",\"\(limit)\":\(max(1, request.maxTokens)),\"temperature\":")
    json.number(request.temperature)
    if let seed = request.seed { json.raw(",\"seed\":\(seed)") }
    json.raw(",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
    return json.bytes
  }

  private static func write(_ message: Message, to json: inout JSONWriter) {
    json.raw("{")
    json.member("role", message.role.rawValue)
    json.also("content", message.text)
    if let id = message.toolCallID { json.also("tool_call_id", id) }
    if !message.toolCalls.isEmpty {
      json.raw(",\"tool_calls\":")
      json.list(message.toolCalls) { call, json in
        json.raw("{")
        json.member("id", call.id)
        json.raw(",\"type\":\"function\",\"function\":{")
        json.member("name", call.name)
        json.also("arguments", call.arguments.isEmpty ? "{}" : call.arguments)
        json.raw("}}")
      }
    }
    json.raw("}")
  }

  private static func write(_ choice: ToolChoice, to json: inout JSONWriter) {
    switch choice {
    case .auto: break
    case .none: json.raw(",\"tool_choice\":\"none\"")
    case .required: json.raw(",\"tool_choice\":\"required\"")
    case .tool(let name):
      json.raw(",\"tool_choice\":{\"type\":\"function\",\"function\":{")
      json.member("name", name)
      json.raw("}}")
    }
  }

  func decoder(for request: ModelRequest) -> any AnswerDecoder { ChatDecoder() }
}

/// One answer in chunks that end with `[DONE]`.
private struct ChatDecoder: AnswerDecoder {
  private(set) var isOver = false
  private var tally = AnswerTally()
  private var callIDs: [Int: String] = [:]
  private var positions: [Int: Int] = [:]
  private var sawChoice = false

  mutating func readDoneMark() { isOver = true }

  mutating func read(_ message: JSONValue) throws(ModelError) -> [ModelEvent] {
    try read(message, part: "delta")
  }

  mutating func read(whole answer: JSONValue) throws(ModelError) -> [ModelEvent] {
    try read(answer, part: "message")
  }

  func end() throws(ModelError) -> [ModelEvent] {
    guard sawChoice else { throw ModelError(.empty, "an answer without choices") }
    return tally.end
  }

  private mutating func read(
    _ value: JSONValue, part: String
  ) throws(ModelError) -> [ModelEvent] {
    if let usage = value["usage"] { readUsage(usage) }
    guard let choices = value["choices"] else {
      if value["usage"] != nil || part == "delta" { return [] }
      if value["promptFeedback"]?["blockReason"] != nil {
        throw ModelError(.refusal, "the prompt was blocked", status: 200)
      }
      throw ModelError(.wrongShape, "an answer without choices")
    }
    guard let list = choices.array else {
      throw ModelError(.wrongShape, "choices that are no list")
    }
    var events: [ModelEvent] = []
    for choice in list where choice["index"]?.int ?? 0 == 0 {
      sawChoice = true
      if let content = choice[part] { try read(content, into: &events) }
      if let reason = choice["finish_reason"]?.string { tally.finish = Self.reason(reason) }
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
      positions[index] = tally.calls
      callIDs[index] = id ?? ToolCall.ownID(tally.calls)
      tally.calls += 1
    }
    let function = call["function"]
    // An object is wrong here, but clear.
    let arguments = function?["arguments"]
    return .toolCall(
      position: positions[index] ?? 0, id: startsAnew ? callIDs[index] : nil,
      name: startsAnew ? function?["name"]?.string : nil,
      arguments: arguments?.string ?? arguments?.text ?? "")
  }

  /// Content as a list of parts, as some gateways send it.
  private static func joined(_ content: JSONValue) -> String? {
    content.array.map { parts in parts.compactMap { $0["text"]?.string }.joined() }
  }

  private mutating func readUsage(_ value: JSONValue) {
    guard let input = value["prompt_tokens"]?.int, let output = value["completion_tokens"]?.int
    else { return }
    tally.usage = ModelUsage(
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
