public import GossamerFlow
public import GossamerHTTP

/// Why a fetch gave no page.
public struct FetchError: Error, Sendable, CustomStringConvertible {
  /// What failed; `cancelled` when the task was.
  public var kind: Cause
  /// Whether a later try may succeed.
  public var isTransient: Bool
  /// What the layer below said, for people.
  public var detail: String
  /// The status, when the head was seen.
  public var status: Int?
  /// How long the server asked us to wait.
  public var retryAfter: Duration?
  /// What was read until the body broke off, for whoever would rather have a part than nothing.
  public var partial: FetchedResponse?
  /// What the transport threw.
  public var underlying: HTTPTransportError?
  /// When the request was given to the transport; nil when none was made, so that the host's pace
  /// is not charged.
  public var startedAt: ContinuousClock.Instant?
  /// From then until the failure.
  public var totalSeconds: Double

  /// An error of a kind, with words; whether it passes follows from the kind unless told.
  public init(
    _ kind: Cause, isTransient: Bool? = nil, detail: String, status: Int? = nil,
    retryAfter: Duration? = nil, partial: FetchedResponse? = nil,
    underlying: HTTPTransportError? = nil, startedAt: ContinuousClock.Instant? = nil,
    totalSeconds: Double = 0
  ) {
    self.kind = kind
    self.isTransient = isTransient ?? kind.isTransient
    self.detail = detail
    self.status = status
    self.retryAfter = retryAfter
    self.partial = partial
    self.underlying = underlying
    self.startedAt = startedAt
    self.totalSeconds = totalSeconds
  }

  /// Whether the task was cancelled: no failure of the page or its host.
  public var isCancelled: Bool { kind == .cancelled }

  /// Whether no connection came about, or what answered is no web server: a matter of the host, not
  /// of the URL.
  public var isOfHost: Bool {
    switch kind {
    case .refused, .unreachable, .connectTimeout, .tlsExpired, .tlsNotYetValid, .tlsHostname,
      .tlsUntrusted, .tlsHandshake, .tlsTimeout, .badStatusLine:
      true
    default: false
    }
  }

  /// "net.refused: connection refused".
  public var description: String { "\(kind.rawValue): \(detail)" }
}

extension FetchError {
  init(_ error: HTTPTransportError) {
    self.init(error.kind, detail: error.detail, underlying: error)
  }

  init(_ error: AddressResolutionError) {
    self.init(error.kind, isTransient: error.isTransient, detail: error.detail)
  }
}
