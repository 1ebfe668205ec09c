import Foundation
import Synchronization
import Testing

@testable import GossamerFlow

@Suite("Pipelines under load", .timeLimit(.minutes(5)))
struct PipelineLoadTests {
  /// A page of a megabyte that is counted as long as it lives.
  private final class Page: Sendable {
    let bytes: [UInt8]
    private let living: Locked<(now: Int, most: Int)>

    init(_ living: Locked<(now: Int, most: Int)>) {
      bytes = [UInt8](repeating: 1, count: 1 << 20)
      self.living = living
      living.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
    }

    deinit { living.withLock { $0.now -= 1 } }
  }

  /// The most pages that lived at once.
  private static func most(of count: Int, weightLimit: Int = .max) async throws -> Int {
    let living = Locked((now: 0, most: 0))
    let numbers = PipelineTests.numbers(count)
    let pipeline = Pipeline<Page, Page>("read", concurrency: 4) { $0 }
      .then("shorten", concurrency: 4) { $0 }
    let report = try await pipeline.run(
      source: { try await numbers().map { _ in Page(living) } }, weightLimit: weightLimit,
      weigh: { $0.bytes.count }
    ) { page in
      // A hundred turns of the source's for one of the sink's.
      for _ in 0..<100 { await Task.yield() }
      #expect(page.bytes.last == 1)
    }
    #expect(report.stored == count)
    #expect(living.withLock { $0.now } == 0)
    return living.withLock { $0.most }
  }

  @Test func aSlowSinkKeepsMemoryFlatHoweverManyPagesCome() async throws {
    let few = try await Self.most(of: 100)
    let many = try await Self.most(of: 1_000)
    // A worker and a place in a channel each, and one at both ends.
    #expect(few <= 4 * 4 + 4 && many <= 4 * 4 + 4, "\(few) and \(many) pages at once")
  }

  @Test func whatIsUnderWayIsBoundedInBytesToo() async throws {
    #expect(try await Self.most(of: 200, weightLimit: 3 << 20) <= 3 + 1)
    #expect(try await Self.most(of: 20, weightLimit: 10) <= 1 + 1, "a heavy page passes alone")
  }

  @Test func aStageThatComputesLeavesTheOthersTheirThreads() async throws {
    let isOver = Locked(false)
    let threads = ProcessInfo.processInfo.activeProcessorCount
    // More than there are threads for all tasks; each goes on until the tasks beside it got theirs.
    let hogs = threads * 2 + 2
    let pipeline = Pipeline<Int, Int>(
      "compute", concurrency: hogs, executor: ComputeExecutor(threads: hogs)
    ) { number in
      while !isOver.withLock({ $0 }) {}
      return number
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let report = try await pipeline.run(source: PipelineTests.numbers(hogs)) { _ in }
        #expect(report.stored == hogs)
      }
      group.addTask {
        for _ in 0..<200 { try await Task.sleep(for: .microseconds(100)) }
        isOver.withLock { $0 = true }
      }
      try await group.waitForAll()
    }
  }

  @Test(arguments: [1, 3])
  func everyJobRunsOnceOnFewThreads(threads: Int) async {
    let executor = ComputeExecutor(threads: threads)
    let load = Locked((now: 0, most: 0, done: 0))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<2_000 {
        group.addTask(executorPreference: executor) {
          load.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
          }
          load.withLock {
            $0.now -= 1
            $0.done += 1
          }
          await Task.yield()
        }
      }
    }
    #expect(load.withLock { $0.done } == 2_000)
    #expect(load.withLock { $0.most } <= threads)
  }

  @Test func aCancelledSourceThatWaitsForRoomEnds() async throws {
    let room = PipelineRoom(items: 1, weight: 10)
    try await room.take(4)
    let waiting = Task { try await room.take(1) }
    await Task.yield()
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    room.giveBack(4)
    try await room.take(100)
  }
}
