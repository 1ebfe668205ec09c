public import GossamerFlow

/// The one way to the network: sends a request, gives back the head and a body to read.
///
/// Does not follow redirects, decode content codings, retry, or keep cookies.
public protocol HTTPTransport: Sendable {
  /// Sends the request and returns once the response head is there.
  ///
  /// - Parameter limits: times for the phases of this exchange.
  /// - Throws: `HTTPTransportError`; its kind is `cancelled` when the task was cancelled.
  func send(
    _ request: HTTPRequest, limits: HTTPTimeLimits
  ) async throws(HTTPTransportError) -> HTTPResponse
}

/// How long each phase of one exchange may take.
public struct HTTPTimeLimits: Sendable, Equatable {
  /// From the start of the connection attempt until it stands (TCP and TLS).
  public var connect: Duration
  /// From the request being sent until the head is there.
  public var firstByte: Duration
  /// Between two pieces of the body.
  public var silence: Duration
  /// The whole exchange, body included.
  public var whole: Duration

  /// Limits; the defaults are those of a patient crawler.
  public init(
    connect: Duration = .seconds(10), firstByte: Duration = .seconds(20),
    silence: Duration = .seconds(20), whole: Duration = .seconds(120)
  ) {
    self.connect = connect
    self.firstByte = firstByte
    self.silence = silence
    self.whole = whole
  }
}

/// Why an exchange failed.
public struct HTTPTransportError: Error, Sendable, CustomStringConvertible {
  /// What failed.
  public var kind: Cause
  /// What the layer below said, for people; never a secret.
  public var detail: String

  /// An error of a kind, with words.
  public init(_ kind: Cause, detail: String) {
    self.kind = kind
    self.detail = detail
  }

  /// "net.refused: connection refused by 127.0.0.1:80".
  public var description: String { "\(kind.rawValue): \(detail)" }
}
