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

  @Option(name: .long, help: "main, all (all that is shown) or none (metadata only).")
  var extract = ExtractionMode.main

  @Option(name: .long, help: "Which error is worse: balanced, precision or recall.")
  var prefer = ExtractionPreference.balanced

  @Flag(name: .long, help: "Leave out what the pages of a host in a batch repeat.")
  var siteMemory = false

  @Flag(name: .long, help: "Many pages: one JSON line each, on all cores.")
  var batch = false

  func run() async throws {
    let url = try PageAddress.parse(url, option: "--url")
    guard batch else { return try show(url) }
    let extraction = Extraction(
      extractor: ContentExtractor(mode: extract, preference: prefer),
      memory: siteMemory ? SiteMemory() : nil)
    try await LineWork { line in
      let input = try JSONInput.decode(PageInput.self, from: line)
      // A page has its content whatever its address is worth.
      let url = (input.url ?? input.base).flatMap { try? PageAddress.parse($0) } ?? url
      return extraction.line(of: try input.document(), url, id: input.id)
    }.runInParallel(on: file)
  }

  private func show(_ url: WebURL) throws {
    let document = try PageInput.document(in: file, contentType: contentType)
    let extraction = Extraction(
      extractor: ContentExtractor(mode: extract, preference: prefer), memory: nil)
    switch format {
    case .text: Output.line(extraction.content(of: document, url).content.text)
    case .markdown: Output.line(extraction.content(of: document, url).content.markdown)
    case .json: Output.bytes(extraction.line(of: document, url, id: nil, isWhole: true))
    }
  }
}

/// From a parsed page to its line.
private struct Extraction: Sendable {
  let extractor: ContentExtractor
  let memory: SiteMemory?

  func content(of document: HTMLDocument, _ url: WebURL)
    -> (content: ExtractedContent, metadata: PageMetadata)
  {
    let metadata = PageMetadata(of: document, url: url)
    let content = extractor.extract(from: document, url: url, metadata: metadata, memory: memory)
    return (content, metadata)
  }

  /// - Parameter isWhole: all that is known of the content, not only what a batch promises.
  func line(
    of document: HTMLDocument, _ url: WebURL, id: LineID?, isWhole: Bool = false
  ) -> [UInt8] {
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
    if isWhole { Self.add(content, metadata, to: &line) }
    return line.finished()
  }

  private static func add(
    _ content: ExtractedContent, _ metadata: PageMetadata, to line: inout JSONLine
  ) {
    line.add("modified", metadata.modified)
    line.add("site_name", metadata.siteName)
    line.add("description", metadata.description)
    line.add("canonical", metadata.canonical?.href)
    line.add("word_count", content.wordCount)
    line.add("tokens", content.tokenEstimate)
    line.add("direction", content.direction.rawValue)
    line.addObjects("headings", content.headings) {
      $0.add("level", $1.level)
      $0.add("text", $1.text)
    }
    line.addObjects("images", content.images) {
      $0.add("url", $1.url)
      $0.add("description", $1.description)
      $0.add("caption", $1.caption)
    }
    line.add("comments", content.comments.isEmpty ? nil : content.comments)
    let evidence = content.evidence
    line.addObject("extraction") {
      $0.add("source", evidence.source.rawValue)
      $0.add("blocks", evidence.blockCount)
      $0.add("chosen", evidence.chosenBlockCount)
      $0.add("confidence", evidence.confidence)
      $0.add("hidden", evidence.hiddenLength)
      $0.add("invisible", evidence.invisibleCount)
    }
  }
}
