import GossamerHTTP

/// OpenAI's Responses. Nothing is kept at the provider.
struct Responses: ModelCodec {
  let home = "https://api.openai.com"
  let framing = MessageFraming.events

  func path(model: String) -> String { "/v1/responses" }

  func sign(_ fields: inout HTTPFields, with key: APIKey?) {
    if let key { fields.append("Authorization", "Bearer \(key.value)") }
  }

  func body(_ request: ModelRequest, model: String, isHome: Bool) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{")
    json.member("model", model)
    let system = request.messages.systemText
    if !system.isEmpty { json.also("instructions", system) }
    json.raw(",\"input\":")
    json.list(request.messages.filter { $0.role != .system }.flatMap(Self.items)) { $1.raw($0) }
    if !request.tools.isEmpty {
      json.raw(",\"tools\":")
      json.list(request.tools) { tool, json in
        json.raw("{\"type\":\"function\",")
        json.member("name", tool.name)
        json.also("description", tool.purpose)
        json.raw(",\"parameters\":\(tool.parametersSchema),\"strict\":false}")
      }
      switch request.toolChoice {
      case .auto: break
      case .none: json.also("tool_choice", "none")
      case .required: json.also("tool_choice", "required")
      case .tool(let name):
        json.raw(",\"tool_choice\":{\"type\":\"function\"")
        json.also("name", name)
        json.raw("}")
      }
    }
    if let schema = request.answerSchema {
      json.raw(",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"answer\",\"strict\":")
      json.raw("\(AnswerSchema.isStrict(schema)),\"schema\":\(schema)}}")
    }
    json.raw(",\"max_output_tokens\":\(max(16, request.maxTokens)),\"temperature\":")
    json.number(request.temperature)
    json.raw(",\"store\":false,\"stream\":true}")
    return json.bytes
  }

  /// A message as items: its text, its calls, or the answer to a call.
  private static func items(of message: Message) -> [String] {
    func item(_ write: (inout JSONWriter) -> Void) -> String {
      var json = JSONWriter()
      json.raw("{")
      write(&json)
      json.raw("}")
      return String(decoding: json.bytes, as: UTF8.self)
    }
    if message.role == .tool {
      return [
        item {
          $0.member("type", "function_call_output")
          $0.also("call_id", message.toolCallID ?? "")
          $0.also("output", message.text)
        }
      ]
    }
    var items: [String] = []
    if !message.text.isEmpty || message.toolCalls.isEmpty {
      items.append(
        item {
          $0.member("role", message.role.rawValue)
          $0.also("content", message.text)
        })
    }
    return items
      + message.toolCalls.map { call in
        item {
          $0.member("type", "function_call")
          $0.also("call_id", call.id)
          $0.also("name", call.name)
          $0.also("arguments", call.arguments.isEmpty ? "{}" : call.arguments)
        }
      }
  }

  func decoder(for request: ModelRequest) -> any AnswerDecoder { ResponsesDecoder() }
}

/// One answer in events that end with the whole response.
private struct ResponsesDecoder: AnswerDecoder {
  private struct Call {
    var position: Int
    var hasArguments: Bool
  }

  private(set) var isOver = false
  private var tally = AnswerTally()
  /// Calls by the id of their item; some servers leave it out.
  private var calls: [String: Call] = [:]
  private var hasText = false

  mutating func read(_ message: JSONValue) throws(ModelError) -> [ModelEvent] {
    switch message["type"]?.string {
    case "response.output_text.delta":
      hasText = true
      return message["delta"]?.string.map { [.text($0)] } ?? []
    case "response.refusal.delta":
      hasText = true
      return message["delta"]?.string.map { [.refusal($0)] } ?? []
    case "response.output_item.added": return start(message["item"], message)
    case "response.function_call_arguments.delta":
      return add(message["delta"]?.string ?? "", to: message)
    case "response.function_call_arguments.done":
      return complete(message["arguments"]?.string, message)
    case "response.output_item.done":
      let item = message["item"]
      return start(item, message) + complete(item?["arguments"]?.string, message, item: item)
    case "response.completed", "response.incomplete", "response.failed":
      isOver = true
      return try finish(message["response"] ?? message)
    default: return []
    }
  }

  mutating func read(whole answer: JSONValue) throws(ModelError) -> [ModelEvent] {
    guard answer["output"] != nil || answer["status"] != nil else {
      throw ModelError(.wrongShape, "an answer without output")
    }
    return try finish(answer)
  }

  func end() throws(ModelError) -> [ModelEvent] { tally.end }

  private func key(_ message: JSONValue, item: JSONValue?) -> String {
    (item?["id"] ?? message["item_id"])?.string ?? message["output_index"]?.text
      ?? item?["call_id"]?.string ?? "last"
  }

  private mutating func start(_ item: JSONValue?, _ message: JSONValue) -> [ModelEvent] {
    let key = key(message, item: item)
    guard item?["type"]?.string == "function_call", calls[key] == nil else { return [] }
    let arguments = item?["arguments"]?.string ?? ""
    calls[key] = Call(position: tally.calls, hasArguments: !arguments.isEmpty)
    return tally.call(
      id: (item?["call_id"] ?? item?["id"])?.string, name: item?["name"]?.string,
      arguments: arguments)
  }

  private mutating func add(_ piece: String, to message: JSONValue) -> [ModelEvent] {
    // A server that names no item speaks of the latest call.
    let key = key(message, item: nil)
    let position = calls[key]?.position ?? tally.calls - 1
    guard position >= 0 else { return [] }
    calls[key] = Call(position: position, hasArguments: true)
    return [.toolCall(position: position, id: nil, name: nil, arguments: piece)]
  }

  /// The arguments in whole: news only where no pieces came before.
  private mutating func complete(
    _ arguments: String?, _ message: JSONValue, item: JSONValue? = nil
  ) -> [ModelEvent] {
    guard let arguments, !arguments.isEmpty,
      calls[key(message, item: item)]?.hasArguments == false
    else { return [] }
    calls[key(message, item: item)]?.hasArguments = true
    let position = calls[key(message, item: item)]?.position ?? 0
    return [.toolCall(position: position, id: nil, name: nil, arguments: arguments)]
  }

  private mutating func finish(_ response: JSONValue) throws(ModelError) -> [ModelEvent] {
    let status = response["status"]?.string
    if status == "failed" || status == "cancelled" {
      throw ProviderFailure.error(
        status: 200, fields: HTTPFields(),
        json: .object([.init(key: "error", value: response["error"] ?? .string("failed"))]),
        raw: [])
    }
    let events = readOutput(response["output"]?.array ?? [])
    if let usage = response["usage"], let input = usage["input_tokens"]?.int {
      tally.usage = ModelUsage(
        input: input, output: usage["output_tokens"]?.int ?? 0,
        cached: usage["input_tokens_details"]?["cached_tokens"]?.int ?? 0)
    }
    if status == "incomplete" {
      tally.finish =
        switch response["incomplete_details"]?["reason"]?.string {
        case "max_output_tokens"?: .length
        case "content_filter"?: .filtered
        case let reason: .other(String((reason ?? "incomplete").prefix(60)))
        }
    }
    return events
  }

  /// What the response says in the end and no event said before.
  private mutating func readOutput(_ output: [JSONValue]) -> [ModelEvent] {
    var events: [ModelEvent] = []
    let hadText = hasText
    let hadCalls = tally.calls > 0
    for item in output {
      switch item["type"]?.string {
      case "message" where !hadText:
        for part in item["content"]?.array ?? [] {
          if let text = part["text"]?.string { events.append(.text(text)) }
          if let text = part["refusal"]?.string { events.append(.refusal(text)) }
        }
      case "function_call" where !hadCalls: events += start(item, item)
      default: break
      }
    }
    return events
  }
}
