public import GossamerURL

/// Which of the links found belong to the crawl.
///
/// Judged on canonical URLs. The order of the rules: `exclude` refuses, `include` must match where
/// there is one, the longest SURT prefix decides, then the mode measures the distance to the seeds.
public struct CrawlScope: Sendable {
  /// How far from a seed a URL may be.
  public enum Mode: String, Sendable, CaseIterable {
    /// The seed's host.
    case host
    /// The seed's registered domain by the public suffix list; hosts without one count as hosts.
    case domain
    /// The seed's host and the folder of its path.
    case prefix
    /// Anywhere.
    case any
  }

  /// What was decided about a URL.
  public enum Verdict: Sendable, Equatable {
    /// Belongs to the crawl.
    case inside
    /// Does not, by this rule.
    case outside(rule: String)
  }

  private let mode: Mode
  private let include: [Pattern]
  private let exclude: [Pattern]
  private let surts: SURTPrefixes?
  private var hosts: Set<String> = []
  private var domains: Set<String> = []
  private var prefixes: [String] = []
  private var anywhere = false
  private var modes: [String: Mode] = [:]

  /// A scope around seeds.
  ///
  /// - Parameters:
  ///   - include: regular expressions of which one must match somewhere in the URL; none = all.
  ///   - exclude: regular expressions none of which may match.
  ///   - surts: SURT prefixes that decide where one fits, whatever the mode is.
  /// - Throws: `PatternError` for an expression that cannot be read.
  public init(
    mode: Mode, seeds: SeedList, include: [String] = [], exclude: [String] = [],
    surts: SURTPrefixes? = nil
  ) throws(PatternError) {
    self.mode = mode
    self.include = try Self.patterns(include)
    self.exclude = try Self.patterns(exclude)
    self.surts = surts
    for seed in seeds.seeds {
      let mode = seed.scope ?? mode
      if let own = seed.scope { modes[seed.url.string] = own }
      switch mode {
      case .host: hosts.insert(seed.url.hostKey)
      case .domain: domains.insert(Self.domain(of: seed.url))
      case .prefix: prefixes.append(Self.prefix(of: seed.url))
      case .any: anywhere = true
      }
    }
  }

  /// Judges a URL.
  ///
  /// - Parameter seed: the seed it was reached from. Where that was a redirect, this is the URL it
  ///   led to, so that `http://example.org` may lead to `https://www.example.org` and go on there.
  public func verdict(for url: CanonicalURL, from seed: CanonicalURL? = nil) -> Verdict {
    let text = url.string
    if let rule = exclude.first(where: { $0.matches(text) }) {
      return .outside(rule: "exclude \(rule.source)")
    }
    if !include.isEmpty, !include.contains(where: { $0.matches(text) }) {
      return .outside(rule: "include")
    }
    if let prefix = surts?.verdict(for: url) {
      return prefix.admits ? .inside : .outside(rule: "SURT prefix \(prefix.line)")
    }
    if isNearSeeds(url, text) { return .inside }
    if let seed, isNear(url, seed) { return .inside }
    return .outside(rule: "scope \(mode.rawValue)")
  }

  private func isNearSeeds(_ url: CanonicalURL, _ text: String) -> Bool {
    if anywhere || hosts.contains(url.hostKey) { return true }
    if !domains.isEmpty, domains.contains(Self.domain(of: url)) { return true }
    return prefixes.contains { text.hasPrefix($0) }
  }

  private func isNear(_ url: CanonicalURL, _ seed: CanonicalURL) -> Bool {
    switch modes[seed.string] ?? mode {
    case .host: url.hostKey == seed.hostKey
    case .domain: Self.domain(of: url) == Self.domain(of: seed)
    case .prefix: url.string.hasPrefix(Self.prefix(of: seed))
    case .any: true
    }
  }

  private static func domain(of url: CanonicalURL) -> String {
    url.registeredDomain ?? url.hostKey
  }

  /// Everything up to the last slash of the path.
  private static func prefix(of url: CanonicalURL) -> String {
    let whole = url.string
    let path = whole.prefix { $0 != "?" }
    guard let slash = path.lastIndex(of: "/") else { return whole }
    return String(whole[...slash])
  }

  private static func patterns(_ sources: [String]) throws(PatternError) -> [Pattern] {
    var patterns: [Pattern] = []
    for source in sources { patterns.append(try Pattern(source)) }
    return patterns
  }
}

/// A regular expression of the user's.
struct Pattern: @unchecked Sendable {
  // Regex is not marked Sendable, but a compiled expression of a literal source is never changed
  // and holds no closures of ours; matching only reads it.
  private let expression: Regex<AnyRegexOutput>
  let source: String

  init(_ source: String) throws(PatternError) {
    do {
      expression = try Regex(source)
    } catch {
      throw PatternError(source: source)
    }
    self.source = source
  }

  func matches(_ text: String) -> Bool {
    (try? expression.firstMatch(in: text)) != nil
  }
}

/// A regular expression that cannot be read.
public struct PatternError: Error, Sendable, CustomStringConvertible {
  /// The expression as given.
  public var source: String

  /// "cannot read the regular expression '(': …".
  public var description: String {
    "cannot read the regular expression '\(source)': close its brackets, or escape them with \\"
  }
}
