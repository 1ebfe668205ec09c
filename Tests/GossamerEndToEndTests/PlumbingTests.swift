import Foundation
import GossamerTestKit
import Testing

/// Small commands for scripts: JSON Lines in and out, in order, and a bad line ends nothing.
@Suite("Plumbing", .timeLimit(.minutes(5)))
struct PlumbingTests {
  /// What a command says to some input, a line each.
  private func lines(_ arguments: [String], _ input: String, code: Int32 = 0) async throws
    -> [String]
  {
    try await Folder.with { folder in
      let answer = try await GossamerBinary.run(arguments, in: folder, input: input)
      #expect(answer.code == code, "\(answer.errors)")
      return answer.output.split(separator: "\n").map(String.init)
    }
  }

  @Test func urlsAreParsedAsTheStandardDoes() async throws {
    let found = try await lines(
      ["url", "parse"],
      """
      {"input": "../c?d#e", "base": "http://u:p@Example.org:8080/a/b"}
      {"input": "http://a b/"}
      {"input": "http://x/\\ud800"}
      """)
    #expect(
      found == [
        #"{"href":"http://u:p@example.org:8080/c?d#e","protocol":"http:","username":"u","#
          + #""password":"p","host":"example.org:8080","hostname":"example.org","port":"8080","#
          + ##""pathname":"/c","search":"?d","hash":"#e"}"##,
        #"{"failure":true}"#,
        #"{"href":"http://x/%EF%BF%BD","protocol":"http:","username":"","password":"","#
          + #""host":"x","hostname":"x","port":"","pathname":"/%EF%BF%BD","search":"","hash":""}"#,
      ])
  }

  @Test func marksAndBadBytesOfTextFilesAreNoHindrance() async throws {
    let mark = "\u{FEFF}"
    let list = try await lines(["url", "canonicalize"], mark + "http://a.test\nhttp://b.test\n")
    #expect(list.map { $0.contains(#""canonical":"http://"#) } == [true, true])
    #expect(try await lines(["url", "canonicalize"], mark + "\nhttp://b.test\n").count == 2)
    let json = try await lines(["url", "parse"], mark + #"{"input": "http://a.test/"}"#)
    #expect(json.first?.hasPrefix(#"{"href":"http://a.test/""#) == true)
    let bytes = Array(#"{"input": "http://a.test/"#.utf8) + [0xFF] + Array(#""}"#.utf8)
    try await Folder.with { folder in
      try Data(bytes).write(to: folder.url.appending(path: "in.jsonl"))
      let answer = try await GossamerBinary.run(["url", "parse", "in.jsonl"], in: folder)
      #expect(answer.output.hasPrefix(#"{"href":"http://a.test/%EF%BF%BD""#))
    }
  }

  @Test func canonicalFormsComeInOrder() async throws {
    let found = try await lines(
      ["url", "canonicalize"], "HTTP://www.Example.org:80/b?c#d\r\n\nhttps://1.2.3.4:8443\n")
    #expect(
      found == [
        #"{"url":"HTTP://www.Example.org:80/b?c#d","canonical":"http://www.example.org/b?c","#
          + #""surt":"org,example)/b?c","host_key":"www.example.org","domain":"example.org"}"#,
        #"{"failure":true}"#,
        #"{"url":"https://1.2.3.4:8443","canonical":"https://1.2.3.4:8443/","#
          + #""surt":"1.2.3.4:8443)/","host_key":"1.2.3.4:8443"}"#,
      ])
  }

  @Test func robotsTellTheRuleAndItsLine() async throws {
    let robots = #"user-agent: a\ndisallow: /p\ncrawl-delay: 1.5\nsitemap: http://x/s"#
    let found = try await lines(
      ["robots", "check"],
      """
      {"robots": "\(robots)", "agent": "a", "url": "http://x/p/q"}
      {"robots_base64": "dXNlci1hZ2VudDogKgpkaXNhbGxvdzogLw==", "agents": ["b", "c"], "url": ""}
      {"robots": "", "url": "/"}
      """)
    #expect(
      found == [
        #"{"allowed":false,"rule":"Disallow: /p","line":2,"crawl_delay":1.5,"#
          + #""sitemaps":["http://x/s"]}"#,
        #"{"allowed":false,"rule":"Disallow: /","line":2,"sitemaps":[]}"#,
        #"{"error":"line 3: no 'agent' or 'agents'"}"#,
      ])
  }

  @Test func sitemapsAndFeedsAreListed() async throws {
    let found = try await lines(
      ["sitemap", "--base", "http://x/"],
      "<urlset><url><loc>/a</loc><priority>0.5</priority></url><url><loc>http://x/b</loc></url>")
    #expect(
      found == [
        #"{"loc":"http://x/a","priority":0.5,"kind":"url"}"#,
        #"{"loc":"http://x/b","kind":"url"}"#,
      ])
    let batch = try await lines(
      ["sitemap", "--batch"],
      """
      {"id": 1, "content": "<rss><channel><item><link>http://x/i</link></item></channel></rss>"}
      {"id": 2, "file": "nowhere"}
      {"id": 3, "content": ""}
      """)
    #expect(batch[0] == #"{"id":1,"entries":[{"loc":"http://x/i","kind":"feed"}]}"#)
    #expect(batch[1].hasPrefix(#"{"id":2,"error":"line 2: "#))
    #expect(batch[2] == #"{"id":3,"entries":[]}"#)
  }

  @Test func timesAndLanguagesOfSitemapsAreListed() async throws {
    let found = try await lines(
      ["sitemap", "--base", "http://x/d/s.xml", "--strict"],
      """
      <urlset><url><loc>a</loc><lastmod>2004-12-23T18:00:15+01:00</lastmod>
      <changefreq>Daily</changefreq><x:link rel="alternate" hreflang="de" href="/de"/></url>
      <url><loc>b</loc><lastmod>soon</lastmod></url><url><loc>/outside</loc></url></urlset>
      """)
    #expect(
      found == [
        #"{"loc":"http://x/d/a","lastmod":"2004-12-23T17:00:15Z","changefreq":"daily","#
          + #""kind":"url","alternates":[{"url":"http://x/de","hreflang":"de"}]}"#,
        #"{"loc":"http://x/d/b","kind":"url"}"#,
      ])
  }

  @Test func styleSheetsAndFieldsHaveLinks() async throws {
    let found = try await lines(
      [
        "links", "--base", "http://x/d/", "--content-type", "text/css", "--link-header",
        "<n>; rel=next",
      ],
      "a { background: url(b.png) }")
    #expect(
      found == [
        #"{"url":"http://x/d/n","text":"","rel":"next","kind":"link-header"}"#,
        #"{"url":"http://x/d/b.png","text":"","rel":"","kind":"style"}"#,
      ])
  }

  @Test func linksKeepTheOrderOfThePage() async throws {
    let page = "<a href=b rel=nofollow>B</a><img src=/i alt=I><link rel=canonical href=/c>"
    let expected = [
      #"{"url":"http://x/d/b","text":"B","rel":"nofollow","kind":"a"}"#,
      #"{"url":"http://x/i","text":"I","rel":"","kind":"img"}"#,
      #"{"url":"http://x/c","text":"","rel":"canonical","kind":"canonical"}"#,
    ]
    #expect(try await lines(["links", "--base", "http://x/d/"], page) == expected)
    let batch = try await lines(
      ["links", "--batch"], #"{"id": "p", "html": "\#(page)", "base": "http://x/d/"}"#)
    #expect(batch == [#"{"id":"p","links":[\#(expected.joined(separator: ","))]}"#])
  }

  @Test(arguments: [
    ("\u{FEFF}x", "text/html", "UTF-8", "bom"),
    ("x", "text/html; charset=l1", "windows-1252", "header"),
    ("<meta charset=sjis>", "text/html", "Shift_JIS", "meta"),
    ("é", "text/html", "UTF-8", "detected"),
    ("x", "text/html", "windows-1252", "default"),
  ])
  func charsetsBearTheirStandardNames(
    page: String, type: String, encoding: String, source: String
  ) async throws {
    let found = try await lines(["charset", "--content-type", type], page)
    #expect(found == [#"{"encoding":"\#(encoding)","source":"\#(source)"}"#])
  }

  @Test func extractionGoesOnBehindBadLines() async throws {
    let text = "One fine day the crawler of the hill came home and told what it had seen."
    let found = try await lines(
      ["extract", "--batch"],
      """
      {"id": "a", "html": "<title>T</title><p>\(text)", "url": "http://x/"}
      nonsense
      {"id": "b", "html_file": "nowhere", "url": ""}

      {"id": "c", "html": "<html lang=en><p>\(text)", "url": ""}
      """)
    #expect(found.count == 4)
    #expect(
      found[0] == #"{"id":"a","text":"\#(text)","markdown":"\#(text)","title":"T","language":"en"}"#
    )
    #expect(found[1] == #"{"error":"line 2: not JSON"}"#)
    #expect(found[2].hasPrefix(#"{"id":"b","error":"line 3: "#))
    #expect(found[3].hasPrefix(#"{"id":"c","text":"\#(text)""#))
  }

  @Test func aLongBatchKeepsItsOrder() async throws {
    let input = (0..<300).map { number in
      let body = String(repeating: "<p>word \(number) and more", count: number % 7 * 40 + 1)
      return #"{"id":\#(number),"html":"\#(body)","url":"http://x/"}"#
    }
    let found = try await lines(["extract", "--batch"], input.joined(separator: "\n"))
    let expected = (0..<300).map { #"{"id":\#($0),"# }
    #expect(zip(found, expected).allSatisfy { $0.hasPrefix($1) } && found.count == 300)
  }

  @Test func aPageIsPrintedInTheFormatAskedFor() async throws {
    let page = "<h2>Bread</h2><p>Flour and water, and a night of rest, make the best of loaves.</p>"
    let markdown = try await lines(["extract", "--format", "markdown"], page)
    #expect(markdown.last == "Flour and water, and a night of rest, make the best of loaves.")
    let json = try await lines(["extract", "--url", "http://x/", "--format", "json"], page)
    #expect(json.count == 1 && json[0].hasPrefix(#"{"text":""#))
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func archivesAreListedReadAndChecked() async throws {
    try await Folder.with { folder in
      let file = folder("example.warc.gz")
      try Data(try ConformanceData.bytes("warc/example.warc.gz")).write(to: URL(filePath: file))
      let list = try await GossamerBinary.run(["warc", "ls", file], in: folder)
      #expect(list.code == 0)
      #expect(list.output.split(separator: "\n").count == 6)
      let check = try await GossamerBinary.run(["warc", "check", file], in: folder)
      #expect(check.code == 0 && check.output == "")
      let cat = try await GossamerBinary.run(["warc", "cat", file, "--offset", "353"], in: folder)
      #expect(cat.code == 0 && !cat.output.isEmpty)
      let nothing = try await GossamerBinary.run(
        ["warc", "cat", file, "--offset", "5"], in: folder)
      #expect(nothing.code == 2 && nothing.errorLines.count == 1)
      var bytes = try ConformanceData.bytes("warc/example-digest.warc")
      bytes.removeLast(20)
      try Data(bytes).write(to: URL(filePath: file))
      let broken = try await GossamerBinary.run(["warc", "check", file], in: folder)
      #expect(broken.code == 1 && broken.errorLines.count == 1)
      #expect(broken.output.contains("payload digest does not fit"))
    }
  }
}
