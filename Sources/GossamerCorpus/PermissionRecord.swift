/// A file of a site that says what may be done there, as it was when it was asked for. A line of
/// `permissions.jsonl`: evidence for every verdict of the crawl, and what `explain` reads.
public struct PermissionRecord: Sendable, Codable, Equatable {
  /// Which file it is.
  public enum File: String, Sendable, Codable {
    case robots = "robots.txt"
    case reservations = "tdmrep.json"
  }

  /// The origin it speaks for: "https://example.org".
  public var origin: String
  /// Which file.
  public var file: File
  /// Where the answer came from, if that is another address.
  public var url: String?
  /// The status code, where there was an answer.
  public var status: Int?
  /// Why there was no answer, or none that can be read, as a stable label.
  public var error: String?
  /// When it was asked for, RFC 3339 in UTC.
  public var at: String
  /// Why not all of it was read, with the words of `PageRecord.truncated`.
  public var truncated: String?
  /// The file, where there is one; broken UTF-8 repaired.
  public var text: String?

  /// A file that was asked for.
  public init(origin: String, file: File, at: String) {
    self.origin = origin
    self.file = file
    self.at = at
  }

  /// How the lines of a file begin, or those of one origin: what `CorpusLines` finds them by.
  public static func lineBeginning(_ file: File, origin: String? = nil) -> [UInt8] {
    var line = JSONLine(capacity: 64)
    line.add("file", file.rawValue)
    line.add("origin", origin)
    return line.open() + (origin == nil ? [] : [UInt8(ascii: ",")])
  }

  /// The record as one JSON line.
  public func line() -> [UInt8] {
    var line = JSONLine(capacity: 256 + (text?.utf8.count ?? 0))
    line.add("file", file.rawValue)
    line.add("origin", origin)
    line.add("url", url)
    line.add("status", status)
    line.add("error", error)
    line.add("at", at)
    line.add("truncated", truncated)
    line.add("text", text)
    return line.finished()
  }
}
