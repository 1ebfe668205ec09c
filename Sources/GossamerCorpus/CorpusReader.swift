import Foundation
import GossamerFlow

/// Reads the page records of an output directory, file by file and line by line.
///
/// Holds one piece of a file in memory, not the corpus. A line that is no record is counted and
/// passed over. The last line of a file that a crawl is in the middle of writing is not looked at.
public struct CorpusReader: Sequence, IteratorProtocol {
  /// Lines that were no page record.
  public private(set) var badLines = 0
  /// Bytes of lines that were read.
  public private(set) var bytesRead = 0
  private var files: ArraySlice<String>
  private var lines: CorpusLines?
  private let keys: [[UInt8]]?
  private let decoder = JSONDecoder()

  /// A reader over the page files below a directory, in the order of their numbers.
  ///
  /// - Parameter keys: the keys that are wanted beside `url`, nil for all. Others are not decoded, which
  ///   takes most of the time, and stay absent.
  /// - Throws: `StoreError` when the directory holds no page files.
  public init(_ layout: CorpusLayout, keys: Set<String>? = nil) throws(StoreError) {
    files = layout.pageFiles[...]
    self.keys = keys.map { $0.union(["url"]).sorted().map { Array($0.utf8) } }
    guard !files.isEmpty else {
      throw StoreError(
        kind: .storeMissing, message: "\(layout.root) holds no pages",
        advice: "name the output directory of a crawl")
    }
  }

  /// The next record, or nil after the last.
  public mutating func next() -> PageRecord? {
    while let line = nextLine() {
      bytesRead += line.count + 1
      if let record = record(of: line) { return record }
      badLines += 1
    }
    return nil
  }

  private mutating func nextLine() -> [UInt8]? {
    while true {
      if let line = lines?.next() { return line }
      guard let file = files.popFirst() else { return nil }
      lines = CorpusLines(path: file)
    }
  }

  private func record(of line: [UInt8]) -> PageRecord? {
    guard let keys else { return decode(line) }
    let picked: [UInt8]? = line.withUnsafeBufferPointer { bytes in
      guard let skim = JSONSkim(bytes, keys: keys) else { return nil }
      var picked = JSONLine()
      for (index, key) in keys.enumerated() {
        guard let value = skim.raw(index) else { continue }
        picked.add(named: String(decoding: key, as: UTF8.self), json: value)
      }
      return picked.finished()
    }
    return picked.flatMap(decode)
  }

  private func decode(_ line: [UInt8]) -> PageRecord? {
    try? decoder.decode(PageRecord.self, from: Data(line))
  }
}
