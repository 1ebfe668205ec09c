import GossamerExtract
import GossamerMarkup
import GossamerURL
import Testing

@Suite("Titles and dates of content")
struct ContentTitleTests {
  @Test(arguments: [
    ("<title>Bread at home - The Mill</title><h1>Bread at home</h1>", "Bread at home"),
    ("<title>Bread at home | The Mill</title><p>x", "Bread at home"),
    (
      "<title>Which mill is best? / Arch</title><h1>Arch</h1><h1>Which mill is best?</h1>",
      "Which mill is best?"
    ),
    ("<title>The Mill</title><h1>How we bake our bread</h1>", "How we bake our bread"),
    ("<meta property=og:site_name content=Mill><title>Mill: Bread — Mill</title>", "Mill: Bread"),
    ("<title>Post-war bread</title>", "Post-war bread"),
    ("<h1>Bread</h1>", "Bread"),
  ])
  func siteNamesAreLeftOut(page: String, title: String) throws {
    let document = try HTMLDocument(parsing: page)
    let url = try #require(WebURL("http://example.org/"))
    let metadata = PageMetadata(of: document, url: url)
    #expect(ContentTitle.of(document, metadata: metadata) == title)
  }

  @Test(arguments: [
    ("2025-12-03T10:00:00Z", "2025-12-03T10:00:00Z"),
    ("\"2025-12-17T13:22:47Z\"", "2025-12-17T13:22:47Z"),
    ("Dec 19th 2025", "2025-12-19"), ("Thu, 09/25/2025 - 11:38", "2025-09-25"),
    ("2019/1/22", "2019-01-22"), ("Wed, 28 Oct 2020 22:22:49 GMT", "2020-10-28"),
    ("Tue Jan 28 15:28:56 CET 2020", "2020-01-28"), ("20200414T00:38:07Z", "2020-04-14"),
    ("04:25:06 PM IST Apr 08, 2020", "2020-04-08"), ("03.09.2026", "2026-09-03"),
    ("February 24, 2006 02:01am", "2006-02-24"), ("1988", "1988"), ("soon", "soon"),
    ("May 2022", "May 2022"), ("99999999", "99999999"), ("", ""),
  ])
  func datesAreBroughtInOrder(text: String, date: String) {
    #expect(ContentDate.normalized(text) == date)
  }
}
