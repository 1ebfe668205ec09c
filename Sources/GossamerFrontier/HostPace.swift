public import GossamerFlow

/// The pace of a host across runs. Waits are spans, since clocks differ between runs.
public struct HostPace: Sendable, Equatable {
  /// The politeness group.
  public var hostKey: String
  /// The gap its robots.txt asks for.
  public var crawlDelay: Duration?
  /// How much longer it rests after its last request.
  public var restsFor: Duration = .zero
  /// How much longer it rests because it asked to, or seemed unwell.
  public var parkedFor: Duration?
  /// Refusals in a row.
  public var refusalsInARow: Int
  /// Failures in a row.
  public var failuresInARow: Int
  /// Pages stored of it.
  public var pagesStored: Int
  /// Why it was given up; nil if it was not.
  public var stop: HostStop?
  /// Copies of robots.txt that came since the last time.
  public var rules: [RobotsCopy] = []

  /// The pace of a host that is not given up.
  public init(
    hostKey: String, crawlDelay: Duration? = nil, parkedFor: Duration? = nil,
    refusalsInARow: Int = 0, failuresInARow: Int = 0, pagesStored: Int = 0
  ) {
    self.hostKey = hostKey
    self.crawlDelay = crawlDelay
    self.parkedFor = parkedFor
    self.refusalsInARow = refusalsInARow
    self.failuresInARow = failuresInARow
    self.pagesStored = pagesStored
  }
}

/// Why a host was given up.
public struct HostStop: Sendable, Equatable {
  /// What it suffered from, such as `rate.limited`.
  public var kind: Cause
  /// What decided.
  public var rule: String?

  /// A reason.
  public init(kind: Cause, rule: String?) {
    self.kind = kind
    self.rule = rule
  }

  /// A reason as it was stored; one that another version knew counts as a failure of the host.
  package init(stored kind: String, rule: String?) {
    self.init(kind: Cause(rawValue: kind) ?? .unreachable, rule: rule)
  }
}

/// A copy of the robots.txt of one origin.
public struct RobotsCopy: Sendable, Equatable {
  /// Whether it is of the https origin.
  public var isSecure: Bool
  /// The file as received, or nothing where there is none.
  public var body: [UInt8]
  /// How much longer it may be used.
  public var validFor: Duration

  /// A copy.
  public init(isSecure: Bool, body: [UInt8], validFor: Duration) {
    self.isSecure = isSecure
    self.body = body
    self.validFor = validFor
  }
}

/// A host as the store has it.
public struct StoredHost: Sendable {
  /// Its pace, without copies of robots.txt.
  public var pace: HostPace
  /// Whether it was ever asked for anything.
  public var wasAsked = false
  /// URLs known of it.
  public var known = 0
  /// URLs that wait.
  public var waiting = 0
  /// How long its copies of robots.txt may still be used: of http, of https.
  public var rulesValidFor: (plain: Duration?, secure: Duration?) = (nil, nil)

  /// A host with a pace.
  public init(pace: HostPace) { self.pace = pace }
}
