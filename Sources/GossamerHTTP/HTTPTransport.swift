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
  /// The kind, stable in records and counters; raw values are their labels.
  public enum Kind: String, Sendable, CaseIterable {
    case dnsNotFound = "dns.nxdomain"
    case dnsFailure = "dns.servfail"
    case dnsNoAddress = "dns.no_address"
    case refused = "net.refused"
    case unreachable = "net.unreachable"
    case connectTimeout = "net.connect_timeout"
    case reset = "net.reset"
    case closed = "net.closed"
    case readTimeout = "net.read_timeout"
    case deadline = "net.deadline"
    case tlsExpired = "tls.expired"
    case tlsNotYetValid = "tls.not_yet_valid"
    case tlsHostname = "tls.hostname"
    case tlsUntrusted = "tls.untrusted"
    case tlsHandshake = "tls.handshake"
    case tlsTimeout = "tls.timeout"
    case tlsTruncated = "tls.truncated"
    case badStatusLine = "http.bad_status_line"
    case badHeader = "http.bad_header"
    case headerTooLarge = "http.header_too_large"
    case truncatedHead = "http.truncated_head"
    case framing = "http.framing"
    case lengthMismatch = "http.length_mismatch"
    case informationalFlood = "http.informational_flood"
    case unaskedStatus = "http.status"
    case addressBlocked = "policy.address_blocked"
    case tooManyFiles = "sys.fds"
    case cancelled = "cancelled"
  }

  /// What failed.
  public var kind: Kind
  /// What the layer below said, for people; never a secret.
  public var detail: String

  /// An error of a kind, with words.
  public init(_ kind: Kind, detail: String) {
    self.kind = kind
    self.detail = detail
  }

  /// Whether a later try may succeed.
  public var isTransient: Bool {
    switch kind {
    case .dnsFailure, .refused, .unreachable, .connectTimeout, .reset, .closed, .readTimeout,
      .deadline, .tlsTimeout, .tlsTruncated, .truncatedHead, .lengthMismatch, .tooManyFiles:
      true
    default: false
    }
  }

  /// "net.refused: connection refused by 127.0.0.1:80".
  public var description: String { "\(kind.rawValue): \(detail)" }
}
