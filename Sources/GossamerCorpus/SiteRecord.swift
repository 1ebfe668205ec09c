import Foundation
import GossamerFlow

/// What a site repeats from page to page, and its pages are therefore kept without: one copy of each
/// block. A line of `sites.jsonl`.
///
/// The first pages of a site were kept with these blocks, as nobody knew yet; who wants them without
/// finds here what to take out.
public struct SiteRecord: Sendable, Codable, Equatable {
  /// A block of text.
  public struct Block: Sendable, Codable, Equatable {
    /// By which a later run knows it again, 16 hexadecimal digits.
    public var hash: String
    /// Pages that had it.
    public var count: Int
    /// At most 500 characters of it.
    public var text: String

    /// A block.
    public init(hash: String, count: Int, text: String) {
      self.hash = hash
      self.count = count
      self.text = text
    }
  }

  /// The host.
  public var host: String
  /// Pages of it that were read.
  public var pages: Int
  /// Most frequent first, 32 at most.
  public var blocks: [Block]

  /// A site.
  public init(host: String, pages: Int, blocks: [Block]) {
    self.host = host
    self.pages = pages
    self.blocks = blocks
  }

  /// The record as one JSON line.
  public func line() -> [UInt8] {
    var line = JSONLine(capacity: 256)
    line.add("host", host)
    line.add("pages", pages)
    line.addObjects("blocks", blocks) { line, block in
      line.add("hash", block.hash)
      line.add("count", block.count)
      line.add("text", block.text)
    }
    return line.finished()
  }

  /// What an earlier run wrote; nothing where it wrote none or lines cannot be read: it is learnt
  /// anew then.
  public static func read(_ layout: CorpusLayout) -> [SiteRecord] {
    let decoder = JSONDecoder()
    return CorpusLines(path: layout.sites).compactMap {
      try? decoder.decode(SiteRecord.self, from: Data($0))
    }
  }

  /// Replaces the file in one step, so that a reader sees the old one or the new one.
  public static func write(_ sites: [SiteRecord], to layout: CorpusLayout) throws(StoreError) {
    do {
      let lines = sites.reduce(into: Data()) { $0.append(contentsOf: $1.line()) }
      try lines.write(to: URL(filePath: layout.sites), options: .atomic)
    } catch {
      throw StoreError(
        kind: .storeIO, message: "cannot write \(layout.sites): \(error.localizedDescription)",
        advice: "make room, or choose a directory you may write to with --output")
    }
  }
}
