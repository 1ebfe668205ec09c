import GossamerExtract
import GossamerMarkup
import GossamerURL
import Testing

@Suite("What sites repeat")
struct SiteMemoryTests {
  private static let plea =
    "Our newsroom lives from those who read it, and everyone who can is asked for a contribution."

  private func page(_ number: Int) -> String {
    "<main><h1>Page \(number)</h1>"
      + (1...4).map {
        "<p>On day \($0) of week \(number) the keeper wrote in his book that all was well, "
          + "that the lamp had burned until \(number) and \($0), and that nobody had come.</p>"
      }.joined() + "<p>\(Self.plea)</p></main>"
  }

  private func text(_ html: String, _ memory: SiteMemory) throws -> ExtractedContent {
    let url = try #require(WebURL("https://example.org/a"))
    let document = try HTMLDocument(parsing: html)
    let metadata = PageMetadata(of: document, url: url)
    return ContentExtractor().extract(
      from: document, url: url, metadata: metadata, memory: memory)
  }

  @Test func whatPagesRepeatIsLeftOutOnceItIsKnown() throws {
    let memory = SiteMemory()
    let contents = try (1...6).map { try text(page($0), memory) }
    #expect(contents.prefix(3).allSatisfy { $0.text.contains(Self.plea) })
    #expect(contents.suffix(3).allSatisfy { !$0.text.contains(Self.plea) })
    #expect(contents.suffix(3).allSatisfy { !$0.markdown.contains(Self.plea) })
    #expect(contents.allSatisfy { $0.text.contains("the keeper wrote") })
    #expect(contents.map(\.evidence.repeatedCount) == [0, 0, 0, 1, 1, 1])
    let site = try #require(memory.sites.first)
    #expect(site.host == "example.org" && site.pageCount == 6)
    #expect(site.blocks.map(\.text) == [Self.plea])
  }

  @Test func copiesOfAPageStayWhole() throws {
    let memory = SiteMemory()
    let contents = try (1...6).map { _ in try text(page(1), memory) }
    #expect(contents.allSatisfy { $0.text == contents[0].text })
  }

  @Test func memoryIsBounded() throws {
    let memory = SiteMemory()
    for number in 0..<40 {
      let blocks = (0..<100).map { "<p>Line \(number) and \($0) of a book without an end.</p>" }
      _ = try text("<main>\(blocks.joined())</main>", memory)
    }
    #expect(memory.sites.isEmpty)
  }
}
