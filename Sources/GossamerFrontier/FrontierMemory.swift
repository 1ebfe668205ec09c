/// How much memory a frontier and its store may take, and for what. Hosts come on top: about one
/// kilobyte each, with their rules.
public struct FrontierMemory: Sendable, Equatable {
  /// In all.
  public var bytes: Int

  /// A bound.
  public init(bytes: Int = 512 << 20) {
    self.bytes = max(bytes, 16 << 20)
  }

  /// For hashes of URLs that were seen: two fifths.
  public var seenBytes: Int { bytes / 5 * 2 }
  /// For pages of the store's file: three tenths.
  public var storeBytes: Int { bytes / 10 * 3 }
  /// For digests of contents: a twentieth.
  public var contentBytes: Int { bytes / 20 }
  /// For hashes of URLs whose refusal was said: a fortieth.
  var refusedBytes: Int { bytes / 40 }
  /// URLs that wait in memory, at about 400 bytes each: a fifth. All others wait in the store.
  var waitingURLs: Int { max(perHostLeast, bytes / 5 / 400) }
  /// Of one host: what a fast host takes while a next batch is read. Tests make it small.
  var waitingURLsPerHost = 1_024
  /// What a host gets when others have taken all.
  let perHostLeast = 4
}
