import GossamerHTTP

/// Anthropic's Messages.
struct AnthropicMessages: ModelCodec {
  let home = "https://api.anthropic.com"
  let framing = MessageFraming.events

  func path(model: String) -> String { "/v1/messages" }

  func sign(_ fields: inout HTTPFields, with key: APIKey?) {
    fields.append("anthropic-version", "2023-06-01")
    if let key { fields.append("x-api-key", key.value) }
  }

  func body(_ request: ModelRequest, model: String, isHome: Bool) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{")
    json.member("model", model)
    json.raw(",\"max_tokens\":\(max(1, request.maxTokens))")
    let system = request.messages.systemText
    if !system.isEmpty { json.also("system", system) }
    if !request.tools.isEmpty {
      json.raw(",\"tools\":")
      json.list(request.tools) { tool, json in
        json.raw("{")
        json.member("name", tool.name)
        json.also("description", tool.purpose)
        json.raw(",\"input_schema\":\(tool.parametersSchema)}")
      }
      switch request.toolChoice {
      case .auto: break
      case .none: json.raw(",\"tool_choice\":{\"type\":\"none\"}")
      case .required: json.raw(",\"tool_choice\":{\"type\":\"any\"}")
      case .tool(let name):
        json.raw(",\"tool_choice\":{\"type\":\"tool\"")
        json.also("name", name)
        json.raw("}")
      }
    }
    if let schema = request.answerSchema {
      json.raw(",\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":\(schema)}}")
    }
    json.raw(",\"temperature\":")
    json.number(request.temperature)
    json.raw(",\"messages\":")
    json.list(request.messages.turns) { turn, json in
      json.raw("{\"role\":\"\(turn.isAssistant ? "assistant" : "user")\",\"content\":")
      json.list(Self.blocks(of: turn.messages)) { $1.raw($0) }
      json.raw("}")
    }
    json.raw(",\"stream\":true}")
    return json.bytes
  }

  /// Answers of tools come first in a message; blocks without text are refused.
  private static func blocks(of messages: [Message]) -> [String] {
    func block(_ write: (inout JSONWriter) -> Void) -> String {
      var json = JSONWriter()
      json.raw("{")
      write(&json)
      json.raw("}")
      return String(decoding: json.bytes, as: UTF8.self)
    }
    var blocks: [String] = []
    for message in messages where message.role == .tool {
      blocks.append(
        block {
          $0.member("type", "tool_result")
          $0.also("tool_use_id", message.toolCallID ?? "")
          $0.also("content", message.text)
        })
    }
    for message in messages where message.role != .tool {
      if !message.text.isEmpty {
        blocks.append(
          block {
            $0.member("type", "text")
            $0.also("text", message.text)
          })
      }
      for call in message.toolCalls {
        blocks.append(
          block {
            $0.member("type", "tool_use")
            $0.also("id", call.id)
            $0.also("name", call.name)
            $0.raw(",\"input\":")
            $0.object(call.arguments, orUnder: "text")
          })
      }
    }
    return blocks
  }

  func decoder(for request: ModelRequest) -> any AnswerDecoder { MessagesDecoder() }
}

/// One answer in blocks, each begun, continued and ended by events.
private struct MessagesDecoder: AnswerDecoder {
  private struct OpenCall {
    var position: Int
    /// The input as the block began with it, where no pieces come.
    var input: JSONValue?
  }

  private(set) var isOver = false
  private var tally = AnswerTally()
  /// Tool calls whose arguments did not begin yet, by the index of their block.
  private var open: [Int: OpenCall] = [:]
  private var positions: [Int: Int] = [:]
  private var lastIndex = -1

  mutating func read(_ message: JSONValue) throws(ModelError) -> [ModelEvent] {
    switch message["type"]?.string {
    case "message_start": readUsage(message["message"]?["usage"])
    case "content_block_start":
      lastIndex = message["index"]?.int ?? lastIndex + 1
      return start(message["content_block"], at: lastIndex)
    case "content_block_delta":
      return add(message["delta"], at: message["index"]?.int ?? lastIndex)
    case "content_block_stop": return close(message["index"]?.int ?? lastIndex)
    case "message_delta":
      readUsage(message["usage"])
      readReason(message["delta"]?["stop_reason"])
    case "message_stop":
      isOver = true
      return open.keys.sorted().flatMap { close($0) }
    default: break
    }
    return []
  }

  mutating func read(whole answer: JSONValue) throws(ModelError) -> [ModelEvent] {
    guard let blocks = answer["content"]?.array else {
      throw ModelError(.wrongShape, "an answer without content")
    }
    readUsage(answer["usage"])
    readReason(answer["stop_reason"])
    return blocks.enumerated().flatMap { start($0.element, at: $0.offset) + close($0.offset) }
  }

  func end() throws(ModelError) -> [ModelEvent] { tally.end }

  private mutating func start(_ block: JSONValue?, at index: Int) -> [ModelEvent] {
    switch block?["type"]?.string {
    case "text":
      let text = block?["text"]?.string ?? ""
      return text.isEmpty ? [] : [.text(text)]
    case "tool_use":
      open[index] = OpenCall(position: tally.calls, input: block?["input"])
      positions[index] = tally.calls
      return tally.call(id: block?["id"]?.string, name: block?["name"]?.string, arguments: "")
    default: return []
    }
  }

  private mutating func add(_ delta: JSONValue?, at index: Int) -> [ModelEvent] {
    switch delta?["type"]?.string {
    case "text_delta": return delta?["text"]?.string.map { [.text($0)] } ?? []
    case "input_json_delta":
      guard let piece = delta?["partial_json"]?.string, !piece.isEmpty,
        let position = positions[index]
      else { return [] }
      open[index] = nil
      return [.toolCall(position: position, id: nil, name: nil, arguments: piece)]
    default: return []
    }
  }

  /// A call to which no piece came has its input from the start, or none.
  private mutating func close(_ index: Int) -> [ModelEvent] {
    guard let call = open.removeValue(forKey: index) else { return [] }
    let arguments = call.input?.text ?? "{}"
    return [.toolCall(position: call.position, id: nil, name: nil, arguments: arguments)]
  }

  /// Counts are cumulative, and what is left out was said before.
  private mutating func readUsage(_ value: JSONValue?) {
    guard let value else { return }
    var usage = tally.usage ?? ModelUsage(input: 0, output: 0)
    if let fresh = value["input_tokens"]?.int {
      usage.cached = value["cache_read_input_tokens"]?.int ?? usage.cached
      let written = value["cache_creation_input_tokens"]?.int ?? 0
      usage.input = fresh + written + usage.cached
    }
    usage.output = value["output_tokens"]?.int ?? usage.output
    tally.usage = usage
  }

  private mutating func readReason(_ value: JSONValue?) {
    guard let text = value?.string else { return }
    tally.finish =
      switch text {
      case "end_turn", "stop_sequence": .done
      case "max_tokens", "model_context_window_exceeded": .length
      case "tool_use": .toolCalls
      case "refusal": .filtered
      default: .other(String(text.prefix(60)))
      }
  }
}
