public import GossamerURL

/// Finds the links of a page, in one pass over its elements.
public struct LinkExtractor: Sendable {
  /// Which links are wanted.
  public enum Selection: Sendable, Hashable {
    /// What a crawl goes on with: a, area, iframe, frame, meta refresh, and `link` with the
    /// relation next, prev or alternate (to HTML). http and https only; links to a place in the
    /// same page are left out.
    case followable
    /// All kinds and all schemes.
    case all
  }

  /// Which links are wanted.
  public var selection: Selection
  /// The most links taken from one page.
  public var limit: Int
  /// Whether `ExtractedLink.text` is filled.
  public var includesText: Bool

  /// An extractor with these settings.
  public init(
    selection: Selection = .followable, limit: Int = 10_000, includesText: Bool = false
  ) {
    self.selection = selection
    self.limit = limit
    self.includesText = includesText
  }

  /// All wanted links of a page.
  ///
  /// - Parameters:
  ///   - document: the page.
  ///   - url: where it was fetched from, after redirects.
  public func links(of document: HTMLDocument, url: WebURL) -> PageLinks {
    var collector = LinkCollector(document: document, url: url, extractor: self)
    collector.run()
    return collector.result
  }
}

/// The state of one pass.
private struct LinkCollector {
  private let document: HTMLDocument
  private let extractor: LinkExtractor
  private let isAll: Bool
  var result: PageLinks
  /// Resolved before: hash of the text as written, and where the answer is in `answers`.
  private var known: [UInt64: Int] = [:]
  private var answers: [(written: Range<Int>, url: WebURL?)] = []

  init(document: HTMLDocument, url: WebURL, extractor: LinkExtractor) {
    self.document = document
    self.extractor = extractor
    isAll = extractor.selection == .all
    result = PageLinks(base: url)
  }

  mutating func run() {
    findBase()
    var node = 0
    while node < document.count {
      visit(node)
      guard result.links.count <= extractor.limit else {
        result.links.removeLast(result.links.count - extractor.limit)
        result.isCut = true
        return
      }
      node += 1
    }
  }

  /// The first `base` with an address decides, whatever it is; one that is no URL, or leads into
  /// data or script, is as none. Where scripts run, what stands in `noscript` is no element.
  private mutating func findBase() {
    for node in document.elements(.base) {
      guard let range = document.attributeRange(node, "href"),
        document.ancestor(of: node, .noscript) == nil
      else { continue }
      if let base = parse(range), base.scheme != "data", base.scheme != "javascript" {
        result.base = base
      } else {
        noteInvalid(range)
      }
      return
    }
  }

  private mutating func visit(_ node: Int) {
    switch document.tag(of: node) {
    case .a: add(node, "href", .anchor)
    case .area: add(node, "href", .area)
    case .iframe: add(node, "src", .iframe)
    case .frame: add(node, "src", .frame)
    case .link: addLink(node)
    case .meta: addRefresh(node)
    case let tag where isAll: visitEmbedded(node, tag)
    default: break
    }
  }

  private mutating func visitEmbedded(_ node: Int, _ tag: HTMLTag) {
    switch tag {
    case .img, .image:
      add(node, "src", .image)
      addSourceSet(node, .image)
    case .source:
      add(node, "src", .source)
      addSourceSet(node, .source)
    case .video:
      add(node, "src", .video)
      add(node, "poster", .video)
    case .track: add(node, "src", .source)
    case .audio: add(node, "src", .audio)
    case .script: add(node, "src", .script)
    case .object: add(node, "data", .object)
    case .embed: add(node, "src", .embed)
    case .form: add(node, "action", .form)
    case .input:
      guard let type = document.attributeRange(node, "type"),
        document.bytes[type].equalsIgnoringCase("image")
      else { return }
      add(node, "src", .image)
    default: break
    }
  }

  private mutating func add(_ node: Int, _ attribute: StaticString, _ kind: LinkKind) {
    guard let range = document.attributeRange(node, attribute) else { return }
    add(node, range, kind)
  }

  private mutating func add(_ node: Int, _ written: Range<Int>, _ kind: LinkKind) {
    let trimmed = document.bytes[written].trimmed
    if !isAll, trimmed.isEmpty || trimmed.first == 0x23 { return }
    guard let url = resolve(written) else { return noteInvalid(written) }
    guard isAll || url.isHTTP else {
      result.otherSchemeCount += 1
      return
    }
    let rel = document.attributeRange(node, "rel")
    result.links.append(
      ExtractedLink(
        url: url, kind: kind, text: extractor.includesText ? text(of: node, kind) : "",
        rel: rel.map(document.string) ?? "",
        isNofollow: rel.map { document.bytes[$0].hasWord("nofollow") } ?? false))
  }

  private mutating func addLink(_ node: Int) {
    guard let rel = document.attributeRange(node, "rel"),
      let href = document.attributeRange(node, "href")
    else {
      if isAll { add(node, "href", .link) }
      return
    }
    let relations = document.bytes[rel]
    if relations.hasWord("canonical") {
      guard let url = resolve(href) else { return noteInvalid(href) }
      if result.canonical == nil, url.isHTTP { result.canonical = url }
      if isAll { add(node, href, .canonical) }
      return
    }
    let leadsOn =
      relations.hasWord("next") || relations.hasWord("prev")
      || (relations.hasWord("alternate") && !relations.hasWord("stylesheet") && isHTML(node))
    if isAll || leadsOn { add(node, href, .link) }
  }

  private func isHTML(_ node: Int) -> Bool {
    guard let type = document.attributeRange(node, "type") else { return true }
    return document.bytes[type].trimmed.equalsIgnoringCase("text/html")
  }

  /// Scripts send readers on where they are off; a crawler takes the page as with scripts.
  private mutating func addRefresh(_ node: Int) {
    guard let header = document.attributeRange(node, "http-equiv"),
      document.bytes[header].trimmed.equalsIgnoringCase("refresh"),
      let content = document.attributeRange(node, "content"),
      document.ancestor(of: node, .noscript) == nil,
      let target = MetaRefresh(document.bytes[content])?.target, !target.isEmpty
    else { return }
    add(node, target, .refresh)
  }

  private mutating func addSourceSet(_ node: Int, _ kind: LinkKind) {
    guard let set = document.attributeRange(node, "srcset") else { return }
    for candidate in SourceSet.candidates(in: document.bytes[set]) {
      add(node, candidate.url, kind)
    }
  }

  private func text(of node: Int, _ kind: LinkKind) -> String {
    let visible = kind == .anchor ? document.text(under: node, limit: 512) : ""
    if !visible.isEmpty { return visible }
    for attribute: StaticString in ["alt", "title", "aria-label"] {
      if let text = document.attribute(node, attribute), !text.isEmpty { return text.cut(at: 512) }
    }
    guard kind == .anchor,
      let image = document.firstElement(.img, in: document.descendants(of: node))
    else { return "" }
    return (document.attribute(image, "alt") ?? "").cut(at: 512)
  }
}

extension LinkCollector {
  private mutating func resolve(_ written: Range<Int>) -> WebURL? {
    let hash = document.bytes.withUnsafeBufferPointer { bytes in
      written.reduce(14_695_981_039_346_656_037 as UInt64) {
        ($0 ^ UInt64(bytes[$1])) &* 1_099_511_628_211
      }
    }
    if let index = known[hash],
      document.bytes[answers[index].written].elementsEqual(document.bytes[written])
    {
      return answers[index].url
    }
    let url = parse(written)
    known[hash] = answers.count
    answers.append((written, url))
    return url
  }

  private func parse(_ written: Range<Int>) -> WebURL? {
    document.bytes.withUnsafeBufferPointer { bytes in
      WebURL(utf8: UnsafeBufferPointer(rebasing: bytes[written]), base: result.base)
    }
  }

  private mutating func noteInvalid(_ written: Range<Int>) {
    result.invalidCount += 1
    if result.firstInvalid == nil { result.firstInvalid = document.string(written).cut(at: 200) }
  }
}

extension String {
  /// At most `limit` bytes, cut between characters.
  func cut(at limit: Int) -> String {
    utf8.count <= limit ? self : String(decoding: Array(utf8).cut(at: limit), as: UTF8.self)
  }
}

extension ArraySlice<UInt8> {
  /// Whether a word stands in a list divided by white space; `word` in lower case.
  func hasWord(_ word: StaticString) -> Bool {
    if count < word.utf8CodeUnitCount { return false }
    return split(whereSeparator: \.isHTMLSpace).contains { $0.equalsIgnoringCase(word) }
  }
}
