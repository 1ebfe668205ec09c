/// An IPv4 or IPv6 address, and whether the public internet routes it.
public enum IPAddress: Sendable, Hashable {
  /// Four octets, the first in the highest byte.
  case v4(UInt32)
  /// Sixteen octets in network order, in two halves.
  case v6(high: UInt64, low: UInt64)

  /// Reads an address literal: four decimal octets without leading zeros, or RFC 4291 text (no
  /// brackets, no zone). Stricter than hosts in URLs, where `0x7f.1` is an address too.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    let parsed: IPAddress? = bytes.withUnsafeBufferPointer { bytes in
      if let value = IPv4Text.parseDotted(bytes) { return .v4(value) }
      return IPv6Text.parse(bytes).map { .v6(high: $0.high, low: $0.low) }
    }
    guard let parsed else { return nil }
    self = parsed
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted decimal, or RFC 5952 text without brackets.
  public var description: String {
    var text: [UInt8] = []
    switch self {
    case .v4(let value): IPv4Text.append(value, to: &text)
    case .v6(let high, let low): IPv6Text.append(high: high, low: low, to: &text)
    }
    return String(decoding: text, as: UTF8.self)
  }
}

// MARK: - Reach

extension IPAddress {
  /// Whether this is the machine itself: 127.0.0.0/8, ::1, or an IPv6 form that carries such an
  /// IPv4 address.
  public var isLoopback: Bool {
    switch self {
    case .v4(let value): value >> 24 == 127
    case .v6(0, 1): true
    case .v6: carriedIPv4.contains { $0 >> 24 == 127 }
    }
  }

  /// Whether the public internet routes packets to this address.
  ///
  /// False for everything the special-purpose registries do not call globally reachable, and for
  /// multicast. An IPv6 form that carries an IPv4 address (mapped, compatible, translated, 6to4,
  /// NAT64, Teredo, ISATAP) is only as reachable as what it carries: such forms are a known way
  /// around address filters.
  ///
  /// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 6890, RFC 8190.
  public var isGloballyRoutable: Bool {
    switch self {
    case .v4(let value):
      !Self.notGlobalIPv4.contains { value >> (32 - $0.length) == $0.prefix >> (32 - $0.length) }
    case .v6(let high, let low):
      Self.isGlobalIPv6(high, low) && carriedIPv4.allSatisfy { IPAddress.v4($0).isGloballyRoutable }
    }
  }

  /// The IPv4 addresses inside an IPv6 address, by all known ways to put one there.
  var carriedIPv4: [UInt32] {
    guard case .v6(let high, let low) = self else { return [] }
    let lowest = UInt32(truncatingIfNeeded: low)
    switch (high, low >> 32) {
    case (0, 0xFFFF), (0, 0xFFFF_0000): return [lowest]  // mapped, translated (RFC 6052, 2765)
    case (0, 0) where lowest > 1: return [lowest]  // compatible (RFC 4291 §2.5.5.1)
    case (0x0064_FF9B_0000_0000, 0): return [lowest]  // NAT64 (RFC 6052)
    default: break
    }
    switch high >> 32 {
    case 0x2001_0000: return [UInt32(truncatingIfNeeded: high), ~lowest]  // Teredo: server, client
    case let top where top >> 16 == 0x2002: return [UInt32(truncatingIfNeeded: high >> 16)]  // 6to4
    default: break
    }
    return low >> 32 & ~0x0200_0000 == 0x5EFE ? [lowest] : []  // ISATAP (RFC 5214)
  }

  private static func isGlobalIPv6(_ high: UInt64, _ low: UInt64) -> Bool {
    if high == 0 {  // only forms that carry an IPv4 address; that one decides
      return low >> 32 == 0xFFFF || low >> 32 == 0xFFFF_0000 || (low >> 32 == 0 && low > 1)
    }
    if high == 0x0064_FF9B_0000_0000 { return low >> 32 == 0 }  // 64:ff9b::/96
    let top = UInt16(truncatingIfNeeded: high >> 48)
    guard top & 0xE000 == 0x2000 else { return false }  // global unicast is 2000::/3
    switch high >> 32 {
    case 0x2001_0000: return true  // Teredo: what is carried decides
    case 0x2001_0DB8: return false  // documentation
    case 0x2001_0001: return high & 0xFFFF_FFFF == 0 && (1...3).contains(low)  // PCP, TURN, DNS-SD
    case 0x2001_0003: return true  // AMT
    case 0x2001_0004: return high & 0xFFFF_0000 == 0x0112_0000  // AS112
    case 0x2001_0020...0x2001_003F: return true  // ORCHIDv2, drone remote ID
    case 0x2001_0000...0x2001_01FF: return false  // the rest of the protocol assignments
    default: break
    }
    return high >> 44 != 0x3FFF0  // documentation, 3fff::/20
  }

  private static let notGlobalIPv4: [(prefix: UInt32, length: UInt32)] = [
    (0x0000_0000, 8),  // this network
    (0x0A00_0000, 8),  // private use
    (0x6440_0000, 10),  // shared address space (carrier NAT)
    (0x7F00_0000, 8),  // loopback
    (0xA9FE_0000, 16),  // link local; cloud metadata lives here
    (0xAC10_0000, 12),  // private use
    (0xC000_0000, 24),  // IETF protocol assignments
    (0xC000_0200, 24),  // documentation
    (0xC058_6300, 24),  // 6to4 relay anycast, withdrawn
    (0xC0A8_0000, 16),  // private use
    (0xC612_0000, 15),  // benchmarking
    (0xC633_6400, 24),  // documentation
    (0xCB00_7100, 24),  // documentation
    (0xE000_0000, 4),  // multicast
    (0xF000_0000, 4),  // reserved, and the broadcast address
  ]
}
