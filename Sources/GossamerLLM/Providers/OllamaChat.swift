import GossamerHTTP

/// Ollama's own chat: the one format in which the size of the context is the caller's to set.
struct OllamaChat: ModelCodec {
  let home = "http://127.0.0.1:11434"
  let framing = MessageFraming.lines

  func path(model: String) -> String { "/api/chat" }

  /// Ollama has no keys; gateways in front of it take the usual one.
  func sign(_ fields: inout HTTPFields, with key: APIKey?) {
    if let key { fields.append("Authorization", "Bearer \(key.value)") }
  }

  /// What is longer than the context is cut without a word, so the context is made to fit. In few
  /// sizes: every new one loads the model again.
  static func contextSize(for request: ModelRequest) -> Int {
    var size = 4_096
    while size < request.tokenEstimate, size < 1 << 20 { size *= 2 }
    return size
  }

  func body(_ request: ModelRequest, model: String, isHome: Bool) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{")
    json.member("model", model)
    json.raw(",\"messages\":")
    json.list(request.messages) { message, json in
      json.raw("{")
      json.member("role", message.role.rawValue)
      json.also("content", message.text)
      if message.role == .tool {
        json.also("tool_name", request.messages.toolName(of: message.toolCallID))
      }
      if !message.toolCalls.isEmpty {
        json.raw(",\"tool_calls\":")
        json.list(message.toolCalls) { call, json in
          json.raw("{\"function\":{")
          json.member("name", call.name)
          json.raw(",\"arguments\":")
          json.object(call.arguments, orUnder: "text")
          json.raw("}}")
        }
      }
      json.raw("}")
    }
    // There is no choice of tools; none is a call without them.
    if !request.tools.isEmpty, request.toolChoice != .none {
      json.raw(",\"tools\":")
      json.list(request.tools) { tool, json in
        json.raw("{\"type\":\"function\",\"function\":{")
        json.member("name", tool.name)
        json.also("description", tool.purpose)
        json.raw(",\"parameters\":\(tool.parametersSchema)}}")
      }
    }
    if let schema = request.answerSchema { json.raw(",\"format\":\(schema)") }
    json.raw(",\"options\":{\"num_ctx\":\(Self.contextSize(for: request))")
    json.raw(",\"num_predict\":\(max(1, request.maxTokens)),\"temperature\":")
    json.number(request.temperature)
    if let seed = request.seed { json.raw(",\"seed\":\(seed)") }
    json.raw("},\"stream\":true}")
    return json.bytes
  }

  func decoder(for request: ModelRequest) -> any AnswerDecoder {
    OllamaDecoder(contextSize: Self.contextSize(for: request))
  }
}

/// One answer in lines; the last one is marked.
private struct OllamaDecoder: AnswerDecoder {
  let contextSize: Int
  private(set) var isOver = false
  private var tally = AnswerTally()

  init(contextSize: Int) { self.contextSize = contextSize }

  mutating func read(whole answer: JSONValue) throws(ModelError) -> [ModelEvent] {
    guard answer["message"] != nil || answer["done"] != nil else {
      throw ModelError(.wrongShape, "an answer without a message")
    }
    return try read(answer)
  }

  mutating func read(_ message: JSONValue) throws(ModelError) -> [ModelEvent] {
    var events: [ModelEvent] = []
    let content = message["message"]
    if let text = content?["content"]?.string, !text.isEmpty { events.append(.text(text)) }
    for call in content?["tool_calls"]?.array ?? [] {
      let function = call["function"]
      let arguments = function?["arguments"]
      events += tally.call(
        id: call["id"]?.string, name: function?["name"]?.string,
        arguments: arguments?.string ?? arguments?.text ?? "{}")
    }
    if message["done"]?.bool == true { try finish(message) }
    return events
  }

  func end() throws(ModelError) -> [ModelEvent] { tally.end }

  private mutating func finish(_ message: JSONValue) throws(ModelError) {
    isOver = true
    if let input = message["prompt_eval_count"]?.int {
      guard input < contextSize else {
        throw ModelError(.tooLarge, "the server cut the prompt to its context of \(input) tokens")
      }
      tally.usage = ModelUsage(input: input, output: message["eval_count"]?.int ?? 0)
    }
    switch message["done_reason"]?.string {
    case "stop"?, nil: break
    case "length"?: tally.finish = .length
    case let reason?: tally.finish = .other(String(reason.prefix(60)))
    }
  }
}
