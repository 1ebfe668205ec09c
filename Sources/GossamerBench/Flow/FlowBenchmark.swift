import ArgumentParser
import Gossamer

/// `gossamer-bench flow`: what limiter, batcher and pipeline add to the work they order.
struct FlowBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow", abstract: "Processor time and memory of limiter, batcher and pipeline.")

  @Option(help: "How many.")
  var count = 100_000
  @Option(help: .hidden)
  var part: String?

  private static let parts = [
    "limiter", "queue", "line", "tasks", "waiters", "batcher", "delay", "pipeline",
  ]

  func run() async throws {
    switch part {
    case nil:
      for part in Self.parts {
        print(try BenchProcess(["flow", "--part", part, "--count", "\(count)"]).answer())
      }
    case "limiter": try await limiter()
    case "queue": try await queue()
    case "line": line()
    case "tasks": await tasks()
    case "waiters": try await waiters()
    case "batcher": try await batcher()
    case "delay": try await delay()
    default: try await pipeline()
    }
  }

  private func tell(_ what: String, since before: Double, of items: Int) {
    let each = (Processor.time() - before) * 1e6 / Double(items)
    print("\(what): \((each * 100).rounded() / 100) us CPU, of \(items)")
  }

  @concurrent private func limiter() async throws {
    let limits = RateLimits(
      requestsPerMinute: 2_000_000_000, tokensPerMinute: 2_000_000_000_000, concurrency: 100)
    let limiter = RateLimiter(limits: limits)
    let before = Processor.time()
    for _ in 0..<count * 10 {
      await limiter.settle(try await limiter.acquire(tokens: 100), usedTokens: 90)
    }
    tell("an acquire and settle that need not wait", since: before, of: count * 10)
  }

  @concurrent private func queue() async throws {
    let limiter = RateLimiter(limits: RateLimits(concurrency: 1))
    let before = Processor.time()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count {
        group.addTask { await limiter.settle(try await limiter.acquire()) }
      }
      try await group.waitForAll()
    }
    tell("an acquire that waits, its task included", since: before, of: count)
  }

  private func line() {
    let before = Processor.memory()
    var state = RateLimiterState(limits: RateLimits(concurrency: 1))
    for _ in 0...count { _ = state.request(tokens: 1, at: 0) }
    print("a place in the line of a limiter: \((Processor.memory() - before) / count) bytes")
    withExtendedLifetime(state) {}
  }

  @concurrent private func tasks() async {
    let gate = BenchGate()
    let before = Processor.memory()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<count { group.addTask { await gate.wait() } }
      while await gate.count < count { try? await Task.sleep(for: .milliseconds(20)) }
      let each = (Processor.memory() - before) / count
      print("a task that waits for anything: \(each) bytes")
      await gate.open()
    }
  }

  @concurrent private func waiters() async throws {
    let limiter = RateLimiter(limits: RateLimits(concurrency: 1))
    let held = try await limiter.acquire()
    let before = Processor.memory()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count {
        group.addTask { await limiter.settle(try await limiter.acquire()) }
      }
      while await limiter.waiting < count { try await Task.sleep(for: .milliseconds(20)) }
      let each = (Processor.memory() - before) / count
      print("a task that waits for a limiter: \(each) bytes")
      await limiter.settle(held)
      try await group.waitForAll()
    }
  }

  @concurrent private func batcher() async throws {
    let batcher = Batcher<Int, Int>(limits: BatchLimits(count: 256)) { $0 }
    let before = Processor.time()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<count { group.addTask { _ = try await batcher.submit(number) } }
      try await group.waitForAll()
    }
    let spent = Processor.time() - before
    let between = Processor.time()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<count { group.addTask { await Task.yield() } }
    }
    let bare = Processor.time() - between
    func each(_ seconds: Double) -> Double { (seconds * 1e8 / Double(count)).rounded() / 100 }
    print(
      "an item of a batcher: \(each(spent)) us CPU with its task, which alone takes "
        + "\(each(bare)), of \(count)")
  }

  /// Items that come one by one wait for company as long as they may, and hardly longer.
  @concurrent private func delay() async throws {
    let batcher = Batcher<Int, Int>(
      limits: BatchLimits(count: 1_000, delay: .milliseconds(5))
    ) { $0 }
    let waits = try await withThrowingTaskGroup(of: Duration.self) { group in
      for number in 0..<500 {
        group.addTask {
          let start = ContinuousClock.now
          _ = try await batcher.submit(number)
          return ContinuousClock.now - start
        }
        try await Task.sleep(for: .milliseconds(2))
      }
      return try await group.reduce(into: [Duration]()) { $0.append($1) }
    }.sorted()
    func tenths(_ part: Double) -> Double {
      ((waits[Int(Double(waits.count - 1) * part)] / .milliseconds(1)) * 10).rounded() / 10
    }
    print(
      "an item that may wait 5 ms for company: \(tenths(0.5)) ms in the middle, \(tenths(0.99)) ms "
        + "at p99, of \(waits.count)")
  }

  @concurrent private func pipeline() async throws {
    let pipeline = Pipeline<Int, Int>("one", concurrency: 4) { $0 }
      .then("two", concurrency: 4) { $0 }.then("three", concurrency: 4) { $0 }
    let numbers = BenchNumbers(count)
    let before = Processor.time()
    _ = try await pipeline.run(source: { await numbers.next() }) { _ in }
    tell("an item through three stages, source and sink", since: before, of: count)
  }
}

/// Holds tasks until it is opened.
private actor BenchGate {
  private var waiters: [CheckedContinuation<Void, Never>] = []
  var count: Int { waiters.count }
  func wait() async { await withCheckedContinuation { waiters.append($0) } }
  func open() {
    for waiter in waiters { waiter.resume() }
    waiters = []
  }
}

private actor BenchNumbers {
  private var left: Int
  init(_ count: Int) { left = count }
  func next() -> Int? {
    guard left > 0 else { return nil }
    left -= 1
    return left
  }
}
