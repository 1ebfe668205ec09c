public import GossamerHTTP
import GossamerURL

/// A model that is asked in bulk: calls gather into jobs of the provider, which answers them within
/// a day and at a lower price. Waits as long as it takes; see `leave`.
///
/// Whatever can be asked of a `LanguageModel` can be asked here, so summaries and extractions need
/// no second way. A call is known by the digest of what is sent: asked again after a restart, it
/// is answered from the job that holds it, and not sent a second time. So equal calls must be equal
/// byte for byte. A job whose acceptance never came is looked up before anything is sent again. Give
/// it a gate without limits: those of single calls do not hold for jobs.
public struct BatchModel: LanguageModel {
  /// The provider's name.
  public var provider: String { model.provider }
  /// The model's name.
  public var name: String { model.name }

  private let model: RemoteModel
  private let desk: BatchDesk

  /// A model in bulk.
  ///
  /// - Parameters:
  ///   - model: the same model for single calls.
  ///   - known: jobs of earlier runs.
  ///   - note: is told of each job before it is sent, without a name, and again once it has one,
  ///     to keep it for the next run; one without a name and without requests was not taken.
  ///   - digest: names a call by its bytes; at most 64 letters and digits.
  ///   - quiet: how long no further call may come before a job is sent.
  ///   - interval: the first wait before a job is asked after; waits grow to 8 times that.
  /// - Throws: `config` for providers without a bulk interface.
  public init(
    _ model: RemoteModel, transport: any HTTPTransport, key: APIKey?, known: [BatchJob],
    quiet: Duration = .seconds(2), interval: Duration = .seconds(10),
    digest: @escaping @Sendable ([UInt8]) -> String,
    note: @escaping @Sendable (BatchJob) throws -> Void
  ) throws(ModelError) {
    self.model = model
    let server = ModelServer(
      key: key, transport: transport,
      timeLimits: HTTPTimeLimits(
        firstByte: .seconds(300), silence: .seconds(120), whole: .seconds(3_600)))
    let codec: any BatchCodec
    let path = model.codec.path(model: model.name)
    let start = model.endpoint.origin + model.endpoint.pathname.dropLast(path.utf8.count)
    switch model.format {
    case .chatCompletions, .responses:
      codec = OpenAIBatches(
        server: server, origin: start, path: path, sign: model.codec.sign)
    case .messages:
      codec = AnthropicBatches(server: server, origin: start, sign: model.codec.sign)
    case .gemini:
      codec = GeminiBatches(
        server: server, origin: start, model: Gemini.resource(model.name), sign: model.codec.sign)
    case .ollama:
      throw ModelError(.config, "\(model.provider) is not asked in bulk")
    }
    desk = BatchDesk(
      codec, known: known, quiet: quiet, interval: interval, digest: digest, note: note)
  }

  /// The answer, once its job is over, as the events of a stream.
  public func stream(_ request: ModelRequest) -> ModelStream {
    ModelStream { [model, desk] in
      var events: ArraySlice<ModelEvent>?
      return ModelStream.AsyncIterator { () async throws(ModelError) in
        if events == nil {
          let answer = try await desk.answer(to: model.bulkBody(request))
          events = try model.events(of: answer, to: request)[...]
        }
        return events?.popFirst()
      }
    }
  }

  /// Gives up waiting: jobs go on at the provider, and another run collects them.
  public func leave() async { await desk.leave() }
}

extension RemoteModel {
  /// A call as it stands in a job: without what asks for a stream.
  fileprivate func bulkBody(_ request: ModelRequest) -> [UInt8] {
    let isHome = endpoint.href.hasPrefix(codec.home)
    let body = codec.body(request, model: name, isHome: isHome)
    guard let members = JSONValue(parsing: body)?.members else { return body }
    let kept = members.filter { $0.key != "stream" && $0.key != "stream_options" }
    return Array(JSONValue.object(kept).text.utf8)
  }

  fileprivate func events(
    of answer: JSONValue, to request: ModelRequest
  ) throws(ModelError) -> [ModelEvent] {
    guard answer.isObject else { throw ModelError(.wrongShape, "an answer that is no object") }
    var decoder = codec.decoder(for: request)
    return try decoder.read(whole: answer) + decoder.end()
  }
}
