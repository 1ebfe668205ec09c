import GossamerFetch

/// When the server can be taken to have seen a request, from which its rest is counted.
///
/// A request that has left may wait for a busy line or a busy server; counted from its leaving, the
/// next one could follow too soon after it. The answer's first byte says that it was seen, but
/// waiting for that in full would slow polite crawls of far hosts down: so at most this much later.
private let latestArrival = 0.05

extension FetchedResponse {
  /// The moment from which the host's rest is counted.
  var seenAt: ContinuousClock.Instant {
    startedAt + .seconds(min(firstByteSeconds, latestArrival))
  }
}

extension FetchError {
  /// The moment from which the host's rest is counted; nil if nothing was sent.
  var seenAt: ContinuousClock.Instant? {
    startedAt.map { $0 + .seconds(min(totalSeconds, latestArrival)) }
  }
}
