public import GossamerFlow
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
  /// What failed.
  public var kind: Cause
  /// What the system said, for people.
  public var detail: String

  /// Whether a later try may succeed.
  public var isTransient: Bool

  /// An error of a kind, with words; whether it passes follows from the kind unless told.
  public init(_ kind: Cause, detail: String, isTransient: Bool? = nil) {
    self.kind = kind
    self.detail = detail
    self.isTransient = isTransient ?? kind.isTransient
  }

  /// "dns.nxdomain: name or service not known".
  public var description: String { "\(kind.rawValue): \(detail)" }
}
