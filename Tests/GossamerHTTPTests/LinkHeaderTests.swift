import Foundation
import GossamerHTTP
import GossamerTestKit
import Testing

@Suite("RFC 8288: Link")
struct LinkHeaderTests {
  @Test func commasInsideReferencesAndQuotesDoNotPart() {
    let links = LinkHeader.parse(
      "</a,b;c>; REL=\"Next prefetch\"; title=\"x, y; \\\"z\\\"\" , <d>;rel=canonical;;x")
    #expect(links.map(\.target) == ["/a,b;c", "d"])
    #expect(links[0].relations == ["next", "prefetch"])
    #expect(links[0]["title"] == "x, y; \"z\"")
    #expect(links[1]["rel"] == "canonical")
    #expect(links[1]["x"] == "")
  }

  @Test(arguments: ["", "<", "<a", ";", "<a>;rel=\"", "<a>;rel=\"\\", "<a>;=", ">,<"])
  func nothingElseTrips(value: String) {
    #expect(LinkHeader.parse(value).count <= 1)
  }

  @Test(.enabled(if: ConformanceData.isPresent))
  func linksOfTheWorldAreRead() throws {
    struct Case: Decodable {
      struct Link: Decodable {
        var uri: String
        var rel: String?

        enum CodingKeys: CodingKey { case uri, url, rel }
        init(from decoder: any Decoder) throws {
          let container = try decoder.container(keyedBy: CodingKeys.self)
          uri =
            try container.decodeIfPresent(String.self, forKey: .uri)
            ?? container.decode(String.self, forKey: .url)
          rel = try? container.decodeIfPresent(String.self, forKey: .rel)
        }
      }
      var id: String
      var value: String
      var links: [Link]?
    }
    let cases = try ConformanceData.json("linkextract/link-header.json", as: [Case].self)
    // Two values are folded in the middle of words, one has no quotes around what needs them, and
    // one is expected as a link for every relation.
    let decidedOtherwise: Set<String> = [
      "link-header-06", "link-header-07", "link-header-25", "link-header-30",
    ]
    var met = 0
    for one in cases {
      let got = LinkHeader.parse(one.value)
      let wanted = one.links ?? []
      let targetsFit = got.map(\.target) == wanted.map(\.uri)
      let relationsFit = zip(got, wanted).allSatisfy { $1.rel == nil || $0["rel"] == $1.rel }
      if targetsFit && relationsFit {
        met += 1
      } else if !decidedOtherwise.contains(one.id) {
        Issue.record("\(one.id): \(got)")
      }
    }
    print("links: \(met) of \(cases.count)")
  }
}
