import GossamerFlow
import GossamerRobots
import GossamerURL

extension FrontierState {
  /// The request of a visit was sent at this moment. Needed for visits that announce their start.
  public mutating func began(_ id: Visit.ID, startedAt: Instant, at now: Instant) {
    guard let visit = visits[id], visit.awaitsStart else { return }
    visits[id]?.awaitsStart = false
    stopAwaiting(visit)
    pace(visit, startedAt: startedAt, responseSeconds: 0)
    schedule(visit.host, at: now)
    if let gate = visit.gate { scheduleGate(gate, at: now) }
  }

  /// Ends a visit: frees its place, moves the host's time, takes in what was found.
  public mutating func report(_ report: VisitReport, at now: Instant) -> ReportReceipt {
    guard let visit = visits.removeValue(forKey: report.id) else { return ReportReceipt() }
    release(visit, report, at: now)
    counts.bytes += report.bytes
    if visit.kind != .resolve { changedHosts.insert(visit.host) }
    let retryIn = settle(visit, report, at: now)
    noteContent(of: visit, report, at: now)
    noteSitemap(of: visit, report)
    schedule(visit.host, at: now)
    var receipt = offer(report.links, at: now)
    learn(from: visit, report, accepted: receipt.accepted)
    receipt.retryIn = retryIn
    return receipt
  }

  // MARK: Places and pace

  private mutating func release(_ visit: Outstanding, _ report: VisitReport, at now: Instant) {
    guard visit.kind != .resolve else { return }
    hosts[visit.host].inFlight -= 1
    if visit.awaitsStart { stopAwaiting(visit) }
    if visit.kind == .page {
      hosts[visit.host].pagesInFlight -= 1
      counts.pagesInFlight -= 1
    }
    if let startedAt = report.startedAt {
      pace(visit, startedAt: startedAt, responseSeconds: report.responseSeconds)
    }
    guard let gate = visit.gate else { return }
    gates[gate].inFlight -= 1
    scheduleGate(gate, at: now)
  }

  private mutating func stopAwaiting(_ visit: Outstanding) {
    hosts[visit.host].awaitsStart = false
    if let gate = visit.gate { gates[gate].awaitsStart = false }
  }

  /// Counts the rest from the moment the request was sent.
  private mutating func pace(_ visit: Outstanding, startedAt: Instant, responseSeconds: Double) {
    let gap = policy.gap(
      crawlDelay: hosts[visit.host].crawlDelay, responseSeconds: responseSeconds)
    hosts[visit.host].notBefore = max(hosts[visit.host].notBefore, startedAt + gap)
    guard let gate = visit.gate else { return }
    gates[gate].notBefore = max(gates[gate].notBefore, startedAt + policy.perAddressDelay)
  }

  private mutating func spread(_ wait: Duration) -> Duration {
    wait * Double.random(in: 1 - policy.jitter...1 + policy.jitter, using: &random)
  }

  // MARK: Outcomes

  private mutating func settle(
    _ visit: Outstanding, _ report: VisitReport, at now: Instant
  ) -> Duration? {
    guard report.outcome.fits(visit.kind) else {
      return fail(
        visit, .status, isTransient: false, harmsHost: false, after: report,
        at: now)
    }
    switch report.outcome {
    case .resolved(let addresses): becomeKnown(visit.host, addresses, at: now)
    case .robots(let rules, let body):
      takeRules(rules, body, visit, startedAt: report.startedAt ?? now, at: now)
    case .fetched(let isPage): endWell(visit, isPage: isPage, at: now)
    case .probed(let fingerprint): takeProbe(visit, fingerprint, at: now)
    case .redirected(let target):
      endWell(visit, isPage: false, at: now)
      _ = offerRedirect(target, at: now)
    case .rateLimited(let kind, let retryAfter):
      return slowDown(visit, kind, retryAfter, after: report, at: now)
    case .failed(let kind, let isTransient, let harmsHost):
      return fail(
        visit, kind, isTransient: isTransient, harmsHost: harmsHost, after: report, at: now)
    case .refused(let kind, let rule): refuse(visit, kind, rule)
    case .cancelled: giveBack(visit)
    }
    return nil
  }

  private mutating func offerRedirect(_ target: Offer, at now: Instant) -> ReportReceipt {
    let receipt = offer([target], at: now)
    decisions.merge(receipt)
    return receipt
  }

  private mutating func becomeKnown(_ host: Int, _ addresses: [IPAddress], at now: Instant) {
    hosts[host].addresses = .known(addresses)
    schedule(host, at: now)
  }

  private mutating func takeRules(
    _ rules: RobotsRules, _ body: [UInt8], _ visit: Outstanding, startedAt: Instant,
    at now: Instant
  ) {
    recover(visit.host, at: now)
    let end = now + policy.robotsLifetime
    hosts[visit.host].origins[visit.isSecure] = .known(rules, until: end)
    hosts[visit.host].rulesToStore.append((visit.isSecure, body, end))
    guard let delay = rules.crawlDelay else { return }
    guard delay <= policy.maximumCrawlDelay else {
      let seconds = delay.components.seconds
      return stop(visit.host, kind: .robots, rule: "Crawl-delay: \(seconds)")
    }
    hosts[visit.host].crawlDelay = max(hosts[visit.host].crawlDelay ?? .zero, delay)
    hosts[visit.host].notBefore = max(hosts[visit.host].notBefore, startedAt + delay)
  }

  private mutating func endWell(_ visit: Outstanding, isPage: Bool, at now: Instant) {
    recover(visit.host, at: now)
    hosts[visit.host].paywallsInARow = 0
    guard let entry = visit.entry else { return }
    if isPage {
      counts.pages += 1
      hosts[visit.host].pagesStored += 1
    }
    finish(entry, .done)
  }

  /// A good answer lets a host recover, step by step from refusals. One that arrives during a rest
  /// was asked for before it, and shortens nothing.
  mutating func recover(_ host: Int, at now: Instant) {
    if let until = hosts[host].parkedUntil {
      guard until <= now else { return }
      hosts[host].parkedUntil = nil
    }
    hosts[host].failuresInARow = 0
    hosts[host].refusalsInARow /= 2
  }

  /// The whole host waits; the URL that met the refusal is not charged a try.
  private mutating func slowDown(
    _ visit: Outstanding, _ kind: Cause, _ retryAfter: Duration?, after report: VisitReport,
    at now: Instant
  ) -> Duration? {
    let host = visit.host
    let isRobots = visit.kind == .robots
    if isNewTrouble(host, report, at: now) { hosts[host].refusalsInARow += 1 }
    giveBack(visit)
    if let retryAfter, retryAfter > policy.maximumRetryAfter {
      stop(
        host, kind: isRobots ? .robotsUnavailable : kind,
        rule: "Retry-After: \(retryAfter.components.seconds)")
      return nil
    }
    guard hosts[host].refusalsInARow < policy.refusalsToGiveUp else {
      stop(
        host, kind: isRobots ? .robotsUnavailable : kind,
        rule: "\(hosts[host].refusalsInARow) refusals in a row")
      return nil
    }
    let own = spread(policy.rest(afterRefusals: hosts[host].refusalsInARow))
    // What the host asked for is the least; a zero or past date is no leave to hurry.
    let wait = retryAfter.map { $0 > .zero ? $0 : own } ?? own
    park(host, until: now + wait)
    return wait
  }

  private mutating func isNewTrouble(
    _ host: Int, _ report: VisitReport, at now: Instant
  ) -> Bool {
    if let last = hosts[host].troubledAt, let startedAt = report.startedAt, startedAt < last {
      return false
    }
    hosts[host].troubledAt = now
    return true
  }

  private mutating func park(_ host: Int, until: Instant) {
    hosts[host].parkedUntil = max(hosts[host].parkedUntil ?? until, until)
  }

  private mutating func fail(
    _ visit: Outstanding, _ kind: Cause, isTransient: Bool, harmsHost: Bool,
    after report: VisitReport, at now: Instant
  ) -> Duration? {
    let host = visit.host
    if visit.kind != .resolve, harmsHost, isNewTrouble(host, report, at: now) {
      hosts[host].failuresInARow += 1
    }
    switch visit.kind {
    case .resolve: return failLookUp(host, kind, isTransient: isTransient, at: now)
    case .robots:
      return failRobots(visit, kind, isTransient: isTransient, isOfHost: harmsHost, at: now)
    case .page, .sitemap, .reservations, .probe: break
    }
    guard var entry = visit.entry else { return nil }
    entry.failedTries += 1
    var wait: Duration?
    if isTransient, entry.failedTries <= policy.retries {
      let time = spread(policy.retryWait(afterFailedTries: entry.failedTries))
      postpone(entry, host, by: time, at: now)
      wait = hosts[host].isStopped ? nil : time
    } else {
      finish(entry, .failed)
    }
    if harmsHost { strain(host, kind, at: now) }
    return wait
  }

  /// A host that fails again and again gets longer and longer rests, and is given up in the end.
  private mutating func strain(_ host: Int, _ kind: Cause, at now: Instant) {
    let failures = hosts[host].failuresInARow
    guard failures < policy.failuresToGiveUp else {
      return stop(host, kind: kind, rule: "\(failures) failures in a row")
    }
    guard failures > 1 else { return }
    park(host, until: now + spread(policy.rest(afterRefusals: failures - 1)))
  }

  private mutating func failLookUp(
    _ host: Int, _ kind: Cause, isTransient: Bool, at now: Instant
  ) -> Duration? {
    guard case .lookingUp(let tries) = hosts[host].addresses else { return nil }
    guard isTransient, tries < policy.retries else {
      stop(host, kind: kind, rule: "host name" + Self.tries(tries + 1))
      return nil
    }
    hosts[host].addresses = .unknown(failedTries: tries + 1)
    let wait = spread(policy.retryWait(afterFailedTries: tries + 1))
    park(host, until: now + wait)
    schedule(host, at: now)
    return wait
  }

  /// Nothing is asked while the rules are not to be had; an old copy still in hand may be used.
  ///
  /// Where no connection comes about, or what answers is no web server, that is the reason for the
  /// whole host, and not that one file could not be had.
  private mutating func failRobots(
    _ visit: Outstanding, _ kind: Cause, isTransient: Bool, isOfHost: Bool, at now: Instant
  ) -> Duration? {
    let host = visit.host
    guard case .asking(let tries, let old) = hosts[host].origins[visit.isSecure] else { return nil }
    if let old {
      hosts[host].origins[visit.isSecure] = .known(old, until: now + policy.retryDelay)
      return nil
    }
    guard isTransient, tries < policy.retries else {
      stop(
        host, kind: isOfHost ? kind : .robotsUnavailable,
        rule: (isOfHost ? "robots.txt" : kind.rawValue) + Self.tries(tries + 1))
      return nil
    }
    hosts[host].origins[visit.isSecure] = .unknown(failedTries: tries + 1)
    let wait = spread(policy.retryWait(afterFailedTries: tries + 1))
    park(host, until: now + wait)
    return wait
  }

  /// Said only where there were more than one.
  private static func tries(_ count: Int) -> String { count > 1 ? ", \(count) tries" : "" }

  private mutating func refuse(_ visit: Outstanding, _ kind: Cause, _ rule: String?) {
    guard let entry = visit.entry else { return stop(visit.host, kind: kind, rule: rule) }
    finish(entry, kind.isPolicy ? .blocked : .skipped)
    guard kind == .payment || kind == .license else { return }
    hosts[visit.host].paywallsInARow += 1
    guard hosts[visit.host].paywallsInARow >= policy.paywallsToGiveUp else { return }
    stop(
      visit.host, kind: kind, rule: "\(policy.paywallsToGiveUp) in a row, the last: \(rule ?? "")")
  }

  private mutating func giveBack(_ visit: Outstanding) {
    switch visit.kind {
    case .resolve: hosts[visit.host].addresses = .unknown(failedTries: 0)
    case .robots:
      if case .asking(let tries, let old) = hosts[visit.host].origins[visit.isSecure] {
        // An old copy is kept as outdated: still to be asked for anew, but in hand if that fails.
        hosts[visit.host].origins[visit.isSecure] =
          old.map { .known($0, until: hosts[visit.host].notBefore - policy.robotsLifetime) }
          ?? .unknown(failedTries: tries)
      }
    case .page, .sitemap, .reservations, .probe:
      guard let entry = visit.entry, !endWithHost(entry, visit.host) else { return }
      hosts[visit.host].putBack(entry)
      counts.pending += 1
    }
  }

  private mutating func postpone(
    _ entry: FrontierEntry, _ host: Int, by time: Duration, at now: Instant
  ) {
    guard !endWithHost(entry, host) else { return }
    let isHeld = hosts[host].delayedCount < memory.waitingURLsPerHost
    if isHeld {
      hosts[host].delay(entry, until: now + time)
      counts.pending += 1
    } else {
      handedOver += 1
    }
    decisions.postponed.append(PostponedURL(entry: entry, dueIn: time, isHeld: isHeld))
  }

  /// Nothing goes back to a host that was given up meanwhile: it ends as all the others did.
  mutating func endWithHost(_ entry: FrontierEntry, _ host: Int) -> Bool {
    guard let reason = hosts[host].stopReason else { return false }
    finish(entry, endState(reason.kind), refusal: (reason.kind, reason.rule))
    return true
  }

  // MARK: Ends

  /// Gives a host up: all that waits there ends with the same reason, what waits in the store as it
  /// comes from there.
  private mutating func stop(_ host: Int, kind: Cause, rule: String?) {
    guard !hosts[host].isStopped else { return }
    hosts[host].stopReason = HostStop(kind: kind, rule: rule)
    changedHosts.insert(host)
    counts.hostsStopped += 1
    if hosts[host].isHeldByBudget {
      hosts[host].isHeldByBudget = false
      hostsHeldByBudget -= 1
    }
    let state = endState(kind)
    for entry in hosts[host].removeAll() {
      finish(entry, state, refusal: (kind, rule))
      counts.pending -= 1
    }
    if hosts[host].stored > 0 { wantSupply(host) }
  }

  private func endState(_ kind: Cause) -> FinishedURL.State {
    kind.isPolicy ? .blocked : .failed
  }

  /// Ends a URL. With a `refusal` the frontier itself decided and says so; without, the carrier
  /// that made the visit does.
  ///
  /// The caller keeps `counts.pending` right for entries that still waited.
  mutating func finish(
    _ entry: FrontierEntry, _ state: FinishedURL.State,
    refusal: (kind: Cause, rule: String?)? = nil
  ) {
    decisions.finished.append(FinishedURL(entry: entry, state: state))
    count(state, by: 1)
    guard let refusal else { return }
    decisions.refused.append(
      Refusal(
        url: entry.url, kind: refusal.kind, rule: refusal.rule, depth: entry.depth,
        referrer: entry.referrer))
  }

  mutating func count(_ state: FinishedURL.State, by amount: Int) {
    switch state {
    case .done: counts.done += amount
    case .failed: counts.failed += amount
    case .blocked: counts.blocked += amount
    case .skipped: counts.skipped += amount
    }
  }
}

extension VisitReport.Outcome {
  /// Whether a visit of this kind can end so.
  fileprivate func fits(_ kind: Visit.Kind) -> Bool {
    switch self {
    case .resolved: kind == .resolve
    case .robots: kind == .robots
    case .fetched, .redirected: kind != .resolve && kind != .robots && kind != .probe
    case .probed: kind == .probe
    case .rateLimited: kind != .resolve
    case .failed, .refused, .cancelled: true
    }
  }
}
