/// One question, worked on by several agents: their findings are put together by what they cite, and
/// a last call words them.
public struct Research: Sendable, Equatable {
  /// The answer of the whole.
  public var answer: AgentAnswer
  /// The answers of the parts, in order; of those that failed, what they found.
  public var parts: [AgentAnswer]
  /// What was found, by the places that bear it out; what more agents found comes first.
  public var findings: Findings

  /// Puts together what the agents found and what the writer made of it.
  ///
  /// - Parameters:
  ///   - plan: what was planned; parts without an answer were cancelled.
  ///   - written: the writer's answer; nil where there was nothing to write.
  init(_ plan: ResearchPlan, parts: [AgentAnswer], written: AgentAnswer?) {
    findings = Findings(parts)
    self.parts = parts
    answer = written ?? AgentAnswer.nothing(plan.question, parts)
    if answer.text.isEmpty, !findings.isEmpty {
      // Without a writer the findings stand as they are.
      answer = findings.answer(plan.question, like: answer)
    }
    addPassedOver(plan)
    answer.contradictions = findings.contradictions
    answer.usage.add(plan.usage)
    for part in parts { answer.usage.add(part.usage) }
    answer.usage.seconds += plan.usage.seconds + (parts.map(\.usage.seconds).max() ?? 0)
    if !lost.isEmpty { answer.flags.append("part-failed") }
    if !answer.contradictions.isEmpty, !answer.flags.contains("contradictions") {
      answer.flags.append("contradictions")
    }
  }

  /// Adds what the writer passed over: of parts of which it cites nothing, the findings as they are.
  private mutating func addPassedOver(_ plan: ResearchPlan) {
    func isCited(_ place: Findings.Place) -> Bool {
      answer.citations.contains { citation in
        citation.url == place.passage.url
          && citation.range.map(place.passage.range.overlaps) == true
      }
    }
    var told = Set<Int>()
    for place in findings.places where isCited(place) { told.formUnion(place.agents) }
    for (number, part) in plan.parts.enumerated()
    where part.question != plan.question && !told.contains(number) {
      for claim in findings.places.flatMap(\.claims) where claim.agents.contains(number) {
        told.formUnion(claim.agents)
        answer.add(claim)
      }
    }
  }

  /// The parts whose agents did not come to an end: what they found before is kept, and that they
  /// found no more says nothing of the question.
  public var lost: [AgentAnswer] {
    parts.filter { $0.ending == .failed || $0.ending == .cancelled }
  }

  /// The research as a line of JSON.
  ///
  /// - Parameter key: identifies question and settings, for runs that go on.
  public func line(key: String? = nil) -> [UInt8] { answer.line(key: key, of: self) }
}

/// How a question was divided among agents.
public struct ResearchPlan: Sendable, Equatable {
  /// The whole question.
  public var question: String
  /// What each agent is asked.
  public var parts: [AgentTeam.Assignment]
  /// What the planning took.
  public var usage = AgentUsage()
}

extension AgentAnswer {
  /// Adds a finding as it is.
  mutating func add(_ finding: Findings.Claim) {
    var citation = finding.citation
    citation.number = citations.count + 1
    if let same = citations.first(where: { $0.isSame(as: citation) }) {
      citation = same
    } else {
      citations.append(citation)
    }
    text += (text.isEmpty ? "" : "\n") + "\(finding.text) [\(citation.number)]"
    claims.append(.init(text: finding.text, citations: [citation.number]))
  }

  /// An answer that nobody gave.
  static func cancelled(_ question: String) -> AgentAnswer {
    var answer = AgentAnswer(question: question)
    answer.ending = .cancelled
    return answer
  }

  /// No finding is borne out. That agents failed says nothing of the question.
  fileprivate static func nothing(_ question: String, _ parts: [AgentAnswer]) -> AgentAnswer {
    var answer = AgentAnswer(question: question)
    let failed = parts.filter { $0.ending == .failed || $0.ending == .cancelled }
    if failed.count == parts.count {
      answer.ending = failed.first?.ending ?? .failed
      answer.reason = failed.first?.reason
    } else {
      answer.text = "Nothing was found that stored pages bear out."
      answer.flags = ["no-answer"]
    }
    return answer
  }
}
