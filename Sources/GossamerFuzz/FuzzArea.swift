import GossamerArchive
import GossamerBytes
import GossamerHTTP
import GossamerMarkup
import GossamerRobots
import GossamerURL

/// A reader of what strangers send, and what it promises for any input.
///
/// Beside ending without a crash, in time and in bounded memory, which libFuzzer watches.
enum FuzzArea: String, CaseIterable {
  case url, robots, sitemap, charset, html, coding, warc, http

  /// Feeds the input to the reader.
  func check(_ input: [UInt8]) {
    switch self {
    case .url: checkURL(input)
    case .robots: checkRobots(input)
    case .sitemap: checkSitemap(input)
    case .charset: checkCharset(input)
    case .html: checkHTML(input)
    case .coding: checkCoding(input)
    case .warc: checkWARC(input)
    case .http: checkFields(input)
    }
  }
}

extension FuzzArea {
  /// Input: a URL, and behind the first byte FF a base. A serialization parses to itself, and
  /// canonicalizing twice changes nothing.
  private func checkURL(_ input: [UInt8]) {
    let parts = input.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false)
    let base = parts.count > 1 ? Array(parts[1]).withUnsafeBufferPointer { WebURL(utf8: $0) } : nil
    guard let url = Array(parts[0]).withUnsafeBufferPointer({ WebURL(utf8: $0, base: base) })
    else { return }
    precondition(url.href.utf8.allSatisfy { $0 < 0x80 }, "a serialization is ASCII")
    let again = WebURL(url.href)
    precondition(
      again == url && again?.host == url.host && again?.pathname == url.pathname
        && again?.search == url.search && again?.hash == url.hash && again?.port == url.port
        && again?.username == url.username && again?.password == url.password
        && again?.origin == url.origin, "a serialization parses to itself")
    guard let canonical = CanonicalURL(url) else { return }
    let twice = CanonicalURL(canonical.string)
    precondition(
      twice == canonical && twice?.surt == canonical.surt && twice?.hostKey == canonical.hostKey
        && twice?.registeredDomain == canonical.registeredDomain, "canonical is canonical")
  }

  /// Input: a line with the agent, a line with the target, the file.
  private func checkRobots(_ input: [UInt8]) {
    let lines = input.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
    let agent = String(decoding: lines[0], as: UTF8.self)
    let target = lines.count > 1 ? String(decoding: lines[1], as: UTF8.self) : "/"
    let rules = RobotsRules(parsing: lines.count > 2 ? Array(lines[2]) : [], agent: agent)
    let verdict = rules.verdict(forTarget: target)
    precondition(verdict.isAllowed || verdict.rule != nil, "whatever is refused has its rule")
    precondition(
      rules.verdict(forTarget: "/robots.txt").isAllowed, "robots.txt itself is always allowed")
    _ = rules.usagePreferences(forTarget: target)
    var directives = PageDirectives()
    directives.merge(metaContent: target, name: "robots", agent: agent)
    directives.merge(header: target, agent: agent)
  }

  private func checkSitemap(_ input: [UInt8]) {
    guard let url = WebURL("https://www.example.org/sitemap.xml") else { return }
    let sitemap = SitemapReader(limit: 1000).read(input, url: url)
    precondition(sitemap.entries.count <= 1000, "the limit holds")
    precondition(sitemap.entries.allSatisfy(\.loc.isHTTP), "entries can be fetched")
  }

  /// Input: a line with the Content-Type, the page.
  private func checkCharset(_ input: [UInt8]) {
    let lines = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let page = lines.count > 1 ? Array(lines[1]) : []
    let decoded = CharsetDetector().decode(
      page, contentType: String(decoding: lines[0], as: UTF8.self))
    precondition(
      String(validating: decoded.utf8, as: UTF8.self) != nil, "decoded text is valid UTF-8")
    precondition(!decoded.utf8.contains(0), "decoded text is without NUL")
  }

  private func checkHTML(_ input: [UInt8]) {
    guard let url = WebURL("https://www.example.org/a/b?c") else { return }
    let page = TextDecoder.decode(input, from: .utf8).utf8
    guard let document = try? HTMLDocument(parsing: page) else { return }
    precondition(
      String(validating: document.bytes, as: UTF8.self) != nil, "texts are valid UTF-8")
    _ = LinkExtractor(selection: .all, includesText: true).links(of: document, url: url)
    _ = LinkExtractor().links(of: document, url: url)
    _ = PageMetadata(of: document, url: url)
    _ = LinkSkeleton.reduce(page)
  }

  /// Input: a byte that chooses one or two codings, the body.
  private func checkCoding(_ input: [UInt8]) {
    guard let choice = input.first else { return }
    let all = ContentCoding.allCases
    let first = all[Int(choice & 15) % all.count]
    let codings = choice < 0x80 ? [first] : [first, all[Int(choice >> 4) % all.count]]
    let limit = 4 << 20
    let (bytes, _) = ContentDecoder.decode(Array(input.dropFirst()), codings: codings, limit: limit)
    precondition(bytes.count <= limit, "the limit holds")
  }

  private func checkWARC(_ input: [UInt8]) {
    var reader = WARCReader(bytes: input, blockLimit: 1 << 20)
    while let entry = (try? reader.next()) ?? nil {
      precondition(entry.block.count <= 1 << 20, "the limit holds")
      _ = (entry.targetURI, entry.timestamp, entry.blockDigestFits, entry.payloadDigestFits)
      _ = entry.message?.dechunkedBody
    }
  }

  /// Values of header fields.
  private func checkFields(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    if let type = MediaType(text) {
      precondition(MediaType(type.description) == type, "a serialization parses to itself")
    }
    if let seconds = HTTPDate.parse(text) {
      precondition(HTTPDate.parse(HTTPDate.format(seconds)) == seconds, "dates come back")
    }
    for link in LinkHeader.parse(text) { _ = link.relations }
    _ = ContentCoding.parse(text)
    _ = MediaType.extract(from: text.split(separator: "\n").map(String.init))
  }
}
