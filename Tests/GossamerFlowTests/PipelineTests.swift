import Testing

@testable import GossamerFlow

@Suite("Pipeline", .timeLimit(.minutes(5)))
struct PipelineTests {
  struct Bad: Error, Equatable { var number: Int }

  /// Counts up to a number; from several tasks, one at a time.
  static func numbers(_ count: Int) -> @Sendable () async throws -> Int? {
    let next = Locked(0)
    return {
      next.withLock { next in
        guard next < count else { return nil }
        next += 1
        return next - 1
      }
    }
  }

  @Test(arguments: [false, true])
  func everyItemComesOutOnceAndInOrderWhereAskedFor(keepsOrder: Bool) async throws {
    let out = Locked<[Int]>([])
    let pipeline = Pipeline<Int, Int>("double", concurrency: 7) { number in
      for _ in 0..<(number % 5) { await Task.yield() }
      return number * 2
    }.then("print", concurrency: 3) { number -> String in
      if number % 3 == 0 { await Task.yield() }
      return String(number)
    }
    let report = try await pipeline.run(source: Self.numbers(2_000), keepsOrder: keepsOrder) {
      text in out.withLock { $0.append(Int(text) ?? -1) }
    }
    let numbers = out.withLock { $0 }
    let expected = (0..<2_000).map { $0 * 2 }
    #expect(keepsOrder ? numbers == expected : numbers.sorted() == expected)
    #expect(report.read == 2_000 && report.stored == 2_000 && report.unfinished == 0)
    #expect(report.stages.map(\.name) == ["double", "print"])
    #expect(report.stages.map(\.done) == [2_000, 2_000])
  }

  @Test func aStageHasNoMoreItemsThanWorkersAndTheSourceWaits() async throws {
    let load = Locked((now: 0, most: 0))
    let between = Locked((read: 0, stored: 0, widest: 0))
    let numbers = Self.numbers(500)
    let pipeline = Pipeline<Int, Int>("work", concurrency: 4) { number in
      load.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      await Task.yield()
      load.withLock { $0.now -= 1 }
      return number
    }
    _ = try await pipeline.run(
      source: {
        let number = try await numbers()
        between.withLock {
          $0.read += 1
          $0.widest = max($0.widest, $0.read - $0.stored)
        }
        return number
      }
    ) { _ in
      for _ in 0..<20 { await Task.yield() }
      between.withLock { $0.stored += 1 }
    }
    #expect(load.withLock { $0.most } <= 4)
    // Each channel holds a stage's worth, each worker one, source and sink one each.
    #expect(between.withLock { $0.widest } <= 4 + 4 + 4)
  }

  @Test func aFailingItemIsADeadLetterAndTheRestGoesOn() async throws {
    let letters = Locked<[DeadLetter<Int>]>([])
    let out = Locked<[Int]>([])
    let clock = ImmediateClock()
    let pipeline = Pipeline<Int, Int>(
      "check", concurrency: 3, retries: RetryPolicy(attempts: 3),
      isTransient: { ($0 as? Bad)?.number != 7 }
    ) { number in
      if number % 10 == 7 { throw Bad(number: number) }
      return number
    }
    let report = try await pipeline.run(
      source: Self.numbers(100), keepsOrder: true, clock: clock,
      deadLetters: { letter in letters.withLock { $0.append(letter) } }
    ) { number in out.withLock { $0.append(number) } }
    let dead = letters.withLock { $0 }.sorted { $0.item < $1.item }
    #expect(dead.map(\.item) == (0..<10).map { $0 * 10 + 7 })
    #expect(dead.map(\.attempts) == [1] + Array(repeating: 3, count: 9))
    #expect(dead.allSatisfy { ($0.error as? Bad)?.number == $0.item && $0.stage == "check" })
    #expect(out.withLock { $0 } == (0..<100).filter { $0 % 10 != 7 })
    #expect(report.failed == 10 && report.stages[0].retried == 18)
  }

  @Test func aHaltEndsTheRunAndTellsWhatIsUnfinished() async throws {
    let out = Locked<[Int]>([])
    let pipeline = Pipeline<Int, Int>("pay") { number in
      if number >= 50 { throw PipelineHalt(Bad(number: number)) }
      return number
    }
    let report = try await pipeline.run(source: Self.numbers(1_000_000)) { number in
      out.withLock { $0.append(number) }
    }
    #expect(report.halt is Bad)
    #expect(report.stored == 50)
    #expect(report.read < 100, "the source is not read to its end")
    #expect(report.failed == 0 && report.unfinished == report.read - 50)
  }

  @Test func aStopDrainsWhatIsUnderWay() async throws {
    let out = Locked<[Int]>([])
    let stop = Locked(false)
    let pipeline = Pipeline<Int, Int>("work", concurrency: 4) { number in
      await Task.yield()
      return number
    }
    let report = try await pipeline.run(
      source: Self.numbers(1_000_000), stop: { stop.withLock { $0 } }
    ) { number in
      let count = out.withLock {
        $0.append(number)
        return $0.count
      }
      if count == 100 { stop.withLock { $0 = true } }
    }
    #expect(report.stored == report.read && report.stored >= 100 && report.stored < 200)
    #expect(out.withLock { $0.sorted() } == Array(0..<report.stored))
  }

  @Test func aCancelledRunEndsAndStoresNothingTwice() async throws {
    let out = Locked<[Int]>([])
    let pipeline = Pipeline<Int, Int>("work", concurrency: 4) { number in
      await Task.yield()
      return number
    }
    let task = Task {
      try await pipeline.run(source: Self.numbers(.max)) { number in
        out.withLock { $0.append(number) }
      }
    }
    while out.withLock({ $0.count }) < 50 { await Task.yield() }
    task.cancel()
    await #expect(throws: (any Error).self) { _ = try await task.value }
    let numbers = out.withLock { $0 }
    #expect(Set(numbers).count == numbers.count)
  }

  @Test func aFailingSinkEndsTheRun() async throws {
    let pipeline = Pipeline<Int, Int>("work", concurrency: 4) { $0 }
    await #expect(throws: Bad(number: 5)) {
      _ = try await pipeline.run(source: Self.numbers(.max)) { number in
        if number == 5 { throw Bad(number: 5) }
      }
    }
  }

  /// A run that is cut off anywhere and begun again stores everything, and pays for nothing twice
  /// but what was under way.
  @Test(arguments: [3, 17, 99, 250, 401])
  func aRestartRepeatsOnlyWhatWasNotStored(cutAt: Int) async throws {
    let stored = Locked<Set<Int>>([])
    let paid = Locked<[Int]>([])
    let workers = 5
    let pipeline = Pipeline<Int, Int>("pay", concurrency: workers) { number in
      paid.withLock { $0.append(number) }
      await Task.yield()
      return number
    }
    for run in 0..<2 {
      let numbers = Self.numbers(500)
      let task = Task {
        try await pipeline.run(
          source: {
            while let number = try await numbers() {
              if !stored.withLock({ $0.contains(number) }) { return number }
            }
            return nil
          }
        ) { number in _ = stored.withLock { $0.insert(number) } }
      }
      if run == 0 {
        while stored.withLock({ $0.count }) < cutAt { await Task.yield() }
        task.cancel()
      }
      _ = try? await task.value
    }
    #expect(stored.withLock { $0.count } == 500)
    let twice = paid.withLock { $0.count } - 500
    #expect(twice <= 3 * workers + 2, "those under way when it was cut off")
  }
}

/// A clock on which every sleep is over at once.
struct ImmediateClock: Clock {
  typealias Instant = ContinuousClock.Instant
  var now: Instant { .now }
  var minimumResolution: Duration { .nanoseconds(1) }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
  }
}
