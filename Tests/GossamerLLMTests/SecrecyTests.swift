import GossamerFlow
import GossamerHTTP
import GossamerURL
import Testing

@testable import GossamerLLM

@Suite("Keys are never shown", .timeLimit(.minutes(5)))
struct SecrecyTests {
  typealias Answer = ScriptedTransport.Answer

  static let secret = "sk-very-secret-0123"

  /// Answers that quote the key, as some servers do, in every place an error can come from.
  static let answers = [
    Answer(#"{"error":{"message":"bad key \#(secret)"}}"#, status: 401),
    Answer("<html>\(secret)</html>", status: 502), Answer(#"{"error":"\#(secret)"}"#),
    Answer("data: {\"error\":{\"message\":\"\(secret)\"}}\n\n"),
    Answer(error: HTTPTransportError(.refused, detail: "to x?key=\(secret)")),
    Answer(
      "data: {}\n\n", breakOff: HTTPTransportError(.reset, detail: "sent \(secret) and died")),
    Answer("", status: 500, fields: [("x-request-id", secret)]),
  ]

  @Test(arguments: WireFormat.allCases, answers.indices)
  func errorsOfAllFormatsLeaveThemOut(format: WireFormat, index: Int) async throws {
    let transport = ScriptedTransport([Self.answers[index]])
    let model = try RemoteModel(
      format, name: "m", baseURL: "http://127.0.0.1", key: APIKey(Self.secret),
      transport: transport)
    let client = ModelClient(
      model: model, gate: ModelGate(limiter: RateLimiter(limits: .unlimited), retries: .never))
    let error = await #expect(throws: ModelError.self) {
      try await client.answer(ModelRequest(messages: [Message(.user, "u")]))
    }
    try expectSilence(error, model, client)
    let url = try #require(transport.requests.first?.url)
    #expect(!"\(url)".contains(Self.secret), "addresses land in logs")
  }

  @Test(arguments: ["openai", "gemini", "ollama"], answers.indices)
  func errorsOfEmbeddingsLeaveThemOut(provider: String, index: Int) async throws {
    let model = try RemoteEmbeddingModel(
      provider: provider, name: "m", baseURL: "http://127.0.0.1", key: APIKey(Self.secret),
      transport: ScriptedTransport([Self.answers[index]]))
    let client = EmbeddingClient(
      model: model, gate: ModelGate(limiter: RateLimiter(limits: .unlimited), retries: .never),
      purpose: .query)
    let error = await #expect(throws: ModelError.self) { try await client.vector(of: "a") }
    try expectSilence(error, model, client)
  }

  private func expectSilence(_ error: ModelError?, _ values: Any...) throws {
    let error = try #require(error)
    var dumped = ""
    dump(error, to: &dumped)
    for value in values {
      dump(value, to: &dumped)
      dumped += "\(value)" + String(reflecting: value)
    }
    #expect(!(dumped + "\(error)").contains(Self.secret), "\(error.kind)")
  }
}
