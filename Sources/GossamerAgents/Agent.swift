import GossamerBytes
public import GossamerCorpus
public import GossamerLLM

/// Answers questions from a corpus: lets a model search and read with tools, step by step, and checks
/// what it says against what is stored.
///
/// Keeps nothing between runs; several may run at once. Every run ends, with an answer or a reason.
public struct Agent: Sendable {
  /// The model behind its limits, shared with other agents.
  public let client: ModelClient
  /// What it may use; each run has limits of its own.
  public private(set) var tools: [any Tool]
  /// How the model calls tools.
  public var manner: ToolManner
  /// What a run may take.
  public var limits: AgentLimits
  /// Said to the model in addition.
  public var task = ""
  /// The agent's name in transcripts, where there are several.
  public var label: String?
  /// What marks of data are made of: with the same one, equal conversations have equal bytes. A text
  /// that no page knows; nil for a new one each run.
  public var seed: String?
  private let pages: any CorpusPages

  /// An agent.
  ///
  /// - Parameter pages: the corpus that citations are checked against.
  public init(
    client: ModelClient, tools: [any Tool], pages: any CorpusPages, manner: ToolManner = .native,
    limits: AgentLimits = AgentLimits()
  ) {
    self.client = client
    self.tools = tools
    self.pages = pages
    self.manner = manner
    self.limits = limits
  }

  /// Answers a question.
  ///
  /// - Parameters:
  ///   - given: what the model is shown to begin with.
  ///   - hear: told every step as it happens; returns at once.
  public func answer(
    _ question: String, given: ToolResult? = nil,
    hearing hear: @escaping @Sendable (AgentRecord) -> Void = { _ in }
  ) async -> AgentAnswer {
    let seed =
      seed.map { Digest.sha256(of: Array("\($0)/\(label ?? "")/\(question)".utf8)).hex }
      ?? String(UInt64.random(in: .min ... .max), radix: 36)
    let log = AgentLog(label, hear: hear)
    let prompt = AgentPrompt(manner: manner, tools: tools, limits: limits, task: task)
    let start = AgentStart(
      question: question, provider: client.model.provider, model: client.model.name,
      manner: manner, prompt: AgentPrompt.version, tools: tools.map(\.name),
      purposes: tools.map(\.purpose), task: task, seed: seed, callsATurn: limits.callsATurn,
      given: given)
    log.tell(.started(start))
    var run = AgentRun(start, prompt: prompt, doors: doors(prompt), log: log, price: price)
    return await run.run()
  }

  /// An agent of the same kind that only words what it is given.
  func withoutTools() -> Agent {
    var agent = Agent(client: client, tools: [], pages: pages, manner: manner, limits: limits)
    agent.label = label
    agent.seed = seed
    return agent
  }

  /// Makes its tools take account of what the others of its team read.
  mutating func share(_ ground: SharedGround, as number: Int) {
    tools = tools.map { ($0 as? any GroundSharing)?.sharing(ground, as: number) ?? $0 }
  }

  /// What an answer depends on besides the question and the corpus: with the question, it tells
  /// whether an answer is there already.
  public var identity: String {
    let names = tools.map(\.name).joined(separator: ",")
    return "\(client.model.provider)/\(client.model.name)/\(manner.rawValue)/"
      + "\(AgentPrompt.version)/\(names)/\(limits.turns)t-\(limits.tokens)"
  }

  private var price: (@Sendable (AgentUsage) -> Double)? {
    guard let price = client.gate.budget?.price else { return nil }
    return { (Double($0.input) * price.input + Double($0.output) * price.output) / 1e6 }
  }

  private func doors(_ prompt: AgentPrompt) -> AgentDoors {
    let box = ToolBox(tools, callsAtOnce: limits.callsAtOnce)
    let detector = LeakDetector(instructions: prompt.instructions)
    let client = client.inFlow()
    let pages = pages
    return AgentDoors(
      ask: { _, request in client.stream(request) },
      perform: { _, call, shelf in
        do throws(ToolFailure) {
          let (tool, arguments) = try box.read(call.name, call.arguments)
          return await box.call(tool, try arguments.bound(to: shelf, by: tool.schema, detector))
        } catch {
          return ToolOutcome(.refused, error.message)
        }
      },
      look: { question in
        let record = try? await pages.page(at: question.url)?.record
        return CitationFinding(question, text: record?.text, digest: record?.digest)
      },
      lastTurn: { _, state in state.reached })
  }
}

extension ToolArguments {
  /// The arguments with addresses as they were shown.
  ///
  /// What comes from pages decides nothing here: an address has to be one that a tool returned or
  /// the user named, and no argument may carry the instructions out.
  ///
  /// - Throws: `ToolFailure` for an address that nobody showed.
  func bound(
    to shelf: SourceShelf, by schema: ToolSchema, _ detector: LeakDetector
  ) throws(ToolFailure) -> ToolArguments {
    guard !texts.contains(where: detector.finds) else {
      throw ToolFailure("Arguments must not repeat instructions.")
    }
    var bound = self
    for parameter in schema.parameters where parameter.kind == .address {
      guard let address = text(parameter.name) else { continue }
      guard let known = shelf.known(address) else {
        throw ToolFailure(
          "\"\(parameter.name)\" must be an address that a result named or the user gave; "
            + "\(address.prefix(120)) is none.")
      }
      bound.set(parameter.name, known)
    }
    return bound
  }
}
