import GossamerLLM

/// One question, worked on by several agents: their findings are put together by what they cite, and
/// a last call words them.
public struct Research: Sendable {
  /// The answer of the whole.
  public var answer: AgentAnswer
  /// The answers of the parts, in order; of those that failed, what they found.
  public var parts: [AgentAnswer]

  /// The research as a line of JSON.
  ///
  /// - Parameter key: identifies question and settings, for runs that go on.
  public func line(key: String? = nil) -> [UInt8] { answer.line(key: key, parts: parts) }
}

extension AgentTeam {
  /// Ways to go about the same question, so that agents divide the ground.
  static let approaches = [
    "Begin with the plainest words of the question.",
    "Begin with other words for the same thing, then read the pages that fit best.",
    "Look for numbers, dates and names first.",
    "Look for pages that say otherwise, and tell what they say.",
    "Follow links of the pages you find.", "Look on hosts that the others may pass over.",
  ]

  /// Splits a question by a call of the model, lets agents work on the parts at once, and puts their
  /// findings together.
  ///
  /// - Parameter hear: told every step; the writer's name is "writer".
  public func research(
    _ question: String, hearing hear: @escaping @Sendable (AgentRecord) -> Void = { _ in }
  ) async -> Research {
    let parts = await plan(question)
    return await research(
      question, parts: parts.map { Assignment($0, task: "It is part of: \(question)") },
      hearing: hear)
  }

  /// Lets all agents work on one question in ways of their own, and puts their findings together.
  public func consult(
    _ question: String, hearing hear: @escaping @Sendable (AgentRecord) -> Void = { _ in }
  ) async -> Research {
    let parts = (0..<size).map { number in
      Assignment(question, task: Self.approaches[number % Self.approaches.count])
    }
    return await research(question, parts: parts, hearing: hear)
  }

  /// The parts of a question; the question itself where the model does not split it.
  private func plan(_ question: String) async -> [String] {
    var request = ModelRequest(
      messages: [
        Message(
          .system,
          "You split a question into \(max(2, size)) smaller questions that can be researched "
            + "apart, without answering any. Answer in JSON: {\"parts\":[\"…\"]}."),
        Message(.user, question),
      ], maxTokens: 400)
    request.answerSchema =
      #"{"type":"object","properties":{"parts":{"type":"array","minItems":2,"#
      + #""maxItems":\#(max(2, size)),"items":{"type":"string","maxLength":200}}},"#
      + #""required":["parts"],"additionalProperties":false}"#
    let answer = try? await agent.client.inFlow().answer(request)
    let json = answer.flatMap { JSONValue(parsing: $0.text) ?? TextCalls.object(in: $0.text) }
    var parts: [String] = []
    for part in (json?["parts"]?.array ?? []).compactMap(\.string).map(\.trimmed)
    where !part.isEmpty && !parts.contains(part) { parts.append(part) }
    return parts.isEmpty ? [question] : Array(parts.prefix(max(2, size)))
  }

  private func research(
    _ question: String, parts: [Assignment], hearing hear: @escaping @Sendable (AgentRecord) -> Void
  ) async -> Research {
    // All of them together may take what one run may: they and the writer get equal shares.
    let team = AgentTeam(agent.sharing(parts.count + 1), size: size)
    var answers: [AgentAnswer?] = parts.map { _ in nil }
    try? await team.answer(parts, hearing: hear) { place, answer in answers[place] = answer }
    let found = zip(parts, answers).map { part, answer in
      answer ?? AgentAnswer.cancelled(part.question)
    }
    let findings = Findings(found)
    var writer = team.agent.withoutTools()
    writer.label = "writer"
    writer.task = "Say what the findings say, each fact once, with its source. Add nothing."
    var answer =
      findings.isEmpty
      ? AgentAnswer.nothing(question, found)
      : await writer.answer(question, given: findings.material, hearing: hear)
    if answer.text.isEmpty, !findings.isEmpty {
      // Without a writer the findings stand as they are.
      answer = findings.answer(question, like: answer)
    }
    let seconds = found.map(\.usage.seconds).max() ?? 0
    for part in found { answer.usage.add(part.usage) }
    answer.usage.seconds += seconds
    if found.contains(where: { $0.ending == .failed }), !answer.flags.contains("part-failed") {
      answer.flags.append("part-failed")
    }
    return Research(answer: answer, parts: found)
  }
}

/// What several agents found, by the places they cite: only what stored text bears out.
struct Findings {
  private struct Finding {
    var passage: PagePassage
    var citation: Citation
    /// What was said of it, with the agents that said so.
    var claims: [(text: String, agents: Set<Int>)]
    var agents: Set<Int>
  }

  private var findings: [Finding] = []
  var isEmpty: Bool { findings.isEmpty }

  init(_ answers: [AgentAnswer]) {
    for (agent, answer) in answers.enumerated() {
      for claim in answer.claims {
        for number in claim.citations {
          guard let citation = answer.citations.first(where: { $0.number == number }),
            citation.isVerified, let url = citation.url, let range = citation.range
          else { continue }
          let shown = answer.passages.first { passage in
            passage.url == url && passage.range.lowerBound <= range.lowerBound
              && range.upperBound <= passage.range.upperBound
          }
          let passage =
            shown
            ?? PagePassage(
              url: url, digest: citation.digest, title: citation.title, number: 0, range: range,
              text: citation.quote ?? claim.text)
          add(claim.text, agent, passage, citation)
        }
      }
    }
    // What more agents found comes first.
    findings.sort { $0.agents.count > $1.agents.count }
  }

  private mutating func add(
    _ claim: String, _ agent: Int, _ passage: PagePassage, _ citation: Citation
  ) {
    let index = findings.firstIndex {
      $0.passage.url == passage.url && $0.passage.range == passage.range
    }
    guard let index else {
      findings.append(
        Finding(
          passage: passage, citation: citation, claims: [(claim, [agent])], agents: [agent]))
      return
    }
    findings[index].agents.insert(agent)
    if let same = findings[index].claims.firstIndex(where: { $0.text == claim }) {
      findings[index].claims[same].agents.insert(agent)
    } else {
      findings[index].claims.append((claim, [agent]))
    }
  }

  /// The findings as something a writer is shown: the passages, and beside each what was said of it.
  var material: ToolResult {
    var parts: [ToolResult.Part] = [.note("Findings of the researchers:")]
    for finding in findings.prefix(24) {
      parts.append(.passage(finding.passage))
      let said = finding.claims.prefix(3).map { claim in
        "Said of it" + (claim.agents.count > 1 ? " by \(claim.agents.count)" : "") + ": "
          + claim.text
      }
      parts.append(.foreign(said.joined(separator: "\n")))
    }
    return ToolResult(parts).limited(to: 24_000)
  }

  /// The findings themselves as an answer, side by side.
  func answer(_ question: String, like failed: AgentAnswer) -> AgentAnswer {
    var answer = failed
    answer.flags = failed.flags.filter { $0 != "no-answer" } + ["not-worded"]
    answer.citations = []
    answer.claims = []
    var lines: [String] = []
    for finding in findings {
      var citation = finding.citation
      citation.number = answer.citations.count + 1
      answer.citations.append(citation)
      for claim in finding.claims {
        lines.append("\(claim.text) [\(citation.number)]")
        answer.claims.append(.init(text: claim.text, citations: [citation.number]))
      }
    }
    answer.text = lines.joined(separator: "\n")
    return answer
  }
}

extension Agent {
  /// The agent with a share of its limits.
  fileprivate func sharing(_ shares: Int) -> Agent {
    var agent = self
    agent.limits.tokens = max(4 * limits.answerTokens, limits.tokens / max(1, shares))
    agent.limits.dollars = limits.dollars.map { $0 / Double(max(1, shares)) }
    return agent
  }
}

extension AgentAnswer {
  fileprivate static func cancelled(_ question: String) -> AgentAnswer {
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
