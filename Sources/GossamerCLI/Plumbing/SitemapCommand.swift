import ArgumentParser
import Gossamer

/// `gossamer sitemap`: the addresses in a sitemap, index, feed or list.
struct SitemapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sitemap", abstract: "List the entries of sitemaps and feeds, gzipped or plain.",
    discussion: """
      With --batch, input: JSON lines {"id": …, "file": …, "url": …}, or "content", or \
      "content_base64"; output: {"id": …, "entries": […]}.
      """)

  @Argument(help: "A sitemap, or with --batch JSON lines (default: standard input).")
  var file: String?

  @Option(name: .long, help: "Where it was fetched from, for relative addresses.")
  var base: String?

  @Flag(name: .long, help: "Many files: one JSON line each.")
  var batch = false

  func run() async throws {
    let base = try PageAddress.parse(base, option: "--base")
    guard batch else { return try list(from: base) }
    try await LineWork { line in
      let input = try JSONInput.decode(ContentInput.self, from: line)
      return try Self.result(of: input, base: base)
    }.runInParallel(on: file)
  }

  private func list(from base: WebURL) throws {
    let content = try InputFile.content(file)
    let writer = ResultWriter()
    for entry in SitemapReader().read(content.bytes, url: base).entries {
      var line = JSONLine()
      Self.add(entry, to: &line)
      writer.append(line.finished())
    }
    try writer.flush()
    guard let problem = content.problem else { return }
    throw CommandFailure(
      .partly, "not all could be unpacked: \(problem) (\(file ?? "standard input")): fetch it anew")
  }

  private static func result(of input: ContentInput, base: WebURL) throws -> [UInt8] {
    let url = try input.url.map(PageAddress.parse) ?? base
    let content = try input.read()
    let contentType = input.contentType ?? (input.isText ? "text/xml; charset=utf-8" : nil)
    let sitemap = SitemapReader().read(content.bytes, url: url, contentType: contentType)
    var line = JSONLine()
    input.id?.add(to: &line)
    line.addList("entries", sitemap.entries) { add($1, to: &$0) }
    line.add("problem", content.problem)
    return line.finished()
  }

  private static func add(_ entry: SitemapEntry, to line: inout JSONLine) {
    line.add("loc", entry.loc.href)
    line.add("lastmod", entry.lastmod)
    line.add("changefreq", entry.changefreq)
    line.add("priority", entry.priority)
    line.add("kind", entry.kind.rawValue)
  }
}

extension JSONLine {
  /// A list of objects that is there even when it is empty.
  mutating func addList<Element>(
    _ key: StaticString, _ values: [Element], _ body: (inout JSONLine, Element) -> Void
  ) {
    if values.isEmpty {
      add(named: "\(key)", [String]())
    } else {
      addObjects(key, values, body)
    }
  }
}
