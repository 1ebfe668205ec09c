import GossamerMarkup
import GossamerTestKit
import GossamerURL
import Testing

@Suite("Links by the bones of a page")
struct LinkSkeletonTests {
  private func links(_ html: [UInt8]) throws -> [String] {
    let url = try #require(WebURL("https://example.org/dir/page"))
    let found = LinkExtractor().links(of: try HTMLDocument(parsing: html), url: url)
    return found.links.map { "\($0.kind.rawValue) \($0.url.href) \($0.rel)" }
      + [found.base.href, found.canonical?.href ?? "", "\(found.invalidCount)"]
  }

  @Test(arguments: [
    #"<p>a <a href="x">b</a> c <A HREF='y?a=1&amp;b=2' rel=nofollow>d</A>"#,
    #"<base href="/other/"><a href=z>1</a><base href="/no/">"#,
    #"<script>var s = "<a href='no'>";</script><a href=yes>1</a>"#,
    #"<style>a::before { content: "<a href=no>" }</style><a href=yes>1</a>"#,
    #"<!-- <a href=no> --><a href=yes>1</a><!-- never closed <a href=no>"#,
    #"<a title="a > b" href="x">1</a><img alt='<a href="no">' src=i><a href=y>2</a>"#,
    #"<meta http-equiv=refresh content="0; url=next"><noscript><meta http-equiv=refresh content="0;url=no"></noscript>"#,
    #"<link rel=canonical href="/c"><link rel="next" href="p2"><link rel=stylesheet href=s>"#,
    #"<title>a <a href=t>b</a> & c</title><a href=u>d</a>"#,
    #"<a href="unclosed><b>x</b><a href="y">z</a>"#,
    #"<map><area href=m1><area href=m2></map><iframe src=f></iframe><frame src=g>"#,
    #"1 < 2 <3 <a href=x>1</a> < a href=no> </ a> <a/href=z>"#,
    #"<textarea><a href=t></textarea><svg><a href=s></a></svg><table><a href=q></table>"#,
    #"<!doctype html><html lang=de><head><title>T</title></head><body><a href=""></a><a>no</a>"#,
    #"<SCRIPT>x</SCRIPT ><a href=1><script>never closed <a href=no>"#,
  ])
  func theyAreThoseOfTheWholePage(html: String) throws {
    let page = Array(html.utf8)
    #expect(try links(LinkSkeleton.reduce(page)) == links(page))
  }

  @Test(arguments: [
    #"<iframe src=a><a href=no></iframe><svg><iframe src=b></svg><a href=c>"#,
    #"<svg><title><a href=a></title><style><a href=b></style></svg><title><a href=no></title>"#,
    #"<template><a href=no></template><xmp><a href=no></xmp><noscript><a href=a></noscript>"#,
    #"<a/href=a?b&lt=1><a href='b"'><a @x=">" href=c><!--><a href=d>--><a href=e"#,
    #"<frameset><frame src=a><a href=no></frameset>"#, #"<plaintext><a href=no></plaintext>"#,
    #"<math><mi><svg><a href=a></mi><textarea><a href=no></textarea></math><a href=b>"#,
  ])
  func theyAreThoseOfTheWholePageInOddPlaces(html: String) throws {
    try theyAreThoseOfTheWholePage(html: html)
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func theyAreThoseOfTheWholePageInTheSuite() throws {
    for document in try TreeConstructionCase.allDocuments() {
      let page = Array(document.html.utf8)
      #expect(try links(LinkSkeleton.reduce(page)) == links(page), "\(document.name)")
    }
  }

  @Test func theyAreThoseOfTheWholePageInNoise() throws {
    let pieces = [
      "<a href=1>", "</a>", "<a href='2", "'", "\"", ">", "<", "<svg>", "</svg>", "<title>",
      "</title>", "<style>", "</style>", "<script>", "</script>", "<!--", "-->", "<iframe src=3>",
      "</iframe>", "<math>", "<mi>", "</mi>", "<p>", "<template>", "</template>", "<base href=/4/>",
      "<textarea>", "</textarea>", "<frameset>", "<frame src=5>", "<link rel=next href=6>", "x",
      "<foreignObject>", "</foreignObject>", "<![CDATA[", "]]>", "<noframes>", "</noframes>", "/",
    ]
    var generator = SeededGenerator()
    for _ in 0..<1000 {
      let html = (0..<20).map { _ in pieces[generator.next(below: pieces.count)] }.joined()
      let page = Array(html.utf8)
      #expect(try links(LinkSkeleton.reduce(page)) == links(page), "\(html)")
    }
  }

  @Test func titleAndDirectivesStay() throws {
    let page = Array(
      #"<html lang=fr><head><title>A &amp; b</title><meta name=robots content=noindex></head><p>x"#
        .utf8)
    let url = try #require(WebURL("https://example.org/"))
    let document = try HTMLDocument(parsing: LinkSkeleton.reduce(page))
    let metadata = PageMetadata(of: document, url: url)
    #expect(metadata.title == "A & b")
    #expect(metadata.language == "fr")
    #expect(metadata.robots.map(\.content) == ["noindex"])
  }

  @Test func textAndOtherTagsAreLeftOut() {
    let skeleton = LinkSkeleton.reduce(Array("<div><p>long text</p><a href=x>y</a></div>".utf8))
    #expect(String(decoding: skeleton, as: UTF8.self) == "<a href=x></a>")
  }
}

/// The same numbers in every run.
private struct SeededGenerator {
  private var state: UInt64 = 88_172_645_463_325_252

  mutating func next(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % bound
  }
}
