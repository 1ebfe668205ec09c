import Foundation
import GossamerCorpus

/// Summaries that stand in their file beyond what the last commit vouches for. A run that was killed
/// paid a model for them, and their pages are fetched again: what was paid for is not made again.
struct PaidSummaries: Sendable {
  /// More than that is not looked at: between two commits there is far less.
  private static let limitInBytes = 64 << 20

  private let byDigest: [String: [PageRecord.Summary]]

  /// - Parameter committed: bytes of the file that belong to stored pages.
  init(path: String, beyond committed: Int) {
    var found: [String: [PageRecord.Summary]] = [:]
    let decoder = JSONDecoder()
    for bytes in Self.bytes(of: path, from: committed).split(separator: 0x0A) {
      guard let line = try? decoder.decode(Line.self, from: bytes), line.level == nil else {
        continue
      }
      var summary = PageRecord.Summary(
        text: line.summary, provider: line.provider, model: line.model, method: line.method,
        flags: line.flags)
      summary.isStored = true
      found[line.digest, default: []].append(summary)
    }
    byDigest = found
  }

  private static func bytes(of path: String, from start: Int) -> Data {
    guard let file = FileHandle(forReadingAtPath: path) else { return Data() }
    do {
      try file.seek(toOffset: UInt64(max(0, start)))
      return try file.read(upToCount: limitInBytes) ?? Data()
    } catch {
      return Data()
    }
  }

  /// The summaries of a text.
  func of(_ digest: String?) -> [PageRecord.Summary] { digest.flatMap { byDigest[$0] } ?? [] }

  private struct Line: Decodable {
    var digest: String
    var method: String
    var summary: String
    var provider: String
    var model: String?
    var flags: [String]?
    var level: String?
  }
}
