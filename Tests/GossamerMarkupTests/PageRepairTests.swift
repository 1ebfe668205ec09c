import GossamerMarkup
import Testing

@Suite("Pages are read as browsers read them, where libxml2 alone would not")
struct PageRepairTests {
  private func text(_ html: String) throws -> String {
    let page = try HTMLDocument(parsing: html)
    return page.count == 0 ? "" : page.text(under: 0)
  }

  @Test(arguments: [
    ("a &gt b &copy c &notit; &AMP;", "a > b © c ¬it; &", "names without semicolon"),
    ("&hellip;&NotEqualTilde;&lang;&rang;&apos;", "…≂̸⟨⟩'", "names of HTML 5"),
    ("&#128;&#x92;&#0;&#xD800;&#x110000;&#65 &#x41g", "€’\u{FFFD}\u{FFFD}\u{FFFD}A Ag", "numbers"),
    ("&# &#x &; && &nosuch; R&D", "&# &#x &; && &nosuch; R&D", "what only looks like one"),
    ("&lt;b&gt; &amp;lt;", "<b> &lt;", "resolved once"),
  ])
  func characterReferencesFollowTheStandard(html: String, expected: String, _: String) throws {
    #expect(try text("<p>\(html)") == expected)
  }

  @Test(arguments: [
    ("a<!-->b<!--->c<!--x--!>d<!---->e", "abcde", "comments that end early"),
    ("a<!x>b<?php echo 'y' ?>c</ z>d</>e<![CDATA[f]]>g", "abcdeg", "declarations"),
    ("a<!-- b", "a", "a comment never closed"),
    ("1 < 2 <3 <_x> <", "1 < 2 <3 <_x> <", "angles in text"),
    ("a<b title=\"x", "a", "a tag the page ends in"),
    ("<svg><text><![CDATA[a<b]]></text></svg>", "a<b", "a section in SVG"),
    ("a\u{0}b\u{C}c", "ab c", "controls"),
    ("<head></head><!DOCTYPE html>a</div", "a", "a doctype out of place"),
  ])
  func whatIsNoTagIsNoText(html: String, expected: String, _: String) throws {
    #expect(try text(html) == expected)
  }

  @Test(arguments: [
    ("<textarea><p>a</textareas></textarea>b", "<p>a</textareas>b"),
    ("<xmp>a<b>&amp;</xmp>b", "a<b>&amp;b"),
    ("<iframe><p>a</iframe>b<noembed><p>c</noembed>d<noframes>e</noframes>", "bd"),
    ("<script>a</scripts>b</script x='>'>c", "c"),
    ("<script><!-- <script>a</script> --></script>b", "b"),
    ("<style><div>a</style><script><body>a</script>b", "b"),
    ("<script></a>b</script>c<script/>d</script>e", "ce"),
    ("a<plaintext>b</plaintext>c", "a b</plaintext>c"),
    ("<svg><style>a</style><title>b<a>c</a></title></svg>d", "bcd"),
    ("<svg><style>a</svg>b<p>c<style>d</style>", "ab c"),
    ("a<template>b<template>c</template><td>d</template>e", "ae"),
    ("a<template shadowrootmode=open>b</template>", "a"),
  ])
  func theTextOfSomeElementsIsNotMarkup(html: String, expected: String) throws {
    #expect(try text(html) == expected)
  }

  @Test(arguments: [
    ("<header><div>a</header><p>b", "body", "what was left open in a header"),
    ("<section><article><div><div>a</article><p>b</section>", "section", "two inside of two"),
    ("<header><div><section>a</header><p>b", "body", "a section in the division"),
    ("<ul><li><div>a</li><p>b</ul>", "ul", "items"),
    ("<header><table><tr><td><div>a</header><p>b", "div", "nothing through a cell"),
    ("<header><div>a</div></header></div><p>b", "body", "nothing where all is well"),
    ("<div></header><p>b</div>", "div", "nothing where none is open"),
  ])
  func endTagsEndWhatIsOpenInside(html: String, parent: String, _: String) throws {
    let page = try HTMLDocument(parsing: html)
    let paragraph = try #require(page.firstElement(.p))
    #expect(page.parent(of: paragraph).map(page.name) == parent)
  }

  @Test(arguments: ["main", "header", "section", "my-page"])
  func whatNoHeadHoldsBeginsTheBody(name: String) throws {
    for head in ["<title>a</title>", "<head><meta charset=utf-8><script>x</script>", ""] {
      let page = try HTMLDocument(parsing: "\(head)<\(name) class=x><p>b</p></\(name)>")
      let paragraph = try #require(page.firstElement(.p))
      let names = page.ancestors(of: paragraph).map(page.name)
      #expect(names == [name, "body", "html"] || head.isEmpty && names == [name], "\(head)")
    }
  }

  @Test func theTitleIsText() throws {
    let page = try HTMLDocument(parsing: "<title>a <b>&amp; c</title><p>d")
    #expect(page.text(under: try #require(page.firstElement(.title))) == "a <b>& c")
    #expect(page.elements(.b).isEmpty)
  }

  @Test(arguments: [
    "<a/href=/x?a=1&b=2&copy=3>", "<a @click=\"go() > 1\" href='/x?a=1&b=2&copy=3'>",
    "<a title=it\"s href=\"/x?a=1&amp;b=2&copy=3\"#top>", "<a\u{C}href=/x?a=1&b=2&#x26;copy=3>",
    "<a =x href=/x?a=1&b=2&copy=3 href=/y>", "<A\nHREF\n=\n/x?a=1&b=2&copy=3>",
  ])
  func oddTagsKeepTheirAttributes(html: String) throws {
    let page = try HTMLDocument(parsing: html + "a</a>b")
    let link = try #require(page.firstElement(.a))
    #expect(page.attribute(link, "href") == "/x?a=1&b=2&copy=3")
    #expect(page.text(under: link) == "a")
    #expect(page.text(under: 0) == "ab")
  }

  @Test func aPageOfFramesHasFramesAlone() throws {
    let page = try HTMLDocument(
      parsing: "<head><title>t</title></head>"
        + "<frameset><a href=x>y</a><frame src=z></frameset>tail<noframes>n</noframes>")
    #expect(page.elements(.frame).count == 1)
    #expect(page.elements(.a).isEmpty)
    #expect(page.text(under: 0) == "t")
    #expect(try text("<p>a<table><tr><td>b</table><frameset>c</frameset>d") == "a b cd")
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "<svg><style>", "<template>", "<svg><title>", "<script><!--<script>", "</script", "<!--",
      "<![CDATA[", "&#", "<a b='", "<frameset>", "<math><mi>", "<textarea></textarea", "--",
      "<svg><script>",
    ])
  func repetitionIsReadInLinearTime(piece: String) throws {
    let html = "<svg><p>" + String(repeating: piece, count: 10_000)
    #expect(try HTMLDocument(parsing: html).isConsistent)
    #expect(LinkSkeleton.reduce(Array(html.utf8)).count <= html.utf8.count)
  }
}
