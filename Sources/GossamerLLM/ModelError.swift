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
  public var kind: Kind {
    get { box.facts.kind }
    set { change { $0.kind = newValue } }
  }
  /// What the provider or the layer below said, on one line, at most 500 characters.
  public var message: String {
    get { box.facts.message }
    set { change { $0.message = newValue } }
  }
  /// The HTTP status, where there was an answer.
  public var status: Int? {
    get { box.facts.status }
    set { change { $0.status = newValue } }
  }
  /// The provider's name for the call, for its support.
  public var requestID: String? {
    get { box.facts.requestID }
    set { change { $0.requestID = newValue } }
  }
  /// How long the provider asks to wait.
  public var retryAfter: Duration? {
    get { box.facts.retryAfter }
    set { change { $0.retryAfter = newValue } }
  }
  /// Whether the same call may succeed later.
  public var isTransient: Bool {
    get { box.facts.isTransient }
    set { change { $0.isTransient = newValue } }
  }
  /// Calls that were made in all.
  public var attempts: Int {
    get { box.facts.attempts }
    set { change { $0.attempts = newValue } }
  }
  /// The transport's error, where that was the cause.
  public var underlying: HTTPTransportError? {
    get { box.facts.underlying }
    set { change { $0.underlying = newValue } }
  }
  /// What the provider said of its limits, or nil.
  public var limits: LimitNotice? {
    get { box.facts.limits }
    set { change { $0.limits = newValue } }
  }

  /// All that is known, behind one word: every suspended call on the way to a model has room for an
  /// error, and a thousand streams have a dozen of such calls each.
  private var box: Box

  private struct Facts: Sendable {
    var kind: Kind
    var message: String
    var status: Int?
    var requestID: String?
    var retryAfter: Duration?
    var isTransient: Bool
    var attempts = 1
    var underlying: HTTPTransportError?
    var limits: LimitNotice?
  }

  private final class Box: Sendable {
    let facts: Facts
    init(_ facts: Facts) { self.facts = facts }
  }

  private mutating func change(_ body: (inout Facts) -> Void) {
    var facts = box.facts
    body(&facts)
    box = Box(facts)
  }

  /// Whether a shorter prompt may pass where this one did not.
  public var asksForShorterPrompt: Bool { kind == .tooLarge && status != 200 }

  /// An error of a kind; whether it passes follows from the kind unless told.
  public init(
    _ kind: Kind, _ message: String, status: Int? = nil, retryAfter: Duration? = nil,
    isTransient: Bool? = nil, underlying: HTTPTransportError? = nil
  ) {
    box = Box(
      Facts(
        kind: kind, message: Self.oneLine(message), status: status, retryAfter: retryAfter,
        isTransient: isTransient ?? Self.passes(kind), underlying: underlying))
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
