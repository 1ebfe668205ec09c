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

  /// How many hosts have URLs and could be asked once they have rested or a place is free, and how
  /// long the first of them still rests.
  public mutating func waiting(at now: Instant) -> (hosts: Int, next: Duration?) {
    while let first = due.min, !isValid(first) { due.removeMin() }
    return (placedHosts + hostsAtGates, due.min.map { max($0.at - now, .zero) })
  }
}
