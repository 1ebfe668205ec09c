import Testing

@testable import GossamerFlow

@Suite("Fair shares of one limiter", .timeLimit(.minutes(5)))
struct FairSharesTests {
  static let second: Int64 = 1_000_000_000

  /// Admissions in order, until so many, each place given back at once.
  static func admitted(_ state: inout RateLimiterState, most: Int) -> [UInt64] {
    var ids: [UInt64] = []
    var now: Int64 = 0
    while ids.count < most, state.waiting > 0 {
      for reservation in state.admit(at: now) {
        ids.append(reservation.id)
        state.settle(reservation, usedTokens: reservation.tokens)
      }
      guard let due = state.nextDue(at: now) else { break }
      now = max(now + 1, due)
    }
    return ids
  }

  @Test func aLateFlowTakesTurnsWithALongLine() {
    var state = RateLimiterState(limits: RateLimits(requestsPerMinute: 6_000))
    let (long, late) = (RequestFlow(), RequestFlow())
    var lateIDs: [UInt64] = []
    for _ in 0..<10_000 { _ = state.request(tokens: 0, flow: long, at: 0) }
    for _ in 0..<10 {
      if case .queued(let id) = state.request(tokens: 0, flow: late, at: 0) { lateIDs.append(id) }
    }
    let first = Self.admitted(&state, most: 22)
    #expect(first.filter(lateIDs.contains) == lateIDs, "in order, and all among the first")
    #expect(
      first.filter { !lateIDs.contains($0) } == first.filter { !lateIDs.contains($0) }.sorted())
  }

  /// Calls of unequal size, many flows, some of which end early and come back.
  @Test(arguments: 0..<8)
  func flowsThatWaitGetEqualTokens(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let limits =
      seed % 2 == 0
      ? RateLimits(tokensPerMinute: 600_000) : RateLimits(outputTokensPerMinute: 600_000)
    var state = RateLimiterState(limits: limits)
    let flows = (0..<5).map { _ in RequestFlow() }
    let largest = [100, 400, 1_000, 2_000, 4_000]
    var waiting = [Int](repeating: 0, count: 5)
    var owner: [UInt64: (flow: Int, tokens: Int)] = [:]
    var got = [Int](repeating: 0, count: 5)
    var order = [[UInt64]](repeating: [], count: 5)
    var now: Int64 = 0
    for _ in 0..<4_000 {
      for flow in 0..<5 {
        while waiting[flow] < 4 {
          let tokens = Int.random(in: 1...largest[flow], using: &random)
          let decision = state.request(tokens: tokens, output: tokens, flow: flows[flow], at: now)
          switch decision {
          case .queued(let id):
            owner[id] = (flow, tokens)
            waiting[flow] += 1
            if Int.random(in: 0..<9, using: &random) == 0, state.cancel(id: id, flow: flows[flow]) {
              waiting[flow] -= 1
            }
          case .admitted(let reservation): state.settle(reservation, usedTokens: tokens)
          case .refused: Issue.record("nothing is too large here")
          }
        }
      }
      for reservation in state.admit(at: now) {
        let (flow, tokens) = owner[reservation.id] ?? (0, 0)
        got[flow] += tokens
        waiting[flow] -= 1
        order[flow].append(reservation.id)
        state.settle(reservation, usedTokens: tokens)
      }
      now = max(now + 1, state.nextDue(at: now) ?? now)
    }
    let mean = got.reduce(0, +) / 5
    for share in got { #expect(abs(share - mean) <= 2 * 4_000, "\(got)") }
    for ids in order { #expect(ids == ids.sorted(), "first in, first out inside a flow") }
  }

  @Test func aStreamOfNewFlowsStarvesNobody() {
    var state = RateLimiterState(
      limits: RateLimits(requestsPerMinute: 6_000, tokensPerMinute: 600_000))
    let old = RequestFlow()
    _ = state.request(tokens: 1, at: 0)
    guard case .queued(let patient) = state.request(tokens: 10_000, flow: old, at: 0) else {
      Issue.record("the first call holds the rate")
      return
    }
    var now: Int64 = 0
    for _ in 0..<1_000 {
      _ = state.request(tokens: 50, flow: RequestFlow(), at: now)
      now = max(now + 1, state.nextDue(at: now) ?? now)
      if state.admit(at: now).contains(where: { $0.id == patient }) { return }
    }
    Issue.record("a large call never had its turn")
  }

  @Test func placesAtOnceAreSharedToo() {
    var state = RateLimiterState(limits: RateLimits(concurrency: 2))
    let (one, other) = (RequestFlow(), RequestFlow())
    var held: [Reservation] = []
    for _ in 0..<2 {
      if case .admitted(let place) = state.request(tokens: 0, flow: one, at: 0) {
        held.append(place)
      }
    }
    for _ in 0..<50 { _ = state.request(tokens: 0, flow: one, at: 0) }
    guard case .queued(let first) = state.request(tokens: 0, flow: other, at: 0) else { return }
    for place in held { state.settle(place, usedTokens: nil) }
    #expect(state.admit(at: 1).map(\.id).contains(first))
  }

  @Test func theHeadOfAFlowMayLeave() {
    var state = RateLimiterState(limits: RateLimits(concurrency: 1))
    guard case .admitted(let held) = state.request(tokens: 0, at: 0) else { return }
    let flow = RequestFlow()
    for id in 1...3 {
      #expect(state.request(tokens: 0, flow: flow, at: 0) == .queued(id: UInt64(id)))
    }
    let first = state.cancel(id: 1, flow: flow)
    let again = state.cancel(id: 1, flow: flow)
    let foreign = state.cancel(id: 2)
    #expect(first && !again && !foreign)
    state.settle(held, usedTokens: nil)
    let next = state.admit(at: 1)
    #expect(next.map(\.id) == [2])
    let last = state.cancel(id: 3, flow: flow)
    #expect(last && state.waiting == 0)
  }

  @Test func promptsAndAnswersAreLimitedApart() throws {
    var state = RateLimiterState(
      limits: RateLimits(
        inputTokensPerMinute: 1_000, outputTokensPerMinute: 100, spread: .bursts, margin: 0))
    let admitted = LearningTests.take(&state, at: 0, tokens: 500)
    let first = try #require(admitted)
    #expect(first.output == 0)
    guard case .admitted(let second) = state.request(tokens: 180, output: 80, at: 0) else {
      Issue.record("both parts fit")
      return
    }
    #expect(state.request(tokens: 60, output: 30, at: 0) == .queued(id: 2), "80 + 30 > 100")
    state.settle(second, usedTokens: 120, output: 20)
    #expect(state.admit(at: 0).map(\.id) == [2])
    #expect(
      state.request(tokens: 200, output: 150, at: 0)
        == .refused(.largerThanLimit(tokens: 200, limit: 100)))
  }

  @Test func flowsOfTheActorGetTheirTurn() async throws {
    let limiter = RateLimiter(limits: RateLimits(concurrency: 1))
    let held = try await limiter.acquire()
    let order = Locked<[Int]>([])
    let flows = [RequestFlow(), RequestFlow()]
    try await withThrowingTaskGroup { group in
      for (count, flow) in [(6, 0), (2, 1)] {
        for _ in 0..<count {
          let before = await limiter.waiting
          group.addTask {
            let place = try await limiter.acquire(flow: flows[flow])
            order.withLock { $0.append(flow) }
            await limiter.settle(place)
          }
          while await limiter.waiting == before { await Task.yield() }
        }
      }
      await limiter.settle(held)
      try await group.waitForAll()
    }
    #expect(order.withLock { $0 }.prefix(4) == [0, 1, 0, 1])
  }

  @Test func aPlaceWhoseHolderIsGoneIsFreed() async throws {
    let limiter = RateLimiter(limits: RateLimits(concurrency: 1))
    limiter.abandon(try await limiter.acquire())
    await limiter.settle(try await limiter.acquire())
    #expect(await limiter.inFlight == 0)
  }
}
