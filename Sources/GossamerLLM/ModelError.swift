public import GossamerFlow
public import GossamerHTTP

/// Why a call to a model gave no usable answer.
///
/// Never holds a key: messages of providers are cut to a line and have the key taken out.
public struct ModelError: Error, Sendable, CustomStringConvertible {
  /// The kind, stable in records and counters; raw values are their labels.
  public enum Kind: String, Sendable, CaseIterable {
    /// Too many calls; a later one may pass.
    case rateLimited = "llm.rate_limited"
    /// The provider failed or is overloaded.
    case server = "llm.server"
    /// No answer in time.
    case timeout = "llm.timeout"
    /// The stream ended before its end marker.
    case cutStream = "llm.cut_stream"
    /// The answer is not JSON where it has to be, such as a proxy's page.
    case badJSON = "llm.bad_json"
    /// The answer is JSON, but not an answer of the protocol.
    case wrongShape = "llm.wrong_shape"
    /// The model or the provider's filter declined.
    case refusal = "llm.refusal"
    /// An answer that seems to do what a text says it should: not kept.
    case suspect = "llm.suspect"
    /// An answer without text and without tool calls.
    case empty = "llm.empty"
    /// The key is missing, wrong, or not allowed to do this.
    case auth = "llm.auth"
    /// More than fits: a prompt for the model's context or a whole limit, or an answer for us.
    case tooLarge = "llm.too_large"
    /// Money or a daily allowance is used up: stop, do not try again.
    case quota = "llm.quota"
    /// Wrong address, no such model, or settings the provider does not take.
    case config = "llm.config"
    /// The task was cancelled; not a failure.
    case cancelled = "cancelled"
  }

  /// What failed.
  public var kind: Kind
  /// What the provider or the layer below said, on one line, at most 500 characters.
  public var message: String
  /// The HTTP status, where there was an answer.
  public var status: Int?
  /// The provider's name for the call, for its support.
  public var requestID: String?
  /// How long the provider asks to wait.
  public var retryAfter: Duration?
  /// Whether the same call may succeed later.
  public var isTransient: Bool
  /// Calls that were made in all.
  public var attempts = 1
  /// The transport's error, where that was the cause.
  public var underlying: HTTPTransportError?
  /// What the provider said of its limits, or nil.
  public var limits: LimitNotice?

  /// Whether a shorter prompt may pass where this one did not.
  public var asksForShorterPrompt: Bool { kind == .tooLarge && status != 200 }

  /// An error of a kind; whether it passes follows from the kind unless told.
  public init(
    _ kind: Kind, _ message: String, status: Int? = nil, retryAfter: Duration? = nil,
    isTransient: Bool? = nil, underlying: HTTPTransportError? = nil
  ) {
    self.kind = kind
    self.message = Self.oneLine(message)
    self.status = status
    self.retryAfter = retryAfter
    self.isTransient = isTransient ?? Self.passes(kind)
    self.underlying = underlying
  }

  /// An error of the transport, before (`inBody` false) or while the answer was read.
  init(_ error: HTTPTransportError, inBody: Bool) {
    let kind: Kind =
      switch error.kind {
      case .cancelled: .cancelled
      case .connectTimeout, .readTimeout, .deadline, .tlsTimeout: .timeout
      case .closed, .reset, .lengthMismatch, .tlsTruncated, .truncatedHead, .framing,
        .informationalFlood, .status:
        inBody ? .cutStream : .server
      case .dnsNotFound, .dnsNoAddress, .tlsExpired, .tlsNotYetValid, .tlsHostname, .tlsUntrusted,
        .tlsHandshake, .addressBlocked, .badStatusLine, .badHeader, .headerTooLarge:
        .config
      default: .server
      }
    self.init(kind, error.description, underlying: error)
  }

  /// "llm.server: internal (HTTP 500)".
  public var description: String {
    let status = status.map { " (HTTP \($0))" } ?? ""
    return "\(kind.rawValue): \(message)" + status + (requestID.map { " (request \($0))" } ?? "")
  }

  private static func passes(_ kind: Kind) -> Bool {
    switch kind {
    case .rateLimited, .server, .timeout, .cutStream, .empty: true
    default: false
    }
  }

  private static func oneLine(_ text: String) -> String {
    let printable = text.unicodeScalars.prefix(2_000).map { scalar in
      scalar.properties.generalCategory == .control || scalar == "\u{2028}" ? " " : scalar
    }
    var line = String.UnicodeScalarView()
    line.append(contentsOf: printable)
    let whole = String(line)
    return whole.count > 500 ? String(whole.prefix(499)) + "…" : whole
  }
}
