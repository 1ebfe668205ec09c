import Foundation
import Testing

@testable import GossamerFlow

@Suite("What a limiter remembers between runs")
struct LimiterMemoryTests {
  static let second: Int64 = 1_000_000_000

  /// Uses a limiter as much as it allows for a while.
  static func use(_ state: inout RateLimiterState, from start: Int64, for span: Int64) -> [Int64] {
    var times: [Int64] = []
    var now = start
    while now < start + span {
      if case .admitted(let place) = state.request(tokens: 100, output: 20, at: now) {
        times.append(now)
        state.settle(place, usedTokens: 100, output: 20)
      } else {
        now = max(now + 1, state.nextDue(at: now) ?? now)
        guard now < start + span else { break }
        for place in state.admit(at: now) {
          times.append(now)
          state.settle(place, usedTokens: 100, output: 20)
        }
      }
    }
    return times
  }

  static func stored(_ memory: LimiterMemory) throws -> LimiterMemory {
    try JSONDecoder().decode(LimiterMemory.self, from: JSONEncoder().encode(memory))
  }

  @Test(arguments: [
    RateLimits(requestsPerMinute: 300), RateLimits(requestsPerMinute: 300, spread: .bursts),
    RateLimits(tokensPerMinute: 30_000), RateLimits(outputTokensPerMinute: 6_000, spread: .bursts),
  ])
  func noWindowOverTheRestartIsAboveTheLimit(limits: RateLimits) throws {
    var first = RateLimiterState(limits: limits)
    var times = Self.use(&first, from: 0, for: 45 * Self.second)
    let end = 45 * Self.second
    let memory = try Self.stored(first.memory(at: end))
    // The next process counts its time anew; six seconds went by.
    var second = RateLimiterState(limits: limits)
    second.recall(memory, age: .seconds(6), at: 0)
    times += Self.use(&second, from: 0, for: 90 * Self.second).map { $0 + end + 6 * Self.second }
    for start in times {
      let window = times.count { $0 >= start && $0 < start + 60 * Self.second }
      #expect(window <= 300)
    }
    #expect(times.count > 600, "and it goes on")
  }

  @Test func whatWasLearntIsKeptUnlessTheOperatorSaysLess() throws {
    var first = RateLimiterState(limits: .unlimited)
    guard case .admitted(let place) = first.request(tokens: 10, at: 0) else { return }
    _ = first.learn(
      .served,
      LimitNotice(requests: .init(limit: 50), outputTokens: .init(limit: 900)), from: place,
      at: 1)
    let memory = try Self.stored(first.memory(at: Self.second))
    var same = RateLimiterState(limits: .unlimited)
    same.recall(memory, age: .seconds(86_400), at: 0)
    #expect(same.limits.requests == 50 && same.limits.outputTokens == 900)
    var tighter = RateLimiterState(limits: RateLimits(requestsPerMinute: 20))
    tighter.recall(memory, age: .seconds(5), at: 0)
    #expect(tighter.limits.requests == 20)
  }

  @Test(arguments: [
    #"{"learned":{"requests":-5,"scale":-1,"concurrency":0},"taken":{"requests":[],"tokens":[],"input":[],"output":[]}}"#,
    #"{"learned":{"scale":99,"tokens":0},"taken":{"requests":[{"secondsAgo":-9,"cost":9},{"secondsAgo":1e300,"cost":9}],"tokens":[],"input":[],"output":[]}}"#,
  ])
  func aFileThatMakesNoSenseStopsNothing(text: String) throws {
    let memory = try JSONDecoder().decode(LimiterMemory.self, from: Data(text.utf8))
    var state = RateLimiterState(limits: RateLimits(requestsPerMinute: 60))
    state.recall(memory, age: .zero, at: 0)
    guard case .admitted = state.request(tokens: 1, at: 0) else {
      Issue.record("nothing was taken")
      return
    }
  }
}
