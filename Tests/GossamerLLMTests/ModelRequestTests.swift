import GossamerHTTP
import GossamerURL
import Testing

@testable import GossamerLLM

@Suite("Requests in every format", .timeLimit(.minutes(5)))
struct ModelRequestTests {
  typealias Answer = ScriptedTransport.Answer

  static let schema = #"{"type":"object","properties":{"a":{"type":"string"}}}"#

  /// A conversation with everything in it.
  static let request = {
    var request = ModelRequest(
      messages: [
        Message(.system, "Be brief."), Message(.user, "When does it sail?"),
        Message(
          .assistant, "",
          toolCalls: [
            ToolCall(id: "c1", name: "look_up", arguments: #"{"q":1}"#, signature: "c2ln"),
            ToolCall(id: "local_call_1", name: "list", arguments: "broken"),
          ]),
        Message(.tool, #"{"hour":9}"#, toolCallID: "c1"),
        Message(.tool, "plain", toolCallID: "local_call_1"), Message(.user, "Well?"),
      ], maxTokens: 77, temperature: 0.5, seed: 4)
    request.tools = [ToolDescription(name: "look_up", purpose: "p", parametersSchema: schema)]
    request.toolChoice = .tool("look_up")
    request.answerSchema = schema
    return request
  }()

  static func sent(_ format: WireFormat, key: String? = nil) async throws -> (
    JSONValue, url: String, fields: [String: String]
  ) {
    let transport = ScriptedTransport([Answer("", status: 500)])
    let model = try RemoteModel(
      format, name: "m-1", baseURL: "http://127.0.0.1", key: key.flatMap { APIKey($0) },
      transport: transport)
    _ = try? await model.answer(request)
    let sent = try #require(transport.requests.first)
    let body = try #require(JSONValue(parsing: sent.body ?? []))
    let fields = sent.fields.lines.map { ($0.name.lowercased(), $0.value) }
    return (body, sent.url.href, Dictionary(fields) { first, _ in first })
  }

  @Test(arguments: WireFormat.allCases)
  func bodiesAreValidJSONWithTheModelsSettings(format: WireFormat) async throws {
    let (body, url, fields) = try await Self.sent(format)
    #expect(body.text.contains("0.5") && body.text.contains("77"))
    #expect(body.text.contains(Self.schema))
    #expect(body.text.contains("look_up"))
    #expect(body["model"]?.string == "m-1" || url.contains("m-1"))
    #expect(fields["content-type"] == "application/json")
  }

  @Test(arguments: [
    (WireFormat.chatCompletions, "http://127.0.0.1/v1/chat/completions", "authorization"),
    (.responses, "http://127.0.0.1/v1/responses", "authorization"),
    (.messages, "http://127.0.0.1/v1/messages", "x-api-key"),
    (.gemini, "http://127.0.0.1/v1beta/models/m-1:streamGenerateContent?alt=sse", "x-goog-api-key"),
    (.ollama, "http://127.0.0.1/api/chat", "authorization"),
  ])
  func addressAndKeyAreWhereTheFormatWantsThem(
    format: WireFormat, url: String, field: String
  ) async throws {
    let sent = try await Self.sent(format, key: "sk-1")
    #expect(sent.url == url)
    #expect(sent.fields[field]?.hasSuffix("sk-1") == true)
    #expect(sent.fields.values.filter { $0.contains("sk-1") }.count == 1)
  }

  @Test func messagesPutsTheSystemAboveAndResultsFirst() async throws {
    let (body, _, fields) = try await Self.sent(.messages)
    #expect(fields["anthropic-version"] == "2023-06-01")
    #expect(body["system"]?.string == "Be brief.")
    let messages = body["messages"]?.array ?? []
    #expect(messages.map { $0["role"]?.string } == ["user", "assistant", "user"])
    let last = messages.last?["content"]?.array ?? []
    #expect(last.map { $0["type"]?.string } == ["tool_result", "tool_result", "text"])
    #expect(last.first?["tool_use_id"]?.string == "c1")
    let calls = messages[1]["content"]?.array ?? []
    #expect(calls.first?["input"]?.text == #"{"q":1}"#)
    #expect(calls.last?["input"]?["text"]?.string == "broken")
    #expect(body["tool_choice"]?["name"]?.string == "look_up")
    #expect(body["output_config"]?["format"]?["type"]?.string == "json_schema")
  }

  @Test func geminiNamesResultsAndSendsSignaturesBack() async throws {
    let (body, _, _) = try await Self.sent(.gemini)
    #expect(body["systemInstruction"]?["parts"]?.array?.first?["text"]?.string == "Be brief.")
    let contents = body["contents"]?.array ?? []
    #expect(contents.map { $0["role"]?.string } == ["user", "model", "user"])
    let calls = contents[1]["parts"]?.array ?? []
    #expect(calls[0]["thoughtSignature"]?.string == "c2ln")
    #expect(calls[0]["functionCall"]?["id"]?.string == "c1")
    #expect(calls[1]["functionCall"]?["id"] == nil, "an id of ours means nothing there")
    let results = contents[2]["parts"]?.array ?? []
    #expect(results[0]["functionResponse"]?["name"]?.string == "look_up")
    #expect(results[0]["functionResponse"]?["response"]?["hour"]?.int == 9)
    #expect(results[1]["functionResponse"]?["name"]?.string == "list")
    #expect(results[1]["functionResponse"]?["response"]?["result"]?.string == "plain")
    #expect(results[2]["text"]?.string == "Well?")
    #expect(body["generationConfig"]?["responseMimeType"]?.string == "application/json")
  }

  @Test func responsesSpellsCallsAsItemsAndKeepsNothing() async throws {
    let (body, _, _) = try await Self.sent(.responses)
    #expect(body["instructions"]?.string == "Be brief.")
    #expect(body["store"] == .bool(false))
    let kinds = (body["input"]?.array ?? []).map { ($0["type"] ?? $0["role"])?.string }
    #expect(
      kinds == [
        "user", "function_call", "function_call", "function_call_output", "function_call_output",
        "user",
      ])
    #expect(body["tools"]?.array?.first?["name"]?.string == "look_up")
    #expect(body["text"]?["format"]?["strict"] == .bool(false))
  }

  @Test func ollamaGetsAContextThatHoldsThePrompt() async throws {
    let (body, _, _) = try await Self.sent(.ollama)
    #expect(body["options"]?["num_ctx"]?.int == 4_096)
    #expect(body["options"]?["num_predict"]?.int == 77)
    #expect(body["format"]?.isObject == true)
    let messages = body["messages"]?.array ?? []
    #expect(messages[3]["tool_name"]?.string == "look_up")
    #expect(
      messages[2]["tool_calls"]?.array?.first?["function"]?["arguments"]?.isObject == true)
    let long = ModelRequest(messages: [Message(.user, String(repeating: "word ", count: 9_000))])
    #expect(OllamaChat.contextSize(for: long) == 16_384)
  }

  @Test(arguments: [
    (#"{"type":"object","properties":{},"additionalProperties":false}"#, true),
    (
      #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#,
      true
    ),
    (#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#, false),
    (
      #"{"type":"object","properties":{"a":{"type":"object"}},"required":["a"],"additionalProperties":false}"#,
      false
    ), (#"{"type":"string"}"#, true), ("nonsense", false),
  ])
  func strictIsAskedOnlyWhereTheSchemaIs(schema: String, isStrict: Bool) {
    #expect(AnswerSchema.isStrict(schema) == isStrict)
  }
}
