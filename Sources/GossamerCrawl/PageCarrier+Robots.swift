import GossamerCorpus
import GossamerFetch
import GossamerFlow
import GossamerFrontier
import GossamerHTTP
import GossamerMarkup
import GossamerRobots
import GossamerURL

extension PageCarrier {
  /// Redirects of robots.txt that are followed. Source: RFC 9309 §2.3.1.2, "at least five".
  private static let robotsRedirects = 5

  /// Fetches robots.txt; what it redirects to, on whatever host, gives the rules of this origin.
  func fetchRobots(_ visit: Visit) async -> PageResult? {
    var result = PageResult()
    var url = visit.url.url
    await announceRobots(visit)
    for _ in 0...Self.robotsRedirects {
      let response: FetchedResponse
      do {
        response = try await fetcher.fetch(robotsRequest(url))
      } catch {
        return await failRobots(visit, error, result)
      }
      progress.count {
        $0.requests += 1
        $0.bytes += response.wireBody.count
      }
      result.archive += archiver.records(of: response)
      let isRedirect = (300..<400).contains(response.status)
      guard isRedirect, let target = response.redirectTarget, target.isHTTP else {
        return await takeRobots(response, visit, result)
      }
      // The host is held meanwhile, so its pace is kept by waiting here.
      if target.hostname == url.hostname {
        guard (try? await Task.sleep(for: settings.robotsRedirectGap)) != nil else {
          return await conclude(VisitReport(id: visit.id, outcome: .cancelled), result)
        }
      }
      url = target
    }
    // Too many redirects count as "unavailable": everything is allowed. Source: §2.3.1.2.
    var record = permission(visit, at: Timestamp.now())
    record.error = Cause.tooManyRedirects.rawValue
    result.permissions.append(record)
    return await conclude(
      VisitReport(
        id: visit.id, outcome: .robots(.allowAll), startedAt: .now,
        links: [reservationsOffer(.allowAll, visit)].compactMap { $0 }), result)
  }

  private func permission(_ visit: Visit, at seconds: Double) -> PermissionRecord {
    PermissionRecord(
      origin: visit.url.url.origin, file: .robots, at: Timestamp.rfc3339(seconds))
  }

  private func announceRobots(_ visit: Visit) async {
    guard visit.announcesStart else { return }
    await frontier.began(visit.id, at: .now)
  }

  private func robotsRequest(_ url: WebURL) -> FetchRequest {
    var limits = fetcher.limits
    limits.decodedBytes = RobotsRules.sizeLimit
    limits.wireBytes = RobotsRules.sizeLimit
    limits.errorBodyBytes = 64 << 10
    var request = FetchRequest(
      url: url, accept: "text/plain, */*;q=0.5", types: .all, limits: limits)
    request.extraFields = ownFields.fields(for: request.url)
    return request
  }

  private func takeRobots(
    _ response: FetchedResponse, _ visit: Visit, _ result: PageResult
  ) async -> PageResult? {
    var result = result
    var record = permission(visit, at: response.startedAtSeconds)
    record.status = response.status
    if response.url != visit.url.url { record.url = response.url.href }
    let access = RobotsAccess(status: response.status)
    let isCutShort = response.truncated == .disconnect || response.truncated == .time
    if isCutShort { record.error = Cause.lengthMismatch.rawValue }
    if access == .rules { record.text = String(decoding: response.body, as: UTF8.self) }
    record.truncated = access == .rules ? response.truncated?.rawValue : nil
    result.permissions.append(record)
    if access == .rules, !isCutShort {
      result.skipped += faults(of: response, nil, visit)
    }
    guard access != .disallowAll, !isCutShort else {
      let report = VisitReport(
        id: visit.id,
        outcome: .failed(
          kind: isCutShort ? .lengthMismatch : .status, isTransient: true,
          harmsHost: false),
        startedAt: response.seenAt, responseSeconds: response.totalSeconds)
      return await conclude(report, result)
    }
    let rules = access.rules(from: response.body, agent: settings.token)
    let report = VisitReport(
      id: visit.id, outcome: .robots(rules, body: access == .rules ? response.body : []),
      startedAt: response.seenAt,
      responseSeconds: response.totalSeconds, bytes: response.wireBody.count,
      links: [reservationsOffer(rules, visit)].compactMap { $0 } + sitemaps(of: rules, visit))
    return await conclude(report, result)
  }

  private func failRobots(
    _ visit: Visit, _ error: FetchError, _ result: PageResult
  ) async -> PageResult? {
    let outcome: VisitReport.Outcome =
      error.isCancelled
      ? .cancelled
      : .failed(
        kind: error.kind, isTransient: error.isTransient || !error.isOfHost,
        harmsHost: error.isOfHost)
    var result = result
    if !error.isCancelled {
      var record = permission(visit, at: Timestamp.now())
      record.status = error.status
      record.error = error.kind.rawValue
      result.permissions.append(record)
    }
    return await conclude(
      VisitReport(
        id: visit.id, outcome: outcome, startedAt: error.seenAt,
        responseSeconds: error.totalSeconds), result)
  }

  /// Sitemaps that the file names. One on another host counts if the scope has room for it.
  private func sitemaps(of rules: RobotsRules, _ visit: Visit) -> [Offer] {
    guard settings.sitemaps != .no else { return [] }
    return rules.sitemaps.prefix(1_000).compactMap { text in
      guard let url = WebURL(text, base: visit.url.url).flatMap(CanonicalURL.init) else {
        return nil
      }
      let isOwn = url.hostKey == visit.hostKey
      guard isOwn || scope.verdict(for: url, from: CanonicalURL(visit.seed)) == .inside else {
        return nil
      }
      return Offer(
        url: url, purpose: .sitemap, depth: 0, referrer: visit.url.string,
        seed: visit.seed.isEmpty ? visit.url.string : visit.seed)
    }
  }
}
