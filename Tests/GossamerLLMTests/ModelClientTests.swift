import GossamerFlow
import GossamerHTTP
import Testing

@testable import GossamerLLM

@Suite("Model client", .timeLimit(.minutes(5)))
struct ModelClientTests {
  typealias Answer = ScriptedTransport.Answer
  static let good = Answer("{\"choices\":[{\"message\":{\"content\":\"x\"}}]}")

  func client(
    _ answers: [Answer], limits: RateLimits = .unlimited, retries: RetryPolicy = RetryPolicy()
  ) throws -> (ModelClient, ScriptedTransport, Waits) {
    let transport = ScriptedTransport(answers)
    let waits = Waits()
    let model = try RemoteModel(
      name: "m", baseURL: "http://127.0.0.1", key: nil, transport: transport)
    let client = ModelClient(
      model: model,
      gate: ModelGate(
        limiter: RateLimiter(limits: limits), retries: retries,
        sleep: { await waits.add($0) }))
    return (client, transport, waits)
  }

  actor Waits {
    var all: [Duration] = []
    func add(_ wait: Duration) { all.append(wait) }
  }

  let request = ModelRequest(messages: [Message(.user, "u")])

  @Test func aPassingFailureIsTriedAgain() async throws {
    let (client, transport, waits) = try client([
      Answer(status: 500), Answer(status: 503), Self.good,
    ])
    let answer = try await client.answer(request)
    #expect(answer.attempts == 3)
    #expect(transport.requests.count == 3)
    #expect(await waits.all.count == 2)
    #expect(await client.gate.limiter.inFlight == 0)
  }

  @Test func aLastingFailureIsNot() async throws {
    let (client, transport, _) = try client([Answer(status: 401), Self.good])
    let error = await #expect(throws: ModelError.self) { try await client.answer(request) }
    #expect(error?.kind == .auth)
    #expect(transport.requests.count == 1)
    #expect(await client.gate.limiter.inFlight == 0)
  }

  @Test func triesAreBounded() async throws {
    let (client, transport, _) = try client(
      [Answer(status: 500)], retries: RetryPolicy(attempts: 3))
    let error = await #expect(throws: ModelError.self) { try await client.answer(request) }
    #expect(error?.attempts == 3)
    #expect(transport.requests.count == 3)
  }

  @Test func tooManyRequestsPausesEveryoneForAsLongAsAsked() async throws {
    let (client, _, waits) = try client([
      Answer("", status: 429, fields: [("Retry-After", "0.2")]), Self.good,
    ])
    let start = ContinuousClock.now
    let answer = try await client.answer(request)
    #expect(answer.attempts == 2)
    #expect(ContinuousClock.now - start >= .milliseconds(200))
    #expect(await waits.all.isEmpty, "the limiter waits, not the call")
  }

  @Test func aWaitOfHoursIsNotWaited() async throws {
    let (client, transport, _) = try client([
      Answer("", status: 429, fields: [("Retry-After", "7200")])
    ])
    let error = await #expect(throws: ModelError.self) { try await client.answer(request) }
    #expect(error?.kind == .rateLimited)
    #expect(error?.retryAfter == .seconds(7200))
    #expect(transport.requests.count == 1)
  }

  @Test func aCallLargerThanTheLimitIsNotSent() async throws {
    let (client, transport, _) = try client([Self.good], limits: RateLimits(tokensPerMinute: 100))
    let error = await #expect(throws: ModelError.self) { try await client.answer(request) }
    #expect(error?.kind == .tooLarge)
    #expect(transport.requests.isEmpty)
  }

  @Test func aCancelledCallEndsAndGivesItsPlaceBack() async throws {
    let (client, _, _) = try client([Self.good], limits: RateLimits(concurrency: 1))
    let held = try await client.gate.limiter.acquire()
    let task = Task { try await client.answer(request) }
    while await client.gate.limiter.waiting == 0 { await Task.yield() }
    task.cancel()
    let error = await #expect(throws: ModelError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    await client.gate.limiter.settle(held)
    #expect(await client.gate.limiter.inFlight == 0)
  }
}
