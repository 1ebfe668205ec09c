import GossamerLLM

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
  /// - Parameter hear: told every step; the writer's name is "writer", that of the plan "planner".
  public func research(
    _ question: String, hearing hear: @escaping @Sendable (AgentRecord) -> Void = { _ in }
  ) async -> Research {
    let begin = ContinuousClock.now
    var plan = await plan(question)
    plan.usage.seconds = AgentLog.rounded((ContinuousClock.now - begin) / .seconds(1))
    return await research(plan, hearing: hear)
  }

  /// Lets all agents work on one question in ways of their own, and puts their findings together.
  /// What one has read comes last in what the others find, so that they divide the ground.
  public func consult(
    _ question: String, hearing hear: @escaping @Sendable (AgentRecord) -> Void = { _ in }
  ) async -> Research {
    let parts = (0..<size).map { number in
      Assignment(question, task: Self.approaches[number % Self.approaches.count])
    }
    return await research(
      ResearchPlan(question: question, parts: parts), on: SharedGround(), hearing: hear)
  }

  /// The parts of a question; the question itself where the model does not split it.
  private func plan(_ question: String) async -> ResearchPlan {
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
    parts = parts.isEmpty ? [question] : Array(parts.prefix(max(2, size)))
    var plan = ResearchPlan(
      question: question,
      parts: parts.map { Assignment($0, task: "It is part of: \(question)") })
    plan.usage.turns = 1
    plan.usage.input = answer?.usage?.input ?? 0
    plan.usage.output = answer?.usage?.output ?? 0
    return plan
  }

  private func research(
    _ plan: ResearchPlan, on ground: SharedGround? = nil,
    hearing hear: @escaping @Sendable (AgentRecord) -> Void
  ) async -> Research {
    let log = AgentLog("planner", hear: hear)
    log.tell(.planned(plan))
    // All of them together may take what one run may: they and the writer get equal shares.
    var team = AgentTeam(agent.sharing(plan.parts.count + 1), size: size)
    team.ground = ground
    var answers: [AgentAnswer?] = plan.parts.map { _ in nil }
    try? await team.answer(plan.parts, hearing: hear) { place, answer in answers[place] = answer }
    let found = zip(plan.parts, answers).map { part, answer in
      answer ?? AgentAnswer.cancelled(part.question)
    }
    let findings = Findings(found)
    var written: AgentAnswer?
    if !findings.isEmpty {
      var writer = team.agent.withoutTools()
      writer.label = "writer"
      writer.task =
        "Say what the findings say, each fact once, with its source. Where two contradict each "
        + "other, tell both. Add nothing."
      written = await writer.answer(plan.question, given: findings.material, hearing: hear)
    }
    let research = Research(plan, parts: found, written: written)
    log.tell(.merged(research))
    return research
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
