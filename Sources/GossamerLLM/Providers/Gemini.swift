import GossamerHTTP

/// Google's generateContent.
struct Gemini: ModelCodec {
  let home = "https://generativelanguage.googleapis.com"
  let framing = MessageFraming.events
  let query = "?alt=sse"

  func path(model: String) -> String {
    "/v1beta/\(Self.resource(model)):streamGenerateContent"
  }

  /// `models/M`; names with a folder of their own keep it.
  static func resource(_ model: String) -> String {
    let name = model.utf8.map { byte -> String in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || "-._/@".utf8.contains(byte)
      return isPlain
        ? String(UnicodeScalar(byte))
        : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
    return name.contains("/") ? name : "models/" + name
  }

  /// Never in the query: that lands in logs.
  func sign(_ fields: inout HTTPFields, with key: APIKey?) {
    if let key { fields.append("x-goog-api-key", key.value) }
  }

  func body(_ request: ModelRequest, model: String, isHome: Bool) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{")
    let system = request.messages.systemText
    if !system.isEmpty {
      json.raw("\"systemInstruction\":{\"parts\":[{")
      json.member("text", system)
      json.raw("}]},")
    }
    if !request.tools.isEmpty {
      json.raw("\"tools\":[{\"functionDeclarations\":")
      json.list(request.tools) { tool, json in
        json.raw("{")
        json.member("name", tool.name)
        json.also("description", tool.purpose)
        json.raw(",\"parametersJsonSchema\":\(tool.parametersSchema)}")
      }
      json.raw("}],")
      Self.write(request.toolChoice, to: &json)
    }
    json.raw("\"contents\":")
    json.list(request.messages.turns) { turn, json in
      json.raw("{\"role\":\"\(turn.isAssistant ? "model" : "user")\",\"parts\":")
      json.list(Self.parts(of: turn.messages, in: request.messages)) { $1.raw($0) }
      json.raw("}")
    }
    json.raw(",\"generationConfig\":{\"maxOutputTokens\":\(max(1, request.maxTokens))")
    json.raw(",\"temperature\":")
    json.number(request.temperature)
    if let seed = request.seed { json.raw(",\"seed\":\(seed)") }
    if let schema = request.answerSchema {
      json.raw(",\"responseMimeType\":\"application/json\",\"responseJsonSchema\":\(schema)")
    }
    json.raw("}}")
    return json.bytes
  }

  private static func write(_ choice: ToolChoice, to json: inout JSONWriter) {
    let start = "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":"
    switch choice {
    case .auto: break
    case .none: json.raw(start + "\"NONE\"}},")
    case .required: json.raw(start + "\"ANY\"}},")
    case .tool(let name):
      json.raw(start + "\"ANY\",\"allowedFunctionNames\":[")
      json.string(name)
      json.raw("]}},")
    }
  }

  private static func parts(of messages: [Message], in conversation: [Message]) -> [String] {
    func part(_ write: (inout JSONWriter) -> Void) -> String {
      var json = JSONWriter()
      json.raw("{")
      write(&json)
      json.raw("}")
      return String(decoding: json.bytes, as: UTF8.self)
    }
    var parts: [String] = []
    for message in messages {
      if message.role == .tool {
        let id = message.toolCallID
        parts.append(
          part {
            $0.raw("\"functionResponse\":{")
            $0.member("name", conversation.toolName(of: id))
            if let id, !ToolCall(id: id, name: "", arguments: "").hasOwnID { $0.also("id", id) }
            $0.raw(",\"response\":")
            $0.object(message.text, orUnder: "result")
            $0.raw("}")
          })
        continue
      }
      if !message.text.isEmpty { parts.append(part { $0.member("text", message.text) }) }
      for call in message.toolCalls {
        parts.append(
          part {
            $0.raw("\"functionCall\":{")
            $0.member("name", call.name)
            if !call.hasOwnID { $0.also("id", call.id) }
            $0.raw(",\"args\":")
            $0.object(call.arguments, orUnder: "text")
            $0.raw("}")
            // Newer models refuse a call that comes back without its signature.
            if let signature = call.signature { $0.also("thoughtSignature", signature) }
          })
      }
    }
    return parts
  }

  func decoder(for request: ModelRequest) -> any AnswerDecoder { GeminiDecoder() }
}

/// One answer in chunks; there is no end marker, the last chunk has a reason.
private struct GeminiDecoder: AnswerDecoder {
  let isOver = false
  private var tally = AnswerTally()

  var mayClose: Bool { tally.finish != nil }

  mutating func read(whole answer: JSONValue) throws(ModelError) -> [ModelEvent] {
    guard answer["candidates"] != nil || answer["promptFeedback"] != nil else {
      throw ModelError(.wrongShape, "an answer without candidates")
    }
    return try read(answer)
  }

  mutating func read(_ message: JSONValue) throws(ModelError) -> [ModelEvent] {
    if let reason = message["promptFeedback"]?["blockReason"] {
      throw ModelError(
        .refusal, "the prompt was blocked: \(reason.string ?? reason.text)", status: 200)
    }
    readUsage(message["usageMetadata"])
    guard let candidate = message["candidates"]?.array?.first(where: { $0["index"]?.int ?? 0 == 0 })
    else { return [] }
    var events: [ModelEvent] = []
    for part in candidate["content"]?["parts"]?.array ?? [] where part["thought"] != .bool(true) {
      if let text = part["text"]?.string, !text.isEmpty { events.append(.text(text)) }
      guard let call = part["functionCall"] else { continue }
      events += tally.call(
        id: call["id"]?.string, name: call["name"]?.string,
        arguments: call["args"]?.text ?? "{}", signature: part["thoughtSignature"]?.string)
    }
    if let reason = candidate["finishReason"]?.string { tally.finish = reasonFor(reason) }
    return events
  }

  func end() throws(ModelError) -> [ModelEvent] { tally.end }

  private mutating func readUsage(_ value: JSONValue?) {
    guard let value, let input = value["promptTokenCount"]?.int else { return }
    let output = value["candidatesTokenCount"]?.int ?? 0
    tally.usage = ModelUsage(
      input: input, output: output + (value["thoughtsTokenCount"]?.int ?? 0),
      cached: value["cachedContentTokenCount"]?.int ?? 0)
  }

  private func reasonFor(_ text: String) -> FinishReason {
    switch text {
    case "STOP": tally.calls > 0 ? .toolCalls : .done
    case "MAX_TOKENS": .length
    case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII": .filtered
    default: .other(String(text.prefix(60)))
    }
  }
}
