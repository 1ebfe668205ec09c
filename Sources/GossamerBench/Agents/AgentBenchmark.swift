#if Network
  import ArgumentParser
  import Gossamer
  import GossamerFlow
  import Synchronization

  /// `gossamer-bench agents`: questions to one agent and to several, over a model server that takes its
  /// time. What is measured is the waiting that they share, and what they add to it.
  struct AgentBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "agents",
      abstract: "Questions answered by one agent and by several at once; tools of one turn.")

    @Option(help: "How many questions.")
    var questions = 16
    @Option(help: "How many agents at once.")
    var agents = 8
    @Option(help: "Milliseconds before an answer of the model begins, or of a slow tool.")
    var latency = 300

    func run() async throws {
      let server = try await SlowModelServer(milliseconds: latency)
      let transport = AsyncHTTPTransport()
      do {
        // Connections and caches are there before anything is measured.
        _ = try await seconds(questions: agents, agents: agents, server, transport)
        try await measureSpeedUp(server, transport)
        try await measureAgentsAtOnce(server, transport)
        try await measureSharedLimit(server, transport)
        try await measureTools(server, transport)
      } catch {
        await transport.shutdown()
        await server.shutdown()
        throw error
      }
      await transport.shutdown()
      await server.shutdown()
    }

    private func measureSpeedUp(
      _ server: SlowModelServer, _ transport: any HTTPTransport
    ) async throws {
      let one = try await seconds(questions: questions, agents: 1, server, transport)
      let many = try await seconds(questions: questions, agents: agents, server, transport)
      let turn = one / Double(questions * SlowModelServer.turns) * 1_000
      print(
        "agents: \(questions) questions of \(SlowModelServer.turns) turns, \(latency) ms latency: "
          + "1 agent \(rounded(one)) s, \(agents) agents \(rounded(many)) s, "
          + "\(rounded(one / many)) times as fast; "
          + "a turn of one agent takes \(rounded(turn - Double(latency))) ms beside the latency")
    }

    /// As many questions as agents: they should take what one question takes.
    private func measureAgentsAtOnce(
      _ server: SlowModelServer, _ transport: any HTTPTransport
    ) async throws {
      let one = try await seconds(questions: 1, agents: 1, server, transport)
      let many = try await seconds(questions: agents, agents: agents, server, transport)
      print(
        "agents at once: a question to 1 agent \(rounded(one)) s, one each to \(agents) agents "
          + "\(rounded(many)) s, \(rounded(many / one)) times as long")
    }

    /// Half as many places at the model as agents.
    private func measureSharedLimit(
      _ server: SlowModelServer, _ transport: any HTTPTransport
    ) async throws {
      let places = max(1, agents / 2)
      server.load.reset()
      let time = try await seconds(
        questions: agents, agents: agents, places: places, server, transport)
      print(
        "shared limit: \(agents) agents, \(places) requests at once allowed, "
          + "\(server.load.most) seen by the server, \(rounded(time)) s")
    }

    /// Eight calls of a tool in one turn, each as slow as the model.
    private func measureTools(
      _ server: SlowModelServer, _ transport: any HTTPTransport
    ) async throws {
      let corpus = OnePage()
      let tools: [any Tool] = [WaitTool(time: .milliseconds(latency))]
      let agent = Agent(
        client: try client(places: 1, server, transport), tools: tools, pages: corpus)
      let spans = Mutex<(first: Double?, last: Double, slowest: Double)>((nil, 0, 0))
      _ = await agent.answer("Wait eight times.") { record in
        spans.withLock { spans in
          switch record.event {
          case .callStarted: spans.first = spans.first ?? record.seconds
          case .callEnded(_, _, _, _, let seconds):
            (spans.last, spans.slowest) = (record.seconds, max(spans.slowest, seconds))
          default: break
          }
        }
      }
      let (first, last, slowest) = spans.withLock { $0 }
      let span = (last - (first ?? 0)) * 1_000
      print(
        "tools: 8 of \(latency) ms in one turn take \(rounded(span)) ms, the slowest of them "
          + "\(rounded(slowest * 1_000)) ms: \(rounded(span - Double(latency))) ms more than one")
    }

    private func client(
      places: Int, _ server: SlowModelServer, _ transport: any HTTPTransport
    ) throws -> ModelClient {
      let model = try RemoteModel(
        name: "slow", baseURL: server.url, key: nil, transport: transport)
      return ModelClient(
        model: model, limiter: RateLimiter(limits: RateLimits(concurrency: places)))
    }

    private func seconds(
      questions: Int, agents: Int, places: Int? = nil, _ server: SlowModelServer,
      _ transport: any HTTPTransport
    ) async throws -> Double {
      let corpus = OnePage()
      let agent = Agent(
        client: try client(places: places ?? agents, server, transport),
        tools: ToolBox.standard(search: corpus, pages: corpus), pages: corpus)
      let start = ContinuousClock.now
      var verified = 0
      try await AgentTeam(agent, size: agents).answer(
        (1...questions).map { .init("Question \($0): how often does the ferry sail?") }
      ) { _, answer in
        if answer.isVerified { verified += 1 }
      }
      guard verified == questions else {
        throw ValidationError("only \(verified) of \(questions) questions were answered")
      }
      return (ContinuousClock.now - start) / .seconds(1)
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
  }

  /// Does nothing for a while.
  private struct WaitTool: Tool {
    let time: Duration
    let name = "wait"
    let purpose = "Waits."
    let schema = ToolSchema([ToolParameter("number", .number(0...100), "Which of them.")])

    func call(_ arguments: ToolArguments) async throws -> ToolResult {
      try await Task.sleep(for: time)
      return ToolResult([.note("Waited.")])
    }
  }

  /// A corpus of one page.
  private struct OnePage: CorpusSearch, CorpusPages {
    static let url = "http://harbour.test/ferry"
    static let text = "The ferry to Lunde sails twice a day, at 8:15 and at 17:40."

    func search(_ query: CorpusQuery) async throws -> [CorpusHit] {
      [
        CorpusHit(
          url: Self.url, title: "Ferry", host: "harbour.test", date: nil, language: nil,
          digest: nil, score: 1, passage: 0, range: 0..<Self.text.utf8.count, snippet: Self.text,
          highlights: [])
      ]
    }

    func page(at url: String) async throws -> StoredPage? {
      var record = PageRecord(url: Self.url)
      record.text = Self.text
      return url == Self.url ? StoredPage(record) : nil
    }

    func hosts(limit: Int) async throws -> [CorpusHost] {
      [CorpusHost(name: "harbour.test", pages: 1)]
    }
  }
#endif
