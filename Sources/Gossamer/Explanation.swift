public import GossamerCorpus
import Foundation
import GossamerFlow
public import GossamerRobots
public import GossamerSQLite
public import GossamerURL

/// Everything an output directory knows about one URL.
///
/// Read from its files and its store, by key or by the beginnings of lines, beside a crawl that may
/// be running; what a run has not made durable yet is not in it.
public struct Explanation: Sendable {
  /// The URL in the form by which it is known.
  public let url: CanonicalURL
  /// The URL without user and fragment, as first parsed.
  public let parsed: WebURL
  /// What the frontier knows of it; nil if it was never accepted.
  public let known: URLFacts?
  /// What the frontier knows of its host; nil if no URL of it was ever accepted.
  public let host: HostFacts?
  /// Its origin's robots.txt when last asked for.
  public let robots: PermissionRecord?
  /// Its origin's tdmrep.json when last asked for.
  public let reservations: PermissionRecord?
  /// What that robots.txt says of the URL today's settings being what they are; nil where it was
  /// never asked for, or is not obeyed.
  public let verdict: RobotsVerdict?
  /// The gap that robots.txt asks for, in seconds.
  public let crawlDelay: Double?
  /// What both files say of the use of the URL; what the page itself says is in its record.
  public let sitePreferences: UsagePreferences
  /// Decisions against it, oldest first.
  public let skips: [SkipRecord]
  /// Its page, as stored last.
  public let page: PageRecord?
  /// Who made the directory; nil where a run is young or was killed early.
  public let manifest: CorpusManifest?

  /// The least seconds between two requests to the host, slow answers apart: the crawl's own gap or
  /// that of robots.txt. nil where the settings are not known.
  public var gap: Double? {
    guard let own = manifest?.settings["delay"].flatMap(Double.init) else { return nil }
    return max(own, host?.crawlDelay ?? crawlDelay ?? 0)
  }

  /// The product token that robots.txt was read for.
  public var token: String { Self.token(manifest) }

  /// Where its content was first stored, if it was left out as a duplicate.
  public var duplicateOf: String? { skips.last { $0.kind == Cause.duplicate.rawValue }?.value }

  /// In one word: `unknown`, `pending`, `done`, `failed`, `blocked`, `skipped`, or `refused` for a URL
  /// that was found and not accepted.
  public var state: String {
    guard let known else { return skips.isEmpty ? "unknown" : "refused" }
    switch known.end {
    case nil: return "pending"
    case .done?: return "done"
    case .failed?: return "failed"
    case .blocked?: return "blocked"
    case .skipped?: return "skipped"
    }
  }

  /// Looks a URL up.
  ///
  /// - Throws: `FrontierStoreError`: `store.missing` where there is no crawl; `StoreError` where its
  ///   manifest is damaged.
  public init(of url: CanonicalURL, parsed: WebURL, in layout: CorpusLayout) throws {
    self.url = url
    self.parsed = parsed
    let reader = try SQLiteFrontierReader(path: layout.database)
    (known, host) = try reader.facts(of: url.string, hostKey: url.hostKey)
    let manifest = try CorpusManifest.read(layout)
    let origin = url.url.origin
    let robots = Self.last(.robots, origin, layout)
    let isObeyed = manifest?.settings["robots"] != "ignore"
    let token = Self.token(manifest)
    let rules = isObeyed ? robots.map { Self.rules($0, token: token) } : nil
    self.manifest = manifest
    self.robots = robots
    reservations = Self.last(.reservations, origin, layout)
    let target = url.url.requestTarget
    verdict = rules?.verdict(forTarget: target)
    crawlDelay = rules?.crawlDelay.map { $0 / .seconds(1) }
    var preferences = rules?.usagePreferences(forTarget: target) ?? UsagePreferences()
    if let text = reservations?.text,
      let reservation = TDMReservations(json: Array(text.utf8)).reservation(forTarget: target)
    {
      preferences.merge(reservation)
    }
    sitePreferences = preferences
    skips = Self.records(SkipRecord.self, [layout.skipped], url)
    page = Self.records(PageRecord.self, Self.pageFiles(layout), url).last
  }

  private static func token(_ manifest: CorpusManifest?) -> String {
    manifest?.settings["user-agent-token"] ?? manifest?.software.name ?? "Gossamer"
  }

  private static func rules(_ record: PermissionRecord, token: String) -> RobotsRules {
    guard let status = record.status, record.error == nil else {
      return record.error == Cause.tooManyRedirects.rawValue ? .allowAll : .disallowAll
    }
    return RobotsAccess(status: status).rules(from: Array((record.text ?? "").utf8), agent: token)
  }

  private static func last(
    _ file: PermissionRecord.File, _ origin: String, _ layout: CorpusLayout
  ) -> PermissionRecord? {
    var last: [UInt8]?
    let beginning = PermissionRecord.lineBeginning(file, origin: origin)
    for line in CorpusLines(path: layout.permissions, beginningWith: beginning) { last = line }
    return last.flatMap { try? JSONDecoder().decode(PermissionRecord.self, from: Data($0)) }
  }

  /// Records whose first member is the URL.
  private static func records<Record: Decodable>(
    _ type: Record.Type, _ files: [String], _ url: CanonicalURL
  ) -> [Record] {
    var beginning = JSONLine(capacity: 256)
    beginning.add("url", url.string)
    let bytes = beginning.open() + [UInt8(ascii: ",")]
    return files.flatMap { file in
      CorpusLines(path: file, beginningWith: bytes).compactMap {
        try? JSONDecoder().decode(type, from: Data($0))
      }
    }
  }

  private static func pageFiles(_ layout: CorpusLayout) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: layout.pages)) ?? []
    return names.filter { $0.hasSuffix(".jsonl") }.sorted().map { layout.pages + $0 }
  }
}
