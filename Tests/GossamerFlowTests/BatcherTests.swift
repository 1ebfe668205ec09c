import Testing

@testable import GossamerFlow

private struct Poison: Error {}
private struct KeyRefused: Error {}

@Suite("Batcher", .timeLimit(.minutes(2)))
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
}
