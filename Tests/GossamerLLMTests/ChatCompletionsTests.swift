import GossamerFlow
import GossamerHTTP
import GossamerURL
import Testing

@testable import GossamerLLM

@Suite("Chat Completions", .timeLimit(.minutes(5)))
struct ChatCompletionsTests {
  typealias Answer = ScriptedTransport.Answer

  let request = ModelRequest(messages: [Message(.system, "s"), Message(.user, "u \"x\"\n")])

  func model(_ transport: ScriptedTransport, key: String? = nil) throws -> RemoteModel {
    try RemoteModel(
      name: "m", baseURL: "http://127.0.0.1:8080", key: key.flatMap { APIKey($0) },
      transport: transport)
  }

  func kind(of answer: Answer) async throws -> ModelError? {
    let model = try model(ScriptedTransport([answer]))
    do throws(ModelError) {
      _ = try await model.answer(request)
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    ("http://a.test", "http://a.test/v1/chat/completions"),
    ("http://a.test/", "http://a.test/v1/chat/completions"),
    ("http://a.test:8080/v1", "http://a.test:8080/v1/chat/completions"),
    ("https://a.test/x/v1/", "https://a.test/x/v1/chat/completions"),
    ("https://a.test/x/v1/chat/completions", "https://a.test/x/v1/chat/completions"),
  ])
  func theAddressMayBeGivenInAnyForm(base: String, expected: String) throws {
    let model = try RemoteModel(
      name: "m", baseURL: base, key: nil, transport: ScriptedTransport([]))
    #expect(model.endpoint.href == expected)
  }

  @Test(arguments: ["", "ftp://a.test", "a.test", "http://user:secret@a.test"])
  func otherAddressesAreRefused(base: String) {
    let error = #expect(throws: ModelError.self) {
      try RemoteModel(name: "m", baseURL: base, key: nil, transport: ScriptedTransport([]))
    }
    #expect(error?.kind == .config)
    #expect(error?.message.contains("secret") == false)
  }

  @Test func theRequestIsAsTheFormatWantsAndEqualEachTime() async throws {
    let transport = ScriptedTransport([
      Answer("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n")
    ])
    let model = try model(transport, key: "sk-secret")
    _ = try await model.answer(request)
    _ = try await model.answer(request)
    let sent = transport.requests
    #expect(sent[0].body == sent[1].body)
    #expect(sent[0].fields["authorization"] == "Bearer sk-secret")
    #expect(sent[0].method == "POST")
    let body = JSONValue(parsing: sent[0].body ?? [])
    #expect(body?["model"]?.string == "m")
    #expect(body?["messages"]?.array?.last?["content"]?.string == "u \"x\"\n")
    #expect(body?["stream_options"]?["include_usage"] == .bool(true))
    #expect(body?["max_tokens"]?.int == 512)
  }

  @Test(
    .enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"),
    arguments: [1, 7, 100_000])
  func aRecordedStreamGivesItsTextAndUsage(pieceLength: Int) async throws {
    let bytes = try Fixtures.bytes("chat-stream.sse")
    let transport = ScriptedTransport([Answer(bytes: bytes, pieceLength: pieceLength)])
    let answer = try await model(transport).answer(request)
    #expect(answer.text == "Hello!")
    #expect(answer.finish == .done)
    #expect(answer.usage == ModelUsage(input: 26, output: 3, cached: 25))
  }

  @Test(.enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"))
  func aRecordedAnswerThatIsNotStreamedIsTakenToo() async throws {
    let transport = ScriptedTransport([Answer(bytes: try Fixtures.bytes("chat.json"))])
    let answer = try await model(transport).answer(request)
    #expect(!answer.text.isEmpty)
    #expect(answer.usage != nil)
  }

  @Test(
    .enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"),
    arguments: ["made-chat-two-tools.sse", "chat-tools-stream.sse", "chat-tools-answer.json"])
  func toolCallsAreJoinedFromTheirPieces(name: String) async throws {
    let transport = ScriptedTransport([
      Answer(bytes: try Fixtures.bytes(name), pieceLength: 13)
    ])
    let answer = try await model(transport).answer(request)
    if name.hasPrefix("made") {
      #expect(
        answer.toolCalls == [
          ToolCall(id: "call_a", name: "search_pages", arguments: "{\"query\":\"heat pumps\"}"),
          ToolCall(id: "call_b", name: "fetch_page", arguments: "{\"url\":\"http://a.test/1\"}"),
        ])
      #expect(answer.finish == .toolCalls)
    }
    for call in answer.toolCalls {
      #expect(JSONValue(parsing: Array(call.arguments.utf8))?.isObject == true)
      #expect(!call.id.isEmpty && !call.name.isEmpty)
    }
  }

  @Test(
    .enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"),
    arguments: [
      ("made-chat-cut.sse", ModelError.Kind.cutStream),
      ("made-chat-error-midway.sse", .server),
    ])
  func aStreamThatDoesNotEndWellIsAnError(name: String, kind: ModelError.Kind) async throws {
    #expect(try await self.kind(of: Answer(bytes: try Fixtures.bytes(name)))?.kind == kind)
  }

  @Test(.enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"))
  func theRecordedStreamCutAnywhereIsNeverTakenForWhole() async throws {
    let bytes = try Fixtures.bytes("chat-stream.sse")
    let end = bytes.count - "data: [DONE]\n\n".utf8.count + "data: [DONE]".utf8.count
    for length in stride(from: 1, to: end, by: 7) {
      let error = try await kind(of: Answer(bytes: Array(bytes[..<length])))
      #expect(error?.kind == .cutStream, "after \(length) bytes")
    }
  }

  @Test(arguments: [
    (Answer("<html>Log in</html>"), ModelError.Kind.badJSON),
    (Answer("[\"not\",\"an\",\"object\"]"), .wrongShape),
    (Answer("{\"choices\":[]}"), .empty),
    (Answer("{\"choices\":[{\"message\":{\"content\":\"\"}}]}"), .empty),
    (Answer("{\"choices\":[{\"message\":{\"refusal\":\"no\"}}]}"), .refusal),
    (Answer("{\"choices\":[{\"message\":{},\"finish_reason\":\"content_filter\"}]}"), .refusal),
    (Answer("{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"x\":NaN}"), .badJSON),
    (Answer("{\"choices\":5}"), .wrongShape),
    (Answer("{\"choices\":[{\"message\":{\"content\":7}}]}"), .wrongShape),
    (Answer("data: nonsense\n\n"), .badJSON),
    (Answer("Internal error"), .cutStream),
    (Answer("  \n"), .empty),
    (Answer("", status: 307, fields: [("Location", "http://b.test/")]), .config),
    (Answer("", status: 400), .config), (Answer("", status: 403), .auth),
    (Answer(error: HTTPTransportError(.refused, detail: "x")), .server),
    (Answer(error: HTTPTransportError(.deadline, detail: "x")), .timeout),
    (Answer(error: HTTPTransportError(.dnsNotFound, detail: "x")), .config),
    (Answer(error: HTTPTransportError(.cancelled, detail: "x")), .cancelled),
    (Answer("data: {}\n\n", breakOff: HTTPTransportError(.closed, detail: "x")), .cutStream),
  ])
  func everyBadAnswerHasItsKind(answer: Answer, kind: ModelError.Kind) async throws {
    #expect(try await self.kind(of: answer)?.kind == kind)
  }

  @Test func aHugeAnswerIsGivenUpEarly() async throws {
    let text =
      "{\"choices\":[{\"message\":{\"content\":\"" + String(repeating: "t", count: 10 << 20)
    let error = try await kind(
      of: Answer(bytes: Array((text + "\"}}]}").utf8), pieceLength: 65_536))
    #expect(error?.kind == .tooLarge)
  }

  @Test func theKeyIsNeverShown() async throws {
    let secret = "sk-very-secret-0123"
    let key = try #require(APIKey(secret))
    var dumped = ""
    dump(key, to: &dumped)
    let body = "{\"error\":{\"message\":\"Incorrect API key provided: \(secret).\"}}"
    let transport = ScriptedTransport([Answer(body, status: 401)])
    let model = try model(transport, key: secret)
    dump(model, to: &dumped)
    let error = await #expect(throws: ModelError.self) { try await model.answer(request) }
    #expect(error?.kind == .auth)
    #expect(error?.message == "Incorrect API key provided: [key].")
    for text in [dumped, "\(key)", String(reflecting: key), "\(model)", "\(error as Any)"] {
      #expect(!text.contains(secret))
    }
  }

  @Test func theEnvironmentsKeysAreReadInOrder() {
    #expect(APIKey(environment: [:]) == nil)
    #expect(APIKey(environment: ["OPENAI_API_KEY": "b"])?.value == "b")
    #expect(APIKey(environment: ["OPENAI_API_KEY": "b", "GOSSAMER_LLM_KEY": "a"])?.value == "a")
    #expect(APIKey(environment: ["GOSSAMER_LLM_KEY": "", "OPENAI_API_KEY": "b"])?.value == "b")
    #expect(APIKey("a\r\nX: y") == nil)
  }

  @Test func callsWithoutIndexOrWithTheSameIndexAreKeptApart() async throws {
    let chunks = [
      #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}"#,
      #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"{"}}]}}]}"#,
      #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}"#,
    ]
    let text = chunks.map { "data: \($0)\n\n" }.joined() + "data: [DONE]\n\n"
    let answer = try await model(ScriptedTransport([Answer(text)])).answer(request)
    #expect(answer.toolCalls.map(\.id) == ["a", "b"])
    #expect(answer.toolCalls.map(\.arguments) == ["{}", "{}"])
  }
}
