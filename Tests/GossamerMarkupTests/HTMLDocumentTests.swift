import GossamerMarkup
import Testing

@Suite("HTMLDocument: nodes in document order")
struct HTMLDocumentTests {
  @Test func elementsAndTextsStandInDocumentOrder() throws {
    let page = try HTMLDocument(
      parsing: "<p id=x class='a b'>One <b>two</b><!-- c --> three</p><p>4")
    #expect(
      page.outline == [
        "html", " body", "  p", "   'One '", "   b", "    'two'", "   ' three'", "  p", "   '4'",
      ])
  }

  @Test func textsThatOnlyACommentDividesAreOne() throws {
    let page = try HTMLDocument(parsing: "<p>One<!-- x -->two &amp; <!-- y -->three")
    #expect(page.outline.last == "   'Onetwo & three'")
  }

  @Test func attributesAreFoundByName() throws {
    let page = try HTMLDocument(parsing: "<a HREF='/x?a=1&amp;b=2' id hidden title=''>x</a>")
    let link = try #require(page.firstElement(.a))
    #expect(page.attribute(link, "href") == "/x?a=1&b=2")
    #expect(page.attribute(link, "id") == "")
    #expect(page.attribute(link, "title") == "")
    #expect(page.attribute(link, named: "hidden") == "")
    #expect(page.attribute(link, "rel") == nil)
    #expect(page.hasAttribute(link, "hidden"))
    #expect(page.attributes(of: link).map(\.name) == ["href", "id", "hidden", "title"])
  }

  @Test func unknownNamesAreKept() throws {
    let page = try HTMLDocument(parsing: "<x-card a=1><y-card b=2>in</y-card></x-card><p>after")
    let card = try #require(page.firstElement(.unknown))
    #expect(page.name(of: card) == "x-card")
    #expect(page.attribute(card, "a") == "1")
    #expect(page.name(of: card + 1) == "y-card")
    #expect(page.attribute(card + 1, "b") == "2")
    let after = try #require(page.firstElement(.p))
    #expect(page.parent(of: after).map { page.tag(of: $0) } == .body)
  }

  @Test func childrenAncestorsAndSiblingsAgree() throws {
    let page = try HTMLDocument(parsing: "<ul><li>1<li>2<b>x</b><li>3</ul>")
    let list = try #require(page.firstElement(.ul))
    let items = Array(page.children(of: list))
    #expect(items == page.elements(.li))
    #expect(page.nextSibling(of: items[0]) == items[1])
    #expect(page.nextSibling(of: items[2]) == nil)
    #expect(page.firstChild(of: list) == items[0])
    let bold = try #require(page.firstElement(.b))
    #expect(page.ancestors(of: bold).map { page.tag(of: $0) } == [.li, .ul, .body, .html])
    #expect(page.ancestor(of: bold, .ul) == list)
    #expect(page.depth(of: bold) == 4)
    #expect(Array(page.roots) == [0])
  }

  @Test func whatFollowsTheEndOfTheBodyBelongsToIt() throws {
    let page = try HTMLDocument(parsing: "<body><p>in</p></body></html><div>after</div> tail")
    #expect(Array(page.roots) == [0])
    let after = try #require(page.firstElement(.div))
    #expect(page.parent(of: after).map { page.tag(of: $0) } == .body)
    #expect(page.text(under: 0) == "in after tail")
  }

  @Test func textOfASubtreeIsFoldedAndWithoutScripts() throws {
    let page = try HTMLDocument(
      parsing: "<div> One\n\t<b>tw</b>o<script>no()</script><p>three<br>four</div>")
    #expect(page.text(under: 0) == "One two three four")
    #expect(page.text(under: 0, limit: 5) == "One t")
  }

  @Test func tagsKnowTheirNames() {
    for tag in HTMLTag.allCases where tag != .unknown { #expect(HTMLTag(name: tag.name) == tag) }
    #expect(HTMLTag(name: "nonsense") == .unknown)
    #expect(HTMLTag(name: "var") == .var)
    #expect(HTMLTag.h3.headingLevel == 3)
  }

  @Test(arguments: ["", " \n\t ", "<!-- only -->", "<!DOCTYPE html>"])
  func pagesOfNothingHaveNoText(html: String) throws {
    let page = try HTMLDocument(parsing: html)
    #expect((0..<page.count).allSatisfy { page.text(of: $0).allSatisfy(\.isWhitespace) })
  }

  @Test func complaintsAreCountedAndTheFirstKept() throws {
    let page = try HTMLDocument(parsing: String(repeating: "</i>\n", count: 50))
    #expect(page.parseErrorCount >= 50)
    #expect(page.firstErrors.count == HTMLLimits.standard.keptErrors)
    #expect(page.firstErrors.first?.line == 1)
  }

  @Test func pagesCrossTasks() async throws {
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for count in 1...20 {
        group.addTask {
          try HTMLDocument(parsing: String(repeating: "<p>x</p>", count: count)).elements(.p).count
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(counts == 210)
  }
}

extension HTMLDocument {
  /// A line a node, indented by depth, texts in quotes.
  var outline: [String] {
    (0..<count).map { node in
      String(repeating: " ", count: depth(of: node))
        + (isText(node) ? "'\(text(of: node))'" : name(of: node))
    }
  }

  /// Whether parents, ends and depths of all nodes fit each other.
  var isConsistent: Bool {
    (0..<count).allSatisfy { node in
      let end = subtreeEnd(of: node)
      guard end > node, end <= count else { return false }
      guard let parent = parent(of: node) else { return depth(of: node) == 0 }
      return parent < node && end <= subtreeEnd(of: parent)
        && depth(of: node) == depth(of: parent) + 1 && isElement(parent)
    }
  }
}
