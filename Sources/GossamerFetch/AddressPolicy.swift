public import GossamerURL

/// Decides which addresses may be connected to: those the public internet routes, and those the
/// operator allowed expressly.
///
/// Source: server-side request forgery; a page must not make us ask its reader's own machines.
public struct AddressPolicy: Sendable, Equatable {
  /// Whether private, link-local and loopback addresses are allowed, all of them. Unspecified and
  /// multicast addresses never are.
  public var allowsPrivate: Bool
  /// Addresses allowed although the public internet does not route them; each for itself, never its
  /// network.
  public var allowed: Set<IPAddress>

  /// A policy.
  ///
  /// - Parameter seeds: a seed at a loopback address, or at `localhost`, opens its own address only.
  public init(
    allowsPrivate: Bool = false, allowed: Set<IPAddress> = [], seeds: some Sequence<WebURL>
  ) {
    self.allowsPrivate = allowsPrivate
    self.allowed = allowed
    for seed in seeds { admit(seed) }
  }

  /// A policy that allows public addresses, and those listed.
  public init(allowsPrivate: Bool = false, allowed: Set<IPAddress> = []) {
    self.allowsPrivate = allowsPrivate
    self.allowed = allowed
  }

  /// Whether this address may be connected to.
  public func allows(_ address: IPAddress) -> Bool {
    if address.isGloballyRoutable || allowed.contains(address) { return true }
    return allowsPrivate && !Self.isNeverAHost(address)
  }

  /// Whether a name with these addresses may be asked. One forbidden address condemns the name: a
  /// site has no reason to name a private one beside its own.
  public func allows(all addresses: [IPAddress]) -> Bool { addresses.allSatisfy(allows) }

  private mutating func admit(_ seed: WebURL) {
    guard let host = seed.host else { return }
    if let address = host.ipAddress {
      if address.isLoopback { allowed.insert(address) }
    } else if host == .domain("localhost") {
      allowed.insert(.v4(0x7F00_0001))
      allowed.insert(.v6(high: 0, low: 1))
    }
  }

  /// Unspecified, "this network", multicast and broadcast addresses.
  private static func isNeverAHost(_ address: IPAddress) -> Bool {
    switch address {
    case .v4(let value): value >> 24 == 0 || value >> 28 >= 0xE
    case .v6(let high, let low):
      (high == 0 && low == 0) || high >> 56 == 0xFF
        || (high == 0 && low >> 32 == 0xFFFF && isNeverAHost(.v4(UInt32(truncatingIfNeeded: low))))
    }
  }
}
