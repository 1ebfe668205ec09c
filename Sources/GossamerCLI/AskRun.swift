import Foundation
import Gossamer

/// One run of `ask`: opens corpus, model and files, lets the team work, and prints what it finds.
struct AskRun {
  let plan: AskPlan
  let console: Console

  /// - Throws: `CommandFailure` where the user must know something.
  func run() async throws {
    if plan.models.provider == .extractive { return try await extract() }
    #if Network
      do {
        let index = try SQLiteCorpusIndex(plan.layout)
        try await index.bringUpToDate(console)
        let addresses = try plan.reach.tools.map(DeclaredTools.addresses) ?? AddressPolicy()
        // The model server is the operator's own: it may live at any address.
        let models = AsyncHTTPTransport()
        let services = AsyncHTTPTransport { addresses.allows($0) }
        do {
          // Agents read the same pages: each once.
          let pages = SharedPages(index)
          let tools = try await tools(index, pages, services)
          try await LimiterFile(plan.layout.modelLimits, of: plan.models).keep {
            try await run(tools, pages, models)
          }
          await models.shutdown()
          await services.shutdown()
        } catch {
          await models.shutdown()
          await services.shutdown()
          throw error
        }
      } catch {
        throw CommandFailure(error)
      }
    #else
      throw CommandFailure(
        .usage, "this binary was built without the network: build it with the trait")
    #endif
  }

  #if Network
    private func tools(
      _ index: SQLiteCorpusIndex, _ pages: SharedPages, _ services: any HTTPTransport
    ) async throws -> [any Tool] {
      let source =
        plan.reach.allowFetch
        ? try await LivePages(
          plan.layout, index, questions: plan.questions, contact: plan.reach.contact) : nil
      let tools = ToolBox.standard(search: index, pages: pages, source: source)
      guard let file = plan.reach.tools else { return tools }
      let all = tools + (try DeclaredTools.read(file, transport: services))
      let names = all.map(\.name)
      if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
        throw CommandFailure(.usage, "two tools named \(twice) (\(file)): choose another name")
      }
      return all
    }
  #endif

  private func run(
    _ tools: [any Tool], _ pages: SharedPages, _ transport: any HTTPTransport
  ) async throws {
    let client = ModelClient(model: try plan.models.model(over: transport), gate: plan.models.gate)
    var agent = Agent(
      client: client, tools: tools, pages: pages, manner: plan.manner, limits: plan.limits)
    agent.seed = plan.seed
    let files = try AskFiles(plan)
    let board = AgentBoard(console, isVerbose: plan.isVerbose)
    let hear: @Sendable (AgentRecord) -> Void = { record in
      files.note(record)
      board.show(record)
    }
    let team = AgentTeam(agent, size: plan.agents)
    let isStopped = try await beside(StopSignals()) {
      if plan.isDeep || (plan.agents > 1 && plan.questions.count == 1 && !plan.isBatch) {
        try await research(team, files, hear)
      } else {
        try await answer(team, files, hear)
      }
    }
    try tell(files, isStopped: isStopped)
  }

  /// Answers in the words of the pages, without a model.
  private func extract() async throws {
    do {
      let index = try SQLiteCorpusIndex(plan.layout)
      try await index.bringUpToDate(console)
      let files = try AskFiles(plan)
      let method = ExtractiveAnswer(search: index, pages: index)
      for question in plan.questions {
        let key = plan.key(question, "extractive")
        if plan.isBatch, files.isDone(key) { continue }
        let answer = try await method.answer(question)
        try files.add(answer, line: answer.line(key: key))
        show(answer, line: answer.line(key: key))
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  private func tell(_ files: AskFiles, isStopped: Bool) throws {
    if isStopped {
      throw CommandFailure(.stopped, "stopped (\(plan.layout.root)): ask again to go on")
    }
    if files.failures > 0 {
      throw CommandFailure(
        .partly,
        "\(files.failures) of \(plan.questions.count) questions were not answered "
          + "(\(plan.transcript)): ask again to retry")
    }
  }

  private func answer(
    _ team: AgentTeam, _ files: AskFiles, _ hear: @escaping @Sendable (AgentRecord) -> Void
  ) async throws {
    let keys = plan.questions.map { plan.key($0, team.agent.identity) }
    let open = plan.questions.indices.filter { !plan.isBatch || !files.isDone(keys[$0]) }
    if open.count < keys.count { console.say("\(keys.count - open.count) answered before") }
    try await team.answer(open.map { .init(plan.questions[$0]) }, hearing: hear) { place, answer in
      try files.add(answer, line: answer.line(key: keys[open[place]]))
      show(answer, line: answer.line(key: keys[open[place]]))
    }
  }

  private func research(
    _ team: AgentTeam, _ files: AskFiles, _ hear: @escaping @Sendable (AgentRecord) -> Void
  ) async throws {
    for question in plan.questions where !Task.isCancelled {
      let key = plan.key(question, team.agent.identity)
      if plan.isBatch, files.isDone(key) { continue }
      let found =
        plan.isDeep
        ? await team.research(question, hearing: hear)
        : await team.consult(question, hearing: hear)
      try files.add(found.answer, line: found.line(key: key))
      show(
        found.answer, line: found.line(key: key),
        text: AnswerText.text(found, withQuestion: plan.questions.count > 1))
      for part in found.parts {
        console.say("  part: \(Console.oneLine(part.question)): \(AnswerText.summary(part))")
      }
    }
  }

  private func show(_ answer: AgentAnswer, line: [UInt8], text: String? = nil) {
    console.endLiveLine()
    if plan.asJSON {
      Output.bytes(line)
    } else {
      Output.line(text ?? AnswerText.text(answer, withQuestion: plan.questions.count > 1))
    }
    console.say(AnswerText.summary(answer))
  }

  /// Runs beside signals; the first one cancels.
  ///
  /// - Returns: whether it was stopped.
  private func beside(
    _ signals: StopSignals, _ work: @escaping @Sendable () async throws -> Void
  ) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await work()
        return Task.isCancelled
      }
      group.addTask { await signals.first() }
      let isStopped = try await group.next() ?? false
      group.cancelAll()
      while try await group.next() != nil {}
      return isStopped
    }
  }
}
