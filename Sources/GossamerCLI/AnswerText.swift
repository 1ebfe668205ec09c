import Gossamer

/// Answers for people.
enum AnswerText {
  static func text(_ answer: AgentAnswer, withQuestion: Bool) -> String {
    var lines: [String] = []
    if withQuestion { lines += ["# " + Console.oneLine(answer.question), ""] }
    lines.append(
      answer.text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { Console.oneLine(String($0)) }.joined(separator: "\n"))
    if answer.text.isEmpty { lines[lines.count - 1] = "No answer: \(answer.reason ?? "empty")" }
    if !answer.citations.isEmpty { lines.append("") }
    for citation in answer.citations {
      let mark = citation.isVerified ? "[\(citation.number)]" : "[\(citation.number)?]"
      var line = "\(mark) \(citation.url ?? "no such source")"
      if let quote = citation.quote { line += " “\(Console.oneLine(quote))”" }
      lines.append(line + " (\(words(citation.verdict)))")
    }
    for contradiction in answer.contradictions {
      lines += ["", words(contradiction.kind)]
      for side in contradiction.sides {
        lines.append("- \(Console.oneLine(side.text)) (\(side.url))")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The answer of several, with a note on those that were lost on the way.
  static func text(_ research: Research, withQuestion: Bool) -> String {
    var lines = [text(research.answer, withQuestion: withQuestion)]
    if !research.lost.isEmpty, research.lost.count < research.parts.count {
      lines += ["", "Not all was looked into; what follows from that is not known:"]
    }
    for part in research.lost where research.lost.count < research.parts.count {
      lines.append("- \(Console.oneLine(part.question)): \(Console.oneLine(reason(part)))")
    }
    return lines.joined(separator: "\n")
  }

  private static func reason(_ answer: AgentAnswer) -> String {
    answer.reason.map { "\(answer.ending.rawValue) (\($0))" } ?? answer.ending.rawValue
  }

  private static func words(_ kind: Contradiction.Kind) -> String {
    switch kind {
    case .figure: "These give other numbers, and may speak of different things:"
    case .date: "These give other dates, and may speak of different things:"
    case .denial: "One denies what the other says, or they speak of different things:"
    }
  }

  static func words(_ verdict: Citation.Verdict) -> String {
    switch verdict {
    case .quoted: "verified: the words stand there"
    case .worded: "verified: the page says so in these words"
    case .notFound: "not verified: the quoted words do not stand there"
    case .otherNumbers: "not verified: the page has other numbers"
    case .unconfirmed: "not verified"
    case .unknownPage: "not verified: no such page in the corpus"
    }
  }

  /// What a run took, in a line.
  static func summary(_ answer: AgentAnswer) -> String {
    var parts = [
      reason(answer),
      "\(answer.usage.turns) turns", "\(answer.usage.calls) calls", "\(answer.usage.tokens) tokens",
      "\((answer.usage.seconds * 10).rounded() / 10) s",
    ]
    if !answer.flags.isEmpty { parts.append("flags: " + answer.flags.joined(separator: " ")) }
    return parts.joined(separator: ", ")
  }
}
