import GossamerRobots
import Testing

typealias Answer = UsagePreferences.Answer

@Suite("Usage preferences")
struct UsagePreferencesTests {
  private func answers(_ preferences: UsagePreferences) -> [Answer] {
    [preferences.search, preferences.aiInput, preferences.aiTrain]
  }

  private func rules(_ text: String, agent: String = "gossamer") -> RobotsRules {
    RobotsRules(parsing: Array(text.utf8), agent: agent)
  }

  @Test(
    "AIPREF vocab: y and n are tokens of a dictionary",
    arguments: [
      ("train-ai=n", [.unknown, .unknown, .no]), ("train-ai=y, search=n", [.no, .unknown, .yes]),
      ("ai-use=n", [.unknown, .no, .unknown]),
      ("train-ai=n, train-ai=y", [.unknown, .unknown, .yes]),
      ("train-ai;allow=n, train-ai=y", [.unknown, .unknown, .yes]),
      ("train-ai=y;a=1;b=\"x;y\";c, search=y", [.yes, .unknown, .yes]),
      ("x=(1 2.5 \"a\" tok);p, y=:AA==:, z=@12, w=%\"c3\", search=y", [.yes, .unknown, .unknown]),
      ("train-ai, search", [.unknown, .unknown, .unknown]),
      ("train-ai=?1, search=\"y\"", [.unknown, .unknown, .unknown]),
      ("Train-AI=y", [.unknown, .unknown, .unknown]),
      ("search=y,", [.unknown, .unknown, .unknown]),
      ("", [.unknown, .unknown, .unknown]), ("=,;\"\\", [.unknown, .unknown, .unknown]),
      ("bots=n", [.no, .no, .no]), ("bots=n, search=y", [.yes, .no, .no]),
      ("tdm=n, train-ai=y", [.unknown, .no, .yes]),
      ("train-ai=y, train-genai=n", [.unknown, .unknown, .no]),
    ] as [(String, [Answer])])
  func contentUsageIsRead(value: String, expected: [Answer]) {
    var preferences = UsagePreferences()
    preferences.merge(contentUsage: value, source: "header")
    #expect(answers(preferences) == expected)
    #expect(preferences.evidence == [.init(source: "header", text: "Content-Usage: \(value)")])
  }

  @Test(
    "An evident no is obeyed although its form is wrong",
    arguments: ["Train-AI=No", "train-ai=n,", "train-ai=?0", "train-ai=\"n\"", "train-ai = n; x"])
  func anEvidentNoIsObeyed(value: String) {
    var preferences = UsagePreferences()
    preferences.merge(contentUsage: value, source: "header")
    #expect(preferences.aiTrain == .no)
  }

  @Test(
    arguments: [
      ("search=yes,ai-train=no,use=reference", [.yes, .unknown, .no]),
      ("SEARCH=Yes; AI-Input = no", [.yes, .no, .unknown]),
      ("ai-train=no, ai-train=yes", [.unknown, .unknown, .no]),
      ("ai-input=maybe, rubbish, =, yes", [.unknown, .unknown, .unknown]),
    ] as [(String, [Answer])])
  func contentSignalIsRead(value: String, expected: [Answer]) {
    var preferences = UsagePreferences()
    preferences.merge(contentSignal: value, source: "header")
    #expect(answers(preferences) == expected)
  }

  @Test func signalsOfTheGroupCount() {
    let rules = rules(
      """
      User-Agent: *
      Content-Signal: search=yes, ai-train=no
      Content-Usage: /news/ train-ai=n, search=n
      Allow: /
      """)
    let root = rules.usagePreferences(forTarget: "/")
    #expect(answers(root) == [.yes, .unknown, .no])
    #expect(
      root.evidence == [
        .init(source: "robots.txt line 2", text: "Content-Signal: search=yes, ai-train=no")
      ])
    let news = rules.usagePreferences(forTarget: "/news/1")
    #expect(news.search == .no)
    #expect(news.evidence.last?.source == "robots.txt line 3 for /news/")
  }

  @Test(
    "AIPREF attach: the longest path decides, equal paths are combined by the strictest",
    arguments: [
      ("/test", Answer.no), ("/ai-ok/test", .yes), ("/ai%2Dok/test", .yes), ("/a/b.pdf", .yes),
      ("/both/x", .no),
    ])
  func theLongestPathDecides(target: String, training: Answer) {
    let rules = rules(
      """
      User-Agent: *
      Content-Usage: / train-ai=n
      Content-Usage: /ai-ok/ train-ai=y
      Content-Usage: /*.pdf$ \t train-ai=y # files
      Content-Usage: /both/ train-ai=y
      Content-Usage: /both/ train-ai=n

      User-Agent: ExampleBot
      Content-Usage: / train-ai=y
      """)
    #expect(rules.usagePreferences(forTarget: target).aiTrain == training)
    let example = RobotsRules(
      parsing: Array("user-agent: examplebot\ncontent-usage: train-ai=y".utf8), agent: "ExampleBot")
    #expect(example.usagePreferences(forTarget: target).aiTrain == .yes)
  }

  @Test func aGroupOfOursDoesNotTakeBackWhatAllAreTold() {
    let rules = rules(
      "user-agent: *\ncontent-signal: ai-input=no\n\nuser-agent: gossamer\ndisallow: /x")
    #expect(rules.usagePreferences(forTarget: "/").aiInput == .no)
  }

  @Test func licencesOfTheSiteAreKept() {
    let preferences = rules(
      "License: https://e.test/license.xml\nuser-agent: other\nlicense: https://e.test/2.xml"
    ).usagePreferences(forTarget: "/")
    #expect(preferences.licenses == ["https://e.test/license.xml", "https://e.test/2.xml"])
    #expect(preferences.evidence.count == 2)
    #expect(answers(preferences) == [.unknown, .unknown, .unknown])
  }

  @Test func theStrictestStatementOfAllKindsWins() {
    var preferences = UsagePreferences()
    preferences.merge(contentUsage: "train-ai=y, search=y", source: "header")
    #expect(preferences.aiTrain == .yes)
    preferences.merge(contentSignal: "ai-train=no", source: "robots.txt")
    #expect(answers(preferences) == [.yes, .unknown, .no])
    var directives = PageDirectives()
    directives.merge(metaContent: "noai", name: "robots", agent: "gossamer")
    preferences.merge(directives)
    #expect(preferences.aiInput == .no)
    #expect(preferences.evidence.last == .init(source: "meta robots", text: "noai"))
  }

  @Test(
    arguments: [
      ("noindex", [.no, .unknown, .unknown], nil), ("noai", [.unknown, .no, .no], nil),
      ("nosnippet", [.unknown, .no, .unknown], nil),
      ("max-snippet:0", [.unknown, .no, .unknown], 0),
      ("max-snippet:50", [.unknown, .unknown, .unknown], 50),
      ("noimageai, noarchive, nofollow", [.unknown, .unknown, .unknown], nil),
    ] as [(String, [Answer], Int?)])
  func directivesSpeakOfUses(value: String, expected: [Answer], maxSnippet: Int?) {
    var directives = PageDirectives()
    directives.merge(header: value, agent: "gossamer")
    var preferences = UsagePreferences()
    preferences.merge(directives)
    #expect(answers(preferences) == expected)
    #expect(preferences.maxSnippet == maxSnippet)
  }
}

@Suite("TDM Reservation Protocol")
struct TDMReservationTests {
  private func reservation(_ value: String, _ source: String = "header") -> TDMReservation? {
    TDMReservation(value: value, policy: nil, source: source)
  }

  @Test(arguments: [("1", true), (" 1 ", true), ("0", false), ("2", nil), ("", nil), ("yes", nil)])
  func onlyOneAndZeroSaySomething(value: String, isReserved: Bool?) {
    #expect(reservation(value)?.isReserved == isReserved)
  }

  @Test func reservedRightsSpeakAgainstModelsButNotAgainstSearch() throws {
    var preferences = UsagePreferences()
    let reserved = try #require(
      TDMReservation(value: "1", policy: "https://e.test/policy.json", source: "header"))
    preferences.merge(reserved)
    #expect(preferences.search == .unknown)
    #expect(preferences.aiInput == .no && preferences.aiTrain == .no)
    #expect(preferences.licenses == ["https://e.test/policy.json"])
    #expect(
      preferences.evidence == [
        .init(
          source: "header", text: "tdm-reservation: 1, tdm-policy: https://e.test/policy.json")
      ])
  }

  @Test(
    arguments: [
      ("/a/x", true), ("/b/images/p.jpg", false), ("/b/images/p.jpg?x", nil),
      ("/b/%69mages/q.jpg", false),
      ("/c", nil), ("/a", nil),
    ] as [(String, Bool?)])
  func theFirstRuleThatMatchesCounts(target: String, isReserved: Bool?) throws {
    var rules = TDMReservations()
    for (location, value) in [("/a/", "1"), ("b/images/*.jpg$", "0"), ("/b/images/*.jpg$", "1")] {
      rules.append(location: location, try #require(reservation(value)))
    }
    #expect(rules.reservation(forTarget: target)?.isReserved == isReserved)
  }

  @Test func inOnePlaceTheStrictestCounts() {
    let found = TDMReservation(values: ["0", "x", "1"], policies: ["p"], source: "meta")
    #expect(found?.isReserved == true && found?.policy == "p")
    #expect(TDMReservation(values: ["x"], policies: [], source: "meta") == nil)
  }
}
