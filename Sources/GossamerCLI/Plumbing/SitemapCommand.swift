import ArgumentParser
import Gossamer

/// `gossamer sitemap`: the addresses in a sitemap, index, feed or list.
struct SitemapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sitemap", abstract: "List the entries of sitemaps and feeds, gzipped or plain.",
    discussion: """
      Times are RFC 3339 in UTC whatever the file has; what is no time is left out. Entries with \
      other languages have "alternates": [{"url": …, "hreflang": …}].

      With --batch, input: JSON lines {"id": …, "file": …, "url": …}, or "content", or \
      "content_base64"; output: {"id": …, "entries": […]}.
      """)

  @Argument(help: "A sitemap, or with --batch JSON lines (default: standard input).")
  var file: String?

  @Option(name: .long, help: "Where it was fetched from, for relative addresses.")
  var base: String?

  @Option(name: .long, help: "The Content-Type the file came with.")
  var contentType: String?

  @Flag(name: .long, help: "Only pages below the sitemap's own folder, as sitemaps.org asks.")
  var strict = false

  @Flag(name: .long, help: "Many files: one JSON line each.")
  var batch = false

  func run() async throws {
    let base = try PageAddress.parse(base, option: "--base")
    guard batch else { return try list(from: base) }
    try await LineWork { [strict] line in
      let input = try JSONInput.decode(ContentInput.self, from: line)
      return try Self.result(of: input, base: base, strict: strict)
    }.runInParallel(on: file)
  }

  private func list(from base: WebURL) throws {
    let content = try InputFile.content(file)
    let writer = ResultWriter()
    let sitemap = SitemapReader(staysInFolder: strict)
      .read(content.bytes, url: base, contentType: contentType)
    for entry in sitemap.entries {
      var line = JSONLine()
      Self.add(entry, to: &line)
      writer.append(line.finished())
    }
    try writer.flush()
    let name = file ?? "standard input"
    if let problem = content.problem {
      throw CommandFailure(
        .partly, "not all could be unpacked: \(problem) (\(name)): fetch it anew")
    }
    if sitemap.isCut {
      throw CommandFailure(
        .partly, "more than 50,000 entries or 50 MiB (\(name)): the rest was left out")
    }
  }

  private static func result(
    of input: ContentInput, base: WebURL, strict: Bool
  ) throws -> [UInt8] {
    let url = try input.url.map(PageAddress.parse) ?? base
    let content = try input.read()
    let contentType = input.contentType ?? (input.isText ? "text/xml; charset=utf-8" : nil)
    let sitemap = SitemapReader(staysInFolder: input.strict ?? strict)
      .read(content.bytes, url: url, contentType: contentType)
    var line = JSONLine()
    input.id?.add(to: &line)
    line.addList("entries", sitemap.entries) { add($1, to: &$0) }
    line.add("problem", content.problem)
    if sitemap.isCut { line.add("cut", true) }
    return line.finished()
  }

  private static func add(_ entry: SitemapEntry, to line: inout JSONLine) {
    line.add("loc", entry.loc.href)
    line.add(
      "lastmod",
      entry.modifiedAt.map { Timestamp.rfc3339(Double($0)).replacing(".000Z", with: "Z") })
    line.add("changefreq", entry.changefreq)
    line.add("priority", entry.priority)
    line.add("kind", entry.kind.rawValue)
    line.addObjects("alternates", entry.alternates) { line, alternate in
      line.add("url", alternate.url.href)
      line.add("hreflang", alternate.language)
    }
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
