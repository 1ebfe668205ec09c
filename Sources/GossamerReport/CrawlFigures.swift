import GossamerFlow

/// What the report knows of a crawl, gathered line by line. Memory: some 80 bytes a page.
struct CrawlFigures: Sendable {
  /// The numbers of one page.
  struct Page: Sendable {
    var start: Double?
    var fetch: Double?
    var queued: Double?
    var bytes: Double?
    var host: Int32
    var depth: Int32?
  }

  /// A page that is named in a table.
  struct Named: Sendable {
    var url: String
    var title: String
    var number: Double
    var detail: String
  }

  /// A reason for which URLs were skipped or failed.
  struct Reason: Sendable {
    var count = 0
    var example = ""
    var detail = ""
  }

  var pages: [Page] = []
  var hosts = Tally()
  var statuses = Tally()
  var types = Tally()
  var languages = Tally()
  var reasons: [String: Reason] = [:]
  var slowest: [Named] = []
  var duplicates: [Named] = []
  var duplicateCount = 0
  var failures: [Named] = []
  var failureCount = 0
  var summaries: [Named] = []
  var summaryCount = 0
  var summaryFailures = 0
  var brokenLines = 0
  var unreadableFiles: [String] = []
  var manifest = ManifestFigures()

  static let listLength = 12
  static let sampleLength = 10

  /// All skipped URLs that no rule but an error kept away.
  static func isFailure(_ kind: String) -> Bool {
    Cause(rawValue: kind).map { !$0.isDecision } ?? true
  }

  /// Seconds from the first request to the end of the last.
  var span: (start: Double, end: Double)? {
    var first = Double.infinity
    var last = -Double.infinity
    for page in pages {
      guard let start = page.start else { continue }
      first = min(first, start)
      last = max(last, start + (page.fetch ?? 0))
    }
    return first.isFinite ? (first, last) : nil
  }

  /// Gaps in seconds between the starts of page requests of one host, over all hosts.
  var gaps: [Double] {
    var starts: [Int32: [Double]] = [:]
    for page in pages {
      if let start = page.start { starts[page.host, default: []].append(start) }
    }
    return starts.values.flatMap { times in
      let sorted = times.sorted()
      return zip(sorted.dropFirst(), sorted).map { $0 - $1 }
    }
  }
}

/// What the manifest says.
struct ManifestFigures: Sendable {
  var identity: [(name: String, value: String)] = []
  var settings: [(name: String, value: String)] = []
  var counts: [(name: String, value: String)] = []
  var name: String?
  var state: String?
  var started: String?
  var finished: String?
  /// The promised gap in seconds.
  var delay: Double?
}

/// Counts by name. Names get small numbers, so that a page keeps a number and not a string.
struct Tally: Sendable {
  private var numbers: [String: Int32] = [:]
  private(set) var names: [String] = []
  private(set) var counts: [Int] = []

  mutating func add(_ name: String) -> Int32 {
    if let number = numbers[name] {
      counts[Int(number)] += 1
      return number
    }
    let number = Int32(names.count)
    numbers[name] = number
    names.append(name)
    counts.append(1)
    return number
  }

  /// Largest first, equal ones by name; what is beyond the limit is summed up as "others".
  func ranked(limit: Int) -> [(name: String, count: Int)] {
    let sorted = zip(names, counts).map { (name: $0, count: $1) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    guard sorted.count > limit else { return sorted }
    let rest = sorted[(limit - 1)...].reduce(0) { $0 + $1.count }
    let others = sorted.count - limit + 1
    return Array(sorted.prefix(limit - 1)) + [("\(others) others", rest)]
  }
}

/// Quantiles of numbers by the nearest rank.
struct Quantiles: Sendable {
  let sorted: [Double]

  init(_ values: [Double]) { sorted = values.filter(\.isFinite).sorted() }

  func callAsFunction(_ share: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
    return sorted[min(sorted.count - 1, max(0, rank))]
  }
}
