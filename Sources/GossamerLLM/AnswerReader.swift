import GossamerHTTP

/// Reads one answer of any provider: sends, tells a stream from an answer that came whole, parts
/// the stream into messages, and lets the format's decoder say what they mean.
///
/// Bounded in bytes. Ends in exactly one way: with `.finished`, or with an error.
struct AnswerReader {
  private enum Phase {
    case unsent
    case reading
    case over
  }

  private let model: RemoteModel
  private let request: ModelRequest
  private var phase = Phase.unsent
  private var body: HTTPBody.AsyncIterator?
  private var messages: MessageParser
  private var decoder: any AnswerDecoder
  private var pending: [ModelEvent] = []
  private var position = 0
  private var bytesRead = 0

  init(model: RemoteModel, request: ModelRequest) {
    self.model = model
    self.request = request
    messages = MessageParser(model.codec.framing)
    decoder = model.codec.decoder(for: request)
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

  @inline(never)
  private mutating func start() async throws(ModelError) {
    phase = .over
    let response = try await model.send(request)
    body = response.body.makeAsyncIterator()
    guard response.status == 200 else { throw await failure(response) }
    if let notice = LimitFields.notice(response.fields) { pending.append(.limits(notice)) }
    var first: [UInt8] = []
    while !first.contains(where: { $0 > 0x20 }), let piece = try await piece() { first += piece }
    guard let sign = first.first(where: { $0 > 0x20 }) else {
      throw ModelError(.empty, "an answer without a body", status: 200)
    }
    if messages.canBegin(with: sign) {
      phase = .reading
      try read(first)
    } else {
      try await readWhole(first, response)
    }
  }

  /// The next piece of the body, counted.
  private mutating func piece() async throws(ModelError) -> [UInt8]? {
    let piece: [UInt8]?
    do throws(HTTPTransportError) { piece = try await body?.next() } catch {
      throw ModelError(error, inBody: true)
    }
    bytesRead += piece?.count ?? 0
    guard bytesRead <= model.answerLimit else {
      throw ModelError(.tooLarge, "an answer of more than \(model.answerLimit) bytes", status: 200)
    }
    return piece
  }

  private mutating func failure(_ response: HTTPResponse) async -> ModelError {
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
    guard let json = JSONValue(parsing: bytes) else {
      let isPage = bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "<")
      throw ModelError(
        .badJSON, isPage ? "a page instead of an answer" : "an answer that is not JSON",
        status: 200)
    }
    if let list = json.array, list.contains(where: \.isObject) {
      // A stream as one list, as Gemini sends it where events are not asked for.
      for message in list { try read(message: message) }
    } else {
      try Self.check(json, fields: response.fields, raw: bytes)
      guard json.isObject else {
        throw ModelError(.wrongShape, "an answer that is no object", status: 200)
      }
      pending += try decoder.read(whole: json)
    }
    pending += try decoder.end()
  }

  @inline(never)
  private mutating func readMore() async throws(ModelError) {
    if let piece = try await piece() { return try read(piece) }
    phase = .over
    // Servers that forget the last line's end; anything else there is half a message.
    if let rest = messages.unfinished(), rest == "[DONE]" || JSONValue(parsing: rest) != nil {
      try read(text: rest)
    }
    guard decoder.isOver || decoder.mayClose else {
      throw ModelError(.cutStream, "the stream ended before its end marker", status: 200)
    }
    pending += try decoder.end()
  }

  @inline(never)
  private mutating func read(_ bytes: [UInt8]) throws(ModelError) {
    for text in try messages.feed(bytes) where phase == .reading {
      try read(text: text)
      guard decoder.isOver else { continue }
      phase = .over
      pending += try decoder.end()
    }
  }

  private mutating func read(text: String) throws(ModelError) {
    if text == "[DONE]" { return decoder.readDoneMark() }
    guard let json = JSONValue(parsing: text) else {
      throw ModelError(.badJSON, "a message that is not JSON", status: 200)
    }
    try read(message: json)
  }

  private mutating func read(message: JSONValue) throws(ModelError) {
    try Self.check(message, fields: HTTPFields(), raw: [])
    guard message.isObject else {
      throw ModelError(.wrongShape, "a message that is no object", status: 200)
    }
    pending += try decoder.read(message)
  }

  /// An error may stand where an answer should.
  private static func check(
    _ json: JSONValue, fields: HTTPFields, raw: [UInt8]
  ) throws(ModelError) {
    let whole = json.array?.first ?? json
    guard whole["error"] != nil || whole["type"]?.string == "error" else { return }
    throw ProviderFailure.error(status: 200, fields: fields, json: json, raw: raw)
  }
}

/// Parts a stream into its messages.
private enum MessageParser {
  case events(EventStreamParser)
  case lines(LineParser)

  init(_ framing: MessageFraming) {
    switch framing {
    case .events: self = .events(EventStreamParser())
    case .lines: self = .lines(LineParser())
    }
  }

  /// Whether a stream may begin with this byte; an answer that came whole begins otherwise.
  func canBegin(with byte: UInt8) -> Bool {
    switch self {
    case .events:
      byte != UInt8(ascii: "{") && byte != UInt8(ascii: "[") && byte != UInt8(ascii: "<")
    case .lines: byte == UInt8(ascii: "{")
    }
  }

  mutating func feed(_ bytes: [UInt8]) throws(ModelError) -> [String] {
    do throws(EventStreamTooLong) {
      switch self {
      case .events(var parser):
        // The parser is moved out, so that its buffers are not copied.
        self = .lines(LineParser())
        defer { self = .events(parser) }
        return try parser.feed(bytes).map(\.data)
      case .lines(var parser):
        self = .events(EventStreamParser())
        defer { self = .lines(parser) }
        return try parser.feed(bytes)
      }
    } catch {
      throw ModelError(.tooLarge, "a message of more than 1 MiB", status: 200)
    }
  }

  func unfinished() -> String? {
    switch self {
    case .events(let parser): parser.unfinished()
    case .lines(let parser): parser.unfinished()
    }
  }
}
