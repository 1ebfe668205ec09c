import GossamerFlow
import Testing

@testable import GossamerLLM

@Suite("Streams behind a gate", .timeLimit(.minutes(5)))
struct GatedStreamTests {
  static let good = """
    data: {"choices":[{"index":0,"delta":{"content":"two"},"finish_reason":null}]}

    data: {"choices":[{"index":0,"delta":{"content":" words"},"finish_reason":"stop"}]}

    data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}

    data: [DONE]


    """
  static let half = """
    data: {"choices":[{"index":0,"delta":{"content":"tw"},"finish_reason":null}]}


    """

  let request = ModelRequest(messages: [Message(.user, "Say two words.")], maxTokens: 50)

  func client(
    _ answers: [ScriptedTransport.Answer], budget: ModelBudget? = nil,
    limits: RateLimits = RateLimits(concurrency: 1)
  ) throws -> ModelClient {
    ModelClient(
      model: try RemoteModel(
        name: "m", baseURL: "http://127.0.0.1:1", key: nil, transport: ScriptedTransport(answers)),
      gate: ModelGate(
        limiter: RateLimiter(limits: limits), budget: budget, sleep: { _ in await Task.yield() }))
  }

  func events(of stream: ModelStream) async throws -> [ModelEvent] {
    var events: [ModelEvent] = []
    for try await event in stream { events.append(event) }
    return events
  }

  @Test func aStreamSettlesWhatItUsed() async throws {
    let budget = ModelBudget(tokens: 100)
    let client = try client([.init(Self.good)], budget: budget)
    let events = try await events(of: client.stream(request))
    #expect(events.last == .finished(.done))
    #expect(budget.budget.spent == 9)
    #expect(await client.gate.limiter.inFlight == 0)
  }

  @Test func whatFailsBeforeAnyTextIsTriedAgainUnseen() async throws {
    let client = try client([
      .init(#"{"error":{"message":"slow down"}}"#, status: 500), .init("data: [DONE]\n\n"),
      .init(Self.good),
    ])
    let events = try await events(of: client.stream(request))
    #expect(!events.contains(.restarted))
    #expect(events.first == .text("two"))
  }

  @Test func aBrokenStreamStartsAgainAndSaysSo() async throws {
    let budget = ModelBudget(tokens: 10_000)
    let client = try client([.init(Self.half), .init(Self.good)], budget: budget)
    var answer = ModelAnswer()
    for event in try await events(of: client.stream(request)) { answer.add(event) }
    #expect(answer.text == "two words", "the half that came first does not count")
    #expect(answer.attempts == 2)
    #expect(budget.budget.spent > 50, "the half may have been charged in full")
    #expect(await client.gate.limiter.inFlight == 0)
  }

  @Test func readersThatTakeNothingBackGetTheError() async throws {
    let client = try client([.init(Self.half), .init(Self.good)])
    let error = await #expect(throws: ModelError.self) {
      try await events(of: client.stream(request, restarts: false))
    }
    #expect(error?.kind == .cutStream)
    #expect(await client.gate.limiter.inFlight == 0)
  }

  @Test func theLastTryThrowsWithTheirNumber() async throws {
    let client = try client([.init(Self.half)])
    let error = await #expect(throws: ModelError.self) {
      try await events(of: client.stream(request))
    }
    #expect(error?.kind == .cutStream)
    #expect(error?.attempts == 4)
  }

  @Test func aReaderThatStopsEarlyGivesThePlaceBack() async throws {
    let budget = ModelBudget(tokens: 200)
    let client = try client([.init(Self.good)], budget: budget)
    for try await event in client.stream(request) where event == .text("two") { break }
    await client.gate.limiter.settle(try await client.gate.limiter.acquire())
    #expect(await client.gate.limiter.inFlight == 0)
    #expect(budget.budget.spent > 50, "what was not told is counted in full")
  }

  @Test func aSpentBudgetSendsNothing() async throws {
    let client = try client([.init(Self.good)], budget: ModelBudget(tokens: 10))
    let error = await #expect(throws: ModelError.self) {
      try await events(of: client.stream(request))
    }
    #expect(error?.kind == .quota)
    #expect(await client.gate.limiter.inFlight == 0)
  }

  @Test func clientsOfOneGateShareItFairly() async throws {
    let base = try client([.init(Self.good)])
    let held = try await base.gate.limiter.acquire()
    let clients = [base.inFlow(), base.inFlow()]
    #expect(clients[0].gate.flow != clients[1].gate.flow)
    let order = try await withThrowingTaskGroup(of: Int.self) { group in
      for (count, index) in [(4, 0), (1, 1)] {
        for _ in 0..<count {
          let before = await base.gate.limiter.waiting
          group.addTask {
            _ = try await events(of: clients[index].stream(request))
            return index
          }
          while await base.gate.limiter.waiting == before { await Task.yield() }
        }
      }
      await base.gate.limiter.settle(held)
      var order: [Int] = []
      while let index = try await group.next() { order.append(index) }
      return order
    }
    #expect(order.prefix(2).contains(1), "not behind all calls of the other")
  }
}
