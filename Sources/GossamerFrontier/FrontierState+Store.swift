import DequeModule
import GossamerRobots

/// What goes to the store and comes from it. The store keeps every URL; what is held here of those
/// that wait is a part of each host's, filled up as the host is visited.
extension FrontierState {
  // MARK: An earlier run

  /// Goes on where an earlier run ended. Only for a frontier that knows nothing yet.
  public mutating func restore(_ restored: consuming RestoredFrontier, at now: Instant) {
    guard restored.isContinued else { return }
    seen = restored.seen
    counts = restored.counts
    restoredAt = now
    let gap = policy.gap(crawlDelay: nil, responseSeconds: 0)
    if restored.wasCutShort { newHostsRestUntil = now + gap }
    for host in restored.hosts { restore(host, at: now) }
  }

  /// A host that was asked in an earlier run rests once more before it is asked again: how long ago
  /// that was is not known for sure after a crash.
  private mutating func restore(_ stored: StoredHost, at now: Instant) {
    let pace = stored.pace
    let host = index(of: pace.hostKey, at: now)
    hosts[host].knownCount = stored.known
    hosts[host].stored = stored.waiting
    storedCount += stored.waiting
    hosts[host].crawlDelay = pace.crawlDelay
    hosts[host].pagesStored = pace.pagesStored
    hosts[host].refusalsInARow = pace.refusalsInARow
    hosts[host].failuresInARow = pace.failuresInARow
    if stored.wasAsked {
      let gap = policy.gap(crawlDelay: pace.crawlDelay, responseSeconds: 0)
      hosts[host].notBefore = now + max(gap, min(pace.restsFor, policy.longestGap))
    }
    if let wait = pace.parkedFor, wait > .zero { hosts[host].parkedUntil = now + wait }
    if let time = stored.rulesValidFor.plain {
      hosts[host].origins[false] = .stored(until: now + min(time, policy.robotsLifetime))
    }
    if let time = stored.rulesValidFor.secure {
      hosts[host].origins[true] = .stored(until: now + min(time, policy.robotsLifetime))
    }
    if let stop = pace.stop {
      hosts[host].stopReason = stop
      counts.hostsStopped += 1
      if stored.waiting > 0 { wantSupply(host) }
    }
    schedule(host, at: now)
  }

  // MARK: To the store

  /// Paces of the hosts that were asked, or given up, since the last call.
  public mutating func takeChangedPaces(at now: Instant) -> [HostPace] {
    defer { changedHosts = [] }
    return changedHosts.map { index in
      defer { hosts[index].rulesToStore = [] }
      let host = hosts[index]
      var pace = HostPace(
        hostKey: host.key, crawlDelay: host.crawlDelay,
        parkedFor: host.parkedUntil.flatMap { $0 > now ? $0 - now : nil },
        refusalsInARow: host.refusalsInARow, failuresInARow: host.failuresInARow,
        pagesStored: host.pagesStored)
      pace.restsFor = max(.zero, host.notBefore - now)
      pace.stop = host.stopReason
      pace.rules = host.rulesToStore.map {
        RobotsCopy(isSecure: $0.isSecure, body: $0.body, validFor: $0.until - now)
      }
      return pace
    }
  }

  /// Takes in what became durable: ends that need not be remembered any more, and how many of the
  /// URLs that were handed over are new.
  public mutating func confirm(
    _ commit: FrontierCommit, _ receipt: CommitReceipt, at now: Instant
  ) {
    for url in commit.finished {
      guard let host = indexOfHost[url.entry.hostKey] else { continue }
      hosts[host].held.remove(url.entry.hash)
    }
    for url in commit.postponed where !url.isHeld {
      let host = index(of: url.entry.hostKey, at: now)
      hosts[host].held.remove(url.entry.hash)
      handedOver -= 1
      addStored(1, to: host, at: now)
    }
    for (hostKey, urls) in receipt.handedOver {
      let host = index(of: hostKey, at: now)
      handedOver -= urls.count
      counts.known += urls.new
      hosts[host].knownCount += urls.new
      addStored(urls.new, to: host, at: now)
    }
  }

  private mutating func addStored(_ count: Int, to host: Int, at now: Instant) {
    guard count > 0 else { return }
    hosts[host].stored += count
    storedCount += count
    counts.pending += count
    if hosts[host].isStopped { wantSupply(host) }
    schedule(host, at: now)
  }

  // MARK: From the store

  /// Whether one more URL of the host may wait here. Not while some wait in the store, since those
  /// came before.
  func hasRoom(_ host: Int) -> Bool {
    hosts[host].stored == 0 && hosts[host].waitingCount < memory.waitingURLsPerHost
      && counts.pending - storedCount < memory.waitingURLs
  }

  /// Whether there are hosts that need the store.
  var wantsSupply: Bool { !wantingHosts.isEmpty }

  /// Notes that a host needs the store.
  mutating func wantSupply(_ host: Int) {
    guard !hosts[host].awaitsSupply else { return }
    hosts[host].awaitsSupply = true
    awaitingSupply += 1
    wantingHosts.append(host)
  }

  /// Requests of hosts that need the store, first come, first served.
  ///
  /// - Parameter limit: hosts at most.
  public mutating func takeRequests(limit: Int) -> [HostRequest] {
    let free = memory.waitingURLs - (counts.pending - storedCount)
    let share = max(memory.perHostLeast, free / max(1, wantingHosts.count))
    var requests: [HostRequest] = []
    while requests.count < limit, let host = wantingHosts.popFirst() {
      let origins = hosts[host].origins
      requests.append(
        HostRequest(
          hostKey: hosts[host].key, count: min(share, memory.waitingURLsPerHost),
          held: hosts[host].held, wantsRules: origins[false].isStored || origins[true].isStored))
    }
    return requests
  }

  /// Takes in what the store had for hosts that needed it.
  ///
  /// - Returns: what was decided at once, of hosts given up for instance.
  public mutating func take(_ supplies: [HostSupply], at now: Instant) -> ReportReceipt {
    for supply in supplies { take(supply, at: now) }
    return takeDecisions()
  }

  private mutating func take(_ supply: HostSupply, at now: Instant) {
    let host = index(of: supply.hostKey, at: now)
    guard hosts[host].awaitsSupply else { return }
    hosts[host].awaitsSupply = false
    hosts[host].awaitsRules = false
    awaitingSupply -= 1
    takeRules(supply.rules, host, at: now)
    var taken = 0
    for entry in supply.entries where hosts[host].held.insert(entry.hash).inserted {
      taken += 1
      if endWithHost(entry, host) {
        counts.pending -= 1
      } else if let due = entry.dueAt, due > now {
        hosts[host].delay(entry, until: due)
      } else {
        hosts[host].append(entry)
      }
    }
    // Where the store has less than was counted, it is right.
    let gone = taken == 0 ? hosts[host].stored : taken
    hosts[host].stored -= gone
    storedCount -= gone
    if taken == 0 { counts.pending -= gone }
    if hosts[host].isStopped, hosts[host].stored > 0 { wantSupply(host) }
    schedule(host, at: now)
  }

  private mutating func takeRules(_ copies: [RobotsCopy], _ host: Int, at now: Instant) {
    for isSecure in [false, true] {
      guard case .stored(let until) = hosts[host].origins[isSecure] else { continue }
      guard let copy = copies.first(where: { $0.isSecure == isSecure }) else {
        hosts[host].origins[isSecure] = .unknown(failedTries: 0)
        continue
      }
      let rules = RobotsRules(parsing: copy.body, agent: policy.robotsToken)
      hosts[host].origins[isSecure] = .known(rules, until: until)
    }
  }
}

extension HostQueue.Rules {
  fileprivate var isStored: Bool { if case .stored = self { true } else { false } }
}
