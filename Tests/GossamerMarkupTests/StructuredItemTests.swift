import GossamerMarkup
import GossamerURL
import Testing

@Suite("Microdata and RDFa")
struct StructuredItemTests {
  private func items(_ html: String) throws -> [StructuredItem] {
    let url = try #require(WebURL("https://example.org/a/"))
    return PageMetadata(of: try HTMLDocument(parsing: html), url: url).items
  }

  private func pairs(_ item: StructuredItem) -> [String] {
    item.properties.map { "\($0.name)=\($0.content)" }
  }

  @Test func itemsHaveTheirPropertiesAndThoseOfItemsInside() throws {
    let found = try items(
      """
      <div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">A  lamp</h1>
      <img itemprop="image" src="lamp.png"><meta itemprop="sku" content="L1">
      <div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
      <span itemprop="price" content="12.50">€ 12,50</span></div>
      <time itemprop="releaseDate" datetime="2024-05-01">May</time></div>
      <p itemprop="stray">not of any item</p>
      """)
    #expect(found.count == 1)
    #expect(found.first?.type == "https://schema.org/Product")
    #expect(
      found.first.map(pairs) == [
        "name=A lamp", "image=https://example.org/a/lamp.png", "sku=L1",
        "offers.@type=https://schema.org/Offer", "offers.price=12.50", "releaseDate=2024-05-01",
      ])
  }

  @Test func resourcesOfRDFaAreItemsToo() throws {
    let found = try items(
      """
      <article vocab="https://schema.org/" typeof="Recipe"><h1 property="name">Soup</h1>
      <a property="author" href="/cook">Cook</a></article>
      """)
    #expect(found.map(\.syntax) == [.rdfa])
    #expect(found.first.map(pairs) == ["name=Soup", "author=https://example.org/cook"])
  }

  @Test func pagesThatNestOrRepeatWithoutEndAreCut() throws {
    let nested = String(repeating: "<div itemscope itemprop=a><b itemprop=x>y</b>", count: 5_000)
    let flat = String(repeating: "<p itemscope><b itemprop=x>y</b></p>", count: 5_000)
    #expect(try items(nested).count <= 100)
    #expect(try items(flat).count == 100)
  }

  @Test func dublinCoreIsKept() throws {
    let url = try #require(WebURL("https://example.org/"))
    let document = try HTMLDocument(parsing: "<meta name=DC.Title content=One>")
    let metadata = PageMetadata(of: document, url: url)
    #expect(metadata.dublinCore == [NamedContent(name: "dc.title", content: "One")])
  }
}
