public import GossamerURL

/// Finds the addresses of a host name.
public protocol AddressResolver: Sendable {
  /// The addresses of the name in the order in which to try them; never empty.
  ///
  /// Judges nothing: private and public addresses are given alike.
  func addresses(of name: String) async throws(AddressResolutionError) -> [IPAddress]
}

/// Why a name has no address for us.
public struct AddressResolutionError: Error, Sendable, CustomStringConvertible {
  /// The kind, stable in records and counters; raw values are their labels.
  public enum Kind: String, Sendable, CaseIterable {
    case notFound = "dns.nxdomain"
    case serverFailure = "dns.servfail"
    case timeout = "dns.timeout"
    case noAddress = "dns.no_address"
    case tooManyFiles = "sys.fds"
    case cancelled = "cancelled"
  }

  /// What failed.
  public var kind: Kind
  /// What the system said, for people.
  public var detail: String

  /// An error of a kind, with words.
  public init(_ kind: Kind, detail: String) {
    self.kind = kind
    self.detail = detail
  }

  /// Whether a later try may succeed.
  public var isTransient: Bool {
    switch kind {
    case .serverFailure, .timeout, .tooManyFiles: true
    case .notFound, .noAddress, .cancelled: false
    }
  }

  /// "dns.nxdomain: name or service not known".
  public var description: String { "\(kind.rawValue): \(detail)" }
}
