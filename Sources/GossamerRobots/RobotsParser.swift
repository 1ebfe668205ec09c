/// Reads a robots.txt line by line and keeps what concerns one crawler.
///
/// Where the parsers of the world differ, it does this:
/// - Percent-encoding is normalised on both sides before comparing (RFC 9309 §2.2.2).
/// - A product token ends at the first byte that is no letter, digit, `_`, `-` or part of a UTF-8
///   character, so `Agent1` is not cut to `Agent`. RFC 9309 §2.2.1 has no digits; sites do.
/// - Tokens are equal or not, without regard to case; no prefixes, no several names in one line.
/// - Rules before any `User-agent` line are ignored (RFC 9309 §2.2).
/// - Unknown lines and `Crawl-delay` between `User-agent` lines keep the group open for rules, but a
///   `Crawl-delay` or other extension speaks only for the `User-agent` lines right above it.
/// - A missing colon is forgiven where the line has two words; common misspellings are read.
/// - Who allows "/shop/index.html" allows "/shop/", too, as at Google; RFC 9309 does not say so.
/// - Patterns that do not begin with `/` or `*` match nothing, and HTML around rules is not removed.
/// - A byte-order mark is skipped, also half of one; CR, LF and CRLF end a line; NUL and control
///   characters around names and values are taken for blanks.
struct RobotsParser {
  private(set) var sitemaps: [String] = []
  private(set) var isSpecific = false

  /// What the groups of ours, and those of `*`, hold.
  private struct Findings {
    var rules: [RobotsRule] = []
    var crawlDelay: Duration?
    var extensions: [RobotsExtension] = []
  }

  /// Whom the lines of a group concern.
  private struct Audience {
    var includesUs = false
    var includesAll = false
  }

  private var ours = Findings()
  private var everybodys = Findings()
  private var sitewide: [RobotsExtension] = []

  private let agents: [[UInt8]]
  private var ruleAudience = Audience()
  private var extensionAudience = Audience()
  private var sawAgent = false
  private var sawRule = false
  private var sawExtension = false
  private var lineNumber = 0

  /// Longer lines are cut. Source: the parser of Google, which cuts here.
  private static let lineLimit = 8 * 2083 - 1

  init(agents: [String]) {
    self.agents = agents.compactMap { Self.productToken($0) }
  }

  // MARK: Result

  var rules: [RobotsRule] { (isSpecific ? ours : everybodys).rules }
  var crawlDelay: Duration? { (isSpecific ? ours : everybodys).crawlDelay }

  /// Extensions of the groups that count. Usage preferences of `*` count, too, where a group of
  /// ours has none: who writes such a group for other reasons does not take them back.
  var extensions: [RobotsExtension] {
    var found = sitewide + (isSpecific ? ours : everybodys).extensions
    if isSpecific && !ours.extensions.contains(where: Self.isPreference) {
      found += everybodys.extensions.filter(Self.isPreference)
    }
    return found.sorted { $0.line < $1.line }
  }

  private static func isPreference(_ line: RobotsExtension) -> Bool {
    line.name == "content-signal" || line.name == "content-usage"
  }

  // MARK: Lines

  mutating func parse(_ bytes: ArraySlice<UInt8>, isCut: Bool) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var start = bytes.startIndex + zip(bytes, mark).prefix { $0 == $1 }.count
    var index = start
    while index < bytes.endIndex {
      let byte = bytes[index]
      guard byte == 0x0A || byte == 0x0D else {
        index += 1
        continue
      }
      take(bytes[start..<index])
      let isPair = byte == 0x0D && index + 1 < bytes.endIndex && bytes[index + 1] == 0x0A
      index += isPair ? 2 : 1
      start = index
    }
    if start < bytes.endIndex && !isCut { take(bytes[start...]) }
  }

  private mutating func take(_ whole: ArraySlice<UInt8>) {
    lineNumber += 1
    let line = whole.prefix(Self.lineLimit).prefix { $0 != UInt8(ascii: "#") }
    guard let (key, value) = Self.keyAndValue(Self.trimmed(line)) else { return }
    let name = RobotsLineName(key)
    switch name {
    case .userAgent: openGroup(value)
    case .allow, .disallow: addRule(value, isAllow: name == .allow)
    case .sitemap: addSitemap(value)
    case .crawlDelay: addCrawlDelay(value)
    case .other(let text): addExtension(text, value)
    }
  }

  /// Splits at the colon, or at blanks where there is none and exactly two words.
  private static func keyAndValue(
    _ line: ArraySlice<UInt8>
  ) -> (key: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
    if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      let key = trimmed(line[..<colon])
      return key.isEmpty ? nil : (key, trimmed(line[(colon + 1)...]))
    }
    let words = line.split(whereSeparator: isBlank)
    return words.count == 2 ? (words[0], words[1]) : nil
  }

  // MARK: Groups

  private mutating func openGroup(_ value: ArraySlice<UInt8>) {
    if sawRule { ruleAudience = Audience() }
    if sawRule || sawExtension { extensionAudience = Audience() }
    sawAgent = true
    sawRule = false
    sawExtension = false
    let second = value.dropFirst().first
    if value.first == UInt8(ascii: "*") && (second.map(Self.isBlank) ?? true) {
      ruleAudience.includesAll = true
      extensionAudience.includesAll = true
    } else if agents.contains(Self.token(value)) {
      ruleAudience.includesUs = true
      extensionAudience.includesUs = true
      isSpecific = true
    }
  }

  private mutating func addRule(_ value: ArraySlice<UInt8>, isAllow: Bool) {
    sawRule = true
    guard !value.isEmpty, ruleAudience.includesUs || ruleAudience.includesAll else { return }
    let text = (isAllow ? "Allow: " : "Disallow: ") + String(decoding: value, as: UTF8.self)
    add(RobotsRule(isAllow: isAllow, pattern: RobotsPattern(value), line: lineNumber, text: text))
    if isAllow, let folder = RobotsPattern.folder(ofIndex: value) {
      add(RobotsRule(isAllow: true, pattern: folder, line: lineNumber, text: text))
    }
  }

  private mutating func add(_ rule: RobotsRule) {
    if ruleAudience.includesUs { ours.rules.append(rule) }
    if ruleAudience.includesAll { everybodys.rules.append(rule) }
  }

  // MARK: Other records

  private mutating func addSitemap(_ value: ArraySlice<UInt8>) {
    let text = String(decoding: value, as: UTF8.self)
    if !text.isEmpty && !sitemaps.contains(text) { sitemaps.append(text) }
  }

  private mutating func addCrawlDelay(_ value: ArraySlice<UInt8>) {
    sawExtension = true
    guard let delay = Self.delay(value) else { return }
    func greater(_ known: Duration?) -> Duration { max(known ?? .zero, delay) }
    if extensionAudience.includesUs { ours.crawlDelay = greater(ours.crawlDelay) }
    if extensionAudience.includesAll { everybodys.crawlDelay = greater(everybodys.crawlDelay) }
  }

  private mutating func addExtension(_ name: String, _ value: ArraySlice<UInt8>) {
    let line = RobotsExtension(
      name: name, value: String(decoding: value, as: UTF8.self), line: lineNumber)
    // A preference above all groups is meant for everybody.
    let isForAll = Self.isPreference(line) && !sawAgent
    if isForAll || Self.sitewideNames.contains(name) { return sitewide.append(line) }
    guard Self.groupNames.contains(name) else { return }
    sawExtension = true
    if extensionAudience.includesUs { ours.extensions.append(line) }
    if extensionAudience.includesAll { everybodys.extensions.append(line) }
  }

  private static let sitewideNames: Set<String> = ["host", "llm-policy", "license"]
  private static let groupNames: Set<String> = [
    "request-rate", "visit-time", "content-signal", "content-usage", "clean-param", "noindex",
    "comment", "robot-version",
  ]

  /// Seconds, plain decimals only: no sign, no exponent, no unit.
  private static func delay(_ value: ArraySlice<UInt8>) -> Duration? {
    let parts = value.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, value.contains(where: isDigit), parts[0].count <= 12,
      parts.allSatisfy({ $0.allSatisfy(isDigit) })
    else { return nil }
    let seconds = parts[0].reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    let fraction = parts.count == 2 ? parts[1].prefix(3) : []
    let scale: [Int64] = [0, 100, 10, 1]
    let milliseconds = fraction.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    return .milliseconds(seconds * 1000 + milliseconds * scale[fraction.count])
  }

  // MARK: Bytes

  /// The token of "token" or "token/version"; nil for everything else, such as a whole User-Agent.
  private static func productToken(_ agent: String) -> [UInt8]? {
    let bytes = Array(agent.utf8)
    let token = token(bytes[...])
    guard !token.isEmpty else { return nil }
    let rest = trimmed(bytes[...]).dropFirst(token.count)
    let isVersion = rest.first == UInt8(ascii: "/") && !rest.contains(where: isBlank)
    return rest.isEmpty || isVersion ? token : nil
  }

  /// The product token at the start, in lower case.
  static func token(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    trimmed(bytes).prefix {
      ($0 | 0x20) &- 0x61 < 26 || isDigit($0) || $0 == 0x5F || $0 == 0x2D || $0 >= 0x80
    }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7F }
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}

/// What kind of line it is, by its name; misspellings seen on many sites count.
///
/// Source: RFC 9309 §2.2; the misspellings are those Google's parser reads.
enum RobotsLineName: Equatable {
  case userAgent, allow, disallow, sitemap, crawlDelay
  case other(String)

  init(_ bytes: ArraySlice<UInt8>) {
    let name = String(decoding: bytes, as: UTF8.self).lowercased()
    switch name {
    case "user-agent", "useragent", "user agent": self = .userAgent
    case "allow": self = .allow
    case "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw": self = .disallow
    case "sitemap", "site-map": self = .sitemap
    case "crawl-delay", "crawldelay", "crawl delay": self = .crawlDelay
    case "content-signals": self = .other("content-signal")
    case "no-index": self = .other("noindex")
    default: self = .other(name)
    }
  }
}
