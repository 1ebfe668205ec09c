import GossamerCorpus
import GossamerFetch
import GossamerFlow
import GossamerFrontier
import GossamerHTTP
import GossamerMarkup
import GossamerRobots
import GossamerURL

/// Carries a visit from leave to result: one child task each, no queue in between.
///
/// Errors of a page are caught here, once, and become its outcome.
struct PageCarrier: Sendable {
  let settings: CrawlSettings
  let frontier: Frontier
  let fetcher: Fetcher
  let resolver: any AddressResolver
  let analyzer: PageAnalyzer
  let scope: CrawlScope
  /// The furthest link hop, for seeds that have their own.
  let seedDepths: [String: Int]
  let ownFields: OwnFields
  let deduplicator: Deduplicator
  let outside: OutsideLedger
  let reservationsOf: ReservationLedger
  let progress: CrawlProgress
  let archiver = ExchangeArchiver()
  /// Large pages are analysed one after the other.
  let turnsOfLargePages = LargeBodyPlaces(count: 1)

  /// Does what the visit asks for.
  ///
  /// - Returns: what is to be written; nil when there is nothing.
  func carry(_ visit: Visit) async -> PageResult? {
    switch visit.kind {
    case .resolve: await resolve(visit)
    case .robots: await fetchRobots(visit)
    case .reservations: await fetchReservations(visit)
    case .page, .sitemap: await fetchPage(visit)
    case .probe: await probe(visit)
    }
  }

  // MARK: Names

  private func resolve(_ visit: Visit) async -> PageResult? {
    let outcome: VisitReport.Outcome
    do {
      let addresses = try await addresses(of: visit.url.url)
      outcome =
        fetcher.addresses.allows(all: addresses)
        ? .resolved(addresses)
        : .refused(kind: .addressBlocked, rule: "not a public address")
    } catch {
      outcome =
        error.kind == .cancelled
        ? .cancelled
        : .failed(kind: error.kind, isTransient: error.isTransient, harmsHost: false)
    }
    return await conclude(VisitReport(id: visit.id, outcome: outcome), PageResult())
  }

  private func addresses(of url: WebURL) async throws(AddressResolutionError) -> [IPAddress] {
    if let literal = url.host?.ipAddress { return [literal] }
    return try await resolver.addresses(of: url.hostname)
  }

  // MARK: Pages

  private func fetchPage(_ visit: Visit) async -> PageResult? {
    var request = FetchRequest(url: visit.url.url)
    request.types = visit.kind == .sitemap || isPackedList(visit) ? .all : .pages
    request.extraFields = ownFields.fields(for: request.url)
    await announce(visit)
    do {
      let response = try await fetcher.fetch(request)
      count(response)
      return await take(response, visit)
    } catch {
      return await fail(visit, error)
    }
  }

  /// Tells the frontier that the request goes out, where others may follow before it is back.
  func announce(_ visit: Visit) async {
    guard visit.announcesStart else { return }
    await frontier.began(visit.id, at: .now)
  }

  func count(_ response: FetchedResponse) {
    progress.count {
      $0.requests += 1
      $0.bytes += response.wireBody.count
    }
  }

  private func take(_ response: FetchedResponse, _ visit: Visit) async -> PageResult? {
    switch response.status {
    case 200..<300: return await keep(response, visit)
    case 300..<400: return await redirect(response, visit)
    case 401 where License.isAsked(response.fields), 402: return await turnAway(response, visit)
    default:
      let isTransient =
        (500..<600).contains(response.status) || response.status == 408 || response.status == 425
      var result = PageResult()
      result.archive = archiver.records(of: response, facts: facts(visit))
      let report = report(
        visit, response,
        .failed(kind: .status, isTransient: isTransient, harmsHost: isTransient))
      var skip = skip(visit, .status)
      skip.status = response.status
      skip.fetchSeconds = response.totalSeconds
      return await conclude(report, result, unlessRetried: skip)
    }
  }

  /// A gate that asks for payment or a licence is never asked again, and said so.
  /// Source: RSL 1.0; RFC 9110 §15.5.3.
  private func turnAway(_ response: FetchedResponse, _ visit: Visit) async -> PageResult? {
    var result = PageResult()
    result.archive = archiver.records(of: response, facts: facts(visit))
    let kind: Cause = response.status == 402 ? .payment : .license
    let terms = License.terms(response.fields)
    var skip = skip(visit, kind)
    skip.status = response.status
    skip.rule = terms.first
    skip.value = terms.count > 1 ? terms.dropFirst().joined(separator: "; ") : nil
    skip.fetchSeconds = response.totalSeconds
    result.skipped.append(skip)
    return await conclude(
      report(visit, response, .refused(kind: kind, rule: terms.first)), result)
  }

  func redirect(_ response: FetchedResponse, _ visit: Visit) async -> PageResult? {
    var result = PageResult()
    result.archive = archiver.records(of: response, facts: facts(visit))
    var skip = skip(visit, .redirect)
    skip.status = response.status
    skip.value = response.redirectTarget?.href
    let outcome: VisitReport.Outcome
    switch judge(response.redirectTarget, visit) {
    case .follow(let offer): outcome = .redirected(offer)
    case .refuse(let kind, let rule):
      outcome = .refused(kind: kind, rule: rule)
      skip.kind = kind.rawValue
      skip.rule = rule
    }
    if visit.kind == .page { result.skipped.append(skip) }
    return await conclude(report(visit, response, outcome), result)
  }

  private enum RedirectVerdict {
    case follow(Offer)
    case refuse(kind: Cause, rule: String?)
  }

  /// Each hop is a URL of its own: it goes back through scope, robots, address and pace rules.
  private func judge(_ target: WebURL?, _ visit: Visit) -> RedirectVerdict {
    guard let target, let url = CanonicalURL(target) else {
      return .refuse(kind: .badRedirect, rule: nil)
    }
    if url == visit.url || visit.redirects.contains(url.string) {
      return .refuse(kind: .redirectLoop, rule: nil)
    }
    guard visit.redirects.count < settings.maximumRedirects else {
      return .refuse(kind: .tooManyRedirects, rule: "\(settings.maximumRedirects) redirects")
    }
    // Where a seed leads is where the user wants to go: the scope moves along.
    let isSeed = visit.depth == 0 && visit.kind == .page
    let seed = isSeed ? url : CanonicalURL(visit.seed)
    if case .outside(let rule) = scope.verdict(for: url, from: seed) {
      return .refuse(kind: .scope, rule: rule)
    }
    return .follow(
      Offer(
        url: url, purpose: Self.purpose(of: visit), depth: visit.depth,
        referrer: visit.referrer, seed: isSeed ? url.string : visit.seed,
        redirects: visit.redirects + [visit.url.string]))
  }

  private static func purpose(of visit: Visit) -> Offer.Purpose {
    switch visit.kind {
    case .sitemap: .sitemap
    case .reservations: .reservations
    case .page, .robots, .resolve, .probe: .page
    }
  }

  private func keep(_ response: FetchedResponse, _ visit: Visit) async -> PageResult? {
    var analysis = await analyze(response, visit)
    var result = PageResult()
    if let known = visit.notFound, analysis.fingerprint == known, visit.depth > 0 {
      return await leaveOut(response, analysis, visit)
    }
    let links = offers(from: analysis, visit, &result)
    if visit.kind == .sitemap || analysis.sitemap != nil {
      result.skipped += faults(of: response, analysis, visit)
      result.archive = archiver.records(of: response, facts: facts(visit))
      return await conclude(report(visit, response, .fetched(isPage: false), links), result)
    }
    // A page whose time is over is a page that must not be kept.
    if settings.obeysRobots, analysis.directives.noindex || analysis.expired != nil {
      var skip = skip(visit, .metaRobots)
      skip.rule = analysis.directives.evidence.map { "\($0.source): \($0.text)" }
        .joined(separator: ", ")
      result.skipped.append(skip)
      return await conclude(report(visit, response, .fetched(isPage: false), links), result)
    }
    let original = await deduplicator.firstURL(of: analysis.digest, claimedBy: visit.url.string)
    if !(settings.obeysRobots && analysis.directives.noarchive), settings.formats.contains(.warc) {
      result.archive = archiver.records(of: response, original: original, facts: facts(visit))
    }
    if let original {
      progress.count { $0.duplicates += 1 }
      var skip = skip(visit, .duplicate)
      skip.value = original
      skip.rule = analysis.record.digest
      skip.limits = analysis.record.limits
      result.skipped.append(skip)
      return await conclude(
        report(visit, response, .fetched(isPage: false), links, analysis.fingerprint), result)
    }
    fill(&analysis.record, response, visit)
    result.page = PageResult.Page(record: analysis.record, digest: analysis.digest)
    return await conclude(
      report(visit, response, .fetched(isPage: true), links, analysis.fingerprint), result)
  }

  private func analyze(_ response: FetchedResponse, _ visit: Visit) async -> PageAnalysis {
    // What is made of a page takes several times its size.
    let turn =
      response.body.count > LargeBodyPlaces.freeBytes ? await turnsOfLargePages.take() : nil
    return withExtendedLifetime(turn) {
      analyzer.analyze(
        response, url: visit.url, rules: visit.rules,
        reservation: reservationsOf[visit.url.url.origin]?
          .reservation(forTarget: visit.url.url.requestTarget),
        expectsSitemap: visit.kind == .sitemap || visit.depth == 0)
    }
  }

  private func fill(_ record: inout PageRecord, _ response: FetchedResponse, _ visit: Visit) {
    record.host = visit.hostKey
    record.seed = visit.seed
    record.depth = visit.depth
    record.referrer = visit.referrer
    record.redirects = visit.redirects.isEmpty ? nil : visit.redirects
    record.status = response.status
    record.fetchedAt = Timestamp.rfc3339(response.startedAtSeconds)
    record.fetchSeconds = response.totalSeconds
    record.queuedSeconds = (response.startedAt - visit.queuedAt) / .seconds(1)
    record.attempt = visit.attempt > 1 ? visit.attempt : nil
  }

  /// A seed that is a sitemap in gzip by its name; its type will say gzip and no more.
  private func isPackedList(_ visit: Visit) -> Bool {
    let path = visit.url.url.pathname
    return visit.depth == 0 && (path.hasSuffix(".xml.gz") || path.hasSuffix(".txt.gz"))
  }

  private func fail(_ visit: Visit, _ error: FetchError) async -> PageResult? {
    progress.count { $0.requests += error.startedAt == nil ? 0 : 1 }
    if error.isCancelled {
      return await conclude(VisitReport(id: visit.id, outcome: .cancelled), PageResult())
    }
    let outcome: VisitReport.Outcome
    if error.kind == .rateLimited {
      outcome = .rateLimited(kind: error.kind, retryAfter: error.retryAfter)
    } else if error.kind.isPolicy {
      outcome = .refused(kind: error.kind, rule: error.detail)
    } else {
      let harmsHost = error.isTransient
      outcome = .failed(kind: error.kind, isTransient: error.isTransient, harmsHost: harmsHost)
    }
    let report = VisitReport(
      id: visit.id, outcome: outcome, startedAt: error.seenAt,
      responseSeconds: error.totalSeconds)
    var skip = skip(visit, error.kind)
    skip.rule = error.detail
    skip.status = error.status
    skip.fetchSeconds = error.totalSeconds
    return await conclude(report, PageResult(), unlessRetried: skip)
  }

  // MARK: Links

  private func offers(
    from analysis: PageAnalysis, _ visit: Visit, _ result: inout PageResult
  ) -> [Offer] {
    if let sitemap = analysis.sitemap { return offers(from: sitemap.entries, visit, &result) }
    guard settings.sitemaps != .only || visit.depth == 0 else { return [] }
    guard !(settings.obeysRobots && analysis.directives.nofollow) else { return [] }
    let seed = CanonicalURL(visit.seed)
    var offers: [Offer] = []
    offers.reserveCapacity(analysis.links.count)
    for link in analysis.links where link.qualifiers.isSubset(of: settings.followedQualifiers) {
      guard admits(link.url, depth: visit.depth + 1, seed: seed, visit, &result) else { continue }
      var offer = Offer(
        url: link.url, depth: visit.depth + 1, referrer: visit.url.string, seed: visit.seed)
      if link.isRefresh {
        // A page that sends its readers on by itself is a hop like any redirect: chains end.
        guard visit.redirects.count < settings.maximumRedirects else {
          var skip = SkipRecord(url: link.url.string, kind: .tooManyRedirects)
          skip.rule = "\(settings.maximumRedirects) redirects"
          skip.depth = offer.depth
          skip.referrer = visit.url.string
          skip.at = Timestamp.rfc3339(Timestamp.now())
          result.skipped.append(skip)
          continue
        }
        offer.redirects = visit.redirects + [visit.url.string]
      }
      offers.append(offer)
    }
    return offers
  }

  /// Addresses of a sitemap, those of a page in other languages too. What a seed lists is as good as
  /// a seed; what robots.txt led to is one hop away. Indexes may be nested twice.
  /// Source: sitemaps.org.
  private func offers(
    from entries: [SitemapEntry], _ visit: Visit, _ result: inout PageResult
  ) -> [Offer] {
    let seed = CanonicalURL(visit.seed)
    let depth = visit.kind == .sitemap ? 1 : 0
    var offers: [Offer] = []
    // Pages name each other as their other languages: each address is looked at once.
    var seen = Set<CanonicalURL>(minimumCapacity: entries.count)
    let addresses = entries.lazy.flatMap { entry in
      [(entry.loc, entry.kind, entry.modifiedAt)]
        + entry.alternates.map { ($0.url, entry.kind, nil) }
    }
    for (address, kind, modifiedAt) in addresses {
      guard let url = CanonicalURL(address), seen.insert(url).inserted else { continue }
      let isIndex = kind == .index
      guard !isIndex || visit.depth < 2 else { continue }
      guard admits(url, depth: isIndex ? 0 : depth, seed: seed, visit, &result) else { continue }
      offers.append(
        Offer(
          url: url, purpose: isIndex ? .sitemap : .page,
          depth: isIndex ? visit.depth + 1 : depth, referrer: visit.url.string, seed: visit.seed,
          modifiedAt: modifiedAt))
    }
    return offers
  }

  private func admits(
    _ url: CanonicalURL, depth: Int, seed: CanonicalURL?, _ visit: Visit,
    _ result: inout PageResult
  ) -> Bool {
    var rule: (kind: Cause, rule: String)?
    if let address = url.url.host?.ipAddress, !fetcher.addresses.allows(address) {
      rule = (.addressBlocked, "not a public address")
    } else if case .outside(let reason) = scope.verdict(for: url, from: seed) {
      rule = (.scope, reason)
    } else if let limit = seedDepths[visit.seed], depth > limit {
      rule = (.depthLimit, "depth \(limit) of the seed")
    }
    guard let rule else { return true }
    if outside.isNew(url) {
      var skip = SkipRecord(url: url.string, kind: rule.kind)
      skip.rule = rule.rule
      skip.depth = depth
      skip.referrer = visit.url.string
      skip.at = Timestamp.rfc3339(Timestamp.now())
      result.skipped.append(skip)
    }
    return false
  }

  /// What is wrong with a sitemap or robots.txt of which the rest is used.
  func faults(
    of response: FetchedResponse, _ analysis: PageAnalysis?, _ visit: Visit
  ) -> [SkipRecord] {
    var kinds: [(Cause, String)] = response.oddities.map { ($0, "cut") }
    if analysis?.isBomb == true { kinds.append((.bomb, "cut")) }
    if analysis?.sitemap?.isDamaged == true { kinds.append((.parseXML, "faults in the XML")) }
    if analysis?.sitemap?.isCut == true {
      kinds.append((.parseLimit, "more entries or bytes than read"))
    }
    return kinds.map { kind, rule in
      var skip = skip(visit, kind)
      skip.rule = rule
      skip.status = response.status
      // What was read of it is used: no seed has failed.
      skip.depth = nil
      return skip
    }
  }

  // MARK: Ends

  func report(
    _ visit: Visit, _ response: FetchedResponse, _ outcome: VisitReport.Outcome,
    _ links: [Offer] = [], _ fingerprint: UInt64? = nil
  ) -> VisitReport {
    VisitReport(
      id: visit.id, outcome: outcome, startedAt: response.seenAt,
      responseSeconds: response.totalSeconds, bytes: response.wireBody.count, links: links,
      fingerprint: fingerprint)
  }

  /// Reports the visit and puts the receipt into the result.
  ///
  /// - Parameter unlessRetried: the line for `skipped.jsonl` if the URL has come to its end.
  func conclude(
    _ report: VisitReport, _ result: PageResult, unlessRetried skip: SkipRecord? = nil
  ) async -> PageResult? {
    var result = result
    result.receipt = await frontier.report(report)
    if let skip, result.receipt.retryIn == nil { result.skipped.append(skip) }
    for refusal in result.receipt.refused { result.skipped.append(SkipRecord(refusal)) }
    count(result)
    return result
  }

  private func count(_ result: PageResult) {
    guard !result.skipped.isEmpty else { return }
    var failures = 0
    var seeds: [CrawlProgress.FailedSeed] = []
    for skip in result.skipped {
      let kind = Cause(rawValue: skip.kind)
      failures += kind?.isDecision == true ? 0 : 1
      // A seed that lies outside, or led elsewhere, has not failed.
      guard skip.depth == 0, kind?.isPolicy == true || kind?.isDecision == false, kind != .scope
      else { continue }
      let reason = [skip.kind, skip.status.map { "status \($0)" }, skip.rule]
      seeds.append(
        .init(url: skip.url, reason: reason.compactMap { $0 }.joined(separator: ", ")))
    }
    let skips = result.skipped.count - failures
    progress.count {
      $0.failures += failures
      $0.skips += skips
      $0.failedSeeds += seeds.prefix(max(0, 100 - $0.failedSeeds.count))
    }
  }

  func skip(_ visit: Visit, _ kind: Cause) -> SkipRecord {
    var skip = SkipRecord(url: visit.url.string, kind: kind)
    skip.depth = visit.depth
    skip.referrer = visit.referrer
    skip.host = visit.hostKey
    skip.at = Timestamp.rfc3339(Timestamp.now())
    skip.attempt = visit.attempt > 1 ? visit.attempt : nil
    return skip
  }

  func facts(_ visit: Visit) -> [(name: String, value: String)] {
    var facts = [("seed", visit.seed), ("depth", "\(visit.depth)")]
    if let referrer = visit.referrer { facts.append(("via", referrer)) }
    return facts
  }
}
