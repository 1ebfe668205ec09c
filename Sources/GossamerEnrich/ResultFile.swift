import Foundation
import GossamerCorpus
import GossamerLLM

/// Results as JSON Lines that only grow: also the memory of what was done, so that nothing is paid
/// for twice.
///
/// A result is a line or several, each with the digest of what it was made of and the method that
/// made it. Written line by line as they come, so that a killed process loses nothing it was told
/// of; made durable every 64 results and at the end. A torn last line is cut when opened.
struct ResultFile: ~Copyable {
  private var file: BufferedFile
  private var unsynchronized = 0

  init(path: String) throws(StoreError) {
    file = try BufferedFile(
      path: path, committed: AppendFile.lengthOfWholeLines(path: path))
  }

  mutating func append(_ lines: [UInt8]) throws(StoreError) {
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
    var lines = LineFiles([path])
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
