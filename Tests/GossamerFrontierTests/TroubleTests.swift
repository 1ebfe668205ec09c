import GossamerFlow
import GossamerRobots
import GossamerURL
import Testing

@testable import GossamerFrontier

@Suite("Trouble that many requests meet at once, and what else seldom happens")
struct TroubleTests {
  private func crowded(_ change: (inout PolitenessPolicy) -> Void = { _ in }) -> VirtualCrawl {
    VirtualCrawl(
      policy: .quick.with {
        $0.delay = .zero
        $0.perHost = 16
        $0.perAddress = 16
        change(&$0)
      })
  }

  // MARK: Bursts

  @Test func refusalsOfOneBurstCountOnce() {
    var crawl = crowded()
    crawl.offer((0..<40).map { "http://a.test/\($0)" })
    crawl.play { _, at in
      at < .seconds(1)
        ? (.rateLimited(kind: .rateLimited, retryAfter: .seconds(2)), .milliseconds(100))
        : (.fetched(isPage: true), .milliseconds(10))
    }
    #expect(crawl.state.snapshot.hostsStopped == 0)
    #expect(crawl.state.snapshot.done == 40)
    let later = crawl.requests.filter { $0.start > .zero }
    #expect(later.allSatisfy { $0.start >= .milliseconds(2_100) })
  }

  @Test func failuresOfOneBurstCountOnce() {
    var crawl = crowded()
    crawl.offer((0..<40).map { "http://a.test/\($0)" })
    crawl.play { _, at in
      at < .seconds(1)
        ? (.failed(kind: .readTimeout, isTransient: true, harmsHost: true), .seconds(5))
        : (.fetched(isPage: true), .milliseconds(10))
    }
    #expect(crawl.state.snapshot.hostsStopped == 0)
    #expect(crawl.state.snapshot.done == 40)
  }

  @Test func aHostThatRefusesForEverIsStillGivenUp() {
    var crawl = crowded()
    crawl.offer((0..<200).map { "http://a.test/\($0)" })
    crawl.play { _, _ in (.rateLimited(kind: .rateLimited, retryAfter: nil), .milliseconds(10)) }
    #expect(crawl.state.snapshot.hostsStopped == 1)
    #expect(crawl.state.snapshot.failed == 200)
    #expect(crawl.requests.count <= 8 * 16)
    #expect(crawl.seconds > 5 * 31, "it had its rests before")
  }

  @Test func aHostWhoseGatesAllAskForPaymentIsGivenUp() {
    var crawl = VirtualCrawl()
    crawl.offer((0..<40).map { "http://a.test/\($0)" })
    var answers = 0
    crawl.play { _, _ in
      answers += 1
      // A free page in between shows that not the whole site is closed.
      return (
        answers == 3 ? .fetched(isPage: true) : .refused(kind: .payment, rule: "USD 1"),
        .zero
      )
    }
    #expect(crawl.requests.count == 6)
    #expect(crawl.state.snapshot.hostsStopped == 1)
    #expect(crawl.state.snapshot.blocked == 39)
    #expect(crawl.receipts.refused.allSatisfy { $0.kind == .payment })
  }

  // MARK: Rules

  @Test func anOldCopyOfTheRulesServesWhileNoNewOneIsToBeHad() {
    var crawl = VirtualCrawl(
      policy: .quick.with {
        $0.obeysRobots = true
        $0.robotsLifetime = .seconds(3)
      })
    crawl.offer((0..<20).map { "http://a.test/\($0 % 2 == 0 ? "open" : "private")/\($0)" })
    var asked = 0
    crawl.play { visit, _ in
      guard visit.kind == .robots else { return (.fetched(isPage: true), .zero) }
      asked += 1
      return asked == 1
        ? (.robots(RobotsRules("User-agent: *\nDisallow: /private/")), .zero)
        : (.failed(kind: .status, isTransient: true, harmsHost: true), .zero)
    }
    #expect(asked > 1)
    #expect(crawl.state.snapshot.done == 10 && crawl.state.snapshot.blocked == 10)
    #expect(crawl.state.snapshot.hostsStopped == 0)
  }

  @Test func anAnswerOfAnotherKindFailsAndHoldsNothing() {
    var crawl = VirtualCrawl(policy: .quick.with { $0.obeysRobots = true })
    crawl.offer(["http://a.test/1", "http://b.test/1"])
    crawl.play { visit, _ in
      switch visit.kind {
      case .robots where visit.hostKey == "a.test": (.fetched(isPage: true), .zero)
      case .robots: (.robots(.allowAll), .zero)
      default: (.resolved([]), .zero)
      }
    }
    let counts = crawl.state.snapshot
    #expect(counts.pending == 0 && counts.pages == 0)
    #expect(counts.blocked == 1, "a.test: no rules were had")
    #expect(counts.failed == 1)
    #expect(crawl.countsAreRight)
  }

  // MARK: Hosts that were given up

  @Test func aRedirectToAHostThatWasGivenUpIsRefusedWithItsReason() {
    var crawl = VirtualCrawl()
    crawl.offer(["http://dead.test/"])
    crawl.play { _, _ in
      (.rateLimited(kind: .rateLimited, retryAfter: .seconds(1_000_000)), .zero)
    }
    crawl.offer(["http://a.test/"])
    crawl.play { _, _ in
      (Offer("http://dead.test/new").map { .redirected($0) } ?? .cancelled, .zero)
    }
    #expect(crawl.state.snapshot.done == 1 && crawl.state.snapshot.pending == 0)
    #expect(crawl.receipts.refused.map(\.url) == ["http://dead.test/", "http://dead.test/new"])
    #expect(crawl.receipts.refused.last?.rule == "Retry-After: 1000000")
    #expect(crawl.countsAreRight)
  }

  @Test func afterARestartAHostThatFailedToTheEndHasOneTryNotTwelve() {
    var crawl = VirtualCrawl()
    crawl.restore([(StoredHost(pace: HostPace(hostKey: "a.test", failuresInARow: 12)), [])])
    crawl.offer((0..<5).map { "http://a.test/\($0)" })
    crawl.play { _, _ in (.failed(kind: .refused, isTransient: true, harmsHost: true), .zero) }
    #expect(crawl.requests.count == 1)
    #expect(crawl.state.snapshot.failed == 5)
  }

  // MARK: What is told

  @Test func hostsThatRestAreCountedAsTheyAre() {
    var crawl = VirtualCrawl(policy: .quick.with { $0.delay = .seconds(10) })
    #expect(crawl.state.waiting(at: crawl.now).hosts == 0)
    crawl.offer((0..<20).map { "http://h\($0).test/1" })
    crawl.offer((0..<7).map { "http://h\($0).test/2" })
    crawl.play(for: .seconds(1))
    let waiting = crawl.state.waiting(at: crawl.now)
    #expect(waiting.hosts == 7)
    #expect((waiting.next ?? .zero) <= .seconds(10))
    crawl.play()
    #expect(crawl.state.waiting(at: crawl.now).hosts == 0)
    #expect(crawl.state.waiting(at: crawl.now).next == nil)
  }

  @Test func aSpentBudgetOfAHostIsABudgetThatEndsTheCrawl() {
    var budget = CrawlBudget()
    budget.pagesPerHost = 2
    var crawl = VirtualCrawl(budget: budget)
    crawl.offer((0..<2).map { "http://a.test/\($0)" })
    crawl.play()
    #expect(!crawl.state.isBudgetSpent(at: crawl.now), "nothing waits")
    crawl.offer((2..<9).map { "http://a.test/\($0)" })
    crawl.play()
    #expect(crawl.state.isBudgetSpent(at: crawl.now))
    #expect(crawl.state.snapshot.pending == 7 && crawl.state.snapshot.pages == 2)
  }

  @Test func manyDelayedURLsComeBackInTheOrderOfTheirTime() {
    var queue = HostQueue(key: "a.test", notBefore: ContinuousClock().now)
    let start = ContinuousClock().now
    for number in [5, 1, 9, 3, 7, 1, 5] as [UInt64] {
      let entry = FrontierEntry(
        hostKey: "a.test", hash: number, url: "http://a.test/\(number)", purpose: .page, depth: 0,
        referrer: nil, seed: "", redirects: [], failedTries: 1, queuedAt: start)
      queue.delay(entry, until: start + .seconds(Int(number)))
    }
    var order: [UInt64] = []
    for second in 0...10 {
      queue.admitDelayed(at: start + .seconds(second))
      while let entry = queue.popFirst() { order.append(entry.hash) }
    }
    #expect(order == [1, 1, 3, 5, 5, 7, 9])
  }
}

@Suite("The actor with several who wait", .timeLimit(.minutes(5)))
struct SharedWaitTests {
  private func frontier(delay: Duration) -> Frontier {
    let policy = PolitenessPolicy.quick.with { $0.delay = delay }
    return Frontier(
      state: FrontierState(
        policy: policy, identity: .random(), maximumInFlight: 64, seed: 1, at: ContinuousClock().now
      ))
  }

  private static func carry(_ visit: Visit, _ frontier: Frontier) async {
    let outcome: VisitReport.Outcome =
      visit.kind == .resolve
      ? .resolved([.v4(UInt32(truncatingIfNeeded: visit.hostKey.hashValue))])
      : .fetched(isPage: true)
    _ = await frontier.report(
      VisitReport(id: visit.id, outcome: outcome, startedAt: ContinuousClock().now))
  }

  @Test func oneWhoIsCancelledLeavesTheOtherItsAlarm() async throws {
    let frontier = frontier(delay: .seconds(2))
    _ = await frontier.offer(["http://a.test/1", "http://a.test/2"].compactMap { Offer($0) })
    for _ in 0..<2 {
      let visit = try #require(try await frontier.next())
      await Self.carry(visit, frontier)
    }
    let patient = Task { try await frontier.next() }
    for _ in 0..<100 { await Task.yield() }
    let impatient = Task { try await frontier.next() }
    for _ in 0..<100 { await Task.yield() }
    impatient.cancel()
    let visit = try await patient.value
    #expect(visit?.url.string == "http://a.test/2")
  }

  @Test func noWakeUpIsLostWithManyWhoReport() async throws {
    let frontier = frontier(delay: .milliseconds(1))
    let offers = (0..<3_000).compactMap { Offer("http://h\($0 % 60).test/\($0)") }
    _ = await frontier.offer(offers)
    try await withThrowingDiscardingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          while let visit = try await frontier.next() {
            await Task.yield()
            await Self.carry(visit, frontier)
          }
        }
      }
    }
    #expect(await frontier.counts.done == 3_000)
    #expect(await frontier.counts.inFlight == 0)
  }
}
