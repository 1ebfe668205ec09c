import Synchronization

/// Which content is already stored, by the digest of the decoded body.
///
/// Filled by page carriers and, on restart, from the store; emptied by nobody. 16 bytes of the
/// SHA-256 and the URL are kept for each content.
final class Deduplicator: Sendable {
  private let urls: Mutex<[Key: String]>

  /// The first half of a SHA-256 digest: with 10⁹ contents a clash has a chance of 10⁻²⁰.
  struct Key: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    init(digest: [UInt8]) {
      precondition(digest.count >= 16, "a content digest has 32 bytes")
      high = digest[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
      low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  init(known: [(digest: [UInt8], url: String)] = []) {
    var table: [Key: String] = [:]
    table.reserveCapacity(known.count)
    for (digest, url) in known { table[Key(digest: digest)] = url }
    urls = Mutex(table)
  }

  /// Claims the content for a URL.
  ///
  /// - Returns: nil if it is new, else the URL under which it is stored.
  func firstURL(of digest: [UInt8], claimedBy url: String) -> String? {
    let key = Key(digest: digest)
    return urls.withLock { table in
      if let first = table[key] { return first == url ? nil : first }
      table[key] = url
      return nil
    }
  }
}
