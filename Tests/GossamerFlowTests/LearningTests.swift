import Testing

@testable import GossamerFlow

@Suite("What a rate limiter learns")
struct LearningTests {
  static let second: Int64 = 1_000_000_000

  static func take(_ state: inout RateLimiterState, at now: Int64, tokens: Int = 0) -> Reservation?
  {
    guard case .admitted(let reservation) = state.request(tokens: tokens, at: now) else {
      return nil
    }
    return reservation
  }

  @Test func aSaidLimitIsTakenOverDownAtOnceAndNeverAboveWhatWasTold() throws {
    var state = RateLimiterState(limits: RateLimits(requestsPerMinute: 600))
    let taken = Self.take(&state, at: 0)
    let first = try #require(taken)
    _ = state.learn(.served, LimitNotice(requests: .init(limit: 60)), from: first, at: 1)
    #expect(state.limits.requests == 60)
    _ = state.learn(.served, LimitNotice(requests: .init(limit: 100_000)), from: first, at: 2)
    #expect(state.limits.requests == 60, "up slowly")
    for tenth in 1...400 {
      _ = state.learn(
        .served, LimitNotice(requests: .init(limit: 100_000)), from: first,
        at: Int64(tenth) * 7 * Self.second)
    }
    #expect(state.limits.requests == 600, "what was told is the most")
  }

  @Test func limitsThatNobodyToldAreLearnt() throws {
    var state = RateLimiterState(limits: .unlimited)
    let taken = Self.take(&state, at: 0, tokens: 10)
    let first = try #require(taken)
    let notice = LimitNotice(
      requests: .init(limit: 60, remaining: 59), tokens: .init(limit: 1_000, remaining: 990))
    #expect(state.learn(.served, notice, from: first, at: 1).isEmpty)
    #expect(state.limits.requests == 60)
    #expect(
      state.request(tokens: 1_001, at: 2) == .refused(.largerThanLimit(tokens: 1_001, limit: 1_000))
    )
  }

  @Test func waitersThatASaidLimitNeverFitsLeaveTheQueue() throws {
    var state = RateLimiterState(limits: RateLimits(concurrency: 1))
    let taken = Self.take(&state, at: 0)
    let first = try #require(taken)
    _ = state.request(tokens: 500, at: 0)
    _ = state.request(tokens: 50, at: 0)
    let lost = state.learn(.served, LimitNotice(tokens: .init(limit: 100)), from: first, at: 1)
    #expect(lost.map(\.tokens) == [500])
    #expect(state.waiting == 1)
  }

  /// Someone else uses the same key: what is left is less than we used.
  @Test func useByOthersIsWaitedFor() throws {
    var state = RateLimiterState(limits: RateLimits(requestsPerMinute: 100, margin: 0))
    let taken = Self.take(&state, at: 0)
    let first = try #require(taken)
    let notice = LimitNotice(requests: .init(limit: 100, remaining: 0))
    _ = state.learn(.served, notice, from: first, at: Self.second)
    state.settle(first, usedTokens: nil)
    guard case .queued = state.request(tokens: 0, at: 2 * Self.second) else {
      Issue.record("let in although nothing is left")
      return
    }
    let next = state.nextDue(at: 2 * Self.second)
    let due = try #require(next)
    #expect(due >= 60 * Self.second && due <= 61 * Self.second)
  }

  @Test func nothingLeftOfALimitThatIsNotKnownPausesUntilItIsBack() throws {
    var state = RateLimiterState(limits: .unlimited)
    let taken = Self.take(&state, at: 0)
    let first = try #require(taken)
    let notice = LimitNotice(requests: .init(remaining: 0, reset: .seconds(5)))
    _ = state.learn(.served, notice, from: first, at: Self.second)
    #expect(state.request(tokens: 0, at: 2 * Self.second) == .queued(id: 1))
    #expect(state.nextDue(at: 2 * Self.second) == 6 * Self.second)
  }

  @Test func callsTurnedAwayShrinkTheRateOnceARoundAndItComesBack() throws {
    var state = RateLimiterState(
      limits: RateLimits(requestsPerMinute: 1_000, spread: .bursts))
    let round = (0..<10).compactMap { _ in Self.take(&state, at: 0) }
    for reservation in round { _ = state.learn(.limited, nil, from: reservation, at: Self.second) }
    #expect(state.limits.requests == 800, "ten calls of one round are one sign")
    let takenLater = Self.take(&state, at: 2 * Self.second)
    let later = try #require(takenLater)
    _ = state.learn(.limited, nil, from: later, at: 3 * Self.second)
    #expect(state.limits.requests == 640)
    for step in 1...30 {
      _ = state.learn(.served, nil, from: later, at: Int64(3 + 7 * step) * Self.second)
    }
    #expect(state.limits.requests == 1_000)
  }

  @Test func overloadShrinksTheCallsAtOnceAndLeavesTheRate() {
    var state = RateLimiterState(limits: RateLimits(requestsPerMinute: 10_000, spread: .bursts))
    let round = (0..<20).compactMap { _ in Self.take(&state, at: 0) }
    for reservation in round {
      _ = state.learn(.overloaded, nil, from: reservation, at: Self.second)
      state.settle(reservation, usedTokens: nil)
    }
    #expect(state.limits.concurrency == 14)
    #expect(state.limits.requests == 10_000)
    let calm = Reservation(id: 999, tokens: 0, output: 0, admittedAt: 2 * Self.second)
    for _ in 0..<30 { _ = state.learn(.served, nil, from: calm, at: 3 * Self.second) }
    #expect(state.limits.concurrency == 16, "one more for every round")
  }

  @Test func concurrencyNeverFallsBelowOneOrRisesAboveWhatWasTold() {
    var state = RateLimiterState(limits: RateLimits(concurrency: 3))
    for step in 0..<20 {
      let call = Reservation(id: 0, tokens: 0, output: 0, admittedAt: Int64(2 * step + 1))
      _ = state.learn(.overloaded, nil, from: call, at: Int64(2 * step + 2))
    }
    #expect(state.limits.concurrency == 1)
    for _ in 0..<100 {
      let call = Reservation(id: 0, tokens: 0, output: 0, admittedAt: 1_000)
      _ = state.learn(.served, nil, from: call, at: 2_000)
    }
    #expect(state.limits.concurrency == 3)
  }

  /// A server that enforces its own sliding window and says so in its headers; nobody told us.
  @Test(arguments: [(90, 0), (600, 0), (600, 200)])
  func aServersLimitIsLearntWithHardlyACallTurnedAway(limit: Int, others: Int) {
    var random = SeededGenerator(seed: limit + others)
    var state = RateLimiterState(limits: RateLimits(concurrency: 16))
    var server: [Int64] = []
    var now: Int64 = 0
    var held: [(until: Int64, reservation: Reservation, turnedAway: Bool, left: Int)] = []
    var served = 0
    var turnedAway = 0
    var nextForeign: Int64 = others > 0 ? 0 : .max
    let end = 600 * Self.second
    func send(_ reservation: Reservation) {
      server.removeAll { $0 <= now - 60 * Self.second }
      let isFull = server.count >= limit
      if !isFull { server.append(now) }
      if isFull { turnedAway += 1 } else { served += 1 }
      let latency = Int64.random(in: 100_000_000...300_000_000, using: &random)
      held.append((now + latency, reservation, isFull, limit - server.count))
    }
    while now < end {
      while now >= nextForeign {
        server.removeAll { $0 <= now - 60 * Self.second }
        if server.count < limit { server.append(now) }
        nextForeign += 60 * Self.second / Int64(others)
      }
      for index in held.indices.reversed() where held[index].until <= now {
        let call = held.remove(at: index)
        let notice = LimitNotice(requests: .init(limit: limit, remaining: call.left))
        _ = state.learn(
          call.turnedAway ? .limited : .served, notice, from: call.reservation, at: now)
        if call.turnedAway { state.pause(until: now + Self.second) }
        state.settle(call.reservation, usedTokens: nil)
      }
      while state.waiting < 32 {
        if case .admitted(let reservation) = state.request(tokens: 0, at: now) { send(reservation) }
      }
      for reservation in state.admit(at: now) { send(reservation) }
      let next =
        [
          state.nextDue(at: now), held.map(\.until).min(), nextForeign == .max ? nil : nextForeign,
        ].compactMap { $0 }.min() ?? now
      now = max(now + 1, next)
    }
    let share = Double(served) / (Double(limit - others) * 10)
    print("learnt limit \(limit), others \(others): share \(share), turned away \(turnedAway)")
    #expect(share > (others == 0 ? 0.95 : 0.8))
    #expect(turnedAway * 100 <= (served + turnedAway) * (others == 0 ? 1 : 5))
  }
}
