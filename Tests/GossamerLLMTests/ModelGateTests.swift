import GossamerFlow
import Testing

@testable import GossamerLLM

@Suite("Model gate: limits, budget and retries of a key", .timeLimit(.minutes(5)))
struct ModelGateTests {
  func gate(_ budget: ModelBudget? = nil, _ limits: RateLimits = .unlimited) -> ModelGate {
    ModelGate(
      limiter: RateLimiter(limits: limits), budget: budget, sleep: { _ in await Task.yield() })
  }

  func answer(_ input: Int, _ output: Int) -> ModelGate.Receipt<Int> {
    ModelGate.Receipt(answer: 1, usage: ModelUsage(input: input, output: output), notice: nil)
  }

  @Test func aBudgetOfTokensIsHardAndChargedByUse() async throws {
    let budget = ModelBudget(tokens: 250)
    let gate = gate(budget)
    for _ in 0..<2 { _ = try await gate.call(input: 50, output: 50) { answer(40, 30) } }
    #expect(budget.budget.spent == 140)
    _ = try await gate.call(input: 50, output: 50) { answer(40, 30) }
    let error = await #expect(throws: ModelError.self) {
      try await gate.call(input: 50, output: 50) { () async throws(ModelError) in
        Issue.record("sent without money")
        return answer(1, 1)
      }
    }
    #expect(error?.kind == .quota)
    #expect(budget.budget.spent == 210)
    #expect(await gate.limiter.inFlight == 0)
  }

  @Test func aBudgetOfMoneyCountsBothPrices() async throws {
    let budget = ModelBudget(dollars: 0.001, price: ModelPrice(input: 1, output: 10))
    let gate = gate(budget)
    _ = try await gate.call(input: 100, output: 50) { answer(100, 20) }
    #expect(budget.budget.spent == 300, "millionths of a dollar")
    let error = await #expect(throws: ModelError.self) {
      try await gate.call(input: 100, output: 90) { answer(1, 1) }
    }
    #expect(error?.kind == .quota)
  }

  @Test func whatMayHaveBeenChargedIsCountedAndWhatWasNotIsGivenBack() async throws {
    let budget = ModelBudget(tokens: 1_000)
    let gate = gate(budget)
    _ =
      try? await gate.call(input: 10, output: 10) { () async throws(ModelError) in
        throw ModelError(.auth, "no", status: 401)
      } as (answer: Int, attempts: Int)
    #expect(budget.budget.spent == 0)
    _ =
      try? await gate.call(input: 10, output: 10) { () async throws(ModelError) in
        throw ModelError(.cutStream, "cut", status: 200)
      } as (answer: Int, attempts: Int)
    #expect(budget.budget.spent == 80, "four tries, each may have been charged")
    #expect(budget.budget.left == 920)
  }

  @Test func headersOfAnswersLowerTheLimit() async throws {
    let gate = gate(nil, RateLimits(requestsPerMinute: 600))
    _ = try await gate.call(input: 0, output: 0) {
      ModelGate.Receipt(
        answer: 1, usage: nil,
        notice: LimitNotice(requests: .init(limit: 60, remaining: 59), tokens: .init(limit: 900)))
    }
    let limits = await gate.limiter.limits
    #expect(limits.requests == 60)
    #expect(limits.tokens == 900)
  }

  @Test(arguments: [
    ("{\"m\":{\"input\":0.15,\"output\":0.6}}", true), ("{\"m\":{\"input\":1}}", true),
    ("{\"m\":{\"input\":-1}}", false), ("{\"m\":{}}", false), ("[]", false), ("x", false),
  ])
  func pricesAreReadFromAFile(text: String, isGood: Bool) {
    let table = try? ModelPrice.table(Array(text.utf8))
    #expect((table?["m"] != nil) == isGood)
  }
}
