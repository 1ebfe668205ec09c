import Foundation
import Testing

@testable import GossamerFlow

/// Largest sum of costs in any half-open window of a length.
private func worstWindow(_ takes: [(at: Int64, cost: Int)], length: Int64) -> Int {
  var worst = 0
  var sum = 0
  var start = 0
  for take in takes {
    sum += take.cost
    while takes[start].at + length <= take.at {
      sum -= takes[start].cost
      start += 1
    }
    worst = max(worst, sum)
  }
  return worst
}

@Suite("Rate limiter decisions")
struct RateLimiterStateTests {
  static let minute: Int64 = 60_000_000_000

  struct Run {
    var admissions: [(at: Int64, cost: Int)] = []
    var ids: [UInt64] = []
    var cancelled = 0
    var mostInFlight = 0
    var end: Int64 = 0
  }

  /// Callers that come and go at random, in virtual time.
  static func simulate(
    seed: Int, limits: RateLimits, calls: Int, maxTokens: Int, settles: Bool, saturated: Bool,
    alarmsAreLateBy: Int64 = 4_000_000
  ) -> Run {
    var random = SeededGenerator(seed: seed)
    var state = RateLimiterState(limits: limits)
    var run = Run()
    var now: Int64 = 0
    var waiting: [UInt64] = []
    var held: [(until: Int64, reservation: Reservation)] = []
    var asked = 0
    func note(_ reservation: Reservation) {
      run.admissions.append((reservation.admittedAt, reservation.tokens))
      run.ids.append(reservation.id)
    }
    func hold(_ reservation: Reservation) {
      held.append((now + Int64.random(in: 0...3_000_000_000, using: &random), reservation))
      run.mostInFlight = max(run.mostInFlight, state.outstanding.count)
    }
    while asked < calls || state.waiting > 0 || !held.isEmpty {
      if asked < calls {
        let burst =
          saturated ? (state.waiting < 64 ? 64 : 0) : Int.random(in: 0...9, using: &random)
        for _ in 0..<min(burst, calls - asked) {
          asked += 1
          switch state.request(tokens: Int.random(in: 0...maxTokens, using: &random), at: now) {
          case .admitted(let reservation):
            note(reservation)
            hold(reservation)
          case .queued(let id): waiting.append(id)
          case .refused: Issue.record("nothing is too large here")
          }
        }
      }
      if !saturated, !waiting.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
        let id = waiting.remove(at: Int.random(in: 0..<waiting.count, using: &random))
        if state.cancel(id: id) { run.cancelled += 1 }
      }
      for index in held.indices.reversed() where held[index].until <= now {
        let reservation = held.remove(at: index).reservation
        let used = settles ? Int.random(in: 0...reservation.tokens, using: &random) : nil
        state.settle(reservation, usedTokens: used)
      }
      for reservation in state.admit(at: now) {
        note(reservation)
        hold(reservation)
      }
      let due = state.nextDue(at: now)
      let ends = held.map(\.until).min()
      let arrival =
        asked < calls && !saturated ? now + Int64.random(in: 0...500_000_000, using: &random) : nil
      guard let next = [due, ends, arrival].compactMap({ $0 }).min() else { break }
      now = max(now + 1, next + Int64.random(in: 0...alarmsAreLateBy, using: &random))
    }
    run.end = now
    #expect(state.waiting == 0)
    return run
  }

  /// 2,000 calls a seed; `GOSSAMER_LONG_TESTS=1` makes that a million.
  static let seeds =
    0..<(ProcessInfo.processInfo.environment["GOSSAMER_LONG_TESTS"] == nil ? 12 : 500)

  @Test(arguments: seeds)
  func noWindowIsEverAboveTheLimitAndOrderIsKept(seed: Int) {
    let limits = RateLimits(
      requestsPerMinute: [60, 7, 1_000][seed % 3], tokensPerMinute: [10_000, 3_000][seed % 2],
      concurrency: [nil, 3, 40][seed % 3], spread: seed % 4 == 3 ? .bursts : .smooth)
    let run = Self.simulate(
      seed: seed, limits: limits, calls: 2_000, maxTokens: 3_000, settles: false, saturated: false)
    let calls = worstWindow(run.admissions.map { ($0.at, 1) }, length: Self.minute)
    #expect(calls <= limits.requests ?? .max)
    #expect(worstWindow(run.admissions, length: Self.minute) <= limits.tokens ?? .max)
    #expect(run.mostInFlight <= limits.concurrency ?? .max)
    #expect(run.ids == run.ids.sorted(), "first in, first out")
    #expect(run.ids.count + run.cancelled == 2_000, "nobody is forgotten")
  }

  @Test(arguments: [RateLimits.Spread.smooth, .bursts])
  func aSaturatedRunUsesNearlyAllThatIsAllowed(spread: RateLimits.Spread) {
    let limits = RateLimits(requestsPerMinute: 600, spread: spread)
    let run = Self.simulate(
      seed: 1, limits: limits, calls: 30_000, maxTokens: 0, settles: false, saturated: true)
    let possible = Double(run.end) / Double(Self.minute) * 600
    #expect(Double(run.ids.count) / possible > 0.97)
  }

  /// A busy machine, on which every alarm is late by more than the calls are apart.
  @Test func lateAlarmsCostNothingAndBreakNoLimit() {
    let limits = RateLimits(requestsPerMinute: 1_500)
    let run = Self.simulate(
      seed: 4, limits: limits, calls: 12_000, maxTokens: 0, settles: false, saturated: true,
      alarmsAreLateBy: 120_000_000)
    let possible = Double(run.end) / Double(Self.minute) * 1_500
    #expect(Double(run.ids.count) / possible > 0.97)
    #expect(worstWindow(run.admissions.map { ($0.at, 1) }, length: Self.minute) <= 1_500)
  }

  @Test func tokensAreUsedNearlyFullyAndNeverTooFast() {
    let limits = RateLimits(tokensPerMinute: 60_000)
    let run = Self.simulate(
      seed: 2, limits: limits, calls: 5_000, maxTokens: 2_000, settles: false, saturated: true)
    let possible = Double(run.end) / Double(Self.minute) * 60_000
    #expect(Double(run.admissions.reduce(0) { $0 + $1.cost }) / possible > 0.95)
    #expect(worstWindow(run.admissions, length: Self.minute) <= 60_000)
  }

  @Test func settlingGivesBackWhatWasNotUsed() {
    var state = RateLimiterState(
      limits: RateLimits(tokensPerMinute: 100, spread: .bursts, margin: 0))
    guard case .admitted(let first) = state.request(tokens: 100, at: 0) else {
      Issue.record("the first call fits")
      return
    }
    #expect(state.request(tokens: 50, at: 0) == .queued(id: 1))
    #expect(state.admit(at: 0).isEmpty)
    state.settle(first, usedTokens: 40)
    #expect(state.admit(at: 0).map(\.id) == [1])
  }

  @Test func usingMoreThanSaidMakesTheNextWait() {
    var state = RateLimiterState(limits: RateLimits(tokensPerMinute: 100, margin: 0))
    guard case .admitted(let first) = state.request(tokens: 10, at: 0) else { return }
    state.settle(first, usedTokens: 60)
    #expect(state.request(tokens: 50, at: 6_000_000_000) == .queued(id: 1))
    #expect(state.nextDue(at: 0) == 60_000_000_000)
  }

  @Test func aSmallCallDoesNotOvertakeALargeOne() {
    var state = RateLimiterState(
      limits: RateLimits(tokensPerMinute: 100, spread: .bursts, margin: 0))
    guard case .admitted = state.request(tokens: 40, at: 0) else { return }
    #expect(state.request(tokens: 80, at: 0) == .queued(id: 1))
    #expect(state.request(tokens: 1, at: 0) == .queued(id: 2))
    #expect(state.admit(at: 0).isEmpty)
    #expect(state.admit(at: Self.minute).map(\.id) == [1, 2])
  }

  @Test func aCallLargerThanTheLimitIsRefusedAtOnce() {
    var state = RateLimiterState(limits: RateLimits(tokensPerMinute: 100, margin: 0))
    #expect(
      state.request(tokens: 101, at: 0) == .refused(.largerThanLimit(tokens: 101, limit: 100)))
  }

  @Test func nobodyIsLetInDuringAPause() {
    var state = RateLimiterState(limits: .unlimited)
    state.pause(until: 5)
    #expect(state.request(tokens: 0, at: 0) == .queued(id: 0))
    #expect(state.nextDue(at: 0) == 5)
    #expect(state.admit(at: 5).count == 1)
  }

  @Test func settlingTwiceFreesOnePlace() {
    var state = RateLimiterState(limits: RateLimits(concurrency: 1))
    guard case .admitted(let first) = state.request(tokens: 0, at: 0) else { return }
    state.settle(first, usedTokens: nil)
    guard case .admitted = state.request(tokens: 0, at: 0) else { return }
    state.settle(first, usedTokens: nil)
    #expect(state.request(tokens: 0, at: 0) == .queued(id: 2))
  }

  @Test func smoothMeansOneASecondForSixtyAMinute() {
    var state = RateLimiterState(limits: RateLimits(requestsPerMinute: 60, margin: 0))
    guard case .admitted = state.request(tokens: 0, at: 0) else { return }
    #expect(state.request(tokens: 0, at: 0) == .queued(id: 1))
    #expect(state.nextDue(at: 0) == 1_000_000_000)
  }

  @Test func arrivalsThatJitterStayUnderTheLimitToo() {
    var random = SeededGenerator(seed: 5)
    let run = Self.simulate(
      seed: 3, limits: RateLimits(requestsPerMinute: 120), calls: 4_000, maxTokens: 0,
      settles: false, saturated: true)
    let arrivals = run.admissions.map {
      (at: $0.at + Int64.random(in: 0...250_000_000, using: &random), cost: 1)
    }
    let sorted = arrivals.sorted { $0.at < $1.at }
    #expect(worstWindow(sorted, length: Self.minute) <= 120)
  }

  @Test func lowerLimitsTurnAwayWaitersThatCanNeverFit() {
    var state = RateLimiterState(
      limits: RateLimits(tokensPerMinute: 100, spread: .bursts, margin: 0))
    _ = state.request(tokens: 100, at: 0)
    _ = state.request(tokens: 90, at: 0)
    _ = state.request(tokens: 10, at: 0)
    let lost = state.change(to: RateLimits(tokensPerMinute: 50, spread: .bursts), at: 0)
    #expect(lost.map(\.id) == [1])
    #expect(lost.map(\.tokens) == [90])
    #expect(state.waiting == 1)
  }
}
