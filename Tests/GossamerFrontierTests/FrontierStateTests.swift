import GossamerFlow
import GossamerRobots
import GossamerURL
import Testing

@testable import GossamerFrontier

@Suite("Pace of hosts and addresses, in virtual time")
struct PaceTests {
  @Test func manyHostsFinishInTheTimeOfOne() {
    var crawl = VirtualCrawl()
    for page in 0..<40 { crawl.offer((0..<500).map { "http://h\($0).test/p\(page)" }) }
    crawl.play()
    #expect(crawl.requests.count == 20_000)
    #expect(crawl.seconds < 39 * 0.5 + 0.1, "no host waits for another")
    #expect(
      crawl.byHost.values.allSatisfy { VirtualCrawl.leastGap($0) >= .milliseconds(500) })
    #expect(crawl.byHost.values.allSatisfy { VirtualCrawl.mostAtOnce($0) == 1 })
    #expect(crawl.state.snapshot.done == 20_000)
    #expect(crawl.countsAreRight)
  }

  @Test func theGapCountsFromTheSendingEvenWithSeveralAtOnce() {
    var crawl = VirtualCrawl(policy: .quick.with { ($0.perHost, $0.perAddress) = (3, 3) })
    crawl.sendLag = .milliseconds(200)
    crawl.offer((0..<20).map { "http://a.test/\($0)" })
    crawl.play { _, _ in (.fetched(isPage: true), .seconds(2)) }
    #expect(crawl.requests.count == 20)
    #expect(VirtualCrawl.leastGap(crawl.requests) >= .milliseconds(500))
    #expect(VirtualCrawl.mostAtOnce(crawl.requests) == 3)
  }

  @Test func withoutDelayNothingSerializes() {
    var crawl = VirtualCrawl(
      policy: .quick.with {
        $0.delay = .zero
        $0.perHost = 8
        $0.perAddress = 8
      })
    crawl.offer((0..<80).map { "http://a.test/\($0)" })
    crawl.play { _, _ in (.fetched(isPage: true), .seconds(1)) }
    #expect(crawl.seconds == 10)
  }

  @Test func neverMoreThanAllowedOverAll() {
    var crawl = VirtualCrawl(maximumInFlight: 7)
    crawl.offer((0..<100).map { "http://h\($0).test/" })
    crawl.play { _, _ in (.fetched(isPage: true), .seconds(1)) }
    #expect(VirtualCrawl.mostAtOnce(crawl.requests) <= 7)
    #expect(crawl.requests.count == 100)
  }

  @Test(arguments: [1, 2])
  func hostsAtOneAddressShareItsPace(perAddress: Int) {
    var crawl = VirtualCrawl(
      policy: .quick.with {
        $0.perAddressDelay = .seconds(1)
        $0.perAddress = perAddress
      })
    crawl.sendLag = .milliseconds(perAddress == 1 ? 0 : 100)
    for host in 0..<20 { crawl.addresses["h\(host).test"] = .v4(0x0B00_0001) }
    crawl.offer((0..<20).flatMap { ["http://h\($0).test/a", "http://h\($0).test/b"] })
    crawl.offer(["http://free.test/a", "http://free.test/b"])
    crawl.play { _, _ in (.fetched(isPage: true), .seconds(1.5)) }
    let shared = crawl.requests.filter { $0.visit.hostKey != "free.test" }
    #expect(shared.count == 40)
    #expect(VirtualCrawl.leastGap(shared) >= .seconds(1))
    #expect(VirtualCrawl.mostAtOnce(shared) == perAddress)
    #expect(crawl.seconds <= 40 * (perAddress == 1 ? 1.5 : 1.1) + 2, "no turn is lost")
    let free = crawl.requests.filter { $0.visit.hostKey == "free.test" }
    #expect(free.allSatisfy { $0.end < .seconds(4) }, "another address does not wait")
    let firstRound = shared.sorted { $0.start < $1.start }.prefix(20).map(\.visit.hostKey)
    #expect(Set(firstRound).count == 20, "fair: each host once before any twice")
  }

  @Test func linksToAWaitingHostDoNotCostItItsTurn() {
    var crawl = VirtualCrawl(maximumInFlight: 1)
    crawl.offer(["http://popular.test/"])
    crawl.offer((0..<50).map { "http://h\($0).test/" })
    crawl.play(links: { [Offer("http://popular.test/from-\($0.hostKey)")].compactMap { $0 } })
    let place = crawl.requests.firstIndex { $0.visit.hostKey == "popular.test" }
    #expect((place ?? 1_000) < 5)
  }

  @Test func theHeapDoesNotGrowWithOffers() {
    var crawl = VirtualCrawl()
    crawl.offer(["http://a.test/"])
    for number in 0..<10_000 {
      crawl.offer(["http://a.test/\(number)", "http://b.test/\(number)"])
    }
    #expect(crawl.state.placeCount < 100)
  }

  @Test func aSlowHostIsAskedLessOften() {
    var crawl = VirtualCrawl(policy: .quick.with { $0.slownessFactor = 3 })
    crawl.offer((0..<5).map { "http://a.test/\($0)" })
    crawl.play { _, _ in (.fetched(isPage: true), .seconds(2)) }
    #expect(VirtualCrawl.leastGap(crawl.requests) == .seconds(6))
  }

  @Test func lowerDepthsGoFirstAndSitemapsBeforePages() {
    var crawl = VirtualCrawl()
    crawl.offer(["http://a.test/deep"], depth: 2)
    crawl.offer(["http://a.test/one", "http://a.test/two"], depth: 1)
    crawl.offer(["http://a.test/"])
    crawl.play()
    #expect(crawl.requests.map(\.visit.url.url.pathname) == ["/", "/one", "/two", "/deep"])
  }
}

@Suite("RFC 9110 §10.2.3, RFC 6585: hosts that ask for fewer requests")
struct BackoffTests {
  @Test func retryAfterHoldsTheWholeHostAndNoOther() {
    var crawl = VirtualCrawl()
    crawl.offer(["http://a.test/1", "http://a.test/2", "http://b.test/1", "http://b.test/2"])
    var refused = false
    crawl.play { visit, _ in
      guard visit.hostKey == "a.test", !refused else {
        return (.fetched(isPage: true), .milliseconds(10))
      }
      refused = true
      return (.rateLimited(kind: .rateLimited, retryAfter: .seconds(30)), .zero)
    }
    let starts = crawl.byHost["a.test", default: []].map(\.start)
    #expect(starts.count == 3)
    #expect(starts[1] >= .seconds(30) && starts[1] < .seconds(31))
    #expect(crawl.byHost["b.test", default: []].allSatisfy { $0.end < .seconds(1) })
    #expect(crawl.requests.allSatisfy { $0.visit.attempt == 1 }, "no try is charged")
    #expect(crawl.state.snapshot.done == 4)
  }

  @Test func aGoodAnswerDuringTheRestDoesNotShortenIt() {
    var crawl = VirtualCrawl(policy: .quick.with { ($0.perHost, $0.perAddress) = (2, 2) })
    crawl.offer((0..<4).map { "http://a.test/\($0)" })
    crawl.play { visit, at in
      switch visit.url.url.pathname {
      case "/0": (.fetched(isPage: true), .seconds(5))
      case "/1" where at < .seconds(10):
        (.rateLimited(kind: .rateLimited, retryAfter: .seconds(60)), .milliseconds(100))
      default: (.fetched(isPage: true), .milliseconds(10))
      }
    }
    let later = crawl.requests.map(\.start).filter { $0 > .seconds(1) }
    #expect(later.count == 3)
    #expect(later.allSatisfy { $0 >= .seconds(60) })
  }

  @Test func withoutATimeTheRestGrowsAndTheHostIsGivenUp() {
    var crawl = VirtualCrawl()
    crawl.offer(["http://a.test/1", "http://a.test/2"])
    crawl.play { _, _ in (.rateLimited(kind: .rateLimited, retryAfter: nil), .zero) }
    #expect(crawl.requests.count == 8)
    let starts = crawl.requests.map(\.start)
    let gaps = zip(starts, starts.dropFirst()).map { $1 - $0 }
    #expect(zip(gaps, gaps.dropFirst()).allSatisfy { $1 > $0 })
    #expect(gaps[0] >= .seconds(4) && gaps[0] <= .seconds(6))
    #expect(crawl.state.snapshot.failed == 2)
    #expect(crawl.receipts.refused.map(\.kind) == [.rateLimited, .rateLimited])
    #expect(crawl.countsAreRight)
  }

  @Test(arguments: [Duration.zero, .seconds(-5)])
  func anUnusableTimeMeansOurOwnRest(retryAfter: Duration) {
    var crawl = VirtualCrawl()
    crawl.offer(["http://a.test/"])
    crawl.play(for: .seconds(20)) { _, _ in
      (.rateLimited(kind: .rateLimited, retryAfter: retryAfter), .zero)
    }
    #expect(VirtualCrawl.leastGap(crawl.requests) >= .seconds(4))
  }

  @Test func tenYearsGiveTheHostUpAtOnce() {
    var crawl = VirtualCrawl()
    crawl.offer(["http://a.test/1", "http://a.test/2"])
    crawl.play { _, _ in
      (.rateLimited(kind: .rateLimited, retryAfter: .seconds(315_360_000)), .zero)
    }
    #expect(crawl.requests.count == 1)
    #expect(crawl.state.snapshot.hostsStopped == 1)
    #expect(crawl.seconds < 1)
  }

  @Test func passingFailuresAreTriedAgainWithGrowingWaits() {
    var crawl = VirtualCrawl()
    crawl.offer(["http://a.test/bad", "http://a.test/good"])
    crawl.play { visit, _ in
      visit.url.url.pathname == "/good"
        ? (.fetched(isPage: true), .zero)
        : (.failed(kind: .reset, isTransient: true, harmsHost: false), .zero)
    }
    let bad = crawl.requests.filter { $0.visit.url.url.pathname == "/bad" }
    #expect(bad.map(\.visit.attempt) == [1, 2, 3, 4])
    let gaps = zip(bad, bad.dropFirst()).map { ($1.start - $0.start) / .seconds(1) }
    #expect((8...12.1).contains(gaps[0]) && (48...73).contains(gaps[1]))
    #expect(crawl.receipts.postponed.map(\.entry.failedTries) == [1, 2, 3])
    #expect(crawl.state.snapshot.failed == 1)
    #expect(crawl.state.snapshot.done == 1)
  }

  @Test func anUnwellHostIsGivenUpAndDoesNotDelayOthers() {
    var crawl = VirtualCrawl(policy: .quick.with { $0.retries = 100 })
    crawl.offer((0..<30).flatMap { ["http://ill.test/\($0)", "http://well.test/\($0)"] })
    crawl.play { visit, _ in
      visit.hostKey == "well.test"
        ? (.fetched(isPage: true), .zero)
        : (.failed(kind: .refused, isTransient: true, harmsHost: true), .zero)
    }
    #expect(crawl.byHost["ill.test", default: []].count == 12)
    #expect(crawl.byHost["well.test", default: []].allSatisfy { $0.end < .seconds(15) })
    #expect(crawl.state.snapshot.failed == 30)
    #expect(crawl.countsAreRight)
  }

  @Test func whatIsUnderWayWhenItsHostIsGivenUpEndsToo() {
    var crawl = VirtualCrawl(policy: .quick.with { ($0.perHost, $0.perAddress) = (2, 2) })
    crawl.offer((0..<4).map { "http://a.test/\($0)" })
    crawl.play { visit, _ in
      visit.url.url.pathname == "/0"
        ? (.failed(kind: .reset, isTransient: true, harmsHost: false), .seconds(9))
        : (.rateLimited(kind: .rateLimited, retryAfter: .seconds(1_000_000)), .zero)
    }
    #expect(crawl.state.snapshot.pending == 0)
    #expect(crawl.state.snapshot.failed == 4)
    #expect(crawl.countsAreRight)
  }
}

@Suite("RFC 9309: robots.txt before pages")
struct RobotsVisitTests {
  let obeying = PolitenessPolicy.quick.with { $0.obeysRobots = true }

  private func play(
    _ urls: [String], robots: VisitReport.Outcome, policy: PolitenessPolicy? = nil
  ) -> VirtualCrawl {
    var crawl = VirtualCrawl(policy: policy ?? obeying)
    crawl.offer(urls)
    crawl.play { visit, _ in
      (visit.kind == .robots ? robots : .fetched(isPage: true), .milliseconds(10))
    }
    return crawl
  }

  @Test func eachOriginIsAskedForItsRulesFirst() {
    let crawl = play(
      ["http://a.test/1", "http://a.test/2", "https://a.test/1"], robots: .robots(.allowAll))
    #expect(
      crawl.requests.map(\.visit.url.string) == [
        "http://a.test/robots.txt", "http://a.test/1", "http://a.test/2",
        "https://a.test/robots.txt", "https://a.test/1",
      ])
    #expect(VirtualCrawl.leastGap(crawl.requests) >= .milliseconds(500))
  }

  @Test func disallowedPagesEndWithTheLineThatForbidsThem() {
    let crawl = play(
      ["http://a.test/private/x", "http://a.test/open"],
      robots: .robots(RobotsRules("User-agent: *\nDisallow: /private/")))
    #expect(crawl.requests.map(\.visit.url.url.pathname) == ["/robots.txt", "/open"])
    let left = crawl.stateDecisions
    let refused = (crawl.receipts.refused + left.refused).first
    #expect(refused?.kind == .robots)
    #expect(refused?.rule?.hasPrefix("line 2") == true)
    #expect(crawl.state.snapshot.blocked == 1)
  }

  @Test func crawlDelayIsKeptBetweenRequests() {
    let crawl = play(
      (0..<5).map { "http://a.test/\($0)" },
      robots: .robots(RobotsRules("User-agent: *\nCrawl-delay: 2")))
    #expect(VirtualCrawl.leastGap(crawl.requests) >= .seconds(2))
    #expect(crawl.requests.count == 6)
  }

  @Test func aCrawlDelayOfAYearLeavesTheHostOut() {
    let crawl = play(
      ["http://a.test/"], robots: .robots(RobotsRules("User-agent: *\nCrawl-delay: 31536000")))
    #expect(crawl.requests.count == 1)
    #expect(crawl.state.snapshot.blocked == 1)
  }

  @Test(arguments: [
    VisitReport.Outcome.failed(kind: .status, isTransient: true, harmsHost: false),
    .rateLimited(kind: .rateLimited, retryAfter: .seconds(5)),
    .rateLimited(kind: .rateLimited, retryAfter: nil),
  ])
  func nothingElseIsAskedWhileRulesAreNotToBeHad(outcome: VisitReport.Outcome) {
    let crawl = play(["http://a.test/1", "http://a.test/2"], robots: outcome)
    #expect(crawl.requests.allSatisfy { $0.visit.kind == .robots })
    #expect((4...8).contains(crawl.requests.count))
    #expect(
      crawl.receipts.refused.map(\.kind) == .init(repeating: .robotsUnavailable, count: 2))
    #expect(crawl.state.snapshot.blocked == 2)
    #expect(crawl.countsAreRight)
  }

  @Test(arguments: [(Cause.refused, true, 4), (.tlsExpired, false, 1)])
  func aHostThatCannotBeReachedEndsWithItsOwnReason(
    kind: Cause, isTransient: Bool, requests: Int
  ) {
    let crawl = play(
      ["http://a.test/1", "http://a.test/2"],
      robots: .failed(kind: kind, isTransient: isTransient, harmsHost: true))
    #expect(crawl.requests.count == requests)
    #expect(crawl.receipts.refused.map(\.kind) == [kind, kind])
    #expect(crawl.state.snapshot.failed == 2)
    #expect(crawl.countsAreRight)
  }

  @Test func rulesAreAskedForAgainWhenTheyAreOld() {
    let policy = obeying.with { $0.robotsLifetime = .seconds(3) }
    var crawl = VirtualCrawl(policy: policy)
    crawl.offer((0..<20).map { "http://a.test/\($0)" })
    var asked = 0
    crawl.play { visit, _ in
      guard visit.kind == .robots else { return (.fetched(isPage: true), .zero) }
      asked += 1
      return (.robots(asked == 1 ? .allowAll : .disallowAll), .zero)
    }
    #expect(asked == 2)
    #expect((4...8).contains(crawl.state.snapshot.done))
    #expect(crawl.state.snapshot.blocked == 20 - crawl.state.snapshot.done)
  }
}

extension VirtualCrawl {
  /// Decisions that no report carried away.
  fileprivate var stateDecisions: ReportReceipt {
    var copy = state
    return copy.takeDecisions()
  }
}

@Suite("Budgets, depth and traps")
struct LimitTests {
  @Test func pagesOverAllStopExactly() {
    var crawl = VirtualCrawl(budget: .pages(10))
    crawl.offer((0..<100).map { "http://h\($0).test/" })
    crawl.play()
    #expect(crawl.requests.count == 10)
    #expect(crawl.state.snapshot.pages == 10)
    #expect(crawl.state.snapshot.pending == 90)
  }

  @Test func bytesTimeAndPagesOfAHost() {
    var bytes = CrawlBudget()
    bytes.bytes = 450
    var time = CrawlBudget()
    time.time = .seconds(3)
    var perHost = CrawlBudget()
    perHost.pagesPerHost = 4
    for (budget, expected) in [(bytes, 5), (time, 6), (perHost, 4)] {
      var crawl = VirtualCrawl(budget: budget)
      crawl.offer((0..<50).map { "http://a.test/\($0)" })
      crawl.play()
      #expect(crawl.requests.count == expected, "\(budget)")
    }
  }

  @Test func depthIsRefusedAndSaidOnce() {
    var budget = CrawlBudget()
    budget.depth = 1
    var crawl = VirtualCrawl(budget: budget)
    for _ in 0..<3 { crawl.offer(["http://a.test/deep"], depth: 2) }
    #expect(crawl.receipts.refused.map(\.kind) == [.depthLimit])
    crawl.offer(["http://a.test/deep"], depth: 1)
    #expect(crawl.receipts.accepted.count == 1, "a shorter way makes it welcome")
  }

  @Test func endlessSitesAreCut() {
    var traps = TrapLimits()
    traps.urlsPerHost = 30
    traps.queriesPerPath = 5
    var crawl = VirtualCrawl(traps: traps)
    crawl.offer(["http://a.test/a/a/a/b", "http://a.test/a/a/a/a/b"])
    #expect(crawl.receipts.refused.map(\.rule) == ["equal path segments"])
    crawl.offer((0..<10).map { "http://b.test/cal?day=\($0)" })
    #expect(crawl.receipts.refused.count == 6)
    crawl.offer((0..<40).map { "http://c.test/\($0)" })
    #expect(crawl.receipts.accepted.count == 1 + 5 + 30)
    #expect(crawl.state.snapshot.refused == 1 + 5 + 10)
  }

  @Test func knownURLsAreTakenOnce() {
    var crawl = VirtualCrawl()
    for _ in 0..<3 { crawl.offer(["http://a.test/", "http://a.test/#x", "HTTP://A.test:80/"]) }
    #expect(crawl.receipts.accepted.count == 1)
    #expect(crawl.state.snapshot.known == 1)
  }
}

extension CrawlBudget {
  static func pages(_ count: Int) -> CrawlBudget {
    var budget = CrawlBudget()
    budget.pages = count
    return budget
  }
}

@Suite("Restart and return")
struct RestartTests {
  @Test func aHostThatWasAskedRestsOnceMoreAndItsRestGoesOn() {
    var crawl = VirtualCrawl()
    func host(_ name: String, parked: Duration? = nil, wasAsked: Bool = true) -> StoredHost {
      var host = StoredHost(
        pace: HostPace(
          hostKey: "\(name).test", crawlDelay: wasAsked ? .seconds(3) : nil, parkedFor: parked))
      host.wasAsked = wasAsked
      return host
    }
    var busy = host("busy")
    busy.pace.restsFor = .seconds(20)
    crawl.restore([
      (host("asked"), [nil]), (host("parked", parked: .seconds(100)), [nil]), (busy, [nil]),
      (host("new", wasAsked: false), [nil]),
    ])
    #expect(crawl.state.snapshot.known == 4)
    crawl.play()
    #expect(crawl.byHost["new.test"]?.first?.start == .zero)
    #expect(crawl.byHost["asked.test"]?.first?.start == .seconds(3))
    #expect(crawl.byHost["busy.test"]?.first?.start == .seconds(20))
    #expect(crawl.byHost["parked.test"]?.first?.start == .seconds(100))
  }

  @Test func afterACrashNoHostIsAskedBeforeTheDelayHasPassed() {
    var crawl = VirtualCrawl()
    crawl.restore([], wasCutShort: true)
    crawl.offer(["http://unheard-of.test/"])
    crawl.play()
    #expect(crawl.requests.first?.start == .milliseconds(500))
  }

  @Test func aFailedURLWaitsOnAcrossARestart() {
    var crawl = VirtualCrawl()
    crawl.restore([(StoredHost(pace: HostPace(hostKey: "a.test")), [.seconds(50)])], tries: 2)
    crawl.play()
    #expect(crawl.requests.first?.start == .seconds(50))
    #expect(crawl.requests.first?.visit.attempt == 3)
  }

  @Test func aHostThatWasGivenUpStaysSoAndWhatWaitsInTheStoreEnds() {
    var crawl = VirtualCrawl()
    var host = StoredHost(pace: HostPace(hostKey: "a.test"))
    host.pace.stop = HostStop(kind: .rateLimited, rule: "8 refusals in a row")
    crawl.restore([(host, [nil, nil, nil])])
    crawl.offer(["http://a.test/new"])
    crawl.play()
    #expect(crawl.requests.isEmpty)
    #expect(crawl.state.snapshot.failed == 3 && crawl.state.snapshot.pending == 0)
    #expect(crawl.receipts.refused.map(\.kind) == .init(repeating: .rateLimited, count: 4))
    #expect(crawl.countsAreRight)
  }

  @Test(arguments: [false, true])
  func aCopyOfTheRulesServesTheNextRunUntilItIsOld(isOld: Bool) {
    var crawl = VirtualCrawl(policy: .quick.with { $0.obeysRobots = true })
    var host = StoredHost(pace: HostPace(hostKey: "a.test"))
    host.rulesValidFor.plain = isOld ? .zero : .seconds(60)
    let body = Array("User-agent: gossamer\nDisallow: /0".utf8)
    let copy = RobotsCopy(isSecure: false, body: body, validFor: .seconds(60))
    crawl.restore([(host, [nil, nil])], rules: [copy])
    crawl.play { visit, _ in
      (visit.kind == .robots ? .robots(.allowAll) : .fetched(isPage: true), .zero)
    }
    #expect(
      crawl.requests.map(\.visit.url.url.pathname)
        == (isOld ? ["/robots.txt", "/0", "/1"] : ["/1"]))
    #expect(crawl.state.snapshot.blocked == (isOld ? 0 : 1))
  }

  @Test func cancelledVisitsGoBackUnspent() {
    var crawl = VirtualCrawl(policy: .quick.with { $0.obeysRobots = true })
    crawl.offer(["http://a.test/"])
    var cancelled: Set<String> = []
    crawl.play { visit, _ in
      if cancelled.insert("\(visit.kind)").inserted { return (.cancelled, .zero) }
      return (visit.kind == .robots ? .robots(.allowAll) : .fetched(isPage: true), .zero)
    }
    #expect(crawl.requests.count == 4)
    #expect(crawl.requests.allSatisfy { $0.visit.attempt == 1 })
    #expect(crawl.state.snapshot.done == 1)
  }

  @Test func changedPacesAreTakenOnce() {
    var crawl = VirtualCrawl()
    crawl.offer(["http://a.test/", "http://b.test/"])
    crawl.play()
    #expect(crawl.state.takeChangedPaces(at: crawl.now).count == 2)
    #expect(crawl.state.takeChangedPaces(at: crawl.now).isEmpty)
  }
}
