/// A query as it was understood: see ``CorpusQuery`` for the words it is written in.
package indirect enum SearchQuery: Sendable, Equatable {
  /// Terms in a row; with `isBeginning`, the last one may go on.
  case phrase(Phrase)
  case all([SearchQuery])
  case any([SearchQuery])
  case not(SearchQuery)

  package struct Phrase: Sendable, Hashable {
    package var terms: [[UInt8]]
    package var isBeginning: Bool
  }

  /// The most terms that are read of a query; what follows is left out.
  package static let mostTerms = 64

  /// Reads any text at all; nil where nothing in it could be looked for.
  package init?(_ text: String) {
    var parser = QueryParser(text)
    guard let query = parser.parse(), query.findsSomething else { return nil }
    self = query
  }

  /// Whether pages can be found by it, and not only left out.
  fileprivate var findsSomething: Bool {
    switch self {
    case .phrase: true
    case .all(let parts): parts.contains(where: \.findsSomething)
    case .any: true
    case .not: false
    }
  }

  /// The query that any of the words answers which this one wants all of; nil where that is the same.
  package var loosened: SearchQuery? {
    guard case .all(let parts) = self else { return nil }
    let wanted = parts.filter(\.findsSomething)
    guard wanted.count > 1 else { return nil }
    let unwanted = parts.filter { !$0.findsSomething }
    return unwanted.isEmpty ? .any(wanted) : .all([.any(wanted)] + unwanted)
  }

  /// What a page that answers may hold, for showing where.
  package var wanted: [Phrase] {
    switch self {
    case .phrase(let phrase): [phrase]
    case .all(let parts), .any(let parts): parts.flatMap(\.wanted)
    case .not: []
    }
  }
}

private struct QueryParser {
  private enum Token: Equatable {
    case word(String)
    case quoted(String, isBeginning: Bool)
    case open, close, or, and, not
  }

  private static let deepest = 16
  private static let mostTokens = 256

  private var tokens: ArraySlice<Token> = []
  private var folder = TermFolder()
  private var termsLeft = SearchQuery.mostTerms

  init(_ text: String) { tokens = Self.tokens(text)[...] }

  mutating func parse() -> SearchQuery? {
    var parts: [SearchQuery] = []
    while !tokens.isEmpty {
      if let part = alternatives(depth: 0) { parts.append(part) }
      // A bracket that closes nothing is passed over.
      if tokens.first == .close { tokens.removeFirst() }
    }
    return Self.all(parts)
  }

  private mutating func alternatives(depth: Int) -> SearchQuery? {
    var options: [SearchQuery] = []
    if let first = sequence(depth: depth) { options.append(first) }
    while tokens.first == .or {
      tokens.removeFirst()
      if let next = sequence(depth: depth) { options.append(next) }
    }
    // All pages but some are no alternative.
    if options.count > 1 { options.removeAll { !$0.findsSomething } }
    return options.count > 1 ? .any(options) : options.first
  }

  private mutating func sequence(depth: Int) -> SearchQuery? {
    var parts: [SearchQuery] = []
    while let token = tokens.first, token != .or, token != .close {
      switch token {
      case .and: tokens.removeFirst()
      case .not:
        tokens.removeFirst()
        guard let next = tokens.first, next != .or, next != .close else { continue }
        if let part = item(depth: depth) { parts.append(.not(part)) }
      default: if let part = item(depth: depth) { parts.append(part) }
      }
    }
    return Self.all(parts)
  }

  private mutating func item(depth: Int) -> SearchQuery? {
    guard let token = tokens.popFirst() else { return nil }
    switch token {
    case .word(let text): return phrase(text, isBeginning: text.hasSuffix("*"))
    case .quoted(let text, let isBeginning): return phrase(text, isBeginning: isBeginning)
    case .open:
      guard depth < Self.deepest else { return nil }
      let inner = alternatives(depth: depth + 1)
      if tokens.first == .close { tokens.removeFirst() }
      return inner
    case .not: return item(depth: depth)
    case .close, .or, .and: return nil
    }
  }

  private mutating func phrase(_ text: String, isBeginning: Bool) -> SearchQuery? {
    var forms: [UInt8] = []
    var terms: [(form: Range<Int>, isPair: Bool, source: Range<Int>)] = []
    folder.fold(Array(text.utf8), into: &forms) { terms.append(($0.form, $0.isPair, $0.source)) }
    // The last character of a run is in the pair before it; alone, it begins the pair it stands in.
    var endsAlone = terms.last?.isPair ?? false
    if endsAlone, terms.count > 1, let last = terms.last, terms[terms.count - 2].isPair,
      terms[terms.count - 2].source.upperBound == last.source.upperBound
    {
      terms.removeLast()
      endsAlone = false
    }
    let kept = terms.prefix(termsLeft).map { Array(forms[$0.form]) }
    termsLeft -= kept.count
    guard !kept.isEmpty else { return nil }
    return .phrase(SearchQuery.Phrase(terms: kept, isBeginning: isBeginning || endsAlone))
  }

  private static func all(_ parts: [SearchQuery]) -> SearchQuery? {
    let flat = parts.flatMap { if case .all(let inner) = $0 { inner } else { [$0] } }
    return flat.count > 1 ? .all(flat) : flat.first
  }

  // MARK: Tokens

  private static func tokens(_ text: String) -> [Token] {
    var tokens: [Token] = []
    var rest = Substring(text)
    while tokens.count < mostTokens, let character = rest.first {
      switch character {
      case "\"", "“", "”", "„":
        rest.removeFirst()
        let quoted = rest.prefix { !["\"", "“", "”"].contains($0) }
        rest = rest.dropFirst(quoted.count + 1)
        let isBeginning = rest.first == "*"
        if isBeginning { rest.removeFirst() }
        tokens.append(.quoted(String(quoted), isBeginning: isBeginning))
      case "(", ")":
        tokens.append(character == "(" ? .open : .close)
        rest.removeFirst()
      case "-" where rest.dropFirst().first.map { $0 != "-" && !$0.isWhitespace } ?? false:
        tokens.append(.not)
        rest.removeFirst()
      case _ where character.isWhitespace: rest.removeFirst()
      default:
        let word = rest.prefix { !$0.isWhitespace && !"()\"“”„".contains($0) }
        rest = rest.dropFirst(word.count)
        tokens.append(operation(word) ?? .word(String(word)))
      }
    }
    return tokens
  }

  /// Operators are in capitals, as the words themselves are looked for, too.
  private static func operation(_ word: Substring) -> Token? {
    switch word {
    case "OR", "|", "||": .or
    case "AND", "&", "&&": .and
    case "NOT": .not
    default: nil
    }
  }
}
