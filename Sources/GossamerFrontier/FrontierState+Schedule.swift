import HeapModule

/// The order of time: whose turn it is next, and when.
extension FrontierState {
  /// Whose turn it is at a moment.
  enum Subject {
    case host(Int)
    case gate(Int)
  }

  /// A place in the order of time. Invalid once its subject's stamp has moved on.
  struct DuePlace: Comparable {
    var at: Instant
    var sequence: UInt64
    var subject: Subject
    var stamp: UInt64

    static func < (a: DuePlace, b: DuePlace) -> Bool {
      a.at == b.at ? a.sequence < b.sequence : a.at < b.at
    }

    static func == (a: DuePlace, b: DuePlace) -> Bool { a.sequence == b.sequence }
  }

  /// How many hosts have URLs and could be asked once they have rested or a place is free, and how
  /// long the first of them still rests.
  public mutating func waiting(at now: Instant) -> (hosts: Int, next: Duration?) {
    while let first = due.min, !isValid(first) { due.removeMin() }
    return (placedHosts + hostsAtGates, due.min.map { max($0.at - now, .zero) })
  }

  func isValid(_ place: DuePlace) -> Bool {
    switch place.subject {
    case .host(let host): hosts[host].stamp == place.stamp
    case .gate(let gate): gates[gate].stamp == place.stamp
    }
  }

  private mutating func insert(_ subject: Subject, at time: Instant, stamp: UInt64) {
    sequence += 1
    due.insert(DuePlace(at: time, sequence: sequence, subject: subject, stamp: stamp))
    // Places that lost their validity far from the top are swept out before they outnumber others.
    guard due.count > 2 * (hosts.count + gates.count) + 64 else { return }
    due = Heap(due.unordered.filter { isValid($0) })
  }

  mutating func leaveHeap(_ host: Int) {
    hosts[host].stamp += 1
    if hosts[host].scheduledAt != nil { placedHosts -= 1 }
    hosts[host].scheduledAt = nil
  }

  /// Gives the host its place in the order of time, if there is a moment at which it can go on by
  /// itself; else the report that it waits for calls this again. A place that is still right is
  /// kept: a host that many pages link to must not lose its turn with every link.
  mutating func schedule(_ host: Int, at now: Instant) {
    guard let time = nextMoment(of: host, at: now) else { return leaveHeap(host) }
    if let place = hosts[host].scheduledAt, max(place, now) == time { return }
    leaveHeap(host)
    hosts[host].scheduledAt = time
    placedHosts += 1
    insert(.host(host), at: time, stamp: hosts[host].stamp)
  }

  /// Gives the line at an address its place in the order of time, unless a release must come first.
  mutating func scheduleGate(_ gate: Int, at now: Instant) {
    guard !gates[gate].line.isEmpty, gates[gate].inFlight < policy.perAddress,
      !gates[gate].awaitsStart
    else { return }
    let time = max(now, gates[gate].notBefore)
    if let place = gates[gate].scheduledAt, max(place, now) == time { return }
    gates[gate].stamp += 1
    gates[gate].scheduledAt = time
    insert(.gate(gate), at: time, stamp: gates[gate].stamp)
  }

  private func nextMoment(of host: Int, at now: Instant) -> Instant? {
    guard !hosts[host].isStopped, !hosts[host].waitsAtGate, !hosts[host].awaitsStart,
      !hosts[host].awaitsRules, hosts[host].inFlight < policy.perHost
    else { return nil }
    if case .lookingUp = hosts[host].addresses { return nil }
    let hasNext =
      hosts[host].waitingCount > 0 || hosts[host].stored > 0 && !hosts[host].awaitsSupply
    let wanted = hasNext ? now : hosts[host].nextRetry
    guard let wanted else { return nil }
    return max(wanted, now, hosts[host].notBefore, hosts[host].parkedUntil ?? now)
  }
}
