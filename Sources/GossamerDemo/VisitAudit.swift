/// Judges the requests of a visitor as they arrive. A value: it is told the time.
struct VisitAudit: Sendable {
  typealias Kind = DemoStatistics.Violation.Kind

  private(set) var statistics: DemoStatistics
  private let configuration: DemoConfiguration
  private var hosts: [HostState]

  private struct HostState {
    var lastArrival: ContinuousClock.Instant?
    var inFlight = 0
    var hasAnsweredRobots = false
    var silentUntil: ContinuousClock.Instant?
    var delivered: Set<String> = []
    var refused: Set<String> = []
  }

  init(configuration: DemoConfiguration, bases: [String]) {
    self.configuration = configuration
    statistics = DemoStatistics(hosts: bases.map { .init(base: $0) })
    hosts = bases.map { _ in HostState() }
    for index in bases.indices {
      statistics.hosts[index].requiredGap = configuration.promisedDelay
    }
  }

  /// Takes note of a request and returns what is to be answered.
  mutating func begin(
    _ target: String, host: Int, in world: DemoWorld, at now: ContinuousClock.Instant
  ) -> DemoAnswer {
    let site = world.hosts[host]
    checkPace(target, host: host, at: now)
    checkPermission(target, host: host, site: site)
    statistics.hosts[host].requests += 1
    hosts[host].inFlight += 1
    statistics.hosts[host].mostParallel = max(
      statistics.hosts[host].mostParallel, hosts[host].inFlight)
    if hosts[host].inFlight > configuration.parallelPerHost {
      note(.parallel, target, host, "\(hosts[host].inFlight) in flight")
    }
    return answer(to: target, host: host, site: site, at: now)
  }

  /// The answer has been given.
  mutating func end(_ target: String, host: Int, status: Int, in world: DemoWorld) {
    hosts[host].inFlight -= 1
    if target == "/robots.txt" {
      hosts[host].hasAnsweredRobots = true
      if let delay = world.hosts[host].crawlDelay {
        statistics.hosts[host].requiredGap = max(configuration.promisedDelay, delay)
      }
    }
    if status == 200 { statistics.hosts[host].answered += 1 }
  }

  private mutating func checkPace(_ target: String, host: Int, at now: ContinuousClock.Instant) {
    if let last = hosts[host].lastArrival {
      let gap = now - last
      let required = statistics.hosts[host].requiredGap
      statistics.hosts[host].smallestGap = min(statistics.hosts[host].smallestGap ?? gap, gap)
      if gap + configuration.tolerance < required {
        note(.gap, target, host, "\(gap.milliseconds) ms, \(required.milliseconds) ms required")
      }
    }
    hosts[host].lastArrival = now
    if let until = hosts[host].silentUntil, now + configuration.tolerance < until {
      note(.duringRetryAfter, target, host, "\((until - now).milliseconds) ms too early")
    }
  }

  private mutating func checkPermission(_ target: String, host: Int, site: DemoHost) {
    if target == "/robots.txt" {
      statistics.hosts[host].robotsRequests += 1
      return
    }
    if !hosts[host].hasAnsweredRobots {
      note(.robotsNotFirst, target, host, "robots.txt not answered yet")
    }
    if let rule = site.disallowingRule(of: target) {
      note(.disallowed, target, host, "Disallow: \(rule)")
    }
    if target.hasPrefix("/private/") { note(.privatePage, target, host, "off limits") }
    if site.nofollowed.contains(target) {
      note(.nofollowed, target, host, "linked by a nofollow page only")
    }
    if target.hasPrefix("/calendar?month=") { statistics.trapPages += 1 }
  }

  private mutating func answer(
    to target: String, host: Int, site: DemoHost, at now: ContinuousClock.Instant
  ) -> DemoAnswer {
    let answer = site.answer(to: target)
    if case .refusesOnce(let status) = answer.manner, hosts[host].refused.insert(target).inserted {
      hosts[host].silentUntil = now + .seconds(configuration.retryAfter)
      var refusal = DemoAnswer.plain(status, "Please come back a little later.\n")
      refusal.headers.append(("Retry-After", String(configuration.retryAfter)))
      return refusal
    }
    if answer.status == 200, target != "/robots.txt",
      !hosts[host].delivered.insert(target).inserted
    {
      note(.repeated, target, host, "delivered before")
    }
    return answer
  }

  private mutating func note(_ kind: Kind, _ target: String, _ host: Int, _ detail: String) {
    statistics.violations.append(
      .init(kind: kind, url: statistics.hosts[host].base + target, detail: detail))
  }
}

extension Duration {
  /// Whole milliseconds, towards zero.
  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
