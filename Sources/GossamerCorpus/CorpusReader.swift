import Foundation

/// Reads the page records of an output directory, file by file and line by line.
///
/// Holds one piece of a file in memory, not the corpus. A line that is no record is counted and
/// passed over: a crawl that is running may be in the middle of writing one.
public struct CorpusReader: Sequence, IteratorProtocol {
  /// Lines that were no page record.
  public private(set) var badLines = 0
  private var files: [String]
  private var handle: FileHandle?
  private var buffer = Data()
  private let decoder = JSONDecoder()

  /// A reader over the page files below a directory, in the order of their numbers.
  ///
  /// - Throws: `StoreError` when the directory holds no page files.
  public init(_ layout: CorpusLayout) throws(StoreError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: layout.pages)) ?? []
    files = names.filter { $0.hasSuffix(".jsonl") }.sorted(by: >).map { layout.pages + $0 }
    guard !files.isEmpty else {
      throw StoreError(
        kind: "store.io", message: "\(layout.root) holds no pages",
        advice: "name the output directory of a crawl")
    }
  }

  /// The next record, or nil after the last.
  public mutating func next() -> PageRecord? {
    while let line = nextLine() {
      if let record = try? decoder.decode(PageRecord.self, from: line) { return record }
      badLines += 1
    }
    return nil
  }

  private mutating func nextLine() -> Data? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = buffer[buffer.startIndex..<end]
        buffer = buffer[buffer.index(after: end)...]
        return line
      }
      if let piece = try? handle?.read(upToCount: 1 << 20), !piece.isEmpty {
        buffer = Data(buffer) + piece
        continue
      }
      if !buffer.isEmpty {
        defer { buffer = Data() }
        return buffer
      }
      guard let file = files.popLast() else { return nil }
      handle = FileHandle(forReadingAtPath: file)
    }
  }
}
