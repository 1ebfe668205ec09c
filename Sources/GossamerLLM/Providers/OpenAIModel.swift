public import GossamerHTTP
public import GossamerURL

/// A model behind OpenAI's Chat Completions, or behind any server that speaks it.
///
/// Streams. One attempt a call: no retry, no redirect is followed, so the key goes to the
/// configured host only. Answers are bounded in bytes while they are read.
public struct OpenAIModel: LanguageModel {
  /// "openai".
  public let provider = "openai"
  /// The model's name.
  public let name: String
  /// Where calls go.
  public let endpoint: WebURL

  private let key: APIKey?
  private let transport: any HTTPTransport
  private let timeLimits: HTTPTimeLimits
  private let answerLimit: Int

  /// A model at a server.
  ///
  /// - Parameters:
  ///   - baseURL: with or without `/v1`, or the whole address that ends in `/chat/completions`.
  ///   - answerLimit: bytes of one answer on the wire.
  /// - Throws: `config` if the address is not http or https.
  public init(
    name: String, baseURL: String = "https://api.openai.com", key: APIKey?,
    transport: any HTTPTransport,
    timeLimits: HTTPTimeLimits = HTTPTimeLimits(
      firstByte: .seconds(300), silence: .seconds(120), whole: .seconds(600)),
    answerLimit: Int = 4 << 20
  ) throws(ModelError) {
    guard let endpoint = Self.endpoint(baseURL) else {
      throw ModelError(.config, "not an http or https address of a model server")
    }
    self.name = name
    self.endpoint = endpoint
    self.key = key
    self.transport = transport
    self.timeLimits = timeLimits
    self.answerLimit = answerLimit
  }

  /// Starts a call when the stream is first read.
  public func stream(_ request: ModelRequest) -> ModelStream {
    ModelStream {
      var reader = ChatReader(model: self, request: request)
      return ModelStream.AsyncIterator { () async throws(ModelError) in
        do throws(ModelError) { return try await reader.next() } catch {
          throw redacted(error)
        }
      }
    }
  }

  func send(_ request: ModelRequest) async throws(ModelError) -> HTTPResponse {
    var fields = HTTPFields([
      ("Content-Type", "application/json"), ("Accept", "text/event-stream, application/json"),
      ("Accept-Encoding", "identity"),
    ])
    if let key { fields.append("Authorization", "Bearer \(key.value)") }
    let host = endpoint.hostname
    let isOpenAI = host == "api.openai.com" || host.hasSuffix(".openai.azure.com")
    let body = ChatCompletions.body(
      request, model: name, limitName: isOpenAI ? "max_completion_tokens" : "max_tokens",
      streams: true)
    let message = HTTPRequest(method: "POST", url: endpoint, fields: fields, body: body)
    do throws(HTTPTransportError) {
      return try await transport.send(message, limits: timeLimits)
    } catch {
      throw ModelError(error, inBody: false)
    }
  }

  var limit: Int { answerLimit }

  private func redacted(_ error: ModelError) -> ModelError {
    guard let key else { return error }
    var error = error
    error.message = key.redacted(error.message)
    if let detail = error.underlying?.detail { error.underlying?.detail = key.redacted(detail) }
    return error
  }

  static func endpoint(_ base: String) -> WebURL? {
    guard let url = WebURL(base), url.isHTTP else { return nil }
    var path = url.pathname
    while path.hasSuffix("/") { path.removeLast() }
    if !path.hasSuffix("/chat/completions") {
      path += path.hasSuffix("/v1") ? "/chat/completions" : "/v1/chat/completions"
    }
    // A user name in the address would end up in logs; the key is what identifies.
    guard url.username.isEmpty, url.password.isEmpty else { return nil }
    return WebURL(url.origin + path + url.search)
  }
}

/// Reads one answer: as a stream of events, or whole where the server does not stream.
private struct ChatReader {
  private enum Phase {
    case unsent
    case reading
    case over
  }

  let model: OpenAIModel
  let request: ModelRequest
  private var phase = Phase.unsent
  private var body: HTTPBody.AsyncIterator?
  private var parser = EventStreamParser()
  private var format = ChatCompletions()
  private var pending: [ModelEvent] = []
  private var position = 0
  private var bytesRead = 0

  init(model: OpenAIModel, request: ModelRequest) {
    self.model = model
    self.request = request
  }

  mutating func next() async throws(ModelError) -> ModelEvent? {
    while true {
      if position < pending.count {
        position += 1
        return pending[position - 1]
      }
      pending.removeAll(keepingCapacity: true)
      position = 0
      switch phase {
      case .unsent: try await start()
      case .reading: try await readMore()
      case .over: return nil
      }
    }
  }

  private mutating func start() async throws(ModelError) {
    phase = .over
    let response = try await model.send(request)
    body = response.body.makeAsyncIterator()
    guard response.status == 200 else { throw try await failure(response) }
    var first: [UInt8] = []
    while !first.contains(where: { $0 > 0x20 }), let piece = try await piece() { first += piece }
    guard let sign = first.first(where: { $0 > 0x20 }) else {
      throw ModelError(.empty, "an answer without a body", status: 200)
    }
    switch sign {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "<"):
      try await readWhole(first, response)
    default:
      phase = .reading
      try read(first)
    }
  }

  /// The next piece of the body, counted.
  private mutating func piece() async throws(ModelError) -> [UInt8]? {
    let piece: [UInt8]?
    do throws(HTTPTransportError) { piece = try await body?.next() } catch {
      throw ModelError(error, inBody: true)
    }
    bytesRead += piece?.count ?? 0
    guard bytesRead <= model.limit else {
      throw ModelError(.tooLarge, "an answer of more than \(model.limit) bytes", status: 200)
    }
    return piece
  }

  private mutating func failure(_ response: HTTPResponse) async throws(ModelError) -> ModelError {
    if (300..<400).contains(response.status) {
      return ModelError(
        .config, "the model server redirects; give its own address", status: response.status)
    }
    var bytes: [UInt8] = []
    // What an error says fits into 64 KiB; a body that breaks off still has its status.
    while bytes.count < 1 << 16, let piece = try? await body?.next() { bytes += piece }
    return ProviderFailure.error(
      status: response.status, fields: response.fields, body: Array(bytes.prefix(1 << 16)))
  }

  private mutating func readWhole(
    _ first: [UInt8], _ response: HTTPResponse
  ) async throws(ModelError) {
    var bytes = first
    while let piece = try await piece() { bytes += piece }
    guard bytes.first(where: { $0 > 0x20 }) != UInt8(ascii: "<") else {
      throw ModelError(.wrongShape, "a page instead of an answer", status: 200)
    }
    guard let json = JSONValue(parsing: bytes) else {
      throw ModelError(.badJSON, "an answer that is not JSON", status: 200)
    }
    if (json.array?.first ?? json)["error"] != nil {
      throw ProviderFailure.error(status: 200, fields: response.fields, json: json, raw: bytes)
    }
    if json["promptFeedback"]?["blockReason"] != nil {
      throw ModelError(.refusal, "the prompt was blocked", status: 200)
    }
    pending = try format.read(whole: json)
  }

  private mutating func readMore() async throws(ModelError) {
    if let piece = try await piece() { return try read(piece) }
    phase = .over
    // Servers that forget the last empty line; anything else there is half an event.
    guard parser.unfinished() == "[DONE]" else {
      throw ModelError(.cutStream, "the stream ended before its end marker", status: 200)
    }
    pending = try format.end()
  }

  private mutating func read(_ bytes: [UInt8]) throws(ModelError) {
    let events: [ServerEvent]
    do throws(EventStreamTooLong) { events = try parser.feed(bytes) } catch {
      throw ModelError(.tooLarge, "an event of more than \(parser.limit) bytes", status: 200)
    }
    for event in events where phase == .reading {
      if event.data == "[DONE]" {
        phase = .over
        pending += try format.end()
        continue
      }
      guard let json = JSONValue(parsing: Array(event.data.utf8)) else {
        throw ModelError(.badJSON, "an event that is not JSON", status: 200)
      }
      if json["error"] != nil {
        throw ProviderFailure.error(
          status: 200, fields: HTTPFields(), json: json, raw: Array(event.data.utf8))
      }
      pending += try format.read(chunk: json)
    }
  }
}
