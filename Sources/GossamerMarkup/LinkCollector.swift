internal import GossamerURL

/// The state of one pass.
struct LinkCollector {
  let document: HTMLDocument
  private(set) var result: PageLinks
  private let extractor: LinkExtractor
  private let isAll: Bool
  private let queryEncoder: QueryEncoder?
  /// Resolved before: hash of the text as written, and where the answer is in `answers`.
  private var known: [UInt64: Int] = [:]
  private var answers: [(written: Range<Int>, url: WebURL?)] = []

  init(
    document: HTMLDocument, url: WebURL, encoding: TextEncoding, extractor: LinkExtractor
  ) {
    self.document = document
    self.extractor = extractor
    isAll = extractor.selection == .all
    queryEncoder = QueryEncoder(encoding)
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
      if let base = parse(document.bytes[range]), base.scheme != "data",
        base.scheme != "javascript"
      {
        result.base = base
      } else {
        noteInvalid(document.bytes[range])
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
    if isAll, document.isElement(node) {
      if document.tag(of: node) == .style { addStyle(Array(document.rawText(of: node).utf8), node) }
      addHints(node)
    }
  }

  private mutating func visitEmbedded(_ node: Int, _ tag: HTMLTag) {
    switch tag {
    case .img, .image:
      add(node, "src", .image)
      addSourceSet(node, "srcset", .image)
      if !document.hasAttribute(node, "src") {
        add(node, "href", .image)
        add(node, "xlink:href", .image)
      }
      add(node, "lowsrc", .image)
      add(node, "dynsrc", .image)
      add(node, "longdesc", .cite)
    case .source:
      add(node, "src", .source)
      addSourceSet(node, "srcset", .source)
    case .video:
      add(node, "src", .video)
      add(node, "poster", .video)
    case .track: add(node, "src", .source)
    case .audio, .bgsound: add(node, "src", .audio)
    case .script: add(node, "src", .script)
    case .object: add(node, "data", .object)
    case .embed: add(node, "src", .embed)
    case .form: addForm(node)
    case .input:
      guard let type = document.attributeRange(node, "type"),
        document.bytes[type].equalsIgnoringCase("image")
      else { return }
      add(node, "src", .image)
    case .blockquote, .q, .ins, .del: add(node, "cite", .cite)
    case .body, .table, .td, .th, .tr: add(node, "background", .image)
    default: break
    }
  }

  /// Forms that are sent with POST, or close a dialog, lead nowhere that could be asked for.
  private mutating func addForm(_ node: Int) {
    if let method = document.attributeRange(node, "method") {
      let name = document.bytes[method]
      guard !name.equalsIgnoringCase("post"), !name.equalsIgnoringCase("dialog") else { return }
    }
    add(node, "action", .form)
  }

  private mutating func add(_ node: Int, _ attribute: StaticString, _ kind: LinkKind) {
    guard let range = document.attributeRange(node, attribute) else { return }
    add(node, range, kind)
  }

  private mutating func add(_ node: Int, _ written: Range<Int>, _ kind: LinkKind) {
    let trimmed = document.bytes[written].trimmed
    if !isAll, trimmed.isEmpty || trimmed.first == 0x23 { return }
    add(node, resolve(written), written: document.bytes[written], kind)
  }

  private mutating func add(
    _ node: Int, _ url: WebURL?, written: ArraySlice<UInt8>, _ kind: LinkKind
  ) {
    guard let url else {
      // A guess that fails is no fault of the page.
      return kind == .hint ? () : noteInvalid(written)
    }
    guard isAll ? url.isAddress : url.isHTTP else {
      result.otherSchemeCount += 1
      return
    }
    let rel = document.attributeRange(node, "rel")
    result.links.append(
      ExtractedLink(
        url: url, kind: kind, text: extractor.includesText ? text(of: node, kind) : "",
        rel: rel.map(document.string) ?? "",
        qualifiers: rel.map { LinkQualifiers(rel: document.bytes[$0]) } ?? []))
  }

  private mutating func addLink(_ node: Int) {
    guard let href = document.attributeRange(node, "href") else { return }
    let relations = document.attributeRange(node, "rel").map { document.bytes[$0] } ?? []
    if relations.hasWord("canonical") {
      guard let url = resolve(href) else { return noteInvalid(document.bytes[href]) }
      if result.canonical == nil, url.isHTTP { result.canonical = url }
      if isAll { add(node, href, .canonical) }
      return
    }
    let leadsOn =
      relations.hasWord("next") || relations.hasWord("prev")
      || (relations.hasWord("alternate") && !relations.hasWord("stylesheet") && isHTML(node))
    if isAll ? namesResource(node, relations) : leadsOn { add(node, href, .link) }
    if isAll { addSourceSet(node, "imagesrcset", .link) }
  }

  /// Whether a `link` names something to read. Without relation it is no link; of these relations,
  /// two name a host to get ready for, and one an address that only takes messages.
  private func namesResource(_ node: Int, _ relations: ArraySlice<UInt8>) -> Bool {
    if document.hasAttribute(node, "itemprop") { return true }
    let silent: [StaticString] = ["dns-prefetch", "preconnect", "pingback"]
    return relations.split(whereSeparator: \.isHTMLSpace).contains { word in
      !silent.contains { word.equalsIgnoringCase($0) }
    }
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

  private mutating func addSourceSet(_ node: Int, _ attribute: StaticString, _ kind: LinkKind) {
    guard let set = document.attributeRange(node, attribute) else { return }
    for candidate in SourceSet.candidates(in: document.bytes[set]) {
      add(node, candidate.url, candidate.isValid ? kind : .hint)
    }
  }

  private mutating func addStyle(_ styles: [UInt8], _ node: Int) {
    for address in StyleLinks.addresses(in: styles[...]) {
      add(node, parse(address[...]), written: address[...], .style)
    }
  }

  /// What stands in attributes that any element may have.
  private mutating func addHints(_ node: Int) {
    if let style = document.attributeRange(node, "style") {
      addStyle(Array(document.bytes[style]), node)
    }
    LinkHints.visit(node, of: document) { address in
      if !address.trimmed.isEmpty, address.trimmed.first != 0x23 {
        add(node, parse(address), written: address, .hint)
      }
    }
  }

  private func text(of node: Int, _ kind: LinkKind) -> String {
    let isVisible = kind == .anchor || kind == .form
    let visible = isVisible ? document.text(under: node, limit: 512) : ""
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
    let url = parse(document.bytes[written])
    known[hash] = answers.count
    answers.append((written, url))
    return url
  }

  private func parse(_ written: ArraySlice<UInt8>) -> WebURL? {
    let url = written.withUnsafeBufferPointer { WebURL(utf8: $0, base: result.base) }
    guard let queryEncoder, let url, url.hasEncodedQuery,
      let encoded = queryEncoder.encode(written)
    else { return url }
    return encoded.withUnsafeBufferPointer { WebURL(utf8: $0, base: result.base) }
  }

  private mutating func noteInvalid(_ written: ArraySlice<UInt8>) {
    result.invalidCount += 1
    if result.firstInvalid == nil {
      result.firstInvalid = String(decoding: written, as: UTF8.self).cut(at: 200)
    }
  }
}

extension WebURL {
  /// Whether the page's encoding has a say in its query.
  fileprivate var hasEncodedQuery: Bool { isHTTP || scheme == "ftp" || scheme == "file" }
}
