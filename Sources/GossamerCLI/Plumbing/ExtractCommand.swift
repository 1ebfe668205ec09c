import ArgumentParser
import Gossamer

/// `gossamer extract`: the main content of a page.
struct ExtractCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract", abstract: "Print the main content of HTML pages.",
    discussion: """
      With --batch, input: JSON lines {"id": …, "url": …, "html_file": …}, or "html", or \
      "html_base64"; output: {"id": …, "text": …, "markdown": …, "title": …, "author": …, \
      "published": …, "language": …}. Gzipped files are taken, too.
      """)

  /// What is printed of one page.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, markdown, json
  }

  @Argument(help: "A page, or with --batch JSON lines (default: standard input).")
  var file: String?

  @Option(name: .long, help: "Where the page was fetched from.")
  var url: String?

  @Option(name: .long, help: "text, markdown or json; a batch is always JSON.")
  var format = Format.text

  @Option(name: .long, help: "The Content-Type the page came with.")
  var contentType: String?

  @Flag(name: .long, help: "Many pages: one JSON line each, on all cores.")
  var batch = false

  func run() async throws {
    let url = try PageAddress.parse(url, option: "--url")
    guard batch else { return try show(url) }
    let extraction = Extraction()
    try await LineWork { line in
      let input = try JSONInput.decode(PageInput.self, from: line)
      // A page has its content whatever its address is worth.
      let url = (input.url ?? input.base).flatMap { try? PageAddress.parse($0) } ?? url
      return extraction.line(of: try input.document(), url, id: input.id)
    }.runInParallel(on: file)
  }

  private func show(_ url: WebURL) throws {
    let document = try PageInput.document(in: file, contentType: contentType)
    let extraction = Extraction()
    switch format {
    case .text: Output.line(extraction.content(of: document, url).content.text)
    case .markdown: Output.line(extraction.content(of: document, url).content.markdown)
    case .json: Output.bytes(extraction.line(of: document, url, id: nil))
    }
  }
}

/// From a parsed page to its line.
private struct Extraction: Sendable {
  private let extractor = ContentExtractor()

  func content(of document: HTMLDocument, _ url: WebURL)
    -> (content: ExtractedContent, metadata: PageMetadata)
  {
    let metadata = PageMetadata(of: document, url: url)
    return (extractor.extract(from: document, url: url, metadata: metadata), metadata)
  }

  func line(of document: HTMLDocument, _ url: WebURL, id: LineID?) -> [UInt8] {
    let (content, metadata) = content(of: document, url)
    let size = content.text.utf8.count + content.markdown.utf8.count
    var line = JSONLine(capacity: size + size / 8 + 512)
    id?.add(to: &line)
    line.add("text", content.text)
    line.add("markdown", content.markdown)
    line.add("title", ContentTitle.of(document, metadata: metadata))
    let byline = ContentByline(of: document, metadata: metadata, url: url)
    line.add("author", byline.author)
    line.add("published", byline.published)
    line.add("language", content.language)
    return line.finished()
  }
}
