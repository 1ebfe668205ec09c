import ArgumentParser
import Gossamer

/// `gossamer links`: the links of a page.
struct LinksCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "links", abstract: "List the links of HTML pages, of all kinds, in their order.",
    discussion: """
      Kinds are the names of the elements, and: canonical, meta-refresh, cite, style (url() of CSS), \
      hint (what a script may make a link of) and link-header. Forms with another method than GET, \
      and data: and javascript: addresses are no links. What a crawl follows is less: see crawl.

      With --batch, input: JSON lines {"id": …, "html": …, "base": …}, or "html_file", or \
      "html_base64"; output: {"id": …, "links": […]}.
      """)

  @Argument(help: "A page, or with --batch JSON lines (default: standard input).")
  var file: String?

  @Option(name: .long, help: "Where the page was fetched from, for relative links.")
  var base: String?

  @Option(name: .long, help: "The Content-Type the page came with; text/css for a style sheet.")
  var contentType: String?

  @Option(name: .long, help: "A Link field the page came with (repeatable).")
  var linkHeader: [String] = []

  @Flag(name: .long, help: "Many pages: one JSON line each.")
  var batch = false

  func run() async throws {
    let base = try PageAddress.parse(base, option: "--base")
    guard batch else { return try list(from: base) }
    try await LineWork { line in
      let input = try JSONInput.decode(PageInput.self, from: line)
      let url = try (input.base ?? input.url).map(PageAddress.parse) ?? base
      var result = JSONLine()
      input.id?.add(to: &result)
      let links = try Self.links(of: input.text(), type: input.contentType, url)
      result.addList("links", links) { Self.add($1, to: &$0) }
      return result.finished()
    }.runInParallel(on: file)
  }

  private func list(from base: WebURL) throws {
    let type = contentType ?? (file?.hasSuffix(".css") == true ? "text/css" : nil)
    let text = try PageInput.text(in: file, contentType: contentType)
    let links = try Self.links(of: text, type: type, base)
    let writer = ResultWriter()
    for link in HeaderLinks(fieldValues: linkHeader, url: base).all + links {
      var line = JSONLine()
      Self.add(link, to: &line)
      writer.append(line.finished())
    }
    try writer.flush()
  }

  private static func links(
    of text: PageInput.Text, type: String?, _ url: WebURL
  ) throws -> [ExtractedLink] {
    let extractor = LinkExtractor(selection: .all, limit: .max, includesText: true)
    if type.flatMap({ MediaType.extract(from: [$0]) })?.essence == "text/css" {
      return extractor.links(ofStyleSheet: text.utf8, url: url).links
    }
    let document = try PageInput.parse(text.utf8)
    return extractor.links(of: document, url: url, encoding: text.encoding).links
  }

  private static func add(_ link: ExtractedLink, to line: inout JSONLine) {
    line.add("url", link.url.href)
    line.add("text", link.text)
    line.add("rel", link.rel)
    line.add("kind", link.kind.rawValue)
  }
}
