import GossamerFlow
import GossamerHTTP
import Testing

@testable import GossamerLLM

@Suite("Errors of all providers", .timeLimit(.minutes(5)))
struct ProviderErrorTests {
  typealias Answer = ScriptedTransport.Answer

  static func error(
    _ answer: Answer, _ format: WireFormat = .chatCompletions
  ) async throws -> ModelError? {
    let model = try RemoteModel(
      format, name: "m", baseURL: "http://127.0.0.1", key: nil,
      transport: ScriptedTransport([answer]))
    do throws(ModelError) {
      _ = try await model.answer(ModelRequest(messages: [Message(.user, "u")]))
      return nil
    } catch { return error }
  }

  /// What an error says does not depend on which format was asked for.
  @Test(
    .enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"),
    arguments: WireFormat.allCases)
  func recordedAnswersGetTheirKindAndWait(format: WireFormat) async throws {
    var passed = 0
    var total = 0
    let entries = try Fixtures.lines("provider-errors.jsonl")
    for entry in entries {
      let id = entry["id"] as? String ?? "?"
      // A blocked prompt is an answer of Gemini's, not an error of everyone's.
      if id == "gemini-200-blocked", format != .gemini, format != .chatCompletions { continue }
      total += 1
      let fields = (entry["headers"] as? [String: String] ?? [:]).map { ($0.key, $0.value) }
      let error = try await Self.error(
        Answer(
          entry["body"] as? String ?? "", status: entry["status"] as? Int ?? 0, fields: fields),
        format)
      let wait = (entry["after_seconds"] as? Double).map { Duration.seconds($0) }
      let isRight =
        error?.kind.rawValue == entry["kind"] as? String
        && error?.isTransient == entry["retry"] as? Bool && error?.retryAfter == wait
      #expect(isRight, "\(id) over \(format): \(error?.description ?? "no error")")
      passed += isRight ? 1 : 0
    }
    print("provider errors over \(format.rawValue): \(passed)/\(total)")
  }

  @Test(arguments: [
    ("rate_limit_error", ModelError.Kind.rateLimited), ("overloaded_error", .server),
    ("api_error", .server), ("authentication_error", .auth), ("permission_error", .auth),
    ("not_found_error", .config), ("request_too_large", .tooLarge), ("timeout_error", .timeout),
    ("billing_error", .quota), ("something_new", .server),
  ])
  func errorsInAStreamHaveTheKindOfTheirType(type: String, kind: ModelError.Kind) async throws {
    let event = #"{"type":"error","error":{"type":"\#(type)","message":"the words"}}"#
    let error = try await Self.error(Answer("event: error\ndata: \(event)\n\n"), .messages)
    #expect(error?.kind == kind)
    #expect(error?.message == "the words")
    #expect(error?.status == 200)
  }

  @Test(arguments: [
    (400, "Your credit balance is too low to access the API.", ModelError.Kind.quota),
    (400, "prompt is too long: 210000 tokens > 200000 maximum", .tooLarge),
    (
      400, "The input token count (1200000) exceeds the maximum number of tokens allowed", .tooLarge
    ),
    (400, "Your input exceeds the context window of this model.", .tooLarge),
    (400, "temperature: must be at most 1", .config), (422, "unknown field", .config),
  ])
  func wordsTellWhatAStatusDoesNot(
    status: Int, words: String, kind: ModelError.Kind
  ) async throws {
    let body = #"{"error":{"type":"invalid_request_error","message":"\#(words)"}}"#
    let error = try await Self.error(Answer(body, status: status))
    #expect(error?.kind == kind)
    #expect(error?.isTransient == false)
    #expect(error?.message == words)
  }

  @Test func theCallsNameIsKeptForTheProvidersSupport() async throws {
    let error = try await Self.error(
      Answer("{\"error\":\"x\"}", status: 500, fields: [("Request-Id", "req_1\u{1B}[0m")]))
    #expect(error?.requestID == "req_10m")
    #expect(error?.description == "llm.server: x (HTTP 500) (request req_10m)")
  }

  @Test func limitsAreReadFromAnswersAndErrors() async throws {
    let openAI = [
      ("x-ratelimit-limit-requests", "500"), ("x-ratelimit-remaining-requests", "499"),
      ("x-ratelimit-reset-requests", "120ms"), ("x-ratelimit-limit-tokens", "-1"),
      ("x-ratelimit-reset-tokens", "0"),
    ]
    let error = try await Self.error(Answer("", status: 503, fields: openAI))
    #expect(
      error?.limits
        == LimitNotice(
          requests: .init(limit: 500, remaining: 499, reset: .milliseconds(120))))
    let anthropic = [
      ("Date", "Sun, 06 Nov 2033 08:49:30 GMT"),
      ("anthropic-ratelimit-input-tokens-limit", "40000"),
      ("anthropic-ratelimit-input-tokens-remaining", "0"),
      ("anthropic-ratelimit-input-tokens-reset", "2033-11-06T08:49:50Z"),
    ]
    let model = try RemoteModel(
      .messages, name: "m", baseURL: "http://127.0.0.1", key: nil,
      transport: ScriptedTransport([
        Answer(#"{"content":[{"type":"text","text":"x"}]}"#, fields: anthropic)
      ]))
    let answer = try await model.answer(ModelRequest(messages: [Message(.user, "u")]))
    #expect(
      answer.limits
        == LimitNotice(inputTokens: .init(limit: 40_000, remaining: 0, reset: .seconds(20))))
  }
}
