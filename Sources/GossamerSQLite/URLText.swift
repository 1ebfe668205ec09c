import GossamerFrontier

/// A canonical URL in the parts that rows hold: its host has a number there, and what comes before
/// it is one bit.
struct URLText {
  var isSecure: Bool
  var hostKey: Substring
  /// Path and query.
  var path: Substring

  /// Splits `http://host/path`; nil for what has no such form.
  init?(_ text: String) {
    let bytes = text.utf8
    isSecure = text.hasPrefix("https://")
    guard isSecure || text.hasPrefix("http://") else { return nil }
    let start = bytes.index(bytes.startIndex, offsetBy: isSecure ? 8 : 7)
    guard let slash = bytes[start...].firstIndex(of: UInt8(ascii: "/")), slash > start else {
      return nil
    }
    hostKey = text[start..<slash]
    path = text[slash...]
  }

  /// The `kind` column: what a URL is wanted for, and its scheme.
  static func kind(_ purpose: Offer.Purpose, isSecure: Bool) -> Int {
    purpose.rawValue << 1 | (isSecure ? 1 : 0)
  }

  /// The URL of a row.
  static func text(kind: Int64, hostKey: String, path: String) -> String {
    (kind & 1 == 0 ? "http://" : "https://") + hostKey + path
  }

  /// What the URL of a row is wanted for.
  static func purpose(kind: Int64) -> Offer.Purpose {
    Offer.Purpose(rawValue: Int(kind >> 1)) ?? .page
  }
}
