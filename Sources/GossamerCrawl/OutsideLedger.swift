import GossamerURL
import Synchronization

/// Which URLs outside the scope were already written down, so that a link that stands on every page
/// is one line. Bounded: once full, further ones are not written, only not followed.
final class OutsideLedger: Sendable {
  private let limit: Int
  private let hashes = Mutex<Set<Int>>([])

  init(limit: Int = 1_000_000) {
    self.limit = limit
  }

  /// Whether the URL is met for the first time.
  func isNew(_ url: CanonicalURL) -> Bool {
    let hash = url.hashValue
    return hashes.withLock { hashes in
      hashes.count < limit && hashes.insert(hash).inserted
    }
  }
}
