import Foundation
import GossamerBytes
import GossamerFlow
import GossamerHTTP
import GossamerURL
import Testing

@testable import GossamerLLM

@Suite("Embeddings", .timeLimit(.minutes(5)))
struct EmbeddingTests {
  typealias Answer = ScriptedTransport.Answer

  func model(_ provider: String, _ answers: [Answer]) throws -> (
    RemoteEmbeddingModel, ScriptedTransport
  ) {
    let transport = ScriptedTransport(answers)
    let model = try RemoteEmbeddingModel(
      provider: provider, name: "m", baseURL: "http://127.0.0.1", key: APIKey("sk-1"),
      transport: transport)
    return (model, transport)
  }

  @Test(arguments: [
    (
      "openai", "/v1/embeddings",
      #"{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,4]}],"usage":{"prompt_tokens":7}}"#
    ),
    (
      "openai", "/v1/embeddings",
      #"{"data":[{"embedding":"AABAQAAAgEA="},{"embedding":"AAAAAAAAAEA="}],"usage":{"total_tokens":7}}"#
    ),
    (
      "gemini", "/v1beta/models/m:batchEmbedContents",
      #"{"embeddings":[{"values":[3,4]},{"values":[0,2]}],"usageMetadata":{"promptTokenCount":7}}"#
    ),
    ("ollama", "/api/embed", #"{"embeddings":[[3,4],[0,2]],"prompt_eval_count":7}"#),
  ])
  func everyFormatGivesUnitVectorsInOrder(
    provider: String, path: String, body: String
  ) async throws {
    let (model, transport) = try model(provider, [Answer(body)])
    let answer = try await model.embed(["a \"b\"", "c"], for: .document)
    #expect(answer.vectors == [[0.6, 0.8], [0, 1]])
    #expect(answer.tokens == 7)
    let sent = try #require(transport.requests.first)
    #expect(sent.url.href == "http://127.0.0.1" + path)
    let json = try #require(JSONValue(parsing: sent.body ?? []))
    #expect(json.text.contains(#"a \"b\""#))
    #expect(json["model"]?.string == "m" || provider == "gemini")
  }

  @Test(arguments: [
    (#"{"data":[{"embedding":[1,0]}]}"#, ModelError.Kind.wrongShape),
    (#"{"data":[{"embedding":[1,0]},{"embedding":[1]}]}"#, .wrongShape),
    (#"{"data":[{"embedding":[1,0]},{"embedding":[1,null]}]}"#, .wrongShape),
    (#"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#, .wrongShape),
    (#"{"data":[{"index":0,"embedding":[1]},{"index":7,"embedding":[1]}]}"#, .wrongShape),
    (#"{"data":[{"embedding":"AAA"},{"embedding":"AAA"}]}"#, .wrongShape),
    (#"{"object":"list"}"#, .wrongShape), ("<html>", .badJSON),
    (#"{"error":{"message":"x","type":"server_error"}}"#, .server),
  ])
  func answersThatDoNotFitAreRefused(body: String, kind: ModelError.Kind) async throws {
    let (model, _) = try model("openai", [Answer(body)])
    let error = await #expect(throws: ModelError.self) {
      try await model.embed(["a", "b"], for: .query)
    }
    #expect(error?.kind == kind)
  }

  @Test(.enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"))
  func theRecordedAnswerAndItsErrorAreRead() async throws {
    let (model, _) = try model(
      "openai",
      [
        Answer(bytes: try Fixtures.bytes("embeddings.json"), pieceLength: 1_000),
        Answer(bytes: try Fixtures.bytes("error-embeddings.json"), status: 400),
      ])
    let texts = ["a", "b", "c"].prefix(
      try #require(JSONValue(parsing: try Fixtures.bytes("embeddings.json"))?["data"]?.array).count)
    let answer = try await model.embed(Array(texts), for: .document)
    #expect(answer.vectors.allSatisfy { $0.count == 384 })
    for vector in answer.vectors {
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
    }
    let error = await #expect(throws: ModelError.self) { try await model.embed([""], for: .query) }
    #expect(error?.message == "'input' must not be empty")
  }

  @Test func anthropicHasNone() throws {
    let error = #expect(throws: ModelError.self) {
      try RemoteEmbeddingModel(
        provider: "anthropic", name: "m", key: nil, transport: ScriptedTransport([]))
    }
    #expect(error?.kind == .config)
  }

  @Test func floatsSurviveBase64() {
    let floats: [Float] = [0, -1.5, .pi, 1e-30, 3.4e38]
    for count in 0...5 {
      let part = Array(floats.prefix(count))
      #expect(Base64.floats(Array(Base64.text(part).utf8)) == part)
    }
    #expect(Base64.text([1]) == Data([0, 0, 0x80, 0x3F]).base64EncodedString())
    #expect(Base64.floats(Array("A?==".utf8)) == nil)
  }

  /// A model that counts its calls, and refuses one word.
  struct Picky: EmbeddingModel {
    let provider = "test"
    let name = "picky"
    let mostInCall = (texts: 64, tokens: 10_000)
    let calls: Counter

    func embed(
      _ texts: [String], for purpose: EmbeddingPurpose
    ) async throws(ModelError) -> EmbeddingAnswer {
      await calls.add(texts.count)
      if texts.contains("bad") { throw ModelError(.config, "bad text", status: 400) }
      return EmbeddingAnswer(vectors: texts.map { [Float($0.utf8.count)] }, tokens: texts.count)
    }
  }

  actor Counter {
    var calls: [Int] = []
    func add(_ count: Int) { calls.append(count) }
  }

  @Test func oneBadTextInAThousandFailsAlone() async throws {
    let calls = Counter()
    let client = EmbeddingClient(
      model: Picky(calls: calls), gate: ModelGate(limiter: RateLimiter(limits: .unlimited)),
      purpose: .document, limits: BatchLimits(count: 64, delay: .milliseconds(50)))
    let results = await withTaskGroup(of: (Int, Float?).self) { group in
      for number in 0..<1_000 {
        group.addTask {
          let text = number == 500 ? "bad" : String(repeating: "x", count: number % 64 + 1)
          return (number, try? await client.vector(of: text).first)
        }
      }
      return await group.reduce(into: [Int: Float?]()) { $0[$1.0] = $1.1 }
    }
    for number in 0..<1_000 {
      #expect(results[number] == (number == 500 ? nil : Float(number % 64 + 1)))
    }
    await client.drain()
    let made = await calls.calls
    #expect(made.count <= 16 + 12, "the bad text costs two calls for every halving")
    #expect(made.allSatisfy { $0 <= 64 })
  }

  @Test func aTextWithoutWordsIsNotSent() async throws {
    let calls = Counter()
    let client = EmbeddingClient(
      model: Picky(calls: calls), gate: ModelGate(limiter: RateLimiter(limits: .unlimited)),
      purpose: .query)
    let error = await #expect(throws: ModelError.self) { try await client.vector(of: " \n") }
    #expect(error?.kind == .empty)
    #expect(await calls.calls.isEmpty)
  }
}
