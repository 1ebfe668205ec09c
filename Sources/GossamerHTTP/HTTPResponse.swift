public import GossamerFlow
public import GossamerURL

/// The head of a response, and its body still to be read.
public struct HTTPResponse: Sendable {
  /// "HTTP/1.1" or "HTTP/2".
  public var version: String
  /// The status code as sent, three digits.
  public var status: Int
  /// The field lines as sent.
  public var fields: HTTPFields
  /// The address of the peer that answered, where the transport knows it.
  public var peer: IPAddress?
  /// When the request left, where the transport knows it; waiting for a connection comes before.
  public var sentAt: ContinuousClock.Instant?
  /// What was odd about the head but did no harm, as in "http.bad_header".
  public var oddities: [Cause]
  /// The body with transfer codings removed and content codings kept.
  public var body: HTTPBody

  /// A response of a head and a body.
  public init(
    version: String = "HTTP/1.1", status: Int, fields: HTTPFields, peer: IPAddress? = nil,
    sentAt: ContinuousClock.Instant? = nil, oddities: [Cause] = [], body: HTTPBody
  ) {
    self.version = version
    self.status = status
    self.fields = fields
    self.peer = peer
    self.sentAt = sentAt
    self.oddities = oddities
    self.body = body
  }
}

/// A body that arrives in pieces. It can be read once; a reader that stops early or is cancelled
/// gives the connection up.
public struct HTTPBody: AsyncSequence, Sendable {
  /// One piece of the body, as it came.
  public typealias Element = [UInt8]
  /// How reading can fail.
  public typealias Failure = HTTPTransportError

  private let makePieces: @Sendable () -> AsyncIterator

  /// A body read through an iterator that the closure makes.
  public init(_ makePieces: @escaping @Sendable () -> AsyncIterator) {
    self.makePieces = makePieces
  }

  /// A body that is already here.
  public init(_ bytes: [UInt8]) {
    self.init {
      var rest: [UInt8]? = bytes.isEmpty ? nil : bytes
      return AsyncIterator {
        defer { rest = nil }
        return rest
      }
    }
  }

  /// Starts reading.
  public func makeAsyncIterator() -> AsyncIterator { makePieces() }

  /// Reads one body, piece by piece.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private var pull: () async throws(HTTPTransportError) -> [UInt8]?

    /// An iterator over what the closure gives until it gives nil.
    public init(_ pull: @escaping () async throws(HTTPTransportError) -> [UInt8]?) {
      self.pull = pull
    }

    /// The next piece, or nil at the end.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(HTTPTransportError) -> [UInt8]? {
      try await pull()
    }

    /// The next piece, or nil at the end.
    public mutating func next() async throws(HTTPTransportError) -> [UInt8]? { try await pull() }
  }
}
