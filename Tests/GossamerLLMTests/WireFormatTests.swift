import GossamerHTTP
import Testing

@testable import GossamerLLM

@Suite("Wire formats", .timeLimit(.minutes(5)))
struct WireFormatTests {
  typealias Answer = ScriptedTransport.Answer

  static let fetch = ToolCall(
    id: "", name: "fetch_page", arguments: #"{"url":"http://a.test/1"}"#)

  struct Recorded: Sendable, CustomTestStringConvertible {
    var file: String
    var format: WireFormat
    var text = ""
    var calls: [ToolCall] = []
    var finish = FinishReason.done
    var usage: ModelUsage?
    var error: ModelError.Kind?
    var testDescription: String { file }
  }

  static let recorded: [Recorded] = [
    Recorded(
      file: "made-messages-text-then-tool.sse", format: .messages, text: "I look it up.",
      calls: [
        ToolCall(id: "toolu_1", name: "fetch_page", arguments: #"{"url": "http://a.test/1"}"#),
        ToolCall(id: "toolu_2", name: "list_hosts", arguments: "{}"),
      ], finish: .toolCalls, usage: ModelUsage(input: 30, output: 41)),
    Recorded(file: "made-messages-overloaded.sse", format: .messages, error: .server),
    Recorded(
      file: "messages-stream.sse", format: .messages, text: "Hello!",
      usage: ModelUsage(input: 26, output: 3, cached: 25)),
    Recorded(
      file: "messages.json", format: .messages, text: "Hello!",
      usage: ModelUsage(input: 26, output: 3, cached: 16)),
    Recorded(
      file: "messages-tools-stream.sse", format: .messages,
      calls: [
        ToolCall(
          id: "kZlDhaH7dfAJl1auXRXyTFU69VFY27TD", name: "fetch_page",
          arguments: #"{"url": "http://a.test/1"}"#)
      ], finish: .toolCalls, usage: ModelUsage(input: 132, output: 26, cached: 131)),
    Recorded(
      file: "messages-tools.json", format: .messages,
      calls: [
        ToolCall(
          id: "exzCzNmIMzwmmKYajSsuBBq4WgAiNxiH", name: "fetch_page",
          arguments: #"{"url":"http://a.test/1"}"#)
      ], finish: .toolCalls, usage: ModelUsage(input: 132, output: 26, cached: 120)),
    Recorded(
      file: "made-gemini-text.sse", format: .gemini, text: "The ferry sails twice a day.",
      usage: ModelUsage(input: 40, output: 8)),
    Recorded(
      file: "made-gemini-tools.sse", format: .gemini,
      calls: [
        ToolCall(
          id: "f1", name: "search_pages", arguments: #"{"query":"heat pumps"}"#,
          signature: "c2lnbmF0dXJl"),
        ToolCall(
          id: "local_call_1", name: "fetch_page", arguments: #"{"url":"http://a.test/1"}"#),
      ], finish: .toolCalls, usage: ModelUsage(input: 40, output: 29)),
    Recorded(file: "made-gemini-blocked.sse", format: .gemini, error: .refusal),
    Recorded(
      file: "made-ollama-text.ndjson", format: .ollama, text: "The ferry sails twice a day.",
      usage: ModelUsage(input: 40, output: 8)),
    Recorded(
      file: "made-ollama-tools.ndjson", format: .ollama,
      calls: [
        ToolCall(
          id: "local_call_0", name: "fetch_page", arguments: #"{"url":"http://a.test/1"}"#)
      ], finish: .toolCalls, usage: ModelUsage(input: 40, output: 8)),
    Recorded(file: "made-ollama-error-midway.ndjson", format: .ollama, error: .server),
    Recorded(
      file: "made-responses-tool.sse", format: .responses,
      calls: [
        ToolCall(id: "call_1", name: "fetch_page", arguments: #"{"url":"http://a.test/1"}"#)
      ], finish: .toolCalls, usage: ModelUsage(input: 40, output: 12)),
    Recorded(
      file: "made-responses-incomplete.sse", format: .responses, text: "The ferry",
      finish: .length, usage: ModelUsage(input: 40, output: 2)),
    Recorded(
      file: "responses.json", format: .responses, text: "Hello! How can I assist you today?",
      usage: ModelUsage(input: 22, output: 10, cached: 14)),
    Recorded(
      file: "responses-tools.json", format: .responses,
      calls: [
        ToolCall(
          id: "call_KDHJiU6sf1XAazB03FKEd6LKB28rXSSF", name: "fetch_page",
          arguments: #"{"url": "http://a.test/1"}"#)
      ], finish: .toolCalls, usage: ModelUsage(input: 132, output: 26, cached: 131)),
    Recorded(
      file: "chat.json", format: .chatCompletions, text: "Hello!",
      usage: ModelUsage(input: 26, output: 3)),
    Recorded(file: "made-chat-error-midway.sse", format: .chatCompletions, error: .server),
  ]

  static func ask(
    _ answer: Answer, _ format: WireFormat
  ) async throws -> Result<ModelAnswer, ModelError> {
    let model = try RemoteModel(
      format, name: "m", baseURL: "http://127.0.0.1", key: nil,
      transport: ScriptedTransport([answer]))
    do throws(ModelError) {
      return .success(try await model.answer(ModelRequest(messages: [Message(.user, "u")])))
    } catch { return .failure(error) }
  }

  @Test(
    .enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"),
    arguments: recorded, [1, 2, 3, 17, 1 << 20])
  func recordedAnswersMeanTheSameHoweverTheyAreSplit(
    recorded: Recorded, pieceLength: Int
  ) async throws {
    let bytes = try Fixtures.bytes(recorded.file)
    switch try await Self.ask(Answer(bytes: bytes, pieceLength: pieceLength), recorded.format) {
    case .success(let answer):
      #expect(recorded.error == nil)
      #expect(answer.text == recorded.text)
      #expect(answer.toolCalls == recorded.calls)
      #expect(answer.finish == recorded.finish)
      #expect(answer.usage == recorded.usage)
    case .failure(let error): #expect(error.kind == recorded.error, "\(error)")
    }
  }

  @Test(
    .enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"),
    arguments: [
      ("messages-stream.sse", WireFormat.messages), ("responses-stream.sse", .responses),
      ("made-gemini-text.sse", .gemini), ("made-ollama-text.ndjson", .ollama),
      ("chat-stream.sse", .chatCompletions),
    ])
  func aStreamThatIsCutIsNeverTakenForWhole(file: String, format: WireFormat) async throws {
    let bytes = try Fixtures.bytes(file)
    let marker: [UInt8] =
      switch format {
      case .messages: Array("message_stop".utf8)
      case .responses: Array("response.completed".utf8)
      case .gemini: Array("finishReason".utf8)
      case .ollama: Array("\"done\": true".utf8)
      case .chatCompletions: Array("[DONE]".utf8)
      }
    let end = try #require(bytes.firstRange(of: marker)).lowerBound
    for length in stride(from: 1, to: end, by: 5) {
      let answer = try await Self.ask(Answer(bytes: Array(bytes[..<length])), format)
      guard case .failure(let error) = answer else {
        Issue.record("whole after \(length) of \(bytes.count) bytes")
        continue
      }
      #expect(error.kind == .cutStream, "after \(length) bytes")
      #expect(error.isTransient)
    }
  }

  @Test(
    .enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"),
    arguments: [
      ("messages-stream.sse", WireFormat.messages), ("responses-stream.sse", .responses),
      ("made-gemini-text.sse", .gemini), ("made-ollama-text.ndjson", .ollama),
    ])
  func textIsHandedOnBeforeTheEndAndTheEndComesOnce(file: String, format: WireFormat) async throws {
    let model = try RemoteModel(
      format, name: "m", baseURL: "http://127.0.0.1", key: nil,
      transport: ScriptedTransport([Answer(bytes: try Fixtures.bytes(file), pieceLength: 11)]))
    var texts = 0
    var ends = 0
    for try await event in model.stream(ModelRequest(messages: [Message(.user, "u")])) {
      switch event {
      case .text:
        #expect(ends == 0)
        texts += 1
      case .finished: ends += 1
      default: break
      }
    }
    #expect(texts > 1)
    #expect(ends == 1)
  }

  @Test func geminisStreamAsOneListIsTakenToo() async throws {
    let chunks = [
      #"{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"#,
      #"{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS"}]}"#,
    ]
    let answer = try await Self.ask(Answer("[" + chunks.joined(separator: ",\n") + "]"), .gemini)
    #expect(try answer.get().text == "ab")
    #expect(try answer.get().finish == .length)
  }

  @Test func aContextThatOllamaCutIsNotAnAnswer() async throws {
    let line =
      #"{"message":{"content":"x"},"done":true,"done_reason":"stop","prompt_eval_count":4096}"#
    guard case .failure(let error) = try await Self.ask(Answer(line + "\n"), .ollama) else {
      Issue.record("taken for an answer")
      return
    }
    #expect(error.kind == .tooLarge)
    #expect(error.asksForShorterPrompt)
  }

  @Test(arguments: WireFormat.allCases)
  func everyFormatSaysTheSameText(format: WireFormat) async throws {
    let text = #"ein "Schiff" 😀 \ Zeile\n"#
    let quoted = JSONValue.string(text).text
    let body =
      switch format {
      case .chatCompletions:
        "data: {\"choices\":[{\"delta\":{\"content\":\(quoted)}}]}\n\ndata: [DONE]\n\n"
      case .responses:
        "data: {\"type\":\"response.output_text.delta\",\"delta\":\(quoted)}\n\n"
          + "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n"
      case .messages:
        "data: {\"type\":\"content_block_delta\",\"index\":0,"
          + "\"delta\":{\"type\":\"text_delta\",\"text\":\(quoted)}}\n\n"
          + "data: {\"type\":\"message_stop\"}\n\n"
      case .gemini:
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\(quoted)}]},"
          + "\"finishReason\":\"STOP\"}]}\n\n"
      case .ollama: "{\"message\":{\"content\":\(quoted)},\"done\":true}\n"
      }
    for length in 1...9 {
      let answer = Answer(bytes: Array(body.utf8), pieceLength: length)
      #expect(try await Self.ask(answer, format).get().text == text)
    }
  }
}
