import GossamerFlow
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

  mutating func accept(_ offer: Offer, at now: Instant) -> Int? {
    let text = offer.url.string
    let host = index(of: offer.url, text, at: now)
    let hash = identity.hash(text)
    guard !seen.contains(hash) else {
      announce(offer, host, hash)
      return nil
    }
    if let depth = budget.depth, offer.depth > depth, offer.purpose == .page {
      refuse(
        offer, host, hash, .depthLimit, value: "\(offer.depth)", threshold: "\(depth)")
      return nil
    }
    if let reason = hosts[host].stopReason {
      refuse(offer, host, hash, reason.kind, rule: reason.rule)
      return nil
    }
    if let (rule, value, threshold) = trap(text, host) {
      refuse(offer, host, hash, .trap, rule: rule, value: value, threshold: threshold)
      return nil
    }
    var entry = FrontierEntry(
      hostKey: hosts[host].key, hash: hash, url: text, purpose: offer.purpose, depth: offer.depth,
      referrer: offer.referrer, seed: offer.seed, redirects: offer.redirects, failedTries: 0,
      queuedAt: now)
    entry.isHeld = seen.isComplete && hasRoom(host)
    seen.insert(hash)
    decisions.accepted.append(entry)
    announce(offer, host, hash)
    guard entry.isHeld else {
      handedOver += 1
      return nil
    }
    hosts[host].held.insert(hash)
    hosts[host].append(entry)
    hosts[host].knownCount += 1
    counts.known += 1
    counts.pending += 1
    return host
  }

  /// Passes on when the site says the URL changed: a later crawl asks for what changed since.
  private mutating func announce(_ offer: Offer, _ host: Int, _ hash: UInt64) {
    guard let modifiedAt = offer.modifiedAt else { return }
    decisions.announced.append(
      AnnouncedChange(hostKey: hosts[host].key, hash: hash, modifiedAt: modifiedAt))
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
    hosts.append(HostQueue(key: hostKey, notBefore: max(now, newHostsRestUntil ?? now)))
    indexOfHost[hostKey] = index
    return index
  }

  private mutating func trap(
    _ text: String, _ host: Int
  ) -> (rule: String, value: String, threshold: String)? {
    if hosts[host].knownCount >= traps.urlsPerHost {
      return ("URLs per host", "\(hosts[host].knownCount)", "\(traps.urlsPerHost)")
    }
    let (path, hasQuery) = path(of: text, host)
    if let segment = repeatedSegment(in: path) {
      return ("equal path segments", segment, "\(traps.equalSegments)")
    }
    if let closure = closure(of: path, hasQuery: hasQuery, host) {
      return (closure.rule, closure.pattern, closure.threshold)
    }
    guard hasQuery else { return nil }
    if let pair = repeatedParameter(in: text) {
      return ("equal parameters", pair, "\(traps.equalParameters)")
    }
    guard hosts[host].queries.add(identity.hash(String(path)), limit: traps.queriesPerPath) else {
      return ("queries per path", "\(traps.queriesPerPath)", "\(traps.queriesPerPath)")
    }
    return nil
  }

  /// The path of a canonical URL: between the host's key and the question mark.
  func path(of text: String, _ host: Int) -> (path: Substring, hasQuery: Bool) {
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

  /// A `name=value` that stands in the query more often than allowed.
  private func repeatedParameter(in text: String) -> String? {
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
    let query = text[text.index(after: mark)...]
    guard query.utf8.count(where: { $0 == UInt8(ascii: "&") }) >= traps.equalParameters else {
      return nil
    }
    var occurrences: [Substring: Int] = [:]
    for pair in query.split(separator: "&") {
      occurrences[pair, default: 0] += 1
      if occurrences[pair, default: 0] > traps.equalParameters { return String(pair.prefix(200)) }
    }
    return nil
  }

  /// Says once that a URL is refused: every page of a site may hold the same link. Past a bound a
  /// host's refusals are neither said nor counted any more.
  private mutating func refuse(
    _ offer: Offer, _ host: Int, _ hash: UInt64, _ kind: Cause, rule: String? = nil,
    value: String? = nil, threshold: String? = nil
  ) {
    guard hosts[host].refusalsSaid < traps.refusalsSaidPerHost, !refused.contains(hash) else {
      return
    }
    refused.insert(hash)
    hosts[host].refusalsSaid += 1
    counts.refused += 1
    decisions.refused.append(
      Refusal(
        url: offer.url.string, kind: kind, rule: rule, value: value, threshold: threshold,
        depth: offer.depth, referrer: offer.referrer))
  }
}
