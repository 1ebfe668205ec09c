import GossamerFlow
import GossamerRobots
import GossamerURL
import Testing

@testable import GossamerFrontier

/// A site as a function: what a path says, and where it leads.
private struct Site {
  var says: (String) -> String
  var leadsTo: (String) -> [String]
  /// What it sends where there is nothing; nil for an honest 404.
  var nothing: String?

  /// Crawls it from "/" one page at a time, in virtual time.
  func crawl(
    traps: TrapLimits = TrapLimits(), atMost limit: Int = 30_000
  ) -> (paths: [String], probes: Int, refused: [Refusal], state: FrontierState) {
    var policy = PolitenessPolicy()
    policy.obeysRobots = false
    policy.delay = .zero
    policy.perAddressDelay = .zero
    var now = ContinuousClock().now
    // Nothing waits in a store, since there is none.
    var memory = FrontierMemory()
    memory.waitingURLsPerHost = 1_000_000
    var state = FrontierState(
      policy: policy, traps: traps, memory: memory, identity: URLIdentity(key0: 1, key1: 2),
      maximumInFlight: 1,
      seed: 3, at: now)
    var paths: [String] = []
    var probes = 0
    var refused = state.offer([Offer("http://site.test/")].compactMap(\.self), at: now).refused
    while paths.count < limit, case .visit(let visit) = state.step(at: now) {
      now += .milliseconds(1)
      var report = VisitReport(id: visit.id, outcome: .cancelled, startedAt: now)
      let path = visit.url.url.requestTarget
      switch visit.kind {
      case .resolve: report.outcome = .resolved([.v4(0x0B00_0001)])
      case .robots: report.outcome = .robots(.allowAll)
      case .probe:
        probes += 1
        report.outcome = .probed(nothing.map(fingerprint))
      case .page, .sitemap, .reservations:
        paths.append(path)
        let sign = fingerprint(says(path))
        let isNothing = sign == visit.notFound && visit.depth > 0
        report.outcome = .fetched(isPage: !isNothing)
        report.fingerprint = sign
        guard !isNothing else { break }
        report.links = leadsTo(path).compactMap {
          Offer("http://site.test" + $0, depth: visit.depth + 1)
        }
      }
      refused += state.report(report, at: now).refused
    }
    refused += state.takeDecisions().refused
    return (paths, probes, refused, state)
  }

  private func fingerprint(_ text: String) -> UInt64 {
    text.utf8.reduce(5381) { $0 &* 33 &+ UInt64($1) }
  }
}

@Suite("Endless sites are cut, large ones are not", .timeLimit(.minutes(5)))
struct TrapTests {
  @Test func aCalendarWithoutEndIsCutByItsRepetition() {
    let site = Site(
      says: { $0 == "/" ? "home" : "an empty month" },
      leadsTo: { path in
        let month = Int(path.dropFirst("/calendar/".count)) ?? 100
        return ["/calendar/\(month + 1)", "/calendar/\(month - 1)", "/about"]
      })
    let (paths, probes, refused, state) = site.crawl()
    #expect(paths.count < 200)
    #expect(probes == 1, "one host, one probe")
    #expect(state.snapshot.pending == 0)
    let trap = refused.first { $0.kind == .trap }
    #expect(trap?.rule == "repeated content")
    #expect(trap?.value == "/calendar/#")
    #expect(trap?.threshold == "100")
    #expect(site.crawl(traps: .none, atMost: 2_000).paths.count == 2_000, "reversible")
  }

  /// Also where the host may soon add no more URLs, after which none of its links is new.
  @Test(arguments: [100_000, 5_000])
  func pagesThatLeadToEverNewPagesAreCut(urlsPerHost: Int) {
    var limits = TrapLimits()
    limits.urlsPerHost = urlsPerHost
    var random = SplitMix(state: 1)
    let site = Site(
      says: { "text of \($0)" },
      leadsTo: { _ in (0..<20).map { _ in "/farm/" + String(random.next(), radix: 36) } })
    let (paths, probes, refused, state) = site.crawl(traps: limits)
    #expect(paths.count < 1_100)
    #expect(probes == 0, "no two pages say the same")
    #expect(state.snapshot.pending == 0)
    #expect(refused.contains { $0.rule == "endless pattern" && $0.value == "/farm/*" })
  }

  @Test func aLargeSiteWhosePagesKnowEachOtherIsCrawledWhole() {
    var random = SplitMix(state: 2)
    let size = 5_000
    let site = Site(
      says: { "text of \($0)" },
      leadsTo: { path in
        let number = Int(path.drop { !$0.isNumber }) ?? 0
        return ["/", "/page/\((number + 1) % size)"]
          + (0..<5).map { _ in "/page/\(Int.random(in: 0..<size, using: &random))" }
      })
    let (paths, probes, refused, _) = site.crawl()
    #expect(Set(paths).count == size + 1 && paths.count == size + 1)
    #expect(probes == 0 && refused.isEmpty)
  }

  /// Lists of articles that are linked from nowhere else, as in an old archive.
  @Test func articlesThatOnlyListsNameAreAllFound() {
    let site = Site(
      says: { "text of \($0)" },
      leadsTo: { path in
        guard let page = path == "/" ? 1 : Int(path.trimmingPrefix("/list/")) else { return ["/"] }
        return (page < 400 ? ["/list/\(page + 1)"] : [])
          + (0..<20).map { "/article/\(page)-\($0)" }
      })
    let (paths, _, refused, _) = site.crawl()
    #expect(paths.count == 400 + 400 * 20)
    #expect(refused.isEmpty)
  }

  @Test func aHostThatSendsAPageForEverythingIsLeftSoon() {
    var random = SplitMix(state: 4)
    let site = Site(
      says: { $0 == "/" ? "home" : "sorry, nothing here" },
      leadsTo: { _ in (0..<5).map { _ in "/" + String(random.next(), radix: 36) } },
      nothing: "sorry, nothing here")
    let (paths, probes, _, state) = site.crawl()
    #expect(probes == 1)
    #expect(paths.count < 30)
    #expect(state.snapshot.pages < 10)
    #expect(state.snapshot.pending == 0)
  }

  @Test func withoutLearningNobodyIsProbed() {
    var limits = TrapLimits()
    limits.learns = false
    let site = Site(
      says: { _ in "the same" },
      leadsTo: { path in
        let depth = path.count { $0 == "/" }
        return depth < 3 ? (0..<6).map { "\(path == "/" ? "" : path)/\($0)" } : []
      }, nothing: "the same")
    let (paths, probes, _, _) = site.crawl(traps: limits)
    #expect(probes == 0)
    #expect(paths.count == 1 + 6 + 36 + 216)
  }

  @Test func aParameterThatIsRepeatedIsCut() {
    let site = Site(
      says: { "text of \($0)" }, leadsTo: { ["\($0)\($0.contains("?") ? "&" : "?")a=1"] })
    let (paths, _, refused, _) = site.crawl()
    #expect(paths == ["/", "/?a=1", "/?a=1&a=1", "/?a=1&a=1&a=1"])
    #expect(refused.first?.rule == "equal parameters" && refused.first?.value == "a=1")
  }
}
