import HeapModule

extension FrontierState {
  /// How many hosts have URLs and could be asked once they have rested or a place is free, and how
  /// long the first of them still rests.
  public mutating func waiting(at now: Instant) -> (hosts: Int, next: Duration?) {
    while let first = due.min, !isValid(first) { due.removeMin() }
    return (placedHosts + hostsAtGates, due.min.map { max($0.at - now, .zero) })
  }
}
