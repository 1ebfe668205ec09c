import GossamerFlow
import GossamerURL

/// Endless sites, recognized by what their pages say and where they lead.
extension FrontierState {
  /// Pages of a host from which on it is learned what its paths look like.
  private static let pagesToLearn = 32

  /// Why a waiting URL is not worth asking for any more, if it is not.
  func closure(of entry: FrontierEntry, _ host: Int) -> PathPatterns.Closure? {
    switch entry.purpose {
    case .probe, .reservations: return nil
    case .sitemap:
      guard hosts[host].barrenSitemaps >= traps.barrenSitemaps else { return nil }
      return PathPatterns.Closure(
        rule: "sitemaps without pages", pattern: "\(hosts[host].barrenSitemaps)",
        threshold: "\(traps.barrenSitemaps)")
    case .page:
      guard hosts[host].patterns?.hasClosures == true else { return nil }
      let (path, hasQuery) = path(of: entry.url, host)
      return closure(of: path, hasQuery: hasQuery, host)
    }
  }

  /// Indexes may name each other without end; each that names no page is one nearer to the limit.
  mutating func noteSitemap(of visit: Outstanding, _ report: VisitReport) {
    guard visit.kind == .sitemap, case .fetched = report.outcome else { return }
    let namesPages = report.links.contains { $0.purpose == .page }
    hosts[visit.host].barrenSitemaps = namesPages ? 0 : hosts[visit.host].barrenSitemaps + 1
  }

  func closure(of path: Substring, hasQuery: Bool, _ host: Int) -> PathPatterns.Closure? {
    guard let patterns = hosts[host].patterns, patterns.hasClosures else { return nil }
    return patterns.closure(of: path, hasQuery: hasQuery)
  }

  /// Ends a URL that waited when its shape was closed.
  mutating func finish(
    _ entry: FrontierEntry, _ state: FinishedURL.State, by closure: PathPatterns.Closure
  ) {
    finish(entry, state)
    decisions.refused.append(
      Refusal(
        url: entry.url, kind: .trap, rule: closure.rule, value: closure.pattern,
        threshold: closure.threshold, depth: entry.depth, referrer: entry.referrer))
  }

  /// Notes what a page said; probes the host if several of its URLs said the same.
  mutating func noteContent(of visit: Outstanding, _ report: VisitReport, at now: Instant) {
    guard traps.learns, visit.kind == .page, let fingerprint = report.fingerprint,
      let entry = visit.entry, !hosts[visit.host].isStopped,
      hosts[visit.host].softNotFound.note(fingerprint)
    else { return }
    probe(visit, entry, at: now)
  }

  /// Puts a path in the queue that no word of a page can be part of.
  private mutating func probe(_ visit: Outstanding, _ like: FrontierEntry, at now: Instant) {
    let consonants = Array("bcdfghjklmnpqrstvwxz")
    let name = String((0..<20).map { _ in consonants[Int.random(in: 0..<20, using: &random)] })
    guard let base = CanonicalURL(like.url),
      let url = CanonicalURL(base.url.origin + "/" + name)
    else { return }
    _ = accept(Offer(url: url, purpose: .probe, seed: like.seed), at: now)
  }

  /// The host has shown how it says "not found".
  mutating func takeProbe(_ visit: Outstanding, _ fingerprint: UInt64?, at now: Instant) {
    recover(visit.host, at: now)
    hosts[visit.host].softNotFound.learn(fingerprint)
    if let entry = visit.entry { finish(entry, .skipped) }
  }

  /// Learns from a page what its shape of path yields.
  mutating func learn(
    from visit: Outstanding, _ report: VisitReport, accepted: [FrontierEntry]
  ) {
    guard traps.learns, visit.kind == .page, let entry = visit.entry,
      let fingerprint = report.fingerprint
    else { return }
    let host = visit.host
    if hosts[host].patterns == nil {
      hosts[host].pagesSeen += 1
      guard hosts[host].pagesSeen >= Self.pagesToLearn else { return }
      hosts[host].patterns = PathPatterns(limits: traps)
    }
    let (path, hasQuery) = path(of: entry.url, host)
    guard var patterns = hosts[host].patterns else { return }
    // Not copied while it is changed.
    hosts[host].patterns = nil
    let shape = patterns.learn(path, hasQuery: hasQuery)
    let wantsLinks = patterns.count(pageOf: shape, fingerprint: fingerprint, bytes: report.bytes)
    // A host that may add no more would seem to lead to known pages only.
    if wantsLinks, hosts[host].knownCount < traps.urlsPerHost {
      let all = count(report.links.lazy.map(\.url.string), of: shape, host, &patterns)
      let new = count(
        accepted.lazy.filter { $0.hostKey == entry.hostKey }.map(\.url), of: shape, host, &patterns)
      patterns.count(linksOf: shape, new: new, known: max(0, all - new))
    }
    hosts[host].patterns = patterns
  }

  /// How many URLs of the host have this shape.
  private func count(
    _ urls: some Sequence<String>, of shape: PathPatterns.Shape, _ host: Int,
    _ patterns: inout PathPatterns
  ) -> Int {
    let key = hosts[host].key
    var count = 0
    for url in urls where url.hasPrefix("http://\(key)/") || url.hasPrefix("https://\(key)/") {
      let (path, hasQuery) = path(of: url, host)
      if patterns.learn(path, hasQuery: hasQuery) == shape { count += 1 }
    }
    return count
  }
}
