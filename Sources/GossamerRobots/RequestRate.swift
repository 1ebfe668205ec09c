/// So many requests in a span, perhaps only at some hours: a `Request-rate` line.
///
/// Read and told, not obeyed: `Crawl-delay` is what sites use. Source: custom, from the extended
/// standard for robot exclusion of 1996.
public struct RequestRate: Sendable, Equatable {
  /// Requests in the span.
  public var requests: Int
  /// The span.
  public var span: Duration
  /// When it holds; nil means always.
  public var hours: VisitHours?

  /// Reads "1/10", "100/15m", "1/10s 1820-1940"; nil where it is none of this kind.
  ///
  /// A span without a unit is in seconds; units are s, m, h and d.
  public init?(_ text: String) {
    let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    let sides = words.first?.split(separator: "/", omittingEmptySubsequences: false) ?? []
    guard sides.count == 2, let requests = Self.number(sides[0]), requests > 0 else { return nil }
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    let unit = sides[1].last.flatMap { units[Character($0.lowercased())] }
    guard let count = Self.number(unit == nil ? sides[1] : sides[1].dropLast()), count > 0 else {
      return nil
    }
    self.requests = requests
    span = .seconds(count * (unit ?? 1))
    hours = words.count > 1 ? VisitHours(String(words[1])) : nil
  }

  private static func number(_ text: Substring) -> Int? {
    guard text.utf8.count <= 9, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
    return Int(text)
  }
}

/// A time of the day in UTC: a `Visit-time` line.
///
/// Read and told, not obeyed. Source: as for `RequestRate`.
public struct VisitHours: Sendable, Equatable {
  /// Minutes from midnight.
  public var start: Int
  /// Minutes from midnight; before `start` where the time runs over midnight.
  public var end: Int

  /// Reads "0200-0630" or "0200 0630"; nil where it is no such time.
  public init?(_ text: String) {
    let times = text.split { $0 == "-" || $0.isWhitespace }
    guard times.count == 2, let start = Self.minutes(times[0]), let end = Self.minutes(times[1])
    else { return nil }
    (self.start, self.end) = (start, end)
  }

  private static func minutes(_ text: Substring) -> Int? {
    guard text.utf8.count == 4, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let time = Int(text),
      time / 100 < 24, time % 100 < 60
    else { return nil }
    return time / 100 * 60 + time % 100
  }
}

extension RobotsRules {
  /// The first `Request-rate` that concerns us and can be read.
  public var requestRate: RequestRate? {
    extensions.lazy.filter { $0.name == "request-rate" }.compactMap { RequestRate($0.value) }.first
  }

  /// The first `Visit-time` that concerns us and can be read.
  public var visitHours: VisitHours? {
    extensions.lazy.filter { $0.name == "visit-time" }.compactMap { VisitHours($0.value) }.first
  }

  /// The preferred name of the site: the last `Host` line anywhere.
  public var preferredHost: String? { extensions.last { $0.name == "host" }?.value }
}
