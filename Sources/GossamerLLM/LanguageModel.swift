/// A model as a value: a request goes in, a stream of events comes out.
///
/// One call is one attempt. A conformer does not retry, does not wait for limits, and does not
/// keep conversations; `ModelClient` does the first two. Every stream ends with `.finished` or
/// throws.
public protocol LanguageModel: Sendable {
  /// The provider's name as in `ModelCatalog`.
  var provider: String { get }
  /// The model's name as the provider knows it.
  var name: String { get }
  /// Starts a call when the stream is first read.
  func stream(_ request: ModelRequest) -> ModelStream
}

extension LanguageModel {
  /// The whole answer of one attempt.
  ///
  /// - Throws: also `refusal` and `empty`, which as a stream are no errors.
  public func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
    var answer = ModelAnswer()
    var events = stream(request).makeAsyncIterator()
    while let event = try await events.next() { answer.add(event) }
    if !answer.refusal.isEmpty { throw ModelError(.refusal, answer.refusal) }
    if answer.finish == .filtered { throw ModelError(.refusal, "stopped by the provider's filter") }
    if answer.text.isEmpty, answer.toolCalls.isEmpty {
      throw ModelError(.empty, "an answer without text")
    }
    return answer
  }
}

/// The events of one call. Can be read once; a reader that stops early gives the call up.
public struct ModelStream: AsyncSequence, Sendable {
  /// One event.
  public typealias Element = ModelEvent
  /// How a call can fail.
  public typealias Failure = ModelError

  private let makeEvents: @Sendable () -> AsyncIterator

  /// A stream read through an iterator that the closure makes.
  public init(_ makeEvents: @escaping @Sendable () -> AsyncIterator) {
    self.makeEvents = makeEvents
  }

  /// Starts reading.
  public func makeAsyncIterator() -> AsyncIterator { makeEvents() }

  /// Reads one stream, event by event.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private var pull: () async throws(ModelError) -> ModelEvent?

    /// An iterator over what the closure gives until it gives nil.
    public init(_ pull: @escaping () async throws(ModelError) -> ModelEvent?) { self.pull = pull }

    /// The next event, or nil at the end.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ModelError) -> ModelEvent? { try await pull() }

    /// The next event, or nil at the end.
    public mutating func next() async throws(ModelError) -> ModelEvent? { try await pull() }
  }
}
