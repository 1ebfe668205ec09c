import GossamerFrontier
import Synchronization

/// Which content is already stored, by the digest of the decoded body.
///
/// Filled by page carriers and, on restart, from the store. Bounded: the URLs of the latest contents
/// are held here, of all others at most eight bytes of the digest; the store has the rest.
final class Deduplicator: Sendable {
  fileprivate struct Contents {
    var seen: SeenHashes
    /// First URLs by content: those of the latest, and those just before them.
    var young: [Key: String] = [:]
    var old: [Key: String] = [:]
  }

  /// The first half of a SHA-256 digest: with 10⁹ contents a clash has a chance of 10⁻²⁰.
  fileprivate struct Key: Hashable {
    let high: UInt64
    let low: UInt64

    init(digest: [UInt8]) {
      high = SeenHashes.hash(ofDigest: digest)
      low = SeenHashes.hash(ofDigest: Array(digest.dropFirst(8)))
    }
  }

  /// More than can wait for a commit: what is not here is in the store.
  private static let latest = 16_384

  private let contents: Mutex<Contents>
  private let reader: StoreReader

  init(seen: SeenHashes, reader: StoreReader) {
    contents = Mutex(Contents(seen: seen))
    self.reader = reader
  }

  /// Claims the content for a URL.
  ///
  /// - Returns: nil if it is new, else the URL under which it is stored. A store that cannot be read
  ///   counts as one that has nothing: the next commit will say what is wrong with it.
  func firstURL(of digest: [UInt8], claimedBy url: String) async -> String? {
    precondition(digest.count >= 16, "a content digest has 32 bytes")
    let key = Key(digest: digest)
    let (known, mayBeStored) = contents.withLock { $0.claim(key, for: url, keeping: Self.latest) }
    if let known { return known == url ? nil : known }
    guard mayBeStored, let stored = try? await reader.url(ofContent: digest) else { return nil }
    contents.withLock { $0.young[key] = stored }
    return stored == url ? nil : stored
  }
}

extension Deduplicator.Contents {
  /// - Returns: the first URL, if it is held here; whether the store may have one.
  fileprivate mutating func claim(
    _ key: Deduplicator.Key, for url: String, keeping limit: Int
  ) -> (known: String?, mayBeStored: Bool) {
    if let first = young[key] ?? old[key] { return (first, false) }
    let mayBeStored = !seen.isComplete || seen.contains(key.high)
    if young.count >= limit {
      old = young
      young.removeAll(keepingCapacity: true)
    }
    young[key] = url
    seen.insert(key.high)
    return (nil, mayBeStored)
  }
}
