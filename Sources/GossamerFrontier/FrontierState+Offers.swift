import GossamerURL

extension FrontierState {
  /// Takes URLs in: each is new, known, or refused by a limit.
  public mutating func offer(_ offers: [Offer], at now: Instant) -> ReportReceipt {
    var touched: Int?
    for offer in offers {
      guard let host = accept(offer, at: now), host != touched else { continue }
      if let touched { schedule(touched, at: now) }
      touched = host
    }
    if let touched { schedule(touched, at: now) }
    return takeDecisions()
  }

  /// Decisions made since the last call, by visits that were not given out or by hosts given up.
  public mutating func takeDecisions() -> ReportReceipt {
    defer { decisions = ReportReceipt() }
    return decisions
  }

  /// Puts URLs back that an earlier run knew.
  ///
  /// - Parameters:
  ///   - pending: URLs that wait; `finished`: URLs that came to an end, by host key.
  public mutating func restore(
    pending: [FrontierEntry], finished: [(hostKey: String, hash: UInt64, state: FinishedURL.State)],
    pages: Int, paces: [HostPace], at now: Instant
  ) {
    for url in finished {
      let host = index(of: url.hostKey, at: now)
      guard hosts[host].known.insert(url.hash).inserted else { continue }
      counts.known += 1
      count(url.state, by: 1)
    }
    for entry in pending {
      let host = index(of: entry.hostKey, at: now)
      guard hosts[host].known.insert(entry.hash).inserted else { continue }
      counts.known += 1
      counts.pending += 1
      if let due = entry.dueAt, due > now {
        hosts[host].delay(entry, until: due)
      } else {
        hosts[host].append(entry)
      }
    }
    counts.pages = pages
    if !paces.isEmpty { restoredAt = now }
    for pace in paces { restore(pace, at: now) }
    for host in hosts.indices { schedule(host, at: now) }
  }

  /// A host that was asked in an earlier run rests once more before it is asked again: how long ago
  /// that was is not known for sure after a crash.
  private mutating func restore(_ pace: HostPace, at now: Instant) {
    let host = index(of: pace.hostKey, at: now)
    hosts[host].crawlDelay = pace.crawlDelay
    hosts[host].pagesStored = pace.pagesStored
    hosts[host].refusalsInARow = pace.refusalsInARow
    hosts[host].failuresInARow = pace.failuresInARow
    hosts[host].notBefore = now + policy.gap(crawlDelay: pace.crawlDelay, responseSeconds: 0)
    if let wait = pace.parkedFor, wait > .zero { hosts[host].parkedUntil = now + wait }
  }

  private mutating func accept(_ offer: Offer, at now: Instant) -> Int? {
    let text = offer.url.string
    let host = index(of: offer.url, text, at: now)
    let hash = identity.hash(text)
    guard !hosts[host].known.contains(hash) else { return nil }
    if let depth = budget.depth, offer.depth > depth, offer.purpose == .page {
      refuse(
        offer, host, hash, "limit.depth", value: "\(offer.depth)", threshold: "\(depth)")
      return nil
    }
    if case .stopped(let kind, let rule) = hosts[host].standing {
      hosts[host].known.insert(hash)
      refuse(offer, host, hash, kind, rule: rule)
      return nil
    }
    if let (rule, value, threshold) = trap(text, host) {
      refuse(offer, host, hash, "policy.trap", rule: rule, value: value, threshold: threshold)
      return nil
    }
    let entry = FrontierEntry(
      hostKey: hosts[host].key, hash: hash, url: text, purpose: offer.purpose, depth: offer.depth,
      referrer: offer.referrer, seed: offer.seed, redirects: offer.redirects, failedTries: 0,
      queuedAt: now)
    hosts[host].known.insert(hash)
    hosts[host].append(entry)
    counts.known += 1
    counts.pending += 1
    decisions.accepted.append(entry)
    return host
  }

  /// As below, without making the key's text when the URL is of the same origin as the one before:
  /// links mostly stay on their host.
  private mutating func index(of url: CanonicalURL, _ text: String, at now: Instant) -> Int {
    if text.hasPrefix(lastOrigin.prefix) { return lastOrigin.host }
    let key = url.hostKey
    let host = index(of: key, at: now)
    lastOrigin = ("\(url.url.scheme)://\(key)/", host)
    return host
  }

  /// The host's place in the table, made on first sight.
  mutating func index(of hostKey: String, at now: Instant) -> Int {
    if let index = indexOfHost[hostKey] { return index }
    let index = hosts.count
    hosts.append(HostQueue(key: hostKey, notBefore: now))
    indexOfHost[hostKey] = index
    return index
  }

  private mutating func trap(
    _ text: String, _ host: Int
  ) -> (rule: String, value: String, threshold: String)? {
    if hosts[host].known.count >= traps.urlsPerHost {
      return ("URLs per host", "\(hosts[host].known.count)", "\(traps.urlsPerHost)")
    }
    let (path, hasQuery) = path(of: text, host)
    if let segment = repeatedSegment(in: path) {
      return ("equal path segments", segment, "\(traps.equalSegments)")
    }
    guard hasQuery else { return nil }
    let key = identity.hash(String(path))
    let queries = hosts[host].queriesPerPath[key, default: 0]
    guard queries < traps.queriesPerPath else {
      return ("queries per path", "\(queries)", "\(traps.queriesPerPath)")
    }
    hosts[host].queriesPerPath[key] = queries + 1
    return nil
  }

  /// The path of a canonical URL: between the host's key and the question mark.
  private func path(of text: String, _ host: Int) -> (path: Substring, hasQuery: Bool) {
    let schemeLength = text.utf8.dropFirst(4).first == UInt8(ascii: "s") ? 8 : 7
    let start = text.utf8.index(
      text.startIndex, offsetBy: schemeLength + hosts[host].key.utf8.count)
    let end = text.utf8[start...].firstIndex(of: UInt8(ascii: "?"))
    return (text[start..<(end ?? text.endIndex)], end != nil)
  }

  /// A segment that stands in the path more often than allowed. Short paths cannot have one.
  private func repeatedSegment(in path: Substring) -> String? {
    let slashes = path.utf8.count { $0 == UInt8(ascii: "/") }
    guard slashes > traps.equalSegments else { return nil }
    var occurrences: [Substring: Int] = [:]
    for segment in path.split(separator: "/") {
      occurrences[segment, default: 0] += 1
      if occurrences[segment, default: 0] > traps.equalSegments { return String(segment) }
    }
    return nil
  }

  /// Says once that a URL is refused. Past a bound of memory a host's refusals are neither said nor
  /// counted any more.
  private mutating func refuse(
    _ offer: Offer, _ host: Int, _ hash: UInt64, _ kind: String, rule: String? = nil,
    value: String? = nil, threshold: String? = nil
  ) {
    guard hosts[host].refusedOnce.count < traps.refusalsSaidPerHost,
      hosts[host].refusedOnce.insert(hash).inserted
    else { return }
    counts.refused += 1
    decisions.refused.append(
      Refusal(
        url: offer.url.string, kind: kind, rule: rule, value: value, threshold: threshold,
        depth: offer.depth, referrer: offer.referrer))
  }
}
