import GossamerURL
import Testing

@testable import GossamerMarkup

@Suite("LinkExtractor: all kinds, and hints")
struct LinkKindTests {
  private func links(_ html: String, encoding: TextEncoding = .utf8) throws -> [String] {
    let url = try #require(WebURL("http://e.org/d/p"))
    let found = LinkExtractor(selection: .all).links(
      of: try HTMLDocument(parsing: html), url: url, encoding: encoding)
    return found.links.map { "\($0.kind.rawValue) \($0.url.href)" }
  }

  @Test(arguments: [
    (
      "<blockquote cite=/c><q cite=q>x</q></blockquote>",
      ["cite http://e.org/c", "cite http://e.org/d/q"]
    ),
    ("<img src=a longdesc=b>", ["img http://e.org/d/a", "cite http://e.org/d/b"]),
    ("<table background=t.png>", ["img http://e.org/d/t.png"]),
    ("<form action=/get></form><form method=POST action=/no></form>", ["form http://e.org/get"]),
    ("<form method=dialog action=/no></form><form></form>", []),
    (
      "<object data=o.pdf></object><embed src=e>",
      ["object http://e.org/d/o.pdf", "embed http://e.org/d/e"]
    ),
    (
      "<link rel=icon href=i><link rel=canonical href=c>",
      ["link http://e.org/d/i", "canonical http://e.org/d/c"]
    ),
    ("<link href=no><link rel='' href=no><link rel='dns-prefetch preconnect' href=//no>", []),
    (
      "<link rel='preconnect stylesheet' href=s><link itemprop=url href=u>",
      ["link http://e.org/d/s", "link http://e.org/d/u"]
    ),
    (
      "<img src='data:image/gif;base64,R0'><a href='javascript:void(0)'>x</a><iframe src='about:blank'></iframe>",
      []
    ),
    ("<a href='mailto:a@e.org'>x</a>", ["a mailto:a@e.org"]),
    ("<p style='background: url(\"b.png\")'>", ["style http://e.org/d/b.png"]),
    (
      "<style>@import 'i.css'; a { background: url( u.png ) }</style>",
      ["style http://e.org/d/i.css", "style http://e.org/d/u.png"]
    ),
    (
      "<img srcset='a.png 1x, b.png 2z'>",
      ["img http://e.org/d/a.png", "hint http://e.org/d/b.png"]
    ),
  ])
  func elementsHaveTheirLinks(html: String, expected: [String]) throws {
    #expect(try links(html) == expected)
  }

  @Test(arguments: [
    ("<img data-src=a.png>", ["http://e.org/d/a.png"]),
    (
      "<img data-lazy-srcset='a.png 1x, /b.png 2x'>",
      ["http://e.org/d/a.png", "http://e.org/b.png"]
    ),
    ("<div data-href='get?id=1'></div>", ["http://e.org/d/get?id=1"]),
    ("<div data-anything='https://x.org/'></div>", ["https://x.org/"]),
    ("<div data-image-width=100 data-src='' data-url='#top' data-lazy=true></div>", []),
    ("<div data-url='{\"a\": \"b/c.d\"}' data-link='see also'></div>", []),
    ("<div onclick=\"location.href='x.html'\"></div>", ["http://e.org/d/x.html"]),
    ("<div onclick='parent.location = \"x\"'></div>", ["http://e.org/d/x"]),
    ("<div onclick=\"window.open('/x', 'name')\"></div>", ["http://e.org/x"]),
    ("<div onclick=\"location.replace('/x')\"></div>", ["http://e.org/x"]),
    ("<div onclick=\"location = '/x' + id\"></div>", []),
    ("<div onclick=\"if (location == '/x') call('/y')\"></div>", []),
    ("<a href=\"javascript:window.open('/x')\">x</a>", ["http://e.org/x"]),
    ("<meta property=og:image content=/i.png>", ["http://e.org/i.png"]),
    ("<meta name=x content='http://x.org/'>", ["http://x.org/"]),
    ("<meta name=description content='/ or not'><meta name=size content=/5>", []),
  ])
  func scriptsAndMetasGiveHints(html: String, expected: [String]) throws {
    #expect(try links(html) == expected.map { "hint \($0)" })
  }

  @Test func hintsAndFormsAreNeverFollowed() throws {
    let html = "<form action=/f></form><a data-src=/h href=/a>x</a><q cite=/c>x</q>"
    let url = try #require(WebURL("http://e.org/"))
    let found = LinkExtractor().links(of: try HTMLDocument(parsing: html), url: url)
    #expect(found.links.map(\.url.pathname) == ["/a"])
  }

  @Test func qualifiersAreThoseOfRel() {
    #expect(LinkQualifiers(rel: "external UGC\tnoFollow") == [.ugc, .nofollow])
    #expect(LinkQualifiers(rel: "sponsored") == .sponsored)
    #expect(LinkQualifiers(rel: "no follow") == [])
  }

  @Test(arguments: [
    ("?ä=ö", TextEncoding.windows1252, "?%E4=%F6"),
    ("?ä#ä", .utf8, "?%C3%A4#%C3%A4"),
    ("?Ж&#9731;", .windows1251, "?%C6%26%239731%3B"),
    ("?日", .shiftJIS, "?%93%FA"),
    ("?日", .eucJP, "?%C6%FC"),
    ("?中", .gbk, "?%D6%D0"),
    ("ä?a", .windows1252, "%C3%A4?a"),
  ])
  func queriesAreInTheEncodingOfThePage(
    written: String, encoding: TextEncoding, expected: String
  ) throws {
    #expect(
      try links("<a href='/\(written)'>x</a>", encoding: encoding)
        == ["a http://e.org/\(expected)"])
  }

  @Test(arguments: [
    ("url(a\\29 b)", ["a)b"]), ("url('a\\'b')", ["a'b"]), ("/* url(no) */ url(yes)", ["yes"]),
    ("content: 'url(no)'; x: URL(yes)", ["yes"]), ("my-url(no) url(yes)", ["yes"]),
    ("url(a.png", []), ("url()", []), ("@import \"a.css\" screen;", ["a.css"]),
    ("@import url(a.css);", ["a.css"]), ("url('a", []), ("\\", []), ("url(", []),
  ])
  func addressesInCSSAreRead(css: String, expected: [String]) {
    let found = StyleLinks.addresses(in: Array(css.utf8)[...])
    #expect(found.map { String(decoding: $0, as: UTF8.self) } == expected)
  }
}
