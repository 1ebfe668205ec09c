import GossamerCorpus
import GossamerFetch
import GossamerFlow
import GossamerFrontier
import GossamerHTTP
import GossamerURL

/// What a host sends where there is nothing.
extension PageCarrier {
  /// Asks for a path that does not exist. The answer is no page: it is neither stored nor archived.
  func probe(_ visit: Visit) async -> PageResult? {
    var request = FetchRequest(url: visit.url.url)
    request.extraFields = ownFields.fields(for: request.url)
    await announce(visit)
    do {
      let response = try await fetcher.fetch(request)
      count(response)
      let fingerprint =
        response.status == 200
        ? analyzer.analyze(
          response, url: visit.url, rules: nil, reservation: nil, expectsSitemap: false
        ).fingerprint
        : nil
      var result = PageResult()
      var skip = skip(visit, .probe)
      skip.status = response.status
      skip.rule = "how the host says that there is nothing"
      skip.value = fingerprint == nil ? "honestly" : "with a page"
      result.skipped.append(skip)
      return await conclude(report(visit, response, .probed(fingerprint)), result)
    } catch {
      let outcome: VisitReport.Outcome =
        if error.isCancelled {
          .cancelled
        } else if error.kind == .rateLimited {
          .rateLimited(kind: error.kind, retryAfter: error.retryAfter)
        } else {
          .probed(nil)
        }
      return await conclude(
        VisitReport(
          id: visit.id, outcome: outcome, startedAt: error.seenAt,
          responseSeconds: error.totalSeconds), PageResult())
    }
  }

  /// A page that is what the host sends where there is nothing: not kept, its links not followed.
  func leaveOut(
    _ response: FetchedResponse, _ analysis: PageAnalysis, _ visit: Visit
  ) async -> PageResult? {
    var result = PageResult()
    result.archive = archiver.records(of: response, facts: facts(visit))
    var skip = skip(visit, .trap)
    skip.rule = "soft 404"
    skip.status = response.status
    result.skipped.append(skip)
    return await conclude(
      report(visit, response, .fetched(isPage: false), [], analysis.fingerprint), result)
  }
}
