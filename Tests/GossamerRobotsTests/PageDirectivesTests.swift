import Foundation
import GossamerRobots
import GossamerTestKit
import Testing

@Suite("Meta robots and X-Robots-Tag")
struct PageDirectivesTests {
  @Test(arguments: [
    ("noindex, nofollow", true, true), ("NONE", true, true), ("index,follow", false, false),
    ("otherbot: noindex", false, false), ("Gossamer: noindex", true, false),
    ("otherbot: noindex, nofollow, gossamer: noarchive", false, false),
    ("otherbot: none, gossamer: nofollow", false, true), ("*: noindex", true, false),
    ("max-snippet: 20, noindex", true, false), ("", false, false), (":,:,", false, false),
    ("unavailable_after: Friday, 25-Jun-2010 15:00:00 PST, nofollow", false, true),
    ("noindex nofollow", true, true), ("max-audio-preview: 5, noindex", true, false),
  ])
  func headersAreRead(value: String, noindex: Bool, nofollow: Bool) {
    var directives = PageDirectives()
    directives.merge(header: value, agent: "gossamer")
    #expect(directives.noindex == noindex)
    #expect(directives.nofollow == nofollow)
  }

  @Test func valuesAreKept() {
    var directives = PageDirectives()
    directives.merge(
      header: "unavailable_after: Friday, 25-Jun-2010 15:00:00 PST", agent: "gossamer")
    directives.merge(header: "max-snippet:50, nosnippet, max-snippet: -1", agent: "gossamer")
    directives.merge(metaContent: "max-snippet:20,noimageai", name: "Gossamer", agent: "gossamer")
    #expect(directives.unavailableAfter == ["Friday, 25-Jun-2010 15:00:00 PST"])
    #expect(directives.maxSnippet == 20)
    #expect(directives.nosnippet && directives.noimageai && !directives.noai)
    #expect(directives.evidence.count == 5)
    #expect(directives.words.suffix(2).first == "max-snippet: 20")
  }

  @Test func otherNamesAndWeakerWordsChangeNothing() {
    var directives = PageDirectives()
    directives.merge(metaContent: "noindex", name: "googlebot", agent: "gossamer")
    directives.merge(metaContent: "noindex", name: "description", agent: "gossamer")
    #expect(directives == PageDirectives())
    directives.merge(metaContent: "noindex", name: "ROBOTS", agent: "gossamer")
    directives.merge(metaContent: "index, all", name: "robots", agent: "gossamer")
    #expect(directives.noindex)
    #expect(directives.evidence == [.init(source: "meta robots", text: "noindex")])
  }

  @Test(arguments: [
    ("*;noindex;nosnippet, otherbot;nofollow", ["noindex", "nosnippet"]),
    (";noindex, otherbot", ["noindex"]), ("GOSSAMER;noai", ["noai"]), ("otherbot;noindex", []),
    ("noindex, nofollow", ["noindex", "nofollow"]),
    ("*;max-snippet=20, *;max-snippet=\"30\"", ["max-snippet: 20"]), ("", []), (";;,;=,=", []),
  ])
  func theComingHeaderIsADictionaryOfCrawlers(value: String, words: [String]) {
    var directives = PageDirectives()
    directives.merge(robotsTag: value, agent: "gossamer")
    #expect(directives.words == words)
  }

  @Test(.enabled(if: ConformanceData.isPresent))
  func vectorsOfTheWorldAreMet() throws {
    struct Case: Decodable {
      var id: String
      var html: String?
      var x_robots_tag: [String]?
      var noindex: Bool
      var nofollow: Bool
    }
    let cases = try ConformanceData.json("robots-meta/vectors.json", as: [Case].self)
    var passed = 0
    for one in cases {
      var directives = PageDirectives()
      for value in one.x_robots_tag ?? [] { directives.merge(header: value, agent: "gossamer") }
      let pattern = #/(?i)<meta name=["']?(\w+)["']? content=["']([^"']*)["']/#
      for match in (one.html ?? "").matches(of: pattern) {
        directives.merge(metaContent: String(match.2), name: String(match.1), agent: "gossamer")
      }
      #expect(directives.noindex == one.noindex, "\(one.id)")
      #expect(directives.nofollow == one.nofollow, "\(one.id)")
      if (directives.noindex, directives.nofollow) == (one.noindex, one.nofollow) { passed += 1 }
    }
    print("robots-meta: \(passed)/\(cases.count)")
  }
}
