public import GossamerFlow

/// A URL that was not fetched, or not kept, and why. A line of `skipped.jsonl`.
public struct SkipRecord: Sendable, Codable, Equatable {
  /// The canonical URL, or the link as found where it has none.
  public var url: String
  /// The label of a `Cause`, such as `policy.robots` or `http.status`.
  public var kind: String
  /// The rule that decided, such as a line of robots.txt.
  public var rule: String?
  /// What was found.
  public var value: String?
  /// What it was compared with.
  public var threshold: String?
  /// Labels of what was odd about an answer that was read, as in `PageRecord.limits`.
  public var limits: [String]?
  /// The status code, where there was an answer.
  public var status: Int?
  /// Link hops from the seed.
  public var depth: Int?
  /// The page on which the URL was found.
  public var referrer: String?
  /// The host key.
  public var host: String?
  /// When it was decided, RFC 3339 in UTC.
  public var at: String?
  /// Seconds spent on the exchange.
  public var fetchSeconds: Double?
  /// Which try this was.
  public var attempt: Int?

  /// A skipped URL and its reason.
  public init(url: String, kind: Cause) {
    self.url = url
    self.kind = kind.rawValue
  }

  /// The record as one JSON line.
  public func line() -> [UInt8] {
    var line = JSONLine(capacity: 256)
    line.add("url", url)
    line.add("kind", kind)
    line.add("rule", rule)
    line.add("value", value)
    line.add("threshold", threshold)
    if let limits { line.add("limits", limits) }
    line.add("status", status)
    line.add("depth", depth)
    line.add("referrer", referrer)
    line.add("host", host)
    line.add("at", at)
    line.add("fetch_seconds", fetchSeconds, decimals: 6)
    line.add("attempt", attempt)
    return line.finished()
  }

  enum CodingKeys: String, CodingKey {
    case url, kind, rule, value, threshold, limits, status, depth, referrer, host, at
    case fetchSeconds = "fetch_seconds"
    case attempt
  }
}
