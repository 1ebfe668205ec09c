import Glibc
import GossamerBytes

/// Takes the pages of one format to where they go.
protocol RecordSink: AnyObject {
  /// Takes the bytes of a page, in order.
  func take(_ bytes: [UInt8], of record: PageRecord) throws
  /// Returns once all bytes are where they belong; no page comes after.
  func finish() throws
}

/// Files with numbers: `part-00000.jsonl` and on. A record is never split; a file takes no further record
/// once it has reached its limit.
final class PartFiles: RecordSink {
  private var file: SegmentedFile
  private var packer: Packer

  /// - Parameters:
  ///   - fileName: the one file's name in the end; nil where the files keep their own.
  init(
    folder: String, format: RecordFormat, encoder: any RecordEncoder, packer: Packer,
    limitInBytes: Int, fileName: String?
  ) throws {
    file = try SegmentedFile(
      folder: folder, prefix: "part-", suffix: packer.suffix(of: format),
      limitInBytes: limitInBytes,
      committed: nil
    ) { name in
      packer.whole(encoder.opening(fileName: fileName ?? name))
    }
    self.packer = packer.gathering(upTo: limitInBytes)
  }

  /// The name of the last file.
  var name: String { file.name }

  func take(_ bytes: [UInt8], of record: PageRecord) throws {
    if let piece = packer.add(bytes) { _ = try file.append(piece) }
  }

  func finish() throws {
    if let piece = packer.rest() { _ = try file.append(piece) }
    try file.synchronize()
  }
}

/// Standard output, or whoever else takes bytes in order.
final class ByteStream: RecordSink {
  private static let pieceSize = 64 << 10
  private var packer: Packer
  private var pending: [UInt8]
  private let write: ([UInt8]) throws -> Void

  init(encoder: any RecordEncoder, packer: Packer, write: @escaping ([UInt8]) throws -> Void) {
    pending = packer.whole(encoder.opening(fileName: nil))
    self.packer = packer.gathering(upTo: Self.pieceSize)
    self.write = write
  }

  func take(_ bytes: [UInt8], of record: PageRecord) throws {
    pending += packer.add(bytes) ?? []
    if pending.count >= Self.pieceSize { try hand() }
  }

  func finish() throws {
    pending += packer.rest() ?? []
    try hand()
  }

  private func hand() throws {
    try write(pending)
    pending.removeAll(keepingCapacity: true)
  }
}

/// A file a page, in a folder a host. The last record of a URL counts.
final class PageFiles: RecordSink {
  private let root: String
  private let fileExtension: String
  private var folders: Set<String> = []

  init(root: String, fileExtension: String) throws {
    self.root = root
    self.fileExtension = fileExtension
    try ExportFolder.make(root)
  }

  func take(_ bytes: [UInt8], of record: PageRecord) throws {
    let (folder, file) = PageFileName.path(of: record, fileExtension: fileExtension)
    if folders.insert(folder).inserted { try ExportFolder.make("\(root)/\(folder)") }
    var output = try AppendFile(path: "\(root)/\(folder)/\(file)", committed: 0)
    try output.append(bytes)
  }

  /// One call for all files: one for each would take longer than the export.
  func finish() { sync() }
}

/// Gathers records into pieces worth a call, as they are or as gzip members.
struct Packer {
  private let gzip: GzipEncoder?
  private let packsEachRecord: Bool
  private var limit = 1 << 20
  private var pending: [UInt8] = []

  init(compresses: Bool, packsEachRecord: Bool) {
    gzip = compresses ? GzipEncoder(level: 6) : nil
    self.packsEachRecord = packsEachRecord
  }

  func suffix(of format: RecordFormat) -> String {
    ".\(format.fileExtension)" + (gzip == nil ? "" : ".gz")
  }

  /// The same packer, with pieces of at most about so many bytes.
  func gathering(upTo limit: Int) -> Packer {
    var packer = self
    packer.limit = min(packer.limit, max(1, limit))
    return packer
  }

  /// All of it in one piece.
  func whole(_ bytes: [UInt8]) -> [UInt8] {
    guard let gzip, !bytes.isEmpty else { return bytes }
    return gzip.member(of: [bytes])
  }

  /// Takes a record, and gives a piece where there is one to write.
  mutating func add(_ record: [UInt8]) -> [UInt8]? {
    if packsEachRecord || gzip == nil { return whole(record) }
    pending += record
    return pending.count >= limit ? rest() : nil
  }

  /// What was not written yet.
  mutating func rest() -> [UInt8]? {
    guard !pending.isEmpty else { return nil }
    defer { pending.removeAll(keepingCapacity: true) }
    return whole(pending)
  }
}
