import ArgumentParser
import Gossamer

/// `gossamer links`: the links of a page.
struct LinksCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "links", abstract: "List the links of HTML pages, of all kinds, in their order.",
    discussion: """
      With --batch, input: JSON lines {"id": …, "html": …, "base": …}, or "html_file", or \
      "html_base64"; output: {"id": …, "links": […]}.
      """)

  @Argument(help: "A page, or with --batch JSON lines (default: standard input).")
  var file: String?

  @Option(name: .long, help: "Where the page was fetched from, for relative links.")
  var base: String?

  @Option(name: .long, help: "The Content-Type the page came with.")
  var contentType: String?

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
      result.addList("links", Self.links(of: try input.document(), url)) { Self.add($1, to: &$0) }
      return result.finished()
    }.runInParallel(on: file)
  }

  private func list(from base: WebURL) throws {
    let document = try PageInput.document(in: file, contentType: contentType)
    let writer = ResultWriter()
    for link in Self.links(of: document, base) {
      var line = JSONLine()
      Self.add(link, to: &line)
      writer.append(line.finished())
    }
    try writer.flush()
  }

  private static func links(of document: HTMLDocument, _ url: WebURL) -> [ExtractedLink] {
    LinkExtractor(selection: .all, limit: .max, includesText: true)
      .links(of: document, url: url).links
  }

  private static func add(_ link: ExtractedLink, to line: inout JSONLine) {
    line.add("url", link.url.href)
    line.add("text", link.text)
    line.add("rel", link.rel)
    line.add("kind", link.kind.rawValue)
  }
}
