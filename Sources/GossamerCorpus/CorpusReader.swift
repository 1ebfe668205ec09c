import Foundation
import GossamerFlow

/// Reads the page records of an output directory, file by file and line by line.
///
/// Holds one piece of a file in memory, not the corpus. A line that is no record is counted and
/// passed over: a crawl that is running may be in the middle of writing one.
public struct CorpusReader: Sequence, IteratorProtocol {
  /// Lines that were no page record.
  public private(set) var badLines = 0
  private var lines: LineFiles
  private let decoder = JSONDecoder()

  /// A reader over the page files below a directory, in the order of their numbers.
  ///
  /// - Throws: `StoreError` when the directory holds no page files.
  public init(_ layout: CorpusLayout) throws(StoreError) {
    let files = layout.pageFiles
    guard !files.isEmpty else {
      throw StoreError(
        kind: .storeIO, message: "\(layout.root) holds no pages",
        advice: "name the output directory of a crawl")
    }
    lines = LineFiles(files)
  }

  /// The next record, or nil after the last.
  public mutating func next() -> PageRecord? {
    while let line = lines.next() {
      if let record = try? decoder.decode(PageRecord.self, from: line) { return record }
      badLines += 1
    }
    return nil
  }
}
