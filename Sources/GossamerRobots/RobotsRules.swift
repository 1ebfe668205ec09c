/// What one robots.txt says to one crawler.
///
/// Groups that name the crawler are merged; the groups of `*` count only where none does. Among the
/// rules that match, the longest pattern decides, and an allow beats an equally long disallow.
/// Decisions where parsers of the world differ are written at `RobotsParser`.
///
/// Source: RFC 9309.
public struct RobotsRules: Sendable {
  /// Nothing is forbidden: no robots.txt, or an empty one.
  public static let allowAll = RobotsRules(access: .all)
  /// Everything but /robots.txt is forbidden: robots.txt could not be had.
  public static let disallowAll = RobotsRules(access: .nothing)

  /// How much of a file is read; a line cut by it is dropped, also where the caller did the cutting.
  /// Source: RFC 9309 §2.5.
  public static let sizeLimit = 500 * 1024

  /// The least gap this site asks for between two requests, from a `Crawl-delay` line.
  ///
  /// Seconds on the wire, fractions allowed; the greatest when several groups of ours have one; nil
  /// if none of them has. Not capped here; negative and endless ones are ignored. Source: custom;
  /// RFC 9309 §2.2.4 permits other records.
  public let crawlDelay: Duration?
  /// The values of all `Sitemap` lines, as written, whichever group they stand in; each once.
  public let sitemaps: [String]
  /// Lines of other records that concern us, in order.
  public let extensions: [RobotsExtension]
  /// Whether a group named the crawler, so that `*` was not looked at.
  public let isSpecific: Bool
  /// Whether the file was as long as what is read, or longer.
  public let isTruncated: Bool

  private enum Access { case all, nothing, byRules }
  private let access: Access
  /// The rules that count, the longest pattern first, allow before disallow.
  private let rules: [RobotsRule]

  /// Reads a robots.txt for one crawler.
  ///
  /// - Parameter agent: the crawler's product token; a version behind a slash is left out.
  public init(parsing bytes: [UInt8], agent: String) {
    self.init(parsing: bytes, agents: [agent])
  }

  /// Reads a robots.txt for a crawler with several product tokens; the groups of all are merged.
  public init(parsing bytes: [UInt8], agents: [String]) {
    var parser = RobotsParser(agents: agents)
    let window = bytes.prefix(Self.sizeLimit)
    parser.parse(window, isCut: window.count == Self.sizeLimit)
    rules = parser.rules.sorted()
    crawlDelay = parser.crawlDelay
    sitemaps = parser.sitemaps
    extensions = parser.extensions
    isSpecific = parser.isSpecific
    isTruncated = window.count == Self.sizeLimit
    access = .byRules
  }

  private init(access: Access) {
    self.access = access
    rules = []
    crawlDelay = nil
    sitemaps = []
    extensions = []
    isSpecific = false
    isTruncated = false
  }

  /// How many rules count for this crawler.
  public var ruleCount: Int { rules.count }

  /// Whether the target may be asked for, and by which line.
  ///
  /// - Parameter pathAndQuery: path and query of the URL, percent-encoded or not; a fragment is
  ///   ignored, a missing slash at the start is added.
  public func verdict(forTarget pathAndQuery: String) -> RobotsVerdict {
    let target = RobotsPattern.normalize(target: pathAndQuery)
    if target == Self.ownPath { return .unruled }
    switch access {
    case .all: return .unruled
    case .nothing: return RobotsVerdict(isAllowed: false, line: nil, rule: nil)
    case .byRules:
      guard let rule = rules.first(where: { $0.pattern.matches(target) }) else { return .unruled }
      return RobotsVerdict(isAllowed: rule.isAllow, line: rule.line, rule: rule.text)
    }
  }

  private static let ownPath = Array("/robots.txt".utf8)
}

/// The answer to "may we ask for this?", with its ground.
public struct RobotsVerdict: Sendable, Equatable {
  /// Whether the target may be asked for.
  public let isAllowed: Bool
  /// The line of the rule that decided, the first line being 1; nil where none did.
  public let line: Int?
  /// The rule as written: "Disallow: /private/"; nil where none decided.
  public let rule: String?

  /// As `isAllowed`.
  public var allowed: Bool { isAllowed }

  /// Allowed, since no rule speaks of it.
  static let unruled = RobotsVerdict(isAllowed: true, line: nil, rule: nil)
}

/// A line of a record that RFC 9309 leaves to others, such as `Request-rate`.
public struct RobotsExtension: Sendable, Equatable {
  /// The name in lower case: "request-rate", "visit-time", "content-signal".
  public let name: String
  /// The value as written.
  public let value: String
  /// The line, the first being 1.
  public let line: Int
}

/// One allow or disallow line.
struct RobotsRule: Sendable, Comparable {
  let isAllow: Bool
  let pattern: RobotsPattern
  let line: Int
  let text: String

  /// Before another when it decides sooner: longer, or as long and an allow, or higher up.
  static func < (a: RobotsRule, b: RobotsRule) -> Bool {
    if a.pattern.length != b.pattern.length { return a.pattern.length > b.pattern.length }
    return a.isAllow != b.isAllow ? a.isAllow : a.line < b.line
  }

  static func == (a: RobotsRule, b: RobotsRule) -> Bool {
    a.line == b.line && a.isAllow == b.isAllow && a.text == b.text
  }
}
