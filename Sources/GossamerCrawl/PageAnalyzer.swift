import GossamerBytes
package import GossamerCorpus
import GossamerExtract
import GossamerFetch
import GossamerFlow
import GossamerHTTP
import GossamerMarkup
package import GossamerRobots
import GossamerURL

/// What a page turned out to be.
struct PageAnalysis: Sendable {
  /// A link that a crawl may go on with.
  struct Link: Sendable {
    var url: CanonicalURL
    /// Words by which the page does not vouch for it.
    var qualifiers: LinkQualifiers
    /// The page sends its readers there by itself.
    var isRefresh: Bool
  }

  /// Everything known from head and body; archive place and summary are still missing.
  var record: PageRecord
  /// SHA-256 of the decoded body.
  var digest: [UInt8]
  /// Links to go on with, each URL once.
  var links: [Link] = []
  /// Links that have no canonical form, and the first of them.
  var invalidLinks = (count: 0, first: String?.none)
  /// What the page asks of robots.
  var directives = PageDirectives()
  /// What may be done with the content.
  var preferences = UsagePreferences()
  /// What the page itself reserves; the nearest word counts.
  var reservation: TDMReservation?
  /// The date in the past after which the page must not be used, as written.
  var expired: String?
  /// Of the page's text; of its bytes, where it has no words.
  var fingerprint: UInt64?
  /// Entries, if the body is a sitemap or feed.
  var sitemap: Sitemap?
  /// It was a file packed so tightly that only its beginning was unpacked.
  var isBomb = false
}

/// From a response to what is in it: one synchronous call, no waiting, no state.
struct PageAnalyzer: Sendable {
  let settings: CrawlSettings
  private let extractor: ContentExtractor
  /// What sites repeat; shared by all copies of the analyzer.
  let memory = SiteMemory()
  private let links: LinkExtractor
  private let charsets = CharsetDetector()

  init(settings: CrawlSettings) {
    self.settings = settings
    extractor = ContentExtractor(mode: settings.extraction == .all ? .all : .main)
    links = LinkExtractor(
      selection: .followable, includesText: settings.extraction != .none)
  }

  /// Analyses a body.
  ///
  /// - Parameters:
  ///   - url: the URL that was asked for.
  ///   - rules: the robots rules that hold for it, whose statements on use are merged in.
  ///   - reservation: what the origin's `tdmrep.json` says of it.
  ///   - expectsSitemap: the URL was named as a sitemap, or is a seed that may be one.
  func analyze(
    _ response: FetchedResponse, url: CanonicalURL, rules: RobotsRules?,
    reservation: TDMReservation? = nil, expectsSitemap: Bool
  ) -> PageAnalysis {
    let digest = Digest.sha256(of: response.body)
    var analysis = PageAnalysis(record: PageRecord(url: url.string), digest: digest.bytes)
    analysis.record.contentType = response.fields["Content-Type"]
    analysis.record.bytes = response.body.count
    analysis.record.digest = "sha256:" + digest.hex
    analysis.record.truncated = response.truncated?.rawValue
    if let rules {
      analysis.preferences.merge(rules.usagePreferences(forTarget: url.url.requestTarget))
    }
    analysis.take(reservation)
    readHead(response, into: &analysis)
    let body: [UInt8]
    (body, analysis.isBomb) = expectsSitemap ? unpacked(response.body) : (response.body, false)
    switch Kind(body, type: response.mediaType ?? "", expectsSitemap: expectsSitemap) {
    case .sitemap:
      analysis.sitemap = SitemapReader().read(
        body, url: url.url, contentType: response.fields["Content-Type"])
    case .text: readText(response, url, into: &analysis)
    case .html: readHTML(response, url, into: &analysis)
    }
    if !response.oddities.isEmpty {
      analysis.record.limits =
        response.oddities.map(\.rawValue) + (analysis.record.limits ?? [])
    }
    // What says nothing in words is the same only where every byte is.
    if analysis.fingerprint == nil {
      analysis.fingerprint = digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
    finish(&analysis, at: response.startedAtSeconds)
    return analysis
  }

  /// How a body is read.
  private enum Kind {
    case html, text, sitemap

    init(_ body: [UInt8], type: String, expectsSitemap: Bool) {
      if expectsSitemap, Self.looksLikeSitemap(body, type) {
        self = .sitemap
      } else if type == "text/plain" || type.hasSuffix("markdown") {
        self = .text
      } else {
        self = .html
      }
    }

    /// A sitemap or feed by its first element. A list of addresses as plain text counts only for
    /// what was named a sitemap by its type and content alike.
    private static func looksLikeSitemap(_ body: [UInt8], _ type: String) -> Bool {
      let start = withoutInternalSubset(body)
      let head = String(decoding: start.prefix(2048).filter { $0 != 0 }, as: UTF8.self)
      for name in ["<urlset", "<sitemapindex", "<rss", "<feed", "<rdf:RDF", ":urlset", ":feed"]
      where head.contains(name) {
        return true
      }
      guard type == "text/plain" || type.hasSuffix("gzip") else { return false }
      return head.hasPrefix("http://") || head.hasPrefix("https://")
        || head.hasPrefix("\u{FEFF}http")
    }

    /// What follows a document type with declarations of its own, however long these are.
    private static func withoutInternalSubset(_ body: [UInt8]) -> ArraySlice<UInt8> {
      let head = String(decoding: body.prefix(1024), as: UTF8.self)
      guard let type = head.firstRange(of: "<!DOCTYPE"),
        head[type.upperBound...].prefix(while: { $0 != ">" }).contains("[")
      else { return body[...] }
      var end = 1
      while end < body.count, body[end] != UInt8(ascii: ">") || body[end - 1] != UInt8(ascii: "]") {
        end += 1
      }
      return body[end...]
    }
  }

  /// A sitemap that is gzip in itself, as `sitemap.xml.gz`, without it; what cannot be unpacked is
  /// left out.
  private func unpacked(_ body: [UInt8]) -> (bytes: [UInt8], isBomb: Bool) {
    guard body.starts(with: [0x1F, 0x8B]) else { return (body, false) }
    // One byte over the limit tells the reader that there is more.
    let limit = SitemapReader().limitInBytes + 1
    var decoder = ContentDecoder(
      codings: [.gzip], limit: limit, ratio: FetchLimits().decodedRatio)
    var bytes: [UInt8] = []
    do throws(ContentDecodingError) {
      // Piece by piece, since what comes out is compared with what went in.
      for start in stride(from: 0, to: body.count, by: 16_384) {
        try decoder.decode(Array(body[start..<min(start + 16_384, body.count)]), into: &bytes)
      }
      try decoder.finish(into: &bytes)
    } catch {
      if case .limitExceeded = error { return (bytes, bytes.count < limit) }
    }
    return (bytes, false)
  }

  private func readHead(_ response: FetchedResponse, into analysis: inout PageAnalysis) {
    let fields = response.fields
    for value in fields.values("X-Robots-Tag") {
      analysis.directives.merge(header: value, agent: settings.token)
    }
    for value in fields.values("Robots-Tag") {
      analysis.directives.merge(robotsTag: value, agent: settings.token)
    }
    for value in fields.values("Content-Usage") {
      analysis.preferences.merge(contentUsage: value, source: "header")
    }
    for value in fields.values("Content-Signal") {
      analysis.preferences.merge(contentSignal: value, source: "header")
    }
    analysis.take(
      TDMReservation(
        values: fields.values("tdm-reservation"), policies: fields.values("tdm-policy"),
        source: "header"))
    for value in fields.values("Link") {
      for link in LinkHeader.parse(value) where link.relations.contains("license") {
        let url = WebURL(link.target, base: response.url)?.href ?? link.target
        analysis.preferences.merge(
          license: url, text: "Link: <\(link.target)>; rel=license", source: "header")
      }
    }
  }

  private func decoded(_ response: FetchedResponse) -> CharsetDetector.Decoded {
    let types = response.fields.values("Content-Type").joined(separator: ", ")
    return charsets.decode(response.body, contentType: types)
  }

  private func readText(
    _ response: FetchedResponse, _ url: CanonicalURL, into analysis: inout PageAnalysis
  ) {
    let decoded = self.decoded(response)
    analysis.fingerprint = TextFingerprint.of(decoded.utf8, address: url.url.requestTarget)
    analysis.record.charset = decoded.verdict.encoding.name
    guard settings.extraction != .none else { return }
    let text = String(decoding: decoded.utf8, as: UTF8.self)
    analysis.record.text = text
    analysis.record.wordCount = text.split(whereSeparator: \.isWhitespace).count
  }

  private func readHTML(
    _ response: FetchedResponse, _ url: CanonicalURL, into analysis: inout PageAnalysis
  ) {
    let decoded = self.decoded(response)
    analysis.record.charset = decoded.verdict.encoding.name
    var limits: [Cause] = []
    if decoded.isDoubtful { limits.append(.parseCharset) }
    analysis.fingerprint = TextFingerprint.of(decoded.utf8, address: url.url.requestTarget)
    let document: HTMLDocument
    do {
      document = try HTMLDocument(
        parsing: settings.extraction == .none ? LinkSkeleton.reduce(decoded.utf8) : decoded.utf8)
    } catch {
      analysis.record.limits = (limits + [.parseLimit]).map(\.rawValue)
      return
    }
    if !document.limitsHit.isDisjoint(with: [.depth, .deep]) { limits.append(.parseDepth) }
    if !document.limitsHit.isDisjoint(with: [.limit, .stopped]) { limits.append(.parseLimit) }
    let metadata = PageMetadata(of: document, url: url.url, crawler: settings.token)
    if !metadata.cutFields.isEmpty, !limits.contains(.parseLimit) { limits.append(.parseLimit) }
    read(metadata, into: &analysis)
    let header = HeaderLinks(fieldValues: response.fields.values("Link"), url: url.url)
    analysis.record.canonical = analysis.record.canonical ?? header.canonical?.href
    let found = links.links(of: document, url: url.url, encoding: decoded.verdict.encoding)
    read(found, header, url, limits: &limits, into: &analysis)
    if settings.extraction != .none {
      read(
        extractor.extract(from: document, url: url.url, metadata: metadata, memory: memory),
        into: &analysis)
      let byline = ContentByline(of: document, metadata: metadata, url: url.url)
      analysis.record.title = ContentTitle.of(document, metadata: metadata)
      analysis.record.author = byline.author
      analysis.record.published = byline.published
    }
    if !limits.isEmpty { analysis.record.limits = limits.map(\.rawValue) }
  }

  private func read(_ metadata: PageMetadata, into analysis: inout PageAnalysis) {
    readUsage(metadata, into: &analysis)
    analysis.record.title = metadata.title
    analysis.record.description = metadata.description
    analysis.record.author = metadata.author
    analysis.record.published = metadata.published
    analysis.record.modified = metadata.modified
    analysis.record.siteName = metadata.siteName
    analysis.record.language = metadata.language
    analysis.record.canonical = metadata.canonical?.href
    guard settings.extraction != .none else { return }
    let structured = Self.structured(metadata)
    if !structured.isEmpty { analysis.record.structured = structured }
  }

  /// Structured data by vocabulary: metas by their names, the rest as JSON texts.
  private static func structured(_ metadata: PageMetadata) -> [String: [String]] {
    var structured: [String: [String]] = [:]
    for entry in metadata.openGraph + metadata.dublinCore {
      structured[entry.name, default: []].append(entry.content)
    }
    if !metadata.jsonLD.isEmpty { structured["json-ld"] = metadata.jsonLD }
    for item in metadata.items {
      var values: [String: [String]] = [:]
      for property in item.properties {
        values[property.name, default: []].append(property.content)
      }
      var line = JSONLine(capacity: 512)
      line.add("@type", item.type.isEmpty ? nil : item.type)
      for (name, list) in values.sorted(by: { $0.key < $1.key }) {
        list.count == 1 ? line.add(named: name, list[0]) : line.add(named: name, list)
      }
      structured[item.syntax.rawValue, default: []].append(
        String(decoding: line.finished().dropLast(), as: UTF8.self))
    }
    return structured
  }

  private func readUsage(_ metadata: PageMetadata, into analysis: inout PageAnalysis) {
    for robots in metadata.robots {
      analysis.directives.merge(
        metaContent: robots.content, name: robots.name, agent: settings.token)
    }
    func contents(_ name: String) -> [String] {
      metadata.robots.filter { $0.name == name }.map(\.content)
    }
    analysis.take(
      TDMReservation(
        values: contents("tdm-reservation"), policies: contents("tdm-policy"), source: "meta"))
    for license in metadata.licenses {
      analysis.preferences.merge(
        license: license.href, text: "link rel=license \(license.href)", source: "page")
    }
  }

  private func read(
    _ found: PageLinks, _ header: HeaderLinks, _ url: CanonicalURL, limits: inout [Cause],
    into analysis: inout PageAnalysis
  ) {
    let links = header.followable + found.links
    analysis.invalidLinks = (found.invalidCount, found.firstInvalid)
    if found.isCut { limits.append(.parseLinks) }
    var records: [PageRecord.Link] = []
    records.reserveCapacity(links.count)
    analysis.links.reserveCapacity(links.count)
    var seen = Set<CanonicalURL>(minimumCapacity: links.count)
    seen.insert(url)
    for link in links {
      records.append(
        PageRecord.Link(
          url: link.url.href, text: link.text.isEmpty ? nil : link.text,
          rel: link.rel.isEmpty ? nil : link.rel, kind: link.kind.rawValue))
      guard let canonical = CanonicalURL(link.url) else {
        analysis.invalidLinks.count += 1
        continue
      }
      guard seen.insert(canonical).inserted else { continue }
      analysis.links.append(
        PageAnalysis.Link(
          url: canonical, qualifiers: link.qualifiers, isRefresh: link.kind == .refresh))
    }
    analysis.record.links = records
  }

  private func read(_ content: ExtractedContent, into analysis: inout PageAnalysis) {
    analysis.record.text = content.text
    analysis.record.markdown = content.markdown
    analysis.record.wordCount = content.wordCount
    analysis.record.language = content.language ?? analysis.record.language
    analysis.record.tokens = content.tokenEstimate
    if content.direction == .rightToLeft { analysis.record.direction = content.direction.rawValue }
    if !content.comments.isEmpty { analysis.record.comments = content.comments }
    if !content.images.isEmpty {
      analysis.record.images = content.images.map {
        PageRecord.Image(
          url: $0.url, description: $0.description.isEmpty ? nil : $0.description,
          caption: $0.caption)
      }
    }
    var extraction = PageRecord.Extraction(
      source: content.evidence.source.rawValue, blocks: content.evidence.blockCount,
      chosen: content.evidence.chosenBlockCount, confidence: content.evidence.confidence)
    func positive(_ count: Int) -> Int? { count > 0 ? count : nil }
    extraction.hidden = positive(content.evidence.hiddenLength)
    extraction.invisible = positive(content.evidence.invisibleCount)
    extraction.repeated = positive(content.evidence.repeatedCount)
    analysis.record.extraction = extraction
    analysis.record.headings = content.headings.map {
      PageRecord.Heading(level: $0.level, text: $0.text)
    }
  }

  private func finish(_ analysis: inout PageAnalysis, at fetchTime: Double) {
    if let reservation = analysis.reservation { analysis.preferences.merge(reservation) }
    analysis.preferences.merge(analysis.directives)
    analysis.expired = analysis.directives.unavailableAfter.first {
      ExpiryDate.seconds($0).map { Double($0) < fetchTime } ?? false
    }
    let words = analysis.directives.words
    if !words.isEmpty { analysis.record.robots = words }
    analysis.record.preferences = PageRecord.Preferences(analysis.preferences)
  }
}

extension PageAnalysis {
  /// Takes in what a nearer place says of reserved rights than those before: file, header, page.
  fileprivate mutating func take(_ nearer: TDMReservation?) {
    guard let nearer else { return }
    if let reservation { preferences.note(reservation) }
    reservation = nearer
  }
}

extension PageRecord.Preferences {
  /// What the record says of preferences; nil where nobody said anything.
  package init?(_ preferences: UsagePreferences) {
    guard !preferences.evidence.isEmpty else { return nil }
    self.init()
    func text(_ answer: UsagePreferences.Answer) -> String? {
      answer == .unknown ? nil : answer.rawValue
    }
    search = text(preferences.search)
    aiInput = text(preferences.aiInput)
    aiTrain = text(preferences.aiTrain)
    maxSnippet = preferences.maxSnippet
    licenses = preferences.licenses.isEmpty ? nil : preferences.licenses
    evidence = preferences.evidence.map { .init(source: $0.source, text: $0.text) }
  }
}
