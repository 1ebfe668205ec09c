/// What a page says about its own use to robots: `X-Robots-Tag` and `Robots-Tag` fields, and
/// `<meta name="robots">`.
///
/// The strictest of all statements counts: "index" never takes back a "noindex".
/// Does not parse HTML and does not compare `unavailable_after` with a clock.
///
/// Source: documentation of search engines; draft-illyes-repext; DeviantArt for `noai`.
public struct PageDirectives: Sendable, Equatable {
  /// The page must not be stored for search or use.
  public private(set) var noindex = false
  /// The links of the page must not be followed.
  public private(set) var nofollow = false
  /// No copy of the page may be shown.
  public private(set) var noarchive = false
  /// No part of the text may be shown.
  public private(set) var nosnippet = false
  /// Pictures of the page must not be indexed.
  public private(set) var noimageindex = false
  /// The text must not be used for AI.
  public private(set) var noai = false
  /// Pictures must not be used for AI.
  public private(set) var noimageai = false
  /// The dates after which the page must not be used, as written. The earliest counts.
  public private(set) var unavailableAfter: [String] = []
  /// The longest piece of text that may be shown, in characters; the smallest one stated.
  public private(set) var maxSnippet: Int?
  /// The statements that had an effect, as written.
  public private(set) var evidence: [UsagePreferences.Statement] = []

  /// No statement yet.
  public init() {}

  /// What holds, in the words of the directives: "noindex", "max-snippet: 20".
  public var words: [String] {
    let flags = [
      ("noindex", noindex), ("nofollow", nofollow), ("noarchive", noarchive),
      ("nosnippet", nosnippet), ("noimageindex", noimageindex), ("noai", noai),
      ("noimageai", noimageai),
    ]
    return flags.filter(\.1).map(\.0) + (maxSnippet.map { ["max-snippet: \($0)"] } ?? [])
      + unavailableAfter.map { "unavailable_after: \($0)" }
  }

  /// Takes in a meta element.
  ///
  /// - Parameters:
  ///   - name: the element's name; counts when it is "robots" or our token, in any case.
  ///   - agent: our product token.
  public mutating func merge(metaContent: String, name: String, agent: String) {
    let name = Self.trimmed(name).lowercased()
    guard name == "robots" || name == agent.lowercased() else { return }
    merge(list: metaContent, source: "meta \(name)", agent: nil)
  }

  /// Takes in one `X-Robots-Tag` field value.
  ///
  /// A prefix such as "otherbot:" hands what follows to that crawler, up to the next prefix.
  public mutating func merge(header value: String, agent: String) {
    merge(list: value, source: "X-Robots-Tag", agent: agent.lowercased())
  }

  /// Takes in one `Robots-Tag` field value: "*;noindex;nosnippet, otherbot;noindex".
  ///
  /// The first word of a member is a product token, `*` or nothing for all; but a member that begins
  /// with a directive is taken for what it must mean.
  public mutating func merge(robotsTag value: String, agent: String) {
    for member in value.split(separator: ",") {
      var items = member.split(separator: ";", omittingEmptySubsequences: false)
        .map { Self.trimmed($0) }[...]
      let head = items.first.map { Self.trimmed($0.prefix { $0 != "=" }).lowercased() } ?? ""
      let isToken = !Self.flags.contains(head) && !Self.takesValue(head)
      if isToken { items.removeFirst() }
      guard !isToken || head.isEmpty || head == "*" || head == agent.lowercased() else { continue }
      for item in items {
        let sides = item.split(separator: "=", maxSplits: 1).map { Self.trimmed($0) }
        let text = sides.count == 2 ? "\(sides[0]): \(sides[1].filter { $0 != "\"" })" : item
        apply(text, source: "Robots-Tag")
      }
    }
  }

  /// - Parameter agent: our token in lower case; nil where prefixes never mean us.
  private mutating func merge(list text: String, source: String, agent: String?) {
    var concernsUs = true
    var items = text.split(separator: ",").map { Self.trimmed($0) }[...]
    while var item = items.popFirst() {
      // "otherbot: noindex", but not "max-snippet: 20".
      while let (name, rest) = Self.nameAndRest(item), !Self.takesValue(name) {
        concernsUs = agent != nil && (name == "*" || name == agent)
        item = rest
      }
      if Self.isCutDate(item), let date = items.popFirst() { item += ", " + date }
      if concernsUs { apply(item, source: source) }
    }
  }

  private mutating func apply(_ item: String, source: String) {
    let before = self
    if let (name, value) = Self.nameAndRest(item) {
      set(name, to: value)
    } else {
      // Commas are forgotten now and then.
      item.lowercased().split { $0.isWhitespace || $0 == ";" }.forEach { set(String($0)) }
    }
    guard self != before else { return }
    evidence.append(UsagePreferences.Statement(source: source, text: item))
  }

  private mutating func set(_ word: String) {
    switch word {
    case "none": (noindex, nofollow) = (true, true)
    case "noindex": noindex = true
    case "nofollow": nofollow = true
    case "noarchive", "nocache": noarchive = true
    case "nosnippet": nosnippet = true
    case "noimageindex": noimageindex = true
    case "noai": noai = true
    case "noimageai": noimageai = true
    default: break
    }
  }

  private mutating func set(_ name: String, to value: String) {
    switch name {
    case "unavailable_after", "unavailable-after":
      if !value.isEmpty && !unavailableAfter.contains(value) { unavailableAfter.append(value) }
    case "max-snippet":
      // -1 means no limit.
      if let length = Int(value), length >= 0 { maxSnippet = min(maxSnippet ?? length, length) }
    default: break
    }
  }

  private static let flags: Set<String> = [
    "all", "index", "follow", "none", "noindex", "nofollow", "noarchive", "nocache", "nosnippet",
    "noimageindex", "noai", "noimageai", "notranslate", "indexifembedded",
  ]

  private static func takesValue(_ name: String) -> Bool {
    name.hasPrefix("max-") || name == "unavailable_after" || name == "unavailable-after"
  }

  /// "name: rest", the name being one word in lower case.
  private static func nameAndRest(_ item: String) -> (name: String, rest: String)? {
    guard let colon = item.firstIndex(of: ":") else { return nil }
    let name = trimmed(item[..<colon]).lowercased()
    guard !name.isEmpty, !name.contains(where: \.isWhitespace) else { return nil }
    return (name, trimmed(item[item.index(after: colon)...]))
  }

  /// Whether a date was cut at the comma after its weekday.
  private static func isCutDate(_ item: String) -> Bool {
    guard let (name, value) = nameAndRest(item), name.hasPrefix("unavailable") else { return false }
    return !value.isEmpty && value.allSatisfy(\.isLetter)
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
