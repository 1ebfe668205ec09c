internal import CLibXML2
internal import Glibc
internal import GossamerURL

/// Turns the events of an XML parser into entries. Lives for one file.
struct SitemapParser {
  private var sitemap = Sitemap()
  private let limit: Int
  private var parser: xmlParserCtxtPtr?
  /// Open elements that matter, and `other` for those that do not.
  private var open: [SitemapElement] = []
  /// What addresses are relative to: the file's own, then each `xml:base` that was ever in force.
  private var bases: [WebURL]
  /// The base in force, as an index, and the depth of the element that set it.
  private var basesInForce: [(index: Int, depth: Int)] = [(0, 0)]
  /// A feed has been opened, in which `url` is no entry.
  private var isFeed = false
  /// The entry being read.
  private var draft = SitemapDraft()
  /// The field whose text is being read, and at which depth it began.
  private var field: (element: SitemapElement, depth: Int)?
  private var text: [UInt8] = []

  private static let library: Void = xmlInitParser()

  static func parse(_ xml: ArraySlice<UInt8>, url: WebURL, limit: Int) -> Sitemap {
    library
    var state = SitemapParser(base: url, limit: limit)
    state.run(xml)
    state.endEntry(nil)
    return state.sitemap
  }

  private init(base: WebURL, limit: Int) {
    bases = [base]
    self.limit = limit
  }

  private mutating func run(_ xml: ArraySlice<UInt8>) {
    guard xml.count < 1 << 30 else { return }
    withUnsafeMutablePointer(to: &self) { state in
      var events = clibxml2_xml_events(
        context: state, startElement: startElement, endElement: endElement,
        characters: characters)
      let parser = xml.withUnsafeBytes { raw in
        clibxml2_xml_parser(
          raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count), &events)
      }
      guard let parser else { return }
      state.pointee.parser = parser
      xmlParseDocument(parser)
      state.pointee.sitemap.isDamaged = parser.pointee.wellFormed == 0
      state.pointee.parser = nil
      clibxml2_xml_free(parser)
    }
  }
}

// The parser's events. The context is the state, alive and pinned while the parser runs.

private let startElement: startElementSAXFunc = { context, name, attributes in
  guard let name else { return }
  context?.assumingMemoryBound(to: SitemapParser.self).pointee
    .start(XMLName(name), XMLAttributes(list: attributes))
}

private let endElement: endElementSAXFunc = { context, _ in
  context?.assumingMemoryBound(to: SitemapParser.self).pointee.end()
}

private let characters: charactersSAXFunc = { context, text, count in
  guard let text, count > 0 else { return }
  context?.assumingMemoryBound(to: SitemapParser.self).pointee
    .append(UnsafeBufferPointer(start: text, count: Int(count)))
}

/// A name, its prefix apart.
private struct XMLName {
  let prefix: UnsafeBufferPointer<UInt8>
  let local: UnsafeBufferPointer<UInt8>

  init(_ text: UnsafePointer<xmlChar>) {
    let name = UnsafeBufferPointer(start: text, count: strlen(text))
    let colon = name.firstIndex(of: 0x3A)
    prefix = UnsafeBufferPointer(rebasing: name[..<(colon ?? 0)])
    local = UnsafeBufferPointer(rebasing: name[(colon.map { $0 + 1 } ?? 0)...])
  }
}

/// The attributes of an element, lent for one event.
private struct XMLAttributes {
  /// Names and values in turns, up to a null.
  let list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

  var isEmpty: Bool { list?[0] == nil }

  /// The value of the first attribute with this local name in lower case, and `prefix` if given.
  subscript(name: StaticString, prefix prefix: StaticString? = nil) -> [UInt8]? {
    guard var next = list else { return nil }
    while let text = next[0] {
      let attribute = XMLName(text)
      if attribute.local.equalsIgnoringCase(name),
        prefix.map(attribute.prefix.equalsIgnoringCase) ?? true
      {
        return next[1].map { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) }
      }
      next += 2
    }
    return nil
  }
}

extension SitemapParser {
  fileprivate mutating func start(_ name: XMLName, _ attributes: XMLAttributes) {
    var element = SitemapElement(name.local, prefix: name.prefix)
    if element == .feed || element == .channel { isFeed = true }
    if isFeed, element == .url || element == .sitemap { element = .other }
    open.append(element)
    if !attributes.isEmpty { takeBase(attributes, of: element) }
    guard field == nil else { return }
    if element.isEntry {
      endEntry(nil)
      if isFeed, !attributes.isEmpty { startItem(attributes) }
    } else if element != .other, open.count >= 2, open[open.count - 2].isEntry {
      startField(element, attributes, in: open[open.count - 2])
    }
  }

  private mutating func takeBase(_ attributes: XMLAttributes, of element: SitemapElement) {
    let written =
      attributes["base", prefix: "xml"] ?? (element == .channel ? attributes["base"] : nil)
    guard let written, bases.count < 10_000, let url = resolve(written, against: baseInForce)
    else { return }
    basesInForce.append((bases.count, open.count))
    bases.append(url)
  }

  /// RSS 1.0 has the address in `rdf:about` too, CDF in `href` alone.
  private mutating func startItem(_ attributes: XMLAttributes) {
    if let href = attributes["href"] {
      draft.take(Array(href.trimmed), type: [], base: baseInForce)
    }
    if let about = attributes["about", prefix: "rdf"] {
      draft.take(Array(about.trimmed), of: .id, base: baseInForce)
    }
    if let date = attributes["lastmod"] { draft.take(date, of: .changed, base: baseInForce) }
  }

  private mutating func startField(
    _ element: SitemapElement, _ attributes: XMLAttributes, in container: SitemapElement
  ) {
    if element == .loc, draft.address != nil { endEntry(container) }
    text.removeAll(keepingCapacity: true)
    guard element == .link else {
      field = (element, open.count)
      return
    }
    let isAlternate = attributes["rel"].map(Self.isAlternate) ?? true
    guard container != .url, container != .sitemap else {
      if isAlternate { takeAlternate(attributes) }
      field = (.other, open.count)
      return
    }
    if isAlternate, let href = attributes["href"] {
      draft.take(Array(href.trimmed), type: attributes["type"] ?? [], base: baseInForce)
    }
    field = (isAlternate ? .link : .other, open.count)
  }

  private mutating func takeAlternate(_ attributes: XMLAttributes) {
    guard let href = attributes["href"], draft.alternates.count < 200 else { return }
    let language = attributes["hreflang"].flatMap {
      $0.isEmpty || $0.count > 100 ? nil : String(decoding: $0, as: UTF8.self)
    }
    draft.alternates.append((.init(text: Array(href.trimmed), base: baseInForce), language))
  }

  private static func isAlternate(_ rel: [UInt8]) -> Bool {
    rel.isEmpty || rel[...].hasWord("alternate")
      || rel.elementsEqual("http://www.iana.org/assignments/relation/alternate".utf8)
  }

  fileprivate mutating func append(_ characters: UnsafeBufferPointer<xmlChar>) {
    if field == nil {
      guard open.last == .sitemap, draft.loose.count + characters.count <= 8192 else { return }
      draft.loose.append(contentsOf: characters)
    } else if text.count + characters.count <= 16_384 {
      text.append(contentsOf: characters)
    }
  }

  fileprivate mutating func end() {
    guard let element = open.popLast() else { return }
    if let field, field.depth == open.count + 1 {
      draft.take(text.withoutSpacesAround, of: field.element, base: baseInForce)
      self.field = nil
    }
    if element.isEntry, field == nil { endEntry(element) }
    if let base = basesInForce.last, base.depth == open.count + 1 { basesInForce.removeLast() }
  }

  private var baseInForce: Int { basesInForce.last?.index ?? 0 }

  private func resolve(_ address: [UInt8], against base: Int) -> WebURL? {
    guard address.count <= 4096 else { return nil }
    return address.withUnsafeBufferPointer { WebURL(utf8: $0, base: bases[base]) }
  }

  /// Stores what was read of an entry. `container` is nil where the file does not say what it is.
  private mutating func endEntry(_ container: SitemapElement?) {
    let draft = draft
    self.draft = SitemapDraft()
    guard let container = container ?? open.last(where: \.isEntry),
      let address = draft.bestAddress(base: baseInForce)
    else { return }
    guard let url = resolve(address.text, against: address.base), url.isHTTP else {
      sitemap.invalidCount += 1
      return
    }
    guard sitemap.entries.count < limit else {
      sitemap.isCut = true
      if let parser { xmlStopParser(parser) }
      return
    }
    if sitemap.format == .unknown { sitemap.format = Self.format(container) }
    let kind: SitemapEntry.Kind =
      container == .url ? .url : container == .sitemap ? .index : .feed
    var entry = SitemapEntry(
      loc: url, kind: kind, lastmod: draft.changed ?? draft.made, changefreq: draft.changefreq,
      priority: draft.priority)
    entry.alternates = draft.alternates.compactMap { address, language in
      guard let url = resolve(address.text, against: address.base), url.isHTTP else { return nil }
      return SitemapEntry.Alternate(url: url, language: language)
    }
    sitemap.entries.append(entry)
  }

  private static func format(_ container: SitemapElement) -> Sitemap.Format {
    switch container {
    case .sitemap: .index
    case .item: .rss
    case .entry: .atom
    default: .urls
    }
  }
}
