import Foundation
import GossamerExtract
import GossamerMarkup
import GossamerTestKit
import GossamerURL
import Testing

/// A fragment as Markdown, all of it.
func markdown(_ html: String) throws -> String {
  try extract("<body>\(html)", url: "https://example.org/a/b", mode: .all).markdown
}

@Suite("Markdown")
struct MarkdownTests {
  @Test(arguments: [
    ("<h2>One</h2><p>Two</p>", "## One\n\nTwo"),
    ("<h1>A <b>bold</b> title</h1><p>x</p>", "# A bold title\n\nx"),
    ("<p>a <strong>b </strong>c <em>d</em></p>", "a **b** c *d*"),
    ("<p><b><strong>twice</strong></b></p>", "**twice**"),
    ("<p>empty <b> </b>marks</p>", "empty marks"),
    ("<p>one<br>two</p>", "one  \ntwo"),
    ("<p><a href='/x?y=1'>link</a></p>", "[link](https://example.org/x?y=1)"),
    ("<p><a href='c'>rel</a></p>", "[rel](https://example.org/a/c)"),
    ("<p><a href='/w_(x)'>parens</a></p>", "[parens](https://example.org/w_%28x%29)"),
    ("<p><a href='javascript:alert(1)'>none</a></p>", "none"),
    (
      "<p>text <img src='/p.png' alt='A [pic]'></p>",
      "text ![A \\[pic\\]](https://example.org/p.png)"
    ),
    ("<p>t <img src='data:x' data-src='p.png' alt=''></p>", "t ![](https://example.org/a/p.png)"),
    ("<p>use <code>a|b*c</code></p>", "use `a|b*c`"),
    ("<p>tick <code>a`b</code></p>", "tick ``a`b``"),
    ("<blockquote><p>q1</p><p>q2</p></blockquote><p>x</p>", "> q1\n>\n> q2\n\nx"),
    ("<ul><li>a</li><li>b</li></ul><p>x</p>", "- a\n- b\n\nx"),
    ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
    ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
    ("<ol><li>a<ol><li>b</li></ol></li></ol>", "1. a\n   1. b"),
    ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"),
    ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"),
    ("<p><del>old</del> new</p>", "~~old~~ new"),
    ("<h2>3. Third #1</h2><p>x</p>", "## 3. Third #1\n\nx"),
    ("<h2>One<a class=x href='#one'>¶</a></h2><p>x</p>", "## One\n\nx"),
    ("<p>See <a href='#three'>below</a>.</p>", "See below."),
    ("<p><b>one<br>two</b></p>", "**one**  \n**two**"),
    ("<p>one<br><br>two</p>", "one\n\ntwo"),
    ("<p>• one<br>• <b>two</b><br>•three</p>", "- one\n- **two**\n- three"),
    ("<p>Bring:<br>- tea<br>- milk<br>and more", "Bring:\n\n- tea\n- milk\n\nand more"),
    ("<p>• one</p><p>• two</p><p>three</p>", "- one\n\n- two\n\nthree"),
    ("<p>- one dash</p>", "\\- one dash"),
    ("<p>a • b</p><p>• </p>", "a • b"),
    ("<p>&nbsp;&nbsp;one&nbsp;</p>", "one"),
    ("<p><b>Note:</b>text</p>", "**Note**:text"),
    ("<p>word<i>(x</i>)</p>", "word(*x*)"),
    ("<ul><li>a</li><li><ul><li>b</li></ul></li></ul>", "- a\n  - b"),
    (
      "<a href='/x'><h3>Card</h3><p>What it is.</p></a>",
      "### [Card](https://example.org/x)\n\nWhat it is."
    ),
    (
      "<a href='/x'><p>First.</p><p>Second.</p></a>",
      "[First.](https://example.org/x)\n\nSecond."
    ),
  ])
  func structureIsKept(html: String, expected: String) throws {
    #expect(try markdown(html) == expected)
  }

  @Test(arguments: [
    ("<p>1 * 2 [x] `y`</p>", "1 \\* 2 \\[x\\] \\`y\\`"),
    ("<p># no heading</p>", "\\# no heading"),
    ("<p>- no list</p>", "\\- no list"),
    ("<p>1. no list</p>", "1\\. no list"),
    ("<p>&gt; no quote</p>", "\\> no quote"),
    ("<p>a &lt;b&gt; c</p>", "a \\<b> c"),
    ("<p>snake_case _not em_</p>", "snake_case \\_not em\\_"),
  ])
  func textIsNoMarkdown(html: String, expected: String) throws {
    #expect(try markdown(html) == expected)
  }

  @Test func codeKeepsItsLinesAndLanguage() throws {
    let html = """
      <p>Code:</p><pre><code class="hljs language-swift"><span class="k">let</span> x = 1
        if x &lt; 2 { }
      </code></pre>
      """
    #expect(
      try markdown(html) == "Code:\n\n```swift\nlet x = 1\n  if x < 2 { }\n```")
    #expect(try extract(html, mode: .all).text == "Code:\nlet x = 1\n  if x < 2 { }")
  }

  @Test func whiteSpaceBetweenColouredWordsOfCodeIsKept() throws {
    let html = "<pre><i>from</i> <i>mill</i> <b>import</b> <i>flour</i>\n<i>grind</i>()</pre>"
    #expect(try markdown(html) == "```\nfrom mill import flour\ngrind()\n```")
    let copied = "<p>Type:</p><pre><button>Copy</button>make <i>demo</i></pre><p>Then wait.</p>"
    #expect(try markdown(copied).contains("```\nmake demo\n```"))
  }

  @Test func fencesAreLongerThanThoseInside() throws {
    #expect(try markdown("<pre>```\na\n```</pre>") == "````\n```\na\n```\n````")
  }

  @Test func dataTablesAreTablesAndLayoutIsNot() throws {
    let data = "<table><tr><th>A<th>B</tr><tr><td>1|2<td>x<br>y</tr></table>"
    #expect(try markdown(data) == "| A | B |\n| --- | --- |\n| 1\\|2 | x y |")
    let nested = "<table><tr><td><p>left</p><td>\(data)</tr></table>"
    #expect(
      try markdown(nested) == "left\n\n| A | B |\n| --- | --- |\n| 1\\|2 | x y |")
  }

  @Test(arguments: [
    (
      "<tr><th colspan=2>A<th>B</tr><tr><td>1<td>2<td>3</tr>",
      "| A |  | B |\n| --- | --- | --- |\n| 1 | 2 | 3 |"
    ),
    (
      "<tr><th rowspan=2>A<th>B</tr><tr><td>2</tr><tr><td>3<td>4</tr>",
      "| A | B |\n| --- | --- |\n|  | 2 |\n| 3 | 4 |"
    ),
    ("<tr><td colspan=99999999>A<td>B</tr><tr><td rowspan=-3>1<td>2</tr>", nil),
  ])
  func spansLeaveEmptyCells(rows: String, expected: String?) throws {
    let table = try markdown("<table>\(rows)</table>")
    if let expected { #expect(table == expected) } else { #expect(table.utf8.count < 3_000) }
  }

  @Test func columnsOfLineNumbersAreNoCode() throws {
    let gutters = """
      <table class=highlight><tr><td class=linenos><pre>1\n2</pre></td>
      <td><pre><code>a = 1\nb = 2</code></pre></td></tr></table>
      """
    #expect(try markdown(gutters) == "```\na = 1\nb = 2\n```")
    let beside = "<p>x</p><pre>1\n2\n3\n4</pre><pre>a\nb\nc\nd</pre>"
    #expect(try markdown(beside) == "x\n\n```\na\nb\nc\nd\n```")
    let lines = """
      <p>x</p><table><tr><td class=code><div class=line><code>let</code> <code>a</code></div>
      <div class=line><code>b</code></div></td></tr></table>
      """
    #expect(try markdown(lines) == "x\n\n```\nlet a\nb\n```")
    #expect(try markdown("<p>Run <code>a<br>b</code></p>") == "Run\n\n```\na\nb\n```")
  }

  @Test(
    "Conversion vectors of the world's converters",
    arguments: ["turndown", "markdownify"])
  func wordsAndHeadingsOfVectorsSurvive(name: String) throws {
    guard let folder = ConformanceData.findUpwards("shared/extraction/markdown") else {
      print("skipped: Markdown vectors not found")
      return
    }
    let file = folder.appending(path: "\(name).jsonl")
    guard let lines = try? String(contentsOf: file, encoding: .utf8) else {
      print("skipped: \(file.lastPathComponent) not found")
      return
    }
    var cases = 0
    var kept = 0
    for line in lines.split(separator: "\n") {
      let vector = try JSONDecoder().decode(Vector.self, from: Data(line.utf8))
      guard let wanted = vector.markdown else { continue }
      let got = try markdown(vector.html)
      cases += 1
      if Self.folded(got) == Self.folded(wanted) { kept += 1 }
    }
    print("\(name): \(kept) of \(cases) alike but for style")
    #expect(kept * 10 > cases * 8)
  }

  private struct Vector: Decodable {
    let html: String
    let markdown: String?
  }

  /// Letters, digits and the counts of marks that no style changes.
  private static func folded(_ markdown: String) -> String {
    markdown.lowercased().filter { $0.isLetter || $0.isNumber }
      .replacingOccurrences(of: "httpsexampleorga", with: "")
      .replacingOccurrences(of: "httpsexampleorg", with: "")
  }
}
