public import GossamerURL

/// Where a crawl starts: URLs with what the user said about each.
public struct SeedList: Sendable, Equatable {
  /// The seeds in the order given, each canonical URL once.
  public private(set) var seeds: [Seed] = []

  /// One seed.
  public struct Seed: Sendable, Equatable {
    /// The URL to start at.
    public var url: CanonicalURL
    /// The furthest link hop from this seed; nil leaves it to the crawl's own setting.
    public var maximumDepth: Int?
    /// How far links of this seed may lead; nil leaves it to the crawl's own setting.
    public var scope: CrawlScope.Mode?

    /// A seed of a URL and nothing said about it.
    public init(url: CanonicalURL) {
      self.url = url
    }
  }

  /// A list without seeds.
  public init() {}

  /// Adds a URL given by itself.
  ///
  /// - Throws: `SeedError` when it is no http or https URL.
  public mutating func add(url text: String) throws(SeedError) {
    try add(fields: [Substring(text)], origin: nil)
  }

  /// Adds the lines of a seed file: a URL a line, blanks, then `key=value` pairs; `#` starts a
  /// comment at the start of a line or after a blank. A byte order mark and CR LF are taken.
  ///
  /// - Parameters:
  ///   - bytes: the file's content in UTF-8.
  ///   - file: its name, for messages.
  /// - Throws: `SeedError` naming file and line; nothing is added then.
  public mutating func add(contentsOf bytes: some Collection<UInt8>, file: String) throws(SeedError)
  {
    var bytes = Array(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if bytes.prefix(4096).contains(0) {
      throw SeedError(problem: "is not a text file", text: nil, file: file, line: nil)
    }
    var copy = self
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let fields = Self.fields(of: line)
      guard !fields.isEmpty else { continue }
      try copy.add(fields: fields, origin: (file, index + 1))
    }
    self = copy
  }

  private mutating func add(
    fields: [Substring], origin: (file: String, line: Int)?
  ) throws(SeedError) {
    let text = String(fields[0])
    guard let url = Self.url(text) else {
      throw SeedError(
        problem: "is no http or https URL", text: text, file: origin?.file, line: origin?.line)
    }
    var seed = Seed(url: url)
    for field in fields.dropFirst() {
      guard Self.apply(field, to: &seed) else {
        throw SeedError(
          problem: "is no setting of a seed (known: depth=N, scope=host|domain|prefix|any)",
          text: String(field), file: origin?.file, line: origin?.line)
      }
    }
    if !seeds.contains(where: { $0.url == url }) { seeds.append(seed) }
  }

  /// Takes `example.org/path` for `https://example.org/path`, as people write it.
  private static func url(_ text: String) -> CanonicalURL? {
    if text.contains("://") { return CanonicalURL(text) }
    guard let first = text.utf8.first, first != UInt8(ascii: "/"), text.utf8.contains(0x2E) else {
      return nil
    }
    return CanonicalURL("https://" + text)
  }

  private static func apply(_ field: Substring, to seed: inout Seed) -> Bool {
    let parts = field.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { return false }
    switch parts[0] {
    case "depth":
      guard let depth = Int(parts[1]), depth >= 0 else { return false }
      seed.maximumDepth = depth
    case "scope":
      guard let mode = CrawlScope.Mode(rawValue: String(parts[1])) else { return false }
      seed.scope = mode
    default: return false
    }
    return true
  }

  private static func fields(of line: ArraySlice<UInt8>) -> [Substring] {
    let words = String(decoding: line, as: UTF8.self)
      .split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
    return Array(words.prefix { !$0.hasPrefix("#") })
  }
}

/// A seed that cannot be used.
public struct SeedError: Error, Sendable, CustomStringConvertible {
  /// What is wrong with it.
  public var problem: String
  /// The words in question; nil when it is the whole file.
  public var text: String?
  /// The seed file, or nil for a seed from the command line.
  public var file: String?
  /// Its line, counted from 1.
  public var line: Int?

  /// "seeds.txt:3: 'foo bar' is no http or https URL: write …".
  public var description: String {
    let place = file.map { file in line.map { "\(file):\($0)" } ?? file }
    let subject = text.map { "'\(Self.shortened($0))' " } ?? ""
    let what = [place, subject + problem].compactMap { $0 }.joined(separator: ": ")
    return text == nil
      ? "\(what): give a file with one URL a line"
      : "\(what): write an address such as https://example.org/"
  }

  private static func shortened(_ text: String) -> String {
    let visible = String(
      text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
        .reduce(into: String.UnicodeScalarView()) { $0.append($1) })
    return visible.count > 80 ? visible.prefix(77) + "…" : visible
  }
}
