public import GossamerHTTP
public import GossamerURL

/// An embedding model behind a server: OpenAI's format (also most local servers), Gemini's, or
/// Ollama's.
///
/// One attempt a call. Answers are bounded in bytes and checked: as many vectors as texts, all of
/// one length, all finite.
public struct RemoteEmbeddingModel: EmbeddingModel {
  /// The provider's name.
  public let provider: String
  /// The model's name.
  public let name: String
  /// Where calls go.
  public let endpoint: WebURL
  /// How much one call takes.
  public var mostInCall: (texts: Int, tokens: Int) { codec.mostInCall }

  private let codec: any EmbeddingCodec
  private let dimensions: Int?
  private let server: ModelServer
  private let answerLimit: Int

  /// A model at a server.
  ///
  /// - Parameters:
  ///   - provider: a name of `ModelCatalog.all`.
  ///   - dimensions: a length of vectors to ask for, where the model offers several.
  ///   - baseURL: with or without `/v1`, or the whole address of calls; nil for the provider's own.
  ///   - answerLimit: bytes of one answer on the wire.
  /// - Throws: `config` if the provider has no embeddings or the address is not http or https.
  public init(
    provider: String = "openai", name: String, dimensions: Int? = nil, baseURL: String? = nil,
    key: APIKey?, transport: any HTTPTransport,
    timeLimits: HTTPTimeLimits = HTTPTimeLimits(
      firstByte: .seconds(120), silence: .seconds(60), whole: .seconds(300)),
    answerLimit: Int = 64 << 20
  ) throws(ModelError) {
    switch provider {
    case "openai", "openai-responses": codec = OpenAIEmbeddings()
    case "gemini": codec = GeminiEmbeddings()
    case "ollama": codec = OllamaEmbeddings()
    default: throw ModelError(.config, "\(provider) has no embeddings")
    }
    self.provider = provider
    self.name = name
    self.dimensions = dimensions
    self.answerLimit = answerLimit
    endpoint = try ModelServer.endpoint(
      baseURL ?? codec.home, path: codec.path(model: name), query: "")
    server = ModelServer(key: key, transport: transport, timeLimits: timeLimits)
  }

  /// The vectors of texts, made to length 1.
  public func embed(
    _ texts: [String], for purpose: EmbeddingPurpose
  ) async throws(ModelError) -> EmbeddingAnswer {
    do throws(ModelError) {
      let body = codec.body(texts, model: name, dimensions: dimensions, purpose: purpose)
      let response = try await server.send(
        server.message("POST", endpoint, body, sign: codec.sign))
      let json = try ModelServer.json(
        try await server.whole(response, limit: answerLimit), response)
      let vectors = try codec.vectors(json, count: texts.count)
      guard vectors.count == texts.count, let length = vectors.first?.count, length > 0,
        vectors.allSatisfy({ $0.count == length && $0.allSatisfy(\.isFinite) })
      else { throw ModelError(.wrongShape, "vectors that do not fit the texts", status: 200) }
      return EmbeddingAnswer(
        vectors: vectors.map(Self.normalized), tokens: codec.tokens(json),
        limits: LimitFields.notice(response.fields))
    } catch {
      throw server.redacted(error)
    }
  }

  private static func normalized(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 && length.isFinite ? vector.map { $0 / length } : vector
  }
}
