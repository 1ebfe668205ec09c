import GossamerCorpus
import GossamerFetch
import GossamerFlow
import GossamerFrontier
import GossamerHTTP
import GossamerRobots
import GossamerURL

extension PageCarrier {
  /// The visit to an origin's `tdmrep.json` that follows its robots.txt, if the rules allow it.
  ///
  /// It takes its place in the host's queue before all pages, so that pace, budgets and retries are
  /// those of every request.
  func reservationsOffer(_ rules: RobotsRules, _ visit: Visit) -> Offer? {
    guard settings.readsReservations, rules.verdict(forTarget: TDMReservations.path).isAllowed,
      let url = WebURL(TDMReservations.path, base: visit.url.url).flatMap(CanonicalURL.init)
    else { return nil }
    return Offer(
      url: url, purpose: .reservations, depth: 0, referrer: visit.url.string,
      seed: visit.seed.isEmpty ? visit.url.string : visit.seed)
  }

  /// Fetches a `tdmrep.json`. Whatever is no such file means that nothing is reserved.
  /// Source: W3C TDM Reservation Protocol, "TDM File on the Origin Server".
  func fetchReservations(_ visit: Visit) async -> PageResult? {
    await announce(visit)
    do {
      let response = try await fetcher.fetch(reservationsRequest(visit.url.url))
      count(response)
      return await takeReservations(response, visit)
    } catch {
      return await failReservations(visit, error)
    }
  }

  private func reservationsRequest(_ url: WebURL) -> FetchRequest {
    var limits = fetcher.limits
    limits.decodedBytes = RobotsRules.sizeLimit
    limits.wireBytes = RobotsRules.sizeLimit
    var request = FetchRequest(
      url: url, accept: "application/json, */*;q=0.5", types: .all, limits: limits)
    request.extraFields = ownFields.fields(for: request.url)
    return request
  }

  private func takeReservations(
    _ response: FetchedResponse, _ visit: Visit
  ) async -> PageResult? {
    if (300..<400).contains(response.status) { return await redirect(response, visit) }
    var result = PageResult()
    result.archive = archiver.records(of: response, facts: facts(visit))
    guard response.status < 500 else {
      return await conclude(
        report(
          visit, response, .failed(kind: .status, isTransient: true, harmsHost: true)), result
      )
    }
    var record = permission(visit, at: response.startedAtSeconds)
    record.status = response.status
    if response.status == 200 {
      let reservations = TDMReservations(json: response.body)
      reservationsOf[record.origin] = reservations
      // What is no such file need not be kept: many servers answer everything with a page.
      if !reservations.isEmpty { record.text = String(decoding: response.body, as: UTF8.self) }
    }
    result.permissions.append(record)
    return await conclude(report(visit, response, .fetched(isPage: false)), result)
  }

  private func failReservations(_ visit: Visit, _ error: FetchError) async -> PageResult? {
    let outcome: VisitReport.Outcome
    switch error.kind {
    case _ where error.isCancelled: outcome = .cancelled
    case .rateLimited: outcome = .rateLimited(kind: error.kind, retryAfter: error.retryAfter)
    default:
      outcome = .failed(
        kind: error.kind, isTransient: error.isTransient, harmsHost: error.isTransient)
    }
    var result = PageResult()
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

  /// The origin that was asked first speaks through what it redirects to.
  private func permission(_ visit: Visit, at seconds: Double) -> PermissionRecord {
    let first = visit.redirects.first.flatMap { WebURL($0) } ?? visit.url.url
    var record = PermissionRecord(
      origin: first.origin, file: .reservations, at: Timestamp.rfc3339(seconds))
    if !visit.redirects.isEmpty { record.url = visit.url.string }
    return record
  }
}
