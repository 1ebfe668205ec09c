/// A place that an answer rests on, and whether the stored text bears it out.
public struct Citation: Sendable, Equatable {
  /// What a check found; raw values are their labels in results.
  public enum Verdict: String, Sendable, CaseIterable {
    /// The quoted words stand on the stored page.
    case quoted
    /// Nothing is quoted, but the numbers of the sentence and most of its words stand there.
    case worded
    /// The quoted words do not stand on the page.
    case notFound = "not_found"
    /// The sentence has numbers that the page does not have.
    case otherNumbers = "other_numbers"
    /// Nothing is quoted, and the page does not say this in these words.
    case unconfirmed
    /// The page is not in the corpus, or was never shown to the model.
    case unknownPage = "unknown_page"
  }

  /// Its number in the answer, from 1.
  public var number: Int
  /// The page's URL as stored; nil for a source that does not exist.
  public var url: String?
  /// The page's title.
  public var title: String?
  /// The digest of the page's body.
  public var digest: String?
  /// The quoted words, as the model wrote them.
  public var quote: String?
  /// Where they, or the passage, stand in the page's text, in bytes of UTF-8.
  public var range: Range<Int>?
  /// What the check found.
  public var verdict: Verdict

  /// Whether the stored text bears the citation out.
  public var isVerified: Bool { verdict == .quoted || verdict == .worded }

  init(
    number: Int, url: String? = nil, title: String? = nil, digest: String? = nil,
    quote: String? = nil, range: Range<Int>? = nil, verdict: Verdict
  ) {
    self.number = number
    self.url = url
    self.title = title
    self.digest = digest
    self.quote = quote
    self.range = range
    self.verdict = verdict
  }
}

extension Citation {
  /// Whether another one names the same words of the same page, and fared the same.
  func isSame(as other: Citation) -> Bool {
    url == other.url && quote == other.quote && range == other.range && verdict == other.verdict
  }
}

/// What is asked of the stored page behind a citation.
struct CitationQuestion: Sendable, Hashable {
  var url: String
  var range: Range<Int>
  var quote: String?
  var claim: String

  init(url: String, range: Range<Int>, quote: String?, claim: String) {
    self.url = url
    self.range = range
    self.quote = quote
    self.claim = claim
  }

  init(passage: PagePassage, quote: String?, claim: String) {
    self.init(url: passage.url, range: passage.range, quote: quote, claim: claim)
  }
}

/// What the stored page says to it.
struct CitationFinding: Sendable, Equatable {
  var verdict: Citation.Verdict
  var range: Range<Int>?
  var digest: String?

  init(_ verdict: Citation.Verdict, range: Range<Int>? = nil, digest: String? = nil) {
    self.verdict = verdict
    self.range = range
    self.digest = digest
  }

  /// Looks into the page's text; nil for a page that is not in the corpus.
  init(_ question: CitationQuestion, text: String?, digest: String?) {
    guard let text else {
      self.init(.unknownPage)
      return
    }
    let finder = QuoteFinder(text)
    self.init(.unconfirmed, range: question.range, digest: digest)
    if let quote = question.quote {
      range = finder.range(of: quote)
      verdict = range == nil ? .notFound : .quoted
    } else if finder.sharedWords(with: question.claim) >= 0.6 {
      verdict = .worded
    }
    let isVerified = verdict == .quoted || verdict == .worded
    if isVerified, !finder.hasNumbers(of: question.claim) { verdict = .otherNumbers }
  }
}

/// A reference as a model writes it: `[S3 "exact words"]`, `[S3]`, `[S1, S4]`.
struct Reference: Sendable, Equatable {
  var source: Int
  var quote: String?

  /// A stretch of an answer: a claim, and the references behind it.
  struct Claim: Sendable, Equatable {
    var text: String
    var references: [Reference]
    /// What stands behind them on the line: a full stop.
    var tail = ""
  }

  /// The claims of an answer, line by line. References stand behind what they are for.
  static func claims(in line: Substring) -> [Claim] {
    var claims: [Claim] = []
    var text = ""
    var rest = line
    while let character = rest.first {
      if character == "[", let (references, after) = group(rest) {
        if text.allSatisfy({ !$0.isLetter && !$0.isNumber }), !claims.isEmpty {
          claims[claims.count - 1].references += references
        } else {
          claims.append(Claim(text: text, references: references))
        }
        text = ""
        rest = after
      } else {
        text.append(character)
        rest = rest.dropFirst()
      }
    }
    if !text.isEmpty {
      if text.contains(where: { $0.isLetter || $0.isNumber }) || claims.isEmpty {
        claims.append(Claim(text: text, references: []))
      } else {
        claims[claims.count - 1].tail += text
      }
    }
    return claims
  }

  private static func group(_ text: Substring) -> ([Reference], Substring)? {
    var rest = text.dropFirst()
    var references: [Reference] = []
    while true {
      rest = rest.drop { $0 == " " || $0 == "," || $0 == ";" }
      if rest.first == "]" { break }
      guard rest.first == "S" || rest.first == "s" else { return nil }
      rest = rest.dropFirst()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let source = Int(digits) else { return nil }
      rest = rest.dropFirst(digits.count).drop { $0 == " " || $0 == ":" || $0 == "," }
      var reference = Reference(source: source)
      if let open = rest.first, QuoteFinder.isQuoteMark(open) {
        guard let end = quoteEnd(rest.dropFirst()) else { return nil }
        reference.quote = String(rest[rest.index(after: rest.startIndex)..<end])
        rest = rest[rest.index(after: end)...]
      }
      references.append(reference)
      guard references.count <= 16 else { return nil }
    }
    return references.isEmpty ? nil : (references, rest.dropFirst())
  }

  /// The mark that closes a quotation: the first that is followed by `]` or another reference.
  private static func quoteEnd(_ text: Substring) -> Substring.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      if QuoteFinder.isQuoteMark(text[index]) {
        let after = text[text.index(after: index)...].drop { " ,;.".contains($0) }
        let isNext =
          after.first == "S" && after.dropFirst().first.map { $0.isNumber } == true
        if after.first == "]" || isNext { return index }
      }
      index = text.index(after: index)
    }
    return nil
  }
}
