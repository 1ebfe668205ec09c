import Foundation
import GossamerCorpus
import GossamerLLM

/// Results as JSON Lines that only grow: also the memory of what was done, so that nothing is paid
/// for twice.
///
/// A result is a line or several, each with the digest of what it was made of and the method that
/// made it. Written line by line as they come, so that a killed process loses nothing it was told
/// of; made durable every 64 results and at the end. A torn last line is cut when opened. With a
/// limit of size it goes on in `NAME-00001` and so on: a result is never parted.
struct ResultFile: ~Copyable {
  private let path: String
  private let limit: Int
  private var file: BufferedFile
  private var shard: Int
  private var unsynchronized = 0

  /// - Parameter limit: bytes of one file; nil for any number.
  init(path: String, limit: Int? = nil) throws(StoreError) {
    self.path = path
    self.limit = max(1, limit ?? .max)
    shard = Self.shards(of: path).count - 1
    file = try Self.open(Self.name(of: path, shard))
  }

  private static func open(_ path: String) throws(StoreError) -> BufferedFile {
    try BufferedFile(path: path, committed: AppendFile.lengthOfWholeLines(path: path))
  }

  /// The files there are, the one without a number first; that one also where there is none.
  static func shards(of path: String) -> [String] {
    var names = [path]
    while FileManager.default.fileExists(atPath: name(of: path, names.count)) {
      names.append(name(of: path, names.count))
    }
    return names
  }

  /// "all.jsonl" is followed by "all-00001.jsonl".
  private static func name(of path: String, _ shard: Int) -> String {
    guard shard > 0 else { return path }
    let number = String(shard)
    let label = "-" + String(repeating: "0", count: max(0, 5 - number.count)) + number
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[start...].lastIndex(of: "."), dot > start else { return path + label }
    return path[..<dot] + label + path[dot...]
  }

  mutating func append(_ lines: [UInt8]) throws(StoreError) {
    if file.length > 0, file.length + lines.count > limit {
      try synchronize()
      shard += 1
      file = try Self.open(Self.name(of: path, shard))
    }
    try file.append(lines)
    try file.write()
    unsynchronized += 1
    if unsynchronized >= 64 { try synchronize() }
  }

  mutating func synchronize() throws(StoreError) {
    try file.synchronize()
    unsynchronized = 0
  }

  /// The digests of what a method has made all lines of.
  static func done(path: String, method: String) -> Set<String> {
    var done = Set<String>()
    var parts: [String: Set<Int>] = [:]
    var lines = LineFiles(shards(of: path))
    while let line = lines.next() {
      guard let json = JSONValue(parsing: [UInt8](line)), json["method"]?.string == method,
        let digest = json["digest"]?.string
      else { continue }
      guard let count = json["parts"]?.int, count > 1 else {
        done.insert(digest)
        continue
      }
      parts[digest, default: []].insert(json["part"]?.int ?? 0)
      if parts[digest]?.count == count {
        parts[digest] = nil
        done.insert(digest)
      }
    }
    return done
  }
}
