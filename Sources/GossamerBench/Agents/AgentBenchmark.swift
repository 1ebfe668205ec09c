#if Network
  import ArgumentParser
  import Gossamer
  import GossamerFlow

  /// `gossamer-bench agents`: the same questions to one agent and to several, over a model server that
  /// takes its time. What is measured is the waiting that they share.
  struct AgentBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "agents", abstract: "Questions answered by one agent and by several at once.")

    @Option(help: "How many questions.")
    var questions = 16
    @Option(help: "How many agents at once.")
    var agents = 8
    @Option(help: "Milliseconds before an answer of the model begins.")
    var latency = 300

    func run() async throws {
      let server = try await SlowModelServer(milliseconds: latency)
      let transport = AsyncHTTPTransport()
      do {
        let one = try await seconds(agents: 1, server, transport)
        let many = try await seconds(agents: agents, server, transport)
        let turn = one / Double(questions * SlowModelServer.turns) * 1_000
        print(
          "agents: \(questions) questions of \(SlowModelServer.turns) turns, \(latency) ms latency: "
            + "1 agent \(rounded(one)) s, \(agents) agents \(rounded(many)) s, "
            + "\(rounded(one / many)) times as fast; "
            + "a turn of one agent takes \(rounded(turn - Double(latency))) ms beside the latency")
      } catch {
        await transport.shutdown()
        await server.shutdown()
        throw error
      }
      await transport.shutdown()
      await server.shutdown()
    }

    private func seconds(
      agents: Int, _ server: SlowModelServer, _ transport: any HTTPTransport
    ) async throws -> Double {
      let model = try RemoteModel(
        name: "slow", baseURL: server.url, key: nil, transport: transport)
      let client = ModelClient(
        model: model, limiter: RateLimiter(limits: RateLimits(concurrency: agents)))
      let corpus = OnePage()
      let agent = Agent(
        client: client, tools: ToolBox.standard(search: corpus, pages: corpus), pages: corpus)
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
