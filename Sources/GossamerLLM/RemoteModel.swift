public import GossamerHTTP
public import GossamerURL

/// A format that model servers speak.
public enum WireFormat: String, Sendable, CaseIterable {
  /// OpenAI's Chat Completions, which most servers speak.
  case chatCompletions = "chat"
  /// OpenAI's Responses.
  case responses
  /// Anthropic's Messages.
  case messages
  /// Google's generateContent.
  case gemini
  /// Ollama's own chat.
  case ollama

  var codec: any ModelCodec {
    switch self {
    case .chatCompletions: ChatCompletions()
    case .responses: Responses()
    case .messages: AnthropicMessages()
    case .gemini: Gemini()
    case .ollama: OllamaChat()
    }
  }

  /// The name of whoever made the format, as in `ModelCatalog`.
  public var provider: String {
    switch self {
    case .chatCompletions, .responses: "openai"
    case .messages: "anthropic"
    case .gemini: "gemini"
    case .ollama: "ollama"
    }
  }
}

/// A model behind a server, in any of the formats.
///
/// Streams. One attempt a call: no retry, no redirect is followed, so the key goes to the
/// configured host only. Answers are bounded in bytes while they are read. A reader that stops or
/// is cancelled closes the exchange.
public struct RemoteModel: LanguageModel {
  /// The provider's name.
  public var provider: String { parts.format.provider }
  /// The model's name.
  public var name: String { parts.name }
  /// What the server speaks.
  public var format: WireFormat { parts.format }
  /// Where calls go.
  public var endpoint: WebURL { parts.endpoint }

  var codec: any ModelCodec { parts.codec }
  var answerLimit: Int { parts.answerLimit }
  private var server: ModelServer { parts.server }

  /// Behind one word, since every open stream holds the model it came from.
  private let parts: Parts

  private final class Parts: Sendable {
    let name: String
    let format: WireFormat
    let endpoint: WebURL
    let codec: any ModelCodec
    let answerLimit: Int
    let server: ModelServer

    init(
      name: String, format: WireFormat, endpoint: WebURL, codec: any ModelCodec, answerLimit: Int,
      server: ModelServer
    ) {
      self.name = name
      self.format = format
      self.endpoint = endpoint
      self.codec = codec
      self.answerLimit = answerLimit
      self.server = server
    }
  }

  /// A model at a server.
  ///
  /// - Parameters:
  ///   - baseURL: with or without `/v1`, or the whole address of calls; nil for the provider's own.
  ///   - answerLimit: bytes of one answer on the wire.
  /// - Throws: `config` if the address is not http or https.
  public init(
    _ format: WireFormat = .chatCompletions, name: String, baseURL: String? = nil, key: APIKey?,
    transport: any HTTPTransport,
    timeLimits: HTTPTimeLimits = HTTPTimeLimits(
      firstByte: .seconds(300), silence: .seconds(120), whole: .seconds(600)),
    answerLimit: Int = 4 << 20
  ) throws(ModelError) {
    let codec = format.codec
    parts = Parts(
      name: name, format: format,
      endpoint: try ModelServer.endpoint(
        baseURL ?? codec.home, path: codec.path(model: name), query: codec.query),
      codec: codec, answerLimit: answerLimit,
      server: ModelServer(key: key, transport: transport, timeLimits: timeLimits))
  }

  /// Starts a call when the stream is first read.
  public func stream(_ request: ModelRequest) -> ModelStream {
    ModelStream {
      var reader = AnswerReader(model: self, request: request)
      return ModelStream.AsyncIterator { () async throws(ModelError) in
        do throws(ModelError) { return try await reader.next() } catch {
          throw server.redacted(error)
        }
      }
    }
  }

  func send(_ request: ModelRequest) async throws(ModelError) -> HTTPResponse {
    try await server.send(message(request))
  }

  private func message(_ request: ModelRequest) -> HTTPRequest {
    let isHome = endpoint.href.hasPrefix(codec.home)
    return server.message(
      "POST", endpoint, codec.body(request, model: name, isHome: isHome),
      accept: "text/event-stream, application/json", sign: codec.sign)
  }
}
