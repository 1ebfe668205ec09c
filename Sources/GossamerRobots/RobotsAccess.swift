/// What the outcome of asking for robots.txt means for the site.
///
/// Source: RFC 9309 §2.3.1. Where practice differs: 401 and 403 are client errors like all 4xx, so
/// everything is allowed; 429 is treated as a server error, since the site asks us to slow down.
public enum RobotsAccess: Sendable, Equatable {
  /// The body holds the rules.
  case rules
  /// There are no rules: everything may be asked for.
  case allowAll
  /// Nothing may be asked for until a later try succeeds.
  case disallowAll

  /// How long a site may be unreachable before its robots.txt may count as unavailable, or an old
  /// copy be used. Source: RFC 9309 §2.3.1.4.
  public static let outageLimit = Duration.seconds(30 * 86_400)
  /// How long a copy may be used before it is asked for again. Source: RFC 9309 §2.4.
  public static let cacheLimit = Duration.seconds(86_400)

  /// The meaning of a final status, redirects having been followed.
  ///
  /// A redirect status here means that they led nowhere or were too many: unavailable. A status
  /// outside 100…599 counts as a server error. Source: RFC 9110 §15.
  public init(status: Int) {
    switch status {
    case 200..<300: self = .rules
    case 300..<400: self = .allowAll
    case 429: self = .disallowAll
    case 400..<500: self = .allowAll
    default: self = .disallowAll
    }
  }

  /// The meaning of an exchange that failed below HTTP: name, connection, TLS, time-out, cut body.
  public static let unreachable = RobotsAccess.disallowAll

  /// The rules that follow, reading the body only where it holds them.
  public func rules(from body: [UInt8], agent: String) -> RobotsRules {
    switch self {
    case .rules: RobotsRules(parsing: body, agent: agent)
    case .allowAll: .allowAll
    case .disallowAll: .disallowAll
    }
  }
}
