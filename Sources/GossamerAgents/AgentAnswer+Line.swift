import GossamerCorpus

extension AgentAnswer {
  /// The answer as a line of JSON, without what was shown.
  ///
  /// - Parameters:
  ///   - key: identifies question and settings, for runs that go on.
  ///   - research: the findings and answers that it was made of.
  public func line(key: String? = nil, of research: Research? = nil) -> [UInt8] {
    var line = JSONLine()
    line.add("key", key)
    add(to: &line)
    if let research {
      line.addObjects("findings", research.findings.places) { $1.add(to: &$0) }
      line.addLines("parts", research.parts.map { $0.line() })
    }
    return line.finished()
  }

  /// Adds the answer to an object.
  func add(to line: inout JSONLine) {
    line.add("question", question)
    line.add("answer", text)
    line.add("ending", ending.rawValue)
    line.add("reason", reason)
    line.add("verified", isVerified)
    line.addObjects("citations", citations) { line, citation in
      line.add("number", citation.number)
      line.add("url", citation.url)
      line.add("title", citation.title)
      line.add("digest", citation.digest)
      line.add("quote", citation.quote)
      line.add("start", citation.range?.lowerBound)
      line.add("end", citation.range?.upperBound)
      line.add("verdict", citation.verdict.rawValue)
    }
    line.addObjects("contradictions", contradictions) { line, contradiction in
      line.add("kind", contradiction.kind.rawValue)
      line.addObjects("sides", contradiction.sides) { line, side in
        line.add("text", side.text)
        line.add("url", side.url)
        line.add("digest", side.digest)
        line.add("quote", side.quote)
        line.add("start", side.range.lowerBound)
        line.add("end", side.range.upperBound)
      }
    }
    line.add("flags", flags)
    line.add("turns", usage.turns)
    line.add("calls", usage.calls)
    line.add("tokens_in", usage.input)
    line.add("tokens_out", usage.output)
    line.add("seconds", usage.seconds)
  }
}

extension Findings.Place {
  fileprivate func add(to line: inout JSONLine) {
    line.add("url", passage.url)
    line.add("title", passage.title)
    line.add("digest", passage.digest)
    line.add("start", passage.range.lowerBound)
    line.add("end", passage.range.upperBound)
    line.add("agents", agents.count)
    line.addObjects("claims", claims) { line, claim in
      line.add("text", claim.text)
      line.add("agents", claim.agents.count)
      line.add("quote", claim.citation.quote)
    }
  }
}
