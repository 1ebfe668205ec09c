import GossamerURL
import HeapModule

/// The pace of addresses: several names can stand for one machine.
///
/// A host counts as living at the first address that was reported for it.
extension FrontierState {
  /// Places in the heap, those that lost their validity included.
  var placeCount: Int { due.count }

  /// The gate of an address, made on first sight.
  mutating func gateIndex(of address: IPAddress, at now: Instant) -> Int {
    if let index = indexOfGate[address] { return index }
    let index = gates.count
    let rest = restoredAt.map { $0 + policy.perAddressDelay } ?? now
    gates.append(AddressGate(notBefore: max(now, rest)))
    indexOfGate[address] = index
    return index
  }

  /// Whether a request to the address may start now.
  func isOpen(_ gate: Int, at now: Instant) -> Bool {
    gates[gate].inFlight < policy.perAddress && !gates[gate].awaitsStart
      && gates[gate].notBefore <= now
  }

  /// Reserves a place at the address, or puts the host at the end of the line there.
  mutating func pass(_ gate: Int, host: Int, isFirstInLine: Bool, at now: Instant) -> Bool {
    guard isOpen(gate, at: now), isFirstInLine || gates[gate].line.isEmpty else {
      hosts[host].waitsAtGate = true
      hostsAtGates += 1
      gates[gate].line.append(host)
      scheduleGate(gate, at: now)
      return false
    }
    gates[gate].inFlight += 1
    // Counted from the start once that is known; until then no other host may slip through.
    gates[gate].notBefore = now + policy.perAddressDelay
    return true
  }
}
