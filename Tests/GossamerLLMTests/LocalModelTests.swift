import Foundation
import GossamerFlow
import Testing

@testable import GossamerLLM

/// A real model server on this machine, where the environment names one.
private enum LocalServer {
  static let environment = ProcessInfo.processInfo.environment
  static var url: String? { environment["GOSSAMER_LLM_URL"] ?? environment["LLM_BASE_URL"] }
  static var model: String { environment["LLM_MODEL"] ?? "default" }
  static var isThere: Bool { url != nil }
}

@Suite(
  "A real model server", .serialized, .timeLimit(.minutes(5)),
  .enabled(
    if: LocalServer.isThere, "no model server: set GOSSAMER_LLM_URL or LLM_BASE_URL to run these"))
struct LocalModelTests {
  func model(
    _ suffix: String = "", format: WireFormat = .chatCompletions
  ) throws -> RemoteModel {
    try RemoteModel(
      format, name: LocalServer.model, baseURL: (LocalServer.url ?? "") + suffix,
      key: APIKey(environment: LocalServer.environment), transport: LoopbackTransport())
  }

  let short = ModelRequest(
    messages: [Message(.system, "Answer briefly."), Message(.user, "Say hello.")], maxTokens: 12)

  @Test(arguments: ["", "/v1"])
  func itAnswersWithTextUsageAndAReason(suffix: String) async throws {
    let answer = try await model(suffix).answer(short)
    #expect(!answer.text.isEmpty)
    #expect(answer.usage.map { $0.input > 0 && $0.output > 0 } == true)
    #expect(answer.finish == .done || answer.finish == .length)
  }

  @Test func textComesInPiecesBeforeTheEnd() async throws {
    var pieces = 0
    var ended = false
    for try await event in try model().stream(short) {
      #expect(!ended)
      switch event {
      case .text: pieces += 1
      case .finished: ended = true
      default: break
      }
    }
    #expect(pieces > 1)
    #expect(ended)
  }

  /// What llama.cpp speaks.
  @Test(arguments: [WireFormat.chatCompletions, .responses, .messages])
  func itSpeaksSeveralFormatsWithOneMeaning(format: WireFormat) async throws {
    var request = short
    request.maxTokens = 16
    let answer = try await model(format: format).answer(request)
    #expect(!answer.text.isEmpty)
    #expect(answer.usage.map { $0.input > 0 && $0.output > 0 } == true)
    #expect(answer.finish == .done || answer.finish == .length)
  }

  @Test(arguments: [WireFormat.chatCompletions, .messages])
  func anAnswerKeepsToItsSchema(format: WireFormat) async throws {
    var request = ModelRequest(
      messages: [Message(.user, "The ferry sails twice a day. Summarize.")], maxTokens: 120)
    request.answerSchema =
      #"{"type":"object","properties":{"summary":{"type":"string","maxLength":60}},"#
      + #""required":["summary"],"additionalProperties":false}"#
    let answer = try await model(format: format).answer(request)
    // Only the one format is promised by the server to be kept to; the other must just be taken.
    if format == .chatCompletions {
      #expect(try StructuredAnswer.text("summary", in: answer.text).isEmpty == false)
    }
  }

  @Test func theLimitOfTokensEndsAnAnswer() async throws {
    let request = ModelRequest(
      messages: [Message(.user, "Write a long story about a ferry.")], maxTokens: 4)
    #expect(try await model().answer(request).finish == .length)
  }

  @Test func temperatureZeroAnswersTheSameAgain() async throws {
    let first = try await model().answer(short)
    let second = try await model().answer(short)
    #expect(first.text == second.text)
  }

  @Test func aPromptBeyondTheContextIsTooLarge() async throws {
    let words = String(repeating: "ferry island council ", count: 6_000)
    let error = await #expect(throws: ModelError.self) {
      try await model().answer(ModelRequest(messages: [Message(.user, words)], maxTokens: 8))
    }
    #expect(error?.kind == .tooLarge)
    #expect(error?.isTransient == false)
  }

  @Test func callsAtOnceStayUnderTheLimitAndAllEnd() async throws {
    let limiter = RateLimiter(
      limits: RateLimits(requestsPerMinute: 600, tokensPerMinute: 100_000, concurrency: 2))
    let client = ModelClient(model: try model(), limiter: limiter)
    let texts = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 { group.addTask { try await client.answer(short).text } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(texts.count == 4)
    #expect(await limiter.inFlight == 0)
  }

  @Test func aWrongPathIsASettingToCorrect() async throws {
    let model = try RemoteModel(
      name: "m", baseURL: (LocalServer.url ?? "") + "/nowhere/chat/completions", key: nil,
      transport: LoopbackTransport())
    let error = await #expect(throws: ModelError.self) { try await model.answer(short) }
    #expect(error?.kind == .config)
  }
}

@Suite(
  "A real embedding server", .serialized, .timeLimit(.minutes(5)),
  .enabled(
    if: LocalServer.environment["EMBED_BASE_URL"] != nil,
    "no embedding server: set EMBED_BASE_URL to run these"))
struct LocalEmbeddingTests {
  func client(_ name: String, _ purpose: EmbeddingPurpose) throws -> EmbeddingClient {
    let model = try RemoteEmbeddingModel(
      name: name, baseURL: LocalServer.environment["EMBED_BASE_URL"], key: nil,
      transport: LoopbackTransport())
    return EmbeddingClient(
      model: model, gate: ModelGate(limiter: RateLimiter(limits: .unlimited)), purpose: purpose)
  }

  @Test func theNearestTextIsTheRightOne() async throws {
    let passages = try client("e5-passage", .document)
    let texts = [
      "The ferry to the island sails twice a day.", "Heat pumps move warmth from outside air.",
      "The council voted on the new library.",
    ]
    let vectors = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for (index, text) in texts.enumerated() {
        group.addTask { (index, try await passages.vector(of: text)) }
      }
      return try await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
    }
    let query = try await client("e5-query", .query).vector(of: "When does the boat leave?")
    let scores = texts.indices.map { index in
      zip(query, vectors[index] ?? []).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    }
    #expect(scores.max() == scores[0])
    #expect(query.count == 384)
  }
}
