import Foundation
import GossamerFlow
import GossamerArchive
import GossamerCorpus
import GossamerFrontier

/// The files that a crawl appends to.
struct CrawlFiles: ~Copyable {
  private var pages: SegmentedFile?
  private var archive: SegmentedFile?
  private var archiveIndex: BufferedFile?
  private var skipped: BufferedFile
  private var summaries: BufferedFile
  private var permissions: BufferedFile
  /// What an earlier run paid for and did not vouch for.
  let paidSummaries: PaidSummaries

  /// Opens all files at their committed ends and cuts what lies beyond.
  ///
  /// - Parameter committed: the ends by family; empty for a new crawl.
  init(
    layout: CorpusLayout, settings: CrawlSettings, committed: [SegmentEnd]
  ) throws(StoreError) {
    func end(_ family: String) -> (number: Int, length: Int)? {
      committed.first { $0.family == family }.map { ($0.number, $0.length) }
    }
    // Locals first: a value that cannot be copied is given its parts all at once or not at all.
    let skipped = try BufferedFile(path: layout.skipped, committed: end("skipped")?.length ?? 0)
    // Summaries count by what was summarized, whoever made them: those beyond the crawl's own were
    // paid for too.
    let summaries = try BufferedFile(
      path: layout.summaries,
      committed: max(
        end("summaries")?.length ?? 0, AppendFile.lengthOfWholeLines(path: layout.summaries)))
    let paid = PaidSummaries(
      path: layout.summaries, beyond: end("summaries")?.length ?? 0)
    let permissions = try BufferedFile(
      path: layout.permissions, committed: end("permissions")?.length ?? 0)
    let pages =
      settings.formats.contains(.jsonl)
      ? try SegmentedFile(
        folder: layout.pages, prefix: "part-", suffix: ".jsonl",
        limitInBytes: settings.pagesSizeInBytes, committed: end("pages")) : nil
    let archive =
      settings.formats.contains(.warc)
      ? try SegmentedFile(
        folder: layout.archive, prefix: "gossamer-", suffix: ".warc.gz",
        limitInBytes: settings.warcSizeInBytes, committed: end("warc"),
        opening: Self.opening(settings)) : nil
    let archiveIndex =
      settings.formats.contains(.warc)
      ? try BufferedFile(path: layout.archiveIndex, committed: end("cdxj")?.length ?? 0) : nil
    self.archiveIndex = archiveIndex
    self.skipped = skipped
    self.summaries = summaries
    paidSummaries = paid
    self.permissions = permissions
    self.pages = pages
    self.archive = archive
  }

  /// What was cut when the files were opened, since no transaction vouches for it.
  ///
  /// Mutating because a part that cannot be copied cannot be looked at otherwise.
  mutating func cuts() -> [FileCut] {
    let single = [
      ("skipped.jsonl", skipped.cutBytes), ("summaries.jsonl", summaries.cutBytes),
      ("permissions.jsonl", permissions.cutBytes),
    ]
    var cuts = single.filter { $0.1 > 0 }.map { FileCut(file: $0.0, bytes: $0.1) }
    if let more = pages?.cuts { cuts += more }
    if let more = archive?.cuts { cuts += more }
    if let bytes = archiveIndex?.cutBytes, bytes > 0 {
      cuts.append(FileCut(file: "index.cdxj", bytes: bytes))
    }
    return cuts
  }

  /// The record that begins every archive file.
  private static func opening(_ settings: CrawlSettings) -> @Sendable (String) -> [UInt8] {
    let encoder = WARCRecordEncoder()
    let standard = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
    return { name in
      encoder.encode(
        .warcinfo(
          fileName: name,
          fields: [
            ("software", settings.userAgent), ("format", "WARC File Format 1.1"),
            ("conformsTo", standard), ("robots", settings.obeysRobots ? "obey" : "ignore"),
          ], date: Timestamp.now()))
    }
  }

  /// Makes the folders.
  static func prepare(_ layout: CorpusLayout, settings: CrawlSettings) throws(StoreError) {
    var folders = [layout.root]
    if settings.formats.contains(.jsonl) { folders.append(layout.pages) }
    if settings.formats.contains(.warc) { folders.append(layout.archive) }
    for folder in folders {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw StoreError(
          kind: .storeIO, message: "cannot make the directory \(folder)",
          advice: "choose a directory you may write to with --output")
      }
    }
  }

  /// - Returns: where the first record is; nil where no archive is kept or there is nothing.
  mutating func append(archive records: [ArchivedRecord]) throws -> PageRecord.Place? {
    var first: PageRecord.Place?
    for record in records {
      guard let place = try archive?.append(record.bytes) else { return nil }
      first = first ?? place
      if let line = record.indexLine {
        try archiveIndex?.append(
          CDXJIndex.finish(
            line, fileName: place.file, offset: place.offset, length: place.length))
      }
    }
    return first
  }

  mutating func append(page line: [UInt8]) throws { _ = try pages?.append(line) }
  mutating func append(skip line: [UInt8]) throws { try skipped.append(line) }

  /// - Parameter isPaid: whether it must outlive a killed process: it then does not wait for others.
  mutating func append(summary line: [UInt8], isPaid: Bool = false) throws {
    try summaries.append(line)
    if isPaid { try summaries.write() }
  }

  mutating func append(permission line: [UInt8]) throws { try permissions.append(line) }

  /// Returns once all is on the device.
  ///
  /// - Returns: the ends up to which the files are whole.
  mutating func synchronize() throws -> [SegmentEnd] {
    try skipped.synchronize()
    try summaries.synchronize()
    try permissions.synchronize()
    try pages?.synchronize()
    try archive?.synchronize()
    try archiveIndex?.synchronize()
    var ends = [
      SegmentEnd(family: "skipped", number: 0, length: skipped.length),
      SegmentEnd(family: "summaries", number: 0, length: summaries.length),
      SegmentEnd(family: "permissions", number: 0, length: permissions.length),
    ]
    if let number = pages?.currentNumber, let length = pages?.length {
      ends.append(SegmentEnd(family: "pages", number: number, length: length))
    }
    if let number = archive?.currentNumber, let length = archive?.length {
      ends.append(SegmentEnd(family: "warc", number: number, length: length))
    }
    if let length = archiveIndex?.length {
      ends.append(SegmentEnd(family: "cdxj", number: 0, length: length))
    }
    return ends
  }
}
