/// The host of a URL, as the standard tells them apart.
public enum WebHost: Sendable, Hashable {
  /// A registered name in ASCII, lower case, as in `xn--bcher-kva.example`.
  case domain(String)
  /// An IPv4 address, the first octet in the highest byte.
  case ipv4(UInt32)
  /// An IPv6 address in two halves.
  case ipv6(high: UInt64, low: UInt64)
  /// The host of a scheme the standard does not know.
  case opaque(String)
  /// A host that is there but empty, as in `file:///etc`.
  case empty

  /// The address, when the host is one and not a name.
  public var ipAddress: IPAddress? {
    switch self {
    case .ipv4(let value): .v4(value)
    case .ipv6(let high, let low): .v6(high: high, low: low)
    case .domain, .opaque, .empty: nil
    }
  }
}
