/// What a host answers where there is nothing: whether it says so, or sends the same page for any
/// path ("soft 404").
///
/// Found out by asking once for a path that nobody can have meant, and only on a host that has sent
/// the same content under several URLs; a host that never does is never probed.
struct SoftNotFound {
  private enum Knowledge {
    case unasked
    case asked
    /// Says so with a status, or with pages that differ.
    case honest
    case soft(fingerprint: UInt64)
  }

  private static let remembered = 16
  /// URLs with the same content after which a host is probed.
  private static let repeatsToProbe = 3

  private var knowledge = Knowledge.unasked
  private var recent: [(fingerprint: UInt64, count: Int)] = []

  /// The fingerprint of the page that stands for "not found"; nil if there is none.
  var fingerprint: UInt64? {
    if case .soft(let fingerprint) = knowledge { fingerprint } else { nil }
  }

  /// Notes the content of a page.
  ///
  /// - Returns: whether to probe the host now; true once.
  mutating func note(_ fingerprint: UInt64) -> Bool {
    guard case .unasked = knowledge else { return false }
    if let place = recent.firstIndex(where: { $0.fingerprint == fingerprint }) {
      recent[place].count += 1
      guard recent[place].count >= Self.repeatsToProbe else { return false }
      knowledge = .asked
      recent = []
      return true
    }
    if recent.count == Self.remembered { recent.removeFirst() }
    recent.append((fingerprint, 1))
    return false
  }

  /// Takes the answer to the probe: the content of a page with status 200, or nil for any other.
  mutating func learn(_ fingerprint: UInt64?) {
    knowledge = fingerprint.map { .soft(fingerprint: $0) } ?? .honest
  }
}
