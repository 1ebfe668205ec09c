import GossamerRobots
import Testing

@Suite("RFC 9309: files as they come")
struct RobotsRulesTests {
  private func rules(_ text: String, agent: String = "Gossamer") -> RobotsRules {
    RobotsRules(parsing: Array(text.utf8), agent: agent)
  }

  @Test(
    arguments: [
      ("/shop/cart", false, 3, "the longer disallow wins"),
      ("/shop/sale", true, 5, "an equally long allow beats a disallow"),
      ("/shop/", true, 2, "only the allow matches"),
      ("/about", true, nil, "no line matches"),
      ("shop/cart#top", false, 3, "a slash is added and a fragment ignored"),
      ("/sho%70/c%61rt", false, 3, "unreserved characters are decoded"),
    ] as [(String, Bool, Int?, Comment)])
  func longestMatchDecides(target: String, allowed: Bool, line: Int?, because: Comment) {
    let rules = rules(
      "user-agent: *\nallow: /shop/\ndisallow: /shop/cart\ndisallow: /shop/sale\nallow: /shop/sale")
    let verdict = rules.verdict(forTarget: target)
    #expect(verdict.isAllowed == allowed, because)
    #expect(verdict.line == line, because)
  }

  @Test func theRuleIsCitedAsWritten() {
    let verdict = rules("User-agent: *\nDISALLOW:  /a%2fb*  # no").verdict(forTarget: "/a%2Fbc")
    #expect(verdict.rule == "Disallow: /a%2fb*")
    #expect(verdict.line == 2)
  }

  @Test func groupsOfOneCrawlerAreMergedAndBeatTheOnesOfAll() {
    let text = """
      user-agent: *
      disallow: /
      user-agent: gossamer
      disallow: /a
      user-agent: other
      disallow: /c
      user-agent: other
      user-agent: GOSSAMER/2.0
      disallow: /b
      """
    let rules = rules(text)
    #expect(rules.isSpecific)
    #expect(
      ["/a", "/b", "/c", "/"].map { rules.verdict(forTarget: $0).isAllowed } == [
        false, false, true, true,
      ])
  }

  @Test(arguments: ["\n", "\r", "\r\n", "\n\r", "\0\n", " \u{1}\r\n\t"])
  func everyLineEndEndsALine(end: String) {
    let text = ["\u{FEFF}User-Agent: *", "#", "Disallow :/private/", ""].joined(separator: end)
    #expect(!rules(text).verdict(forTarget: "/private/x").isAllowed)
  }

  @Test func theFileItselfIsAlwaysAllowed() {
    for rules in [rules("user-agent: *\ndisallow: /"), .disallowAll, .allowAll] {
      #expect(rules.verdict(forTarget: "/robots.txt").isAllowed)
    }
    #expect(!RobotsRules.disallowAll.verdict(forTarget: "/x").isAllowed)
    #expect(RobotsRules.allowAll.verdict(forTarget: "/x").isAllowed)
  }

  @Test func aPageInsteadOfRulesForbidsNothing() {
    let page = "<!DOCTYPE html><html><body>\nDisallow: /\n<p>user-agent: none</p></body></html>"
    #expect(rules(page).verdict(forTarget: "/x").isAllowed)
    let wide = "user-agent: *\ndisallow: /".utf8.flatMap { [$0, 0] as [UInt8] }
    #expect(RobotsRules(parsing: [0xFF, 0xFE] as [UInt8] + wide, agent: "a").ruleCount == 0)
  }

  @Test func onlyTheFirst500KiBCount() {
    let head = "user-agent: *\ndisallow: /first\n"
    let filler = String(repeating: "# filler\n", count: 60_000)
    let rules = rules(head + filler + "disallow: /last")
    #expect(rules.isTruncated)
    #expect(!rules.verdict(forTarget: "/first").isAllowed)
    #expect(rules.verdict(forTarget: "/last").isAllowed)
    // A line that is cut by the limit could forbid far more than was written.
    let cut = String(repeating: "#", count: RobotsRules.sizeLimit - 26) + "\n"
    let atLimit = self.rules("user-agent: *\n" + cut + "disallow: /" + "far/away")
    #expect(atLimit.isTruncated)
    #expect(atLimit.verdict(forTarget: "/x").isAllowed)
  }

  @Test func aLongLineIsCutAndTheNextOnesRead() {
    let rules = rules(
      "user-agent: *\n\(String(repeating: "x", count: 400_000))\ndisallow: /private/")
    #expect(!rules.verdict(forTarget: "/private/").isAllowed)
  }

  @Test(.timeLimit(.minutes(5)))
  func patternsMadeToBeSlowAreNot() {
    let stars = String(repeating: "*a", count: 4000)
    let run = String(repeating: "a", count: 8000)
    let rules = rules("user-agent: *\ndisallow: /\(stars)b\ndisallow: /*\(run)b\ndisallow: /****x$")
    let target = "/" + String(repeating: "a", count: 16_000)
    let start = ContinuousClock.now
    #expect(rules.verdict(forTarget: target).isAllowed)
    #expect(ContinuousClock.now - start < .seconds(1))
    #expect(!rules.verdict(forTarget: "/ax").isAllowed)
  }

  @Test(
    arguments: [
      ("5", .seconds(5)), ("0.5", .milliseconds(500)), (".25", .milliseconds(250)), ("0", .zero),
      ("31536000", .seconds(31_536_000)), ("-5", nil), ("NaN", nil), ("inf", nil), ("1e999", nil),
      ("", nil), (".", nil), ("5 s", nil), ("99999999999999999999", nil),
    ] as [(String, Duration?)])
  func crawlDelaysAreReadOrIgnored(value: String, expected: Duration?) {
    #expect(rules("user-agent: *\ncrawl-delay: \(value)").crawlDelay == expected)
  }

  @Test func theGreatestDelayOfOurGroupsCounts() {
    let text = "user-agent: a\ncrawl-delay: 9\nuser-agent: *\ncrawl-delay: 2\n\n"
    #expect(rules(text, agent: "a").crawlDelay == .seconds(9))
    #expect(rules(text, agent: "b").crawlDelay == .seconds(2))
    let twice = rules("user-agent: *\ncrawl-delay: 9\n\nuser-agent: *\ncrawl-delay: 2")
    #expect(twice.crawlDelay == .seconds(9))
  }

  @Test func anyBytesAreAFile() {
    let words = [
      "user-agent", ":", "*", "disallow", "/", "$", "%", "%2", "\n", "\r", "#", "\0", " ",
    ]
    for _ in 0..<500 {
      let text = (0..<60).map { _ in words.randomElement() ?? "" }.joined()
      let noise = (0..<60).map { _ in UInt8.random(in: 0...255) }
      let rules = RobotsRules(parsing: Array(text.utf8) + noise, agent: "*")
      _ = rules.verdict(forTarget: words.randomElement() ?? "")
      _ = rules.verdict(forTarget: String(decoding: noise, as: UTF8.self))
      _ = rules.usagePreferences(forTarget: text)
    }
  }

  @Test func sitemapsStandAnywhereAndOnce() {
    let text = "Sitemap: https://e/1\nuser-agent: x\nsite-map: https://e/2\nSitemap: https://e/1"
    #expect(rules(text).sitemaps == ["https://e/1", "https://e/2"])
  }
}
