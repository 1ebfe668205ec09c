import GossamerHTTP
import GossamerURL
import Testing

@testable import GossamerCrawl

@Suite("Secrets stay with the hosts they are meant for")
struct OwnFieldsTests {
  @Test(arguments: [
    ("https://a.test/x?y", true), ("https://a.test:443/", true), ("http://a.test/", false),
    ("https://a.test:8443/", false), ("https://www.a.test/", false), ("https://b.test/", false),
  ])
  func onlyTheOriginsOfSeedsSeeThem(url: String, sees: Bool) throws {
    let seed = try #require(WebURL("https://a.test/start"))
    let fields = OwnFields(
      [("Authorization", "Bearer x"), ("X-Key", "y"), ("Accept-Language", "de")], seeds: [seed])
    let sent = fields.fields(for: try #require(WebURL(url)))
    #expect(sent["Authorization"] == (sees ? "Bearer x" : nil))
    #expect(sent["X-Key"] == (sees ? "y" : nil))
    #expect(sent["Accept-Language"] == "de")
  }
}
