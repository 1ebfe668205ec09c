import Foundation
import Gossamer

/// The bulk jobs of a directory, or of a file of results, as JSON Lines: the memory by which a run
/// finds what an earlier one paid for. Holds no key of a provider.
struct BatchFile: Sendable {
  /// Makes the marks around page text the same in every run, and unknown to pages.
  let secret: String
  /// Jobs of earlier runs.
  let jobs: [BatchJob]
  private let path: String

  /// - Throws: `CommandFailure` if the file cannot be written.
  init(_ path: String) throws {
    self.path = path
    var secret: String?
    var jobs: [BatchJob] = []
    // Jobs that were sent; a later line says what the provider calls them, or that it did not take
    // them.
    var sent: [String: [String]] = [:]
    var lines = LineFiles([path])
    while let line = lines.next() {
      guard let object = try? JSONSerialization.jsonObject(with: line) as? [String: Any] else {
        continue
      }
      if let found = object["secret"] as? String { secret = secret ?? found }
      let key = object["key"] as? String ?? ""
      let own = object["requests"] as? [String]
      if let id = object["job"] as? String {
        let requests = sent.removeValue(forKey: key) ?? own ?? []
        jobs.append(BatchJob(id: id, key: key, requests: requests))
      } else if object["key"] != nil {
        sent[key] = own
      }
    }
    self.jobs = jobs + sent.map { BatchJob(id: nil, key: $0.key, requests: $0.value) }
    self.secret =
      secret
      ?? (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
    if secret == nil {
      var line = JSONLine()
      line.add("secret", self.secret)
      do { try Self.append(line.finished(), to: path) } catch { throw CommandFailure(error) }
    }
  }

  /// Keeps a job; durable when it returns.
  func note(_ job: BatchJob) throws {
    var line = JSONLine()
    line.add("job", job.id)
    line.add("key", job.key)
    // Of a job with a name they stand in the line before.
    if job.id == nil, !job.requests.isEmpty { line.add("requests", job.requests) }
    try Self.append(line.finished(), to: path)
  }

  private static func append(_ line: [UInt8], to path: String) throws {
    var file = try AppendFile(path: path, committed: AppendFile.lengthOfWholeLines(path: path))
    try file.append(line)
    try file.synchronize()
  }
}
