import GossamerMarkup
import Testing

@Suite("Pages that mean harm: parsed in bounded time, no text lost", .timeLimit(.minutes(5)))
struct HostilePageTests {
  private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  @Test(arguments: [
    ("<div>", 300), ("<div>", 100_000), ("<b>", 1_000_000), ("<table><tr><td>", 20_000),
    ("<x-y>", 100_000),
  ])
  func deepNestingKeepsTheTextBelowAndAfter(tag: String, count: Int) throws {
    let html = repeated(tag, count) + "below" + repeated("</div>", 10) + "<p>after</p>"
    let page = try HTMLDocument(parsing: html)
    let text = page.text(under: 0)
    #expect(text.contains("below"))
    #expect(text.contains("after"))
    #expect((0..<page.count).allSatisfy { page.depth(of: $0) <= 512 })
    #expect(page.isConsistent)
    #expect(page.limitsHit.contains(.depth) == (count > 512))
    #expect(page.limitsHit.contains(.deep))
    #expect(!page.limitsHit.contains(.stopped))
  }

  @Test func openAndCloseTagsByTheMillionAreNotQuadratic() throws {
    let page = try HTMLDocument(
      parsing: repeated("<b>", 300_000) + "below" + repeated("</i>", 300_000) + "after")
    #expect(page.text(under: 0).hasSuffix("after"))
  }

  @Test func nulBytesLoseNothing() throws {
    let page = try HTMLDocument(
      parsing: "<p>a\u{0}b</p><p ti\u{0}tle='x\u{0}y'>c</p><\u{0}p>d</p>after")
    let text = page.text(under: 0)
    #expect(text.hasPrefix("ab"))
    #expect(text.contains("c"))
    #expect(text.hasSuffix("after"))
  }

  @Test func aTagWithVeryManyAttributesIsCut() throws {
    let attributes = (0..<100_000).map { "a\($0)=1" }.joined(separator: " ")
    let page = try HTMLDocument(parsing: "<p>before</p><div \(attributes)>in</div><p>after")
    let element = try #require(page.firstElement(.div))
    #expect(page.attributeCount(of: element) == 400)
    #expect(page.limitsHit == [.limit])
    #expect(page.text(under: 0) == "before in after")
  }

  @Test func aTagThatNeverEndsIsDropped() throws {
    let html = "<p>before</p><div " + repeated("a='>' ", 100_000)
    let page = try HTMLDocument(parsing: html)
    #expect(page.text(under: 0) == "before")
    #expect(page.elements(.div).isEmpty)
  }

  @Test func aLongAttributeIsDroppedAndItsNeighboursKept() throws {
    let data = "data:image/png;base64," + repeated("QUJD", 50_000)
    let page = try HTMLDocument(parsing: "<img alt=one src=\"\(data)\" title=\"a > b\">after")
    let image = try #require(page.firstElement(.img))
    #expect(page.attributes(of: image).map(\.name) == ["alt", "title"])
    #expect(page.attribute(image, "title") == "a > b")
    #expect(page.limitsHit == [.limit])
    #expect(page.text(under: 0) == "after")
  }

  @Test func scriptsAndCommentsAreNotTakenForTags() throws {
    let code = "if (a<b && c=='x') { " + repeated("d = 1; ", 20_000) + "}"
    let page = try HTMLDocument(
      parsing: "<script>\(code)</script><!-- <b \(code) --><style>\(code)</style><p>after")
    #expect(page.limitsHit.isEmpty)
    #expect(page.rawText(of: try #require(page.firstElement(.script))) == code)
    #expect(page.text(under: 0) == "after")
  }

  @Test func aTextOfTwelveMegabytesIsWhole() throws {
    let page = try HTMLDocument(parsing: "<p>" + repeated("word ", 2_400_000) + "tail</p>")
    let text = try #require((0..<page.count).first { page.isText($0) })
    #expect(page.textRange(of: text).count == 12_000_004)
    #expect(page.limitsHit.isEmpty)
  }

  @Test(arguments: ["<script>", "<!--", "<style>", "<textarea>", "<title>"])
  func whatIsNeverClosedEndsWithThePage(opening: String) throws {
    let page = try HTMLDocument(parsing: "<p>before</p>\(opening)" + repeated("<p>x</p>", 10_000))
    #expect(page.text(under: 0).hasPrefix("before"))
    #expect(page.isConsistent)
  }

  @Test func brokenEntitiesStayText() throws {
    let page = try HTMLDocument(parsing: repeated("&nonsense &#xFFFFFFFF; &#0; &amp ", 50_000))
    #expect(page.text(under: 0, limit: 9) == "&nonsense")
    #expect(page.parseErrorCount >= 50_000)
  }

  @Test func noiseIsParsedToConsistentNodes() throws {
    var state: UInt64 = 88_172_645_463_325_252
    let markup = Array("<>/=\"'! -abp&;\u{0}".utf8)
    for _ in 0..<300 {
      var noise: [UInt8] = []
      for _ in 0..<400 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        let byte = UInt8(truncatingIfNeeded: state >> 24)
        noise.append(state % 3 == 0 ? byte : markup[Int(byte) % markup.count])
      }
      let clean = CharsetDetector().decode(noise).utf8
      #expect(try HTMLDocument(parsing: clean).isConsistent)
      #expect(try HTMLDocument(parsing: noise).isConsistent)
    }
  }

  @Test func anExternalEntityIsNotRead() throws {
    let page = try HTMLDocument(
      parsing: "<!DOCTYPE html [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><p>a&x;b")
    #expect(page.text(under: 0).contains("root:") == false)
  }

  @Test func tooManyNodesLoseElementsButNotText() throws {
    var limits = HTMLLimits()
    limits.nodes = 100
    let page = try HTMLDocument(parsing: repeated("<p>x</p>", 1000) + "end", limits: limits)
    #expect(page.count <= 101)
    #expect(page.limitsHit == [.limit])
    #expect(page.text(under: 0).hasSuffix("end"))
    #expect(page.text(under: 0).filter { $0 == "x" }.count == 1000)
  }
}
