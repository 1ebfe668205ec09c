import GossamerLLM

/// What is done to every answer before anyone sees it: sources are looked up, what the stored pages
/// do not bear out is marked, addresses that nobody showed are taken out, and so are instructions.
///
/// Marks, never hides: a sentence without a verified source stays, and says so.
struct AnswerCheck: Sendable {
  /// What stands behind a sentence without source.
  static let unsupported = "[no source]"
  /// What stands in the place of an address that nobody showed.
  static let strangeAddress = "[address left out: not among the pages]"

  let shelf: SourceShelf
  let detector: LeakDetector
  /// Marks of data, which have no place in an answer.
  let marks: [String]
  /// Looks at the stored page behind a citation.
  let look: @Sendable (CitationQuestion) async -> CitationFinding

  struct Checked: Sendable {
    var text = ""
    var citations: [Citation] = []
    var claims: [AgentAnswer.Claim] = []
    var flags: [String] = []
  }

  func check(_ answer: String) async -> Checked {
    var checked = Checked()
    var lines: [String] = []
    for line in clean(answer, &checked.flags).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      var text = ""
      for claim in Reference.claims(in: line) {
        text += claim.text
        if claim.references.isEmpty, isStatement(claim.text) {
          text += (text.hasSuffix(" ") ? "" : " ") + Self.unsupported
          add("no-source", &checked.flags)
        }
        var numbers: [Int] = []
        for reference in claim.references {
          let citation = await verify(reference, claim.text, checked.citations)
          if citation.number > checked.citations.count { checked.citations.append(citation) }
          numbers.append(citation.number)
          if !citation.isVerified { add("unverified", &checked.flags) }
          while text.hasSuffix(" ") { text.removeLast() }
          text += citation.isVerified ? " [\(citation.number)]" : " [\(citation.number)?]"
        }
        text += claim.tail
        let words = claim.text.trimmed
        if !words.isEmpty { checked.claims.append(.init(text: words, citations: numbers)) }
      }
      lines.append(text)
    }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    checked.text = lines.joined(separator: "\n")
    return checked
  }

  private func add(_ flag: String, _ flags: inout [String]) {
    if !flags.contains(flag) { flags.append(flag) }
  }

  /// Headings and words in passing need no source.
  private func isStatement(_ text: String) -> Bool {
    guard !text.hasPrefix("#") else { return false }
    return text.split(whereSeparator: \.isWhitespace)
      .count { $0.contains(where: \.isLetter) } >= 3
  }

  private func clean(_ answer: String, _ flags: inout [String]) -> String {
    var text = PromptText.neutralized(answer)
    for mark in marks where text.contains(mark) {
      text = text.replacing(mark, with: "")
      add("mark-leaked", &flags)
    }
    if detector.finds(in: text) {
      text = detector.redacted(text)
      add("prompt-leaked", &flags)
    }
    let known = withoutStrangeAddresses(text)
    if known != text { add("new-address", &flags) }
    return known.trimmed
  }

  /// An address in an answer may be opened by whoever reads it, so it has to be one we know.
  private func withoutStrangeAddresses(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let range = rest.firstRange(of: "://") {
      let scheme = rest[..<range.lowerBound].reversed().prefix { $0.isLetter || "+-.".contains($0) }
      let start = rest.index(range.lowerBound, offsetBy: -scheme.count)
      let tail = rest[range.upperBound...].prefix { character in
        !character.isWhitespace && !"<>\"'()[]{}|`“”‹›".contains(character)
      }
      var address = rest[start..<tail.endIndex]
      while let last = address.last, ".,;:!?".contains(last) { address.removeLast() }
      result += rest[..<start]
      result += shelf.known(String(address)) != nil ? String(address) : Self.strangeAddress
      rest = rest[address.endIndex...]
    }
    return result + rest
  }

  private func verify(
    _ reference: Reference, _ claim: String, _ known: [Citation]
  ) async -> Citation {
    let number = known.count + 1
    let quote = reference.quote.map(\.trimmed).flatMap { quote in
      quote.contains(where: { $0.isLetter || $0.isNumber }) ? quote : nil
    }
    guard let passage = shelf.passage(reference.source) else {
      return Citation(number: number, quote: quote, verdict: .unknownPage)
    }
    let found = await look(CitationQuestion(passage: passage, quote: quote, claim: claim.trimmed))
    let citation = Citation(
      number: number, url: passage.url, title: passage.title, digest: found.digest, quote: quote,
      range: found.range, verdict: found.verdict)
    // The same place for another sentence is the same citation.
    return known.first { $0.isSame(as: citation) } ?? citation
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
