import GossamerBytes
import GossamerHTTP

/// What differs between providers of embeddings.
protocol EmbeddingCodec: Sendable {
  var home: String { get }
  var mostInCall: (texts: Int, tokens: Int) { get }
  func path(model: String) -> String
  func sign(_ fields: inout HTTPFields, with key: APIKey?)
  func body(
    _ texts: [String], model: String, dimensions: Int?, purpose: EmbeddingPurpose
  ) -> [UInt8]
  /// The vectors in the order of the texts.
  func vectors(_ answer: JSONValue, count: Int) throws(ModelError) -> [[Float]]
  func tokens(_ answer: JSONValue) -> Int?
}

/// `/v1/embeddings`. Vectors are asked for as base64, a third of the bytes, and taken either way.
struct OpenAIEmbeddings: EmbeddingCodec {
  let home = "https://api.openai.com"
  let mostInCall = (texts: 2_048, tokens: 200_000)

  func path(model: String) -> String { "/v1/embeddings" }

  func sign(_ fields: inout HTTPFields, with key: APIKey?) {
    ChatCompletions().sign(&fields, with: key)
  }

  func body(
    _ texts: [String], model: String, dimensions: Int?, purpose: EmbeddingPurpose
  ) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{")
    json.member("model", model)
    json.raw(",\"input\":")
    json.list(texts) { $1.string($0) }
    if let dimensions { json.raw(",\"dimensions\":\(dimensions)") }
    json.also("encoding_format", "base64")
    json.raw("}")
    return json.bytes
  }

  func vectors(_ answer: JSONValue, count: Int) throws(ModelError) -> [[Float]] {
    guard let data = answer["data"]?.array else {
      throw ModelError(.wrongShape, "an answer without data", status: 200)
    }
    var vectors = [[Float]](repeating: [], count: count)
    for (place, entry) in data.enumerated() {
      let index = entry["index"]?.int ?? place
      guard vectors.indices.contains(index), vectors[index].isEmpty else {
        throw ModelError(.wrongShape, "a vector of no text, or twice of one", status: 200)
      }
      vectors[index] = Self.vector(entry["embedding"])
    }
    return vectors
  }

  func tokens(_ answer: JSONValue) -> Int? {
    (answer["usage"]?["prompt_tokens"] ?? answer["usage"]?["total_tokens"])?.int
  }

  static func vector(_ value: JSONValue?) -> [Float] {
    if let text = value?.string { return Base64.floats(Array(text.utf8)) ?? [] }
    return (value?.array ?? []).map { $0.double.map { Float($0) } ?? .nan }
  }
}

/// `batchEmbedContents`; at most 100 texts a call.
struct GeminiEmbeddings: EmbeddingCodec {
  let home = Gemini().home
  let mostInCall = (texts: 100, tokens: 100_000)

  func path(model: String) -> String { "/v1beta/\(Gemini.resource(model)):batchEmbedContents" }

  func sign(_ fields: inout HTTPFields, with key: APIKey?) { Gemini().sign(&fields, with: key) }

  func body(
    _ texts: [String], model: String, dimensions: Int?, purpose: EmbeddingPurpose
  ) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{\"requests\":")
    json.list(texts) { text, json in
      json.raw("{")
      json.member("model", Gemini.resource(model))
      json.raw(",\"content\":{\"parts\":[{")
      json.member("text", text)
      json.raw("}]}")
      json.also("taskType", purpose == .query ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT")
      if let dimensions { json.raw(",\"outputDimensionality\":\(dimensions)") }
      json.raw("}")
    }
    json.raw("}")
    return json.bytes
  }

  func vectors(_ answer: JSONValue, count: Int) throws(ModelError) -> [[Float]] {
    guard let list = answer["embeddings"]?.array else {
      throw ModelError(.wrongShape, "an answer without embeddings", status: 200)
    }
    return list.map { OpenAIEmbeddings.vector($0["values"]) }
  }

  func tokens(_ answer: JSONValue) -> Int? { answer["usageMetadata"]?["promptTokenCount"]?.int }
}

/// `/api/embed`. Texts are not to be cut without a word.
struct OllamaEmbeddings: EmbeddingCodec {
  let home = OllamaChat().home
  let mostInCall = (texts: 256, tokens: 100_000)

  func path(model: String) -> String { "/api/embed" }

  func sign(_ fields: inout HTTPFields, with key: APIKey?) { OllamaChat().sign(&fields, with: key) }

  func body(
    _ texts: [String], model: String, dimensions: Int?, purpose: EmbeddingPurpose
  ) -> [UInt8] {
    var json = JSONWriter()
    json.raw("{")
    json.member("model", model)
    json.raw(",\"input\":")
    json.list(texts) { $1.string($0) }
    if let dimensions { json.raw(",\"dimensions\":\(dimensions)") }
    json.raw(",\"truncate\":false}")
    return json.bytes
  }

  func vectors(_ answer: JSONValue, count: Int) throws(ModelError) -> [[Float]] {
    guard let list = answer["embeddings"]?.array else {
      throw ModelError(.wrongShape, "an answer without embeddings", status: 200)
    }
    return list.map { OpenAIEmbeddings.vector($0) }
  }

  func tokens(_ answer: JSONValue) -> Int? { answer["prompt_eval_count"]?.int }
}
