import Testing

@testable import GossamerFlow

private struct Poison: Error {}
private struct KeyRefused: Error {}

@Suite("Batcher", .timeLimit(.minutes(5)))
struct BatcherTests {
  @Test func everyCallerGetsItsOwnAnswer() async throws {
    let sizes = Locked<[Int]>([])
    let batcher = Batcher<Int, Int>(limits: BatchLimits(count: 10, delay: .milliseconds(5))) {
      items in
      sizes.withLock { $0.append(items.count) }
      return items.map { $0 * 2 }
    }
    try await withThrowingTaskGroup { group in
      for number in 0..<1_003 {
        group.addTask {
          let answer = try await batcher.submit(number)
          #expect(answer == number * 2)
        }
      }
      try await group.waitForAll()
    }
    #expect(sizes.withLock { $0.reduce(0, +) } == 1_003)
    #expect(sizes.withLock { $0.max() ?? 0 } <= 10)
  }

  @Test func aBatchIsClosedByTheAgeOfItsFirstItem() async throws {
    let clock = VirtualClock()
    let batcher = Batcher<Int, Int>(
      limits: BatchLimits(count: 100, delay: .milliseconds(20)), clock: clock
    ) { $0 }
    let task = Task { try await batcher.submit(1) }
    while clock.sleeping == 0 { await Task.yield() }
    clock.advance(by: .milliseconds(19))
    #expect(clock.sleeping == 1)
    clock.advance(by: .milliseconds(1))
    #expect(try await task.value == 1)
  }

  @Test func aBatchIsClosedByWeight() async throws {
    let batches = Locked<[[Int]]>([])
    let batcher = Batcher<Int, Int>(
      limits: BatchLimits(count: 100, weight: 10, delay: .seconds(3600)), weigh: { $0 }
    ) { items in
      batches.withLock { $0.append(items) }
      return items
    }
    try await withThrowingTaskGroup { group in
      for weight in [6, 6, 25, 4, 6] {
        group.addTask { _ = try await batcher.submit(weight) }
      }
      group.addTask {
        // The last batch may be light: end the input once all are in.
        while batches.withLock({ $0.flatMap { $0 } }).count < 3 { await Task.yield() }
        for _ in 0..<200 { await Task.yield() }
        await batcher.drain()
      }
      try await group.waitForAll()
    }
    for batch in batches.withLock({ $0 }) where batch.count > 1 {
      #expect(batch.reduce(0, +) <= 10)
    }
    #expect(batches.withLock { $0.flatMap { $0 }.sorted() } == [4, 6, 6, 6, 25])
  }

  @Test func oneBadItemFailsAlone() async throws {
    let calls = Locked(0)
    let batcher = Batcher<Int, Int>(limits: BatchLimits(count: 32, delay: .milliseconds(5))) {
      items in
      calls.withLock { $0 += 1 }
      if items.contains(500) { throw Poison() }
      return items
    }
    let failed = await withTaskGroup { group in
      for number in 0..<1_024 {
        group.addTask {
          do { return try await batcher.submit(number) == number ? 0 : 1_000 } catch {
            #expect(number == 500)
            return 1
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(failed == 1)
    #expect(calls.withLock { $0 } <= 32 + 12)
  }

  @Test func anErrorThatIsNobodysFaultIsNotHalved() async {
    let calls = Locked(0)
    let batcher = Batcher<Int, Int>(
      limits: BatchLimits(count: 4, delay: .seconds(60)), mayBeOneItem: { !($0 is KeyRefused) }
    ) { _ in
      calls.withLock { $0 += 1 }
      throw KeyRefused()
    }
    await withTaskGroup { group in
      for number in 0..<4 {
        group.addTask {
          await #expect(throws: KeyRefused.self) { try await batcher.submit(number) }
        }
      }
    }
    #expect(calls.withLock { $0 } == 1)
  }

  @Test func cancelledItemsAreNotSent() async throws {
    let clock = VirtualClock()
    let seen = Locked<[Int]>([])
    let batcher = Batcher<Int, Int>(
      limits: BatchLimits(count: 100, delay: .milliseconds(20)), clock: clock
    ) { items in
      seen.withLock { $0 += items }
      return items
    }
    let doomed = Task { try await batcher.submit(1) }
    while clock.sleeping == 0 { await Task.yield() }
    doomed.cancel()
    await #expect(throws: CancellationError.self) { _ = try await doomed.value }
    let kept = Task { try await batcher.submit(2) }
    while clock.sleeping == 0 { await Task.yield() }
    while seen.withLock({ $0.isEmpty }) {
      clock.advance(by: .milliseconds(20))
      await Task.yield()
    }
    #expect(try await kept.value == 2)
    #expect(seen.withLock { $0 } == [2])
  }

  @Test func aWrongNumberOfAnswersIsAnErrorForEach() async {
    let batcher = Batcher<Int, Int>(limits: BatchLimits(count: 2, delay: .seconds(60))) { _ in [] }
    await withTaskGroup { group in
      for number in 0..<2 {
        group.addTask {
          await #expect(throws: BatcherError.wrongCount(expected: 1, got: 0)) {
            try await batcher.submit(number)
          }
        }
      }
    }
  }

  @Test func drainingSendsTheRestAndTakesNoMore() async throws {
    let batcher = Batcher<Int, Int>(limits: BatchLimits(count: 100, delay: .seconds(3600))) { $0 }
    await withTaskGroup { group in
      for number in 0..<3 { group.addTask { _ = try? await batcher.submit(number) } }
      for _ in 0..<200 { await Task.yield() }
      await batcher.drain()
    }
    await #expect(throws: BatcherError.drained) { try await batcher.submit(9) }
  }

  @Test(arguments: 0..<4)
  func everyItemIsAnsweredOnceUnderCancellationFailureAndDelay(seed: Int) async {
    let batcher = Batcher<Int, Int>(limits: BatchLimits(count: 7, delay: .milliseconds(1))) {
      items in
      for _ in 0..<(items.count % 5) { await Task.yield() }
      if items.contains(where: { $0 % 41 == 0 }) { throw Poison() }
      return items
    }
    var random = SeededGenerator(seed: seed)
    let answers = Locked(0)
    let tasks = (0..<600).map { number in
      Task {
        do {
          let answer = try await batcher.submit(number)
          #expect(answer == number)
        } catch is Poison {
          #expect(number % 41 == 0)
        } catch { #expect(error is CancellationError) }
        answers.withLock { $0 += 1 }
      }
    }
    for task in tasks where Int.random(in: 0..<4, using: &random) == 0 { task.cancel() }
    for task in tasks { await task.value }
    #expect(answers.withLock { $0 } == 600)
    await batcher.drain()
  }

  @Test func aLoneItemIsNotDelayedWhereNothingElseComes() async throws {
    let clock = VirtualClock()
    let batcher = Batcher<Int, Int>(
      limits: BatchLimits(count: 100, delay: .seconds(3600), adapts: true), clock: clock
    ) { $0 }
    // No time passes: whoever waited for a delay would wait for ever.
    for number in 0..<5 { #expect(try await batcher.submit(number) == number) }
    #expect(await batcher.figures.reasons == [.idle: 5])
  }

  @Test func whatComesWhileAllIsUnderWayGathers() async throws {
    let sizes = Locked<[Int]>([])
    let gate = BoundedChannel<Void>(capacity: 100)
    let batcher = Batcher<Int, Int>(
      limits: BatchLimits(count: 50, delay: .zero, atOnce: 1, adapts: true)
    ) { items in
      sizes.withLock { $0.append(items.count) }
      _ = try await gate.next()
      return items
    }
    try await withThrowingTaskGroup { group in
      group.addTask { _ = try await batcher.submit(0) }
      while sizes.withLock({ $0.isEmpty }) { await Task.yield() }
      for number in 1..<40 { group.addTask { _ = try await batcher.submit(number) } }
      for _ in 0..<2_000 { await Task.yield() }
      #expect(sizes.withLock { $0 } == [1], "one call at once")
      for _ in 0..<40 { try await gate.send(()) }
      try await group.waitForAll()
    }
    #expect(sizes.withLock { $0 } == [1, 39])
    let figures = await batcher.figures
    #expect(figures.batches == 2 && figures.items == 40 && figures.largest == 39)
  }

  @Test func cancelledItemsLeaveAlsoWhileTheirBatchWaitsForAPlace() async throws {
    let seen = Locked<[Int]>([])
    let gate = BoundedChannel<Void>(capacity: 100)
    let batcher = Batcher<Int, Int>(limits: BatchLimits(count: 1, atOnce: 1)) { items in
      seen.withLock { $0 += items }
      _ = try await gate.next()
      return items
    }
    let first = Task { try await batcher.submit(1) }
    while seen.withLock({ $0.isEmpty }) { await Task.yield() }
    let doomed = Task { try await batcher.submit(2) }
    for _ in 0..<200 { await Task.yield() }
    doomed.cancel()
    await #expect(throws: CancellationError.self) { _ = try await doomed.value }
    try await gate.send(())
    _ = try await first.value
    await batcher.drain()
    #expect(seen.withLock { $0 } == [1])
  }

  private struct TooLarge: Error {}

  @Test func theSizeIsLearntFromWhatIsTooLarge() async throws {
    let batcher = Batcher<Int, Int>(
      limits: BatchLimits(count: 64, delay: .milliseconds(1), atOnce: 1, adapts: true),
      isTooLarge: { $0 is TooLarge }
    ) { items in
      if items.count > 20 { throw TooLarge() }
      return items
    }
    for _ in 0..<4 {
      await withTaskGroup { group in
        for number in 0..<256 {
          group.addTask { #expect((try? await batcher.submit(number)) == number) }
        }
      }
    }
    let figures = await batcher.figures
    #expect(figures.items == 4 * 256)
    #expect(figures.target <= 40)
    #expect(figures.calls < 4 * 256 / 6, "not one by one: \(figures.calls)")
  }

  @Test func aLargerBatchHasToPayOff() {
    var pace = BatchPace(most: 100)
    // Time grows with the square of the size: the smaller, the cheaper an item.
    for _ in 0..<200 {
      pace.noteCall(of: pace.target, took: Int64(pace.target * pace.target) * 1_000)
    }
    #expect(pace.target < 30)
    // Each call costs the same whatever it holds: the more, the cheaper.
    for _ in 0..<200 { pace.noteCall(of: pace.target, took: 1_000_000) }
    #expect(pace.target > 70)
  }

  @Test func waitingIsNeverLongerThanACallOrThanCompanyTakes() {
    var pace = BatchPace(most: 10)
    let limit: Int64 = 20_000_000
    #expect(pace.wait(atMost: limit, isIdle: true) == 0, "nothing known, nothing under way")
    for step in 0..<50 { pace.noteArrival(at: Int64(step) * 100_000) }
    pace.noteCall(of: 10, took: 5_000_000)
    #expect(pace.wait(atMost: limit, isIdle: true) <= 1_100_000, "ten items come in a millisecond")
    for step in 0..<50 { pace.noteArrival(at: 5_000_000 + Int64(step) * 1_000_000_000) }
    #expect(pace.wait(atMost: limit, isIdle: true) == 0, "nobody comes in time")
    #expect(pace.wait(atMost: limit, isIdle: false) <= 5_000_000)
  }
}
