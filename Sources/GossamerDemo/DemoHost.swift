/// One host of the demo web: its address and everything it can answer.
struct DemoHost: Sendable {
  var key: String
  var name: String
  var base: String
  var answers: [String: DemoAnswer] = [:]
  var disallowed: [String] = []
  var allowed: [String] = []
  var crawlDelay: Duration?
  /// Targets that only a nofollow page links to.
  var nofollowed: Set<String> = []
  var hasCalendar = false

  /// The rule of robots.txt that forbids the target; the longest prefix decides. Knows prefixes only.
  func disallowingRule(of target: String) -> String? {
    let rule = disallowed.filter { target.hasPrefix($0) }.max { $0.utf8.count < $1.utf8.count }
    let exception = allowed.filter { target.hasPrefix($0) }.map(\.utf8.count).max() ?? -1
    guard let rule, rule.utf8.count > exception else { return nil }
    return rule
  }

  /// The answer to a request target; tracking parameters do not matter.
  func answer(to target: String) -> DemoAnswer {
    if let answer = answers[target] { return answer }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(parts.first ?? "/")
    let query = parts.count > 1 ? String(parts[1]) : ""
    if hasCalendar, path == "/calendar" {
      return EndlessCalendar(host: self).answer(to: query)
    }
    if isTracking(query), let answer = answers[path] { return answer }
    return .page(
      Array(
        ("<!doctype html><html lang=en><title>Not here</title><h1>Not here</h1>"
          + "<p>\(name) has no page at this address. <a href=\"/\">Start over</a>.").utf8),
      type: "text/html; charset=utf-8"
    ).with(status: 404)
  }

  private func isTracking(_ query: String) -> Bool {
    query.split(separator: "&").allSatisfy { $0.hasPrefix("utm_") || $0.hasPrefix("fbclid=") }
  }
}

extension DemoAnswer {
  func with(status: Int) -> DemoAnswer {
    var copy = self
    copy.status = status
    return copy
  }
}

/// A calendar that always has a next month. Each page differs from the one before by little.
struct EndlessCalendar {
  let host: DemoHost
  private static let names = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  func answer(to query: String) -> DemoAnswer {
    let parts = query.dropFirst("month=".count).split(separator: "-").compactMap { Int($0) }
    let year = parts.count == 2 ? min(9998, max(1, parts[0])) : 2026
    let month = parts.count == 2 ? min(12, max(1, parts[1])) : 12
    let next = month == 12 ? (year + 1, 1) : (year, month + 1)
    let title = "\(Self.names[month - 1]) \(year)"
    let cells = (1...28).map { "<td>\($0)</td>" + ($0 % 7 == 0 ? "</tr><tr>" : "") }.joined()
    let page = """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>\(title) · \(host.name.escaped)</title>\
      </head><body><h1>\(title)</h1><p>No meetings in this month.</p>\
      <table><tr>\(cells)</tr></table>\
      <p><a href="/calendar?month=\(next.0)-\(next.1 < 10 ? "0" : "")\(next.1)">Next month</a></p></body></html>
      """
    return .page(Array(page.utf8), type: "text/html; charset=utf-8")
  }
}
