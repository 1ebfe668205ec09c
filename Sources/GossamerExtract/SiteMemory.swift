internal import Synchronization

/// Blocks of text that a site repeats from page to page, learnt while its pages pass.
///
/// What was in the content of three other pages of a host, and of a quarter of those read, is the
/// site's and not the page's: legal notes, calls to subscribe, authors' boxes. A page most of whose
/// text is so stays whole: it is a copy or a list. The first pages of a host pass unfiltered. One
/// copy of each repeated block is kept for the site's record.
///
/// Bounded: 1,024 hosts of 1,024 blocks, of which 32 with their text; what was seen once goes first.
/// Filled by `ContentExtractor.extract`, emptied by nobody; safe to share between tasks.
public final class SiteMemory: Sendable {
  /// A block that a site repeats.
  public struct Block: Sendable, Hashable {
    /// By which it is known again.
    public let hash: UInt64
    /// At most 500 characters of it.
    public let text: String
    /// Pages that had it.
    public let count: Int

    /// A block.
    public init(hash: UInt64, text: String, count: Int) {
      self.hash = hash
      self.text = text
      self.count = count
    }
  }

  /// What a site repeats.
  public struct Site: Sendable, Hashable {
    /// The host.
    public let host: String
    /// Pages of it that were read.
    public let pageCount: Int
    /// Repeated blocks, most frequent first.
    public let blocks: [Block]

    /// A site.
    public init(host: String, pageCount: Int, blocks: [Block]) {
      self.host = host
      self.pageCount = pageCount
      self.blocks = blocks
    }
  }

  private static let hostLimit = 1_024
  fileprivate static let blockLimit = 1_024
  fileprivate static let textLimit = 32
  /// Pages that must have had a block before.
  fileprivate static let leastCount = 3
  /// Characters a block must have: short ones repeat by nature.
  static let leastLength: Int32 = 25

  fileprivate struct Host {
    var pageCount = 0
    var counts: [UInt64: Int] = [:]
    var texts: [UInt64: String] = [:]
  }

  private let hosts = Mutex<[String: Host]>([:])

  /// A memory of nothing.
  public init() {}

  /// Takes in what was found before, in place of what is known of these hosts.
  public func restore(_ sites: [Site]) {
    hosts.withLock { hosts in
      for site in sites.prefix(Self.hostLimit) {
        var host = Host(pageCount: site.pageCount)
        for block in site.blocks.prefix(Self.textLimit) {
          host.counts[block.hash] = block.count
          host.texts[block.hash] = block.text
        }
        hosts[site.host] = host
      }
    }
  }

  /// What was found, for hosts with any repeated block, by host.
  public var sites: [Site] {
    hosts.withLock { hosts in
      hosts.filter { !$0.value.texts.isEmpty }.map { name, host in
        Site(
          host: name, pageCount: host.pageCount,
          blocks: host.texts.map {
            Block(hash: $0.key, text: $0.value, count: host.counts[$0.key] ?? 0)
          }.sorted { ($1.count, $0.text) < ($0.count, $1.text) })
      }.sorted { $0.host < $1.host }
    }
  }

  /// Takes in the blocks of a page, by hash; says which of them the site repeats.
  func repeated(_ blocks: [UInt64], on host: String, text: (UInt64) -> String) -> Set<UInt64> {
    hosts.withLock { hosts in
      if hosts[host] == nil, hosts.count >= Self.hostLimit { Self.makeRoom(in: &hosts) }
      return hosts[host, default: Host()].take(Set(blocks), text: text)
    }
  }

  /// Forgets the hosts with the fewest pages, half of all.
  private static func makeRoom(in hosts: inout [String: Host]) {
    let counts = hosts.values.map(\.pageCount).sorted()
    let middle = counts[counts.count / 2]
    hosts = hosts.filter { $0.value.pageCount > middle }
  }
}

extension SiteMemory.Host {
  fileprivate mutating func take(
    _ blocks: Set<UInt64>, text: (UInt64) -> String
  ) -> Set<UInt64> {
    pageCount += 1
    var repeated: Set<UInt64> = []
    for block in blocks {
      let before = counts[block] ?? 0
      counts[block] = before + 1
      guard before >= SiteMemory.leastCount, before * 4 >= pageCount else { continue }
      repeated.insert(block)
      if texts.count < SiteMemory.textLimit, texts[block] == nil { texts[block] = text(block) }
    }
    if counts.count > SiteMemory.blockLimit {
      // What is rare makes room.
      counts = counts.filter { $0.value >= 2 || texts[$0.key] != nil }
      if counts.count > SiteMemory.blockLimit / 2 {
        counts = counts.filter { $0.value >= SiteMemory.leastCount }
      }
      if counts.count > SiteMemory.blockLimit / 2 {
        counts = counts.filter { texts[$0.key] != nil }
      }
    }
    return repeated
  }
}
