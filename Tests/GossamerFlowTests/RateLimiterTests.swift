import Testing

@testable import GossamerFlow

@Suite("Rate limiter", .timeLimit(.minutes(5)))
struct RateLimiterTests {
  /// Moves virtual time on until a group of tasks is done.
  func drive(_ clock: VirtualClock, until isDone: () -> Bool) async {
    while !isDone() {
      await Task.yield()
      clock.advanceToNextSleeper()
    }
  }

  @Test func tenThousandWaitersWithRandomCancellationAllEnd() async throws {
    let clock = VirtualClock()
    let limiter = RateLimiter(
      limits: RateLimits(requestsPerMinute: 6_000, tokensPerMinute: 1_000_000, concurrency: 8),
      clock: clock)
    var random = SeededGenerator(seed: 7)
    let admitted = Locked<[Reservation]>([])
    let ended = Locked((admitted: 0, cancelled: 0))
    let tasks = (0..<10_000).map { _ in
      let tokens = Int.random(in: 0...200, using: &random)
      return Task {
        do {
          let reservation = try await limiter.acquire(tokens: tokens)
          admitted.withLock { $0.append(reservation) }
          await Task.yield()
          await limiter.settle(reservation, usedTokens: tokens / 2)
          ended.withLock { $0.admitted += 1 }
        } catch {
          #expect(error as? RateLimiterError == .cancelled)
          ended.withLock { $0.cancelled += 1 }
        }
      }
    }
    let doomed = tasks.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
    var next = 0
    await drive(clock) {
      for _ in 0..<4 where next < doomed.count {
        doomed[next].cancel()
        next += 1
      }
      return ended.withLock { $0.admitted + $0.cancelled == 10_000 }
    }
    let (done, given) = (ended.withLock { $0 }, admitted.withLock { $0 })
    #expect(done.admitted == given.count)
    #expect(done.cancelled > 0)
    #expect(await limiter.waiting == 0)
    #expect(await limiter.inFlight == 0)
    let wakeUps = await limiter.wakeUps
    #expect(wakeUps <= given.count, "wake-ups are admissions, not polls")
    let times = given.map(\.admittedAt).sorted()
    for (a, b) in zip(times, times.dropFirst()) where b - a < 10_000_000 {
      Issue.record("two calls only \(b - a) ns apart")
      break
    }
  }

  @Test func aCancelledWaiterGivesItsPlaceToTheNext() async throws {
    let limiter = RateLimiter(limits: RateLimits(concurrency: 1))
    let held = try await limiter.acquire()
    let first = Task { try await limiter.acquire() }
    while await limiter.waiting < 1 { await Task.yield() }
    let second = Task { try await limiter.acquire() }
    while await limiter.waiting < 2 { await Task.yield() }
    first.cancel()
    await #expect(throws: RateLimiterError.cancelled) { _ = try await first.value }
    await limiter.settle(held)
    let next = try await second.value
    #expect(next.id == 2)
    await limiter.settle(next)
    #expect(await limiter.inFlight == 0)
  }

  @Test func aPauseHoldsEveryoneBack() async throws {
    let clock = VirtualClock()
    let limiter = RateLimiter(limits: .unlimited, clock: clock)
    await limiter.pause(for: .seconds(3))
    let done = Locked(false)
    let task = Task {
      let reservation = try await limiter.acquire()
      done.withLock { $0 = true }
      return reservation
    }
    await drive(clock) { done.withLock { $0 } }
    #expect(try await task.value.admittedAt == 3_000_000_000)
  }

  @Test func aLongerPauseReplacesAShorterOneForThoseWaiting() async throws {
    let clock = VirtualClock()
    let limiter = RateLimiter(limits: .unlimited, clock: clock)
    await limiter.pause(for: .seconds(1))
    let task = Task { try await limiter.acquire() }
    while await limiter.waiting < 1 { await Task.yield() }
    await limiter.pause(for: .seconds(5))
    let done = Locked(false)
    let watch = Task {
      _ = await task.result
      done.withLock { $0 = true }
    }
    await drive(clock) { done.withLock { $0 } }
    await watch.value
    #expect(try await task.value.admittedAt == 5_000_000_000)
  }

  @Test func aTaskCancelledBeforeDoesNotTakeAPlace() async {
    let limiter = RateLimiter(limits: RateLimits(concurrency: 1))
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await limiter.acquire()
    }
    task.cancel()
    await #expect(throws: RateLimiterError.cancelled) { _ = try await task.value }
    #expect(await limiter.inFlight == 0)
  }

  @Test func placesAreKeptOnARealClock() async throws {
    let limiter = RateLimiter(limits: RateLimits(requestsPerMinute: 6_000))
    let start = ContinuousClock.now
    try await withThrowingTaskGroup { group in
      for _ in 0..<11 {
        group.addTask { await limiter.settle(try await limiter.acquire()) }
      }
      try await group.waitForAll()
    }
    #expect(ContinuousClock.now - start >= .milliseconds(100))
  }
}
