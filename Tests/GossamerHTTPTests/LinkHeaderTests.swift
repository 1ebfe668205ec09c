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

  @Test func foldsInsideWordsAreJoined() {
    let links = LinkHeader.parse("<https://exa\r\n mple.org/>;\r\n rel=\"ne\r\n\txt\"")
    #expect(links.map(\.target) == ["https://example.org/"])
    #expect(links.first?.relations == ["next"])
  }

  @Test(arguments: [
    ("UTF-8'de'n%c3%a4chstes", "nächstes", "de"), ("utf-8''a%20b", "a b", ""),
  ])
  func extendedValuesAreDecoded(value: String, text: String, language: String) throws {
    let link = try #require(LinkHeader.parse("<a>; title*=\(value)").first)
    let found = try #require(link.extendedValue("title*"))
    #expect(found == (text, language))
  }

  @Test(arguments: ["GB2312'cn'%C6%F3", "UTF-8'de'%c", "UTF-8'de'%zz", "UTF-8'de'%FF", "plain"])
  func otherExtendedValuesAreNone(value: String) throws {
    let link = try #require(LinkHeader.parse("<a>; title*=\(value)").first)
    #expect(link.extendedValue("title*") == nil)
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func linksOfTheWorldAreRead() throws {
    struct Case: Decodable {
      var id: String
      var value: String
      var links: [Link]
    }
    /// One relation of one link, as the suite has them.
    struct Link: Decodable {
      var uri: String
      var rel: String?
      var title: String?
      var type: String?
      var anchor: String?
      var extendedTitle: ExtendedTitle?

      enum CodingKeys: String, CodingKey {
        case uri, rel, title, type, anchor
        case extendedTitle = "title*"
      }
    }
    struct ExtendedTitle: Decodable {
      var encoding: String?
      var language: String
      var value: String
    }
    var met = 0
    let cases = try ConformanceData.json("linkextract/link-header.json", as: [Case].self)
    for one in cases {
      let found = LinkHeader.parse(one.value).flatMap { link in
        // The suite has one link for each relation, and keeps the case of them.
        let relations = link["rel"]?.split(separator: " ").map(String.init) ?? []
        return relations.isEmpty
          ? [(link, link["rel"])] : relations.map { (link, String?.some($0)) }
      }
      let fits = zip(found, one.links).allSatisfy { pair, wanted in
        let (link, relation) = pair
        let extended = wanted.extendedTitle.flatMap { $0.encoding == nil ? $0 : nil }
        return link.target == wanted.uri && relation == wanted.rel
          && link["title"] == wanted.title && link["type"] == wanted.type
          && link["anchor"] == wanted.anchor
          && link.extendedValue("title*")?.text == extended?.value
          && link.extendedValue("title*")?.language == extended?.language
      }
      let isMet = fits && found.count == one.links.count
      if isMet { met += 1 }
      #expect(isMet, "\(one.id): \(found)")
    }
    print("link-header: \(met)/\(cases.count)")
  }
}
