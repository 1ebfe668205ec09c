/// Several agents at once over one corpus, one limiter and one budget.
///
/// Each has a conversation of its own and waits for the model in a line of its own, so that all get
/// equal shares. What one of them fails with ends none of the others.
public struct AgentTeam: Sendable {
  /// What each of them is.
  public let agent: Agent
  /// How many work at once.
  public let size: Int
  /// What they have read, where they divide it among them.
  var ground: SharedGround?

  /// A team.
  public init(_ agent: Agent, size: Int) {
    self.agent = agent
    self.size = max(1, size)
  }

  /// A question of a team, and what its agent is told in addition.
  public struct Assignment: Sendable, Equatable {
    /// What is asked.
    public var question: String
    /// Said in addition.
    public var task: String

    /// An assignment.
    public init(_ question: String, task: String = "") {
      self.question = question
      self.task = task
    }
  }

  /// Answers questions, as many at once as there are agents.
  ///
  /// - Parameters:
  ///   - hear: told every step; the agent's name is the number of its question, from 1.
  ///   - finished: told each answer as it is there, with the place of its question; one at a time.
  /// - Throws: what `finished` throws; the others are cancelled then.
  public func answer(
    _ questions: [Assignment],
    hearing hear: @escaping @Sendable (AgentRecord) -> Void = { _ in },
    finished: (Int, AgentAnswer) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, AgentAnswer).self) { group in
      var next = 0
      func begin() {
        guard next < questions.count, !Task.isCancelled else { return }
        var agent = agent
        let place = next
        let question = questions[place]
        agent.label = String(place + 1)
        if let ground { agent.share(ground, as: place) }
        if !question.task.isEmpty { agent.task = question.task }
        group.addTask { [agent] in
          (place, await agent.answer(question.question, hearing: hear))
        }
        next += 1
      }
      for _ in 0..<size { begin() }
      while let (place, answer) = try await group.next() {
        begin()
        try await finished(place, answer)
      }
    }
  }
}
