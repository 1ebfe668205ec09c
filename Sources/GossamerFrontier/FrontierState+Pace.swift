import HeapModule

extension FrontierState {
  /// Paces of the hosts that were asked since the last call.
  public mutating func takeChangedPaces(at now: Instant) -> [HostPace] {
    defer { changedHosts = [] }
    return changedHosts.map { index in
      let host = hosts[index]
      return HostPace(
        hostKey: host.key, crawlDelay: host.crawlDelay,
        parkedFor: host.parkedUntil.flatMap { $0 > now ? $0 - now : nil },
        refusalsInARow: host.refusalsInARow, failuresInARow: host.failuresInARow,
        pagesStored: host.pagesStored)
    }
  }

  /// How many hosts are in line for a later moment, and how long the first of them still rests.
  public func waiting(at now: Instant) -> (hosts: Int, next: Duration?) {
    // The heap also holds places that are no longer valid; their number is bounded by the hosts
    // that moved since, which is near enough for a progress line.
    let next = due.min.map { $0.at - now }
    return (min(due.count, hosts.count), next.map { max($0, .zero) })
  }
}
