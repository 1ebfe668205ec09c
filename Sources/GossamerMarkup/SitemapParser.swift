internal import CLibXML2
internal import Glibc
internal import GossamerURL

/// Turns the events of an XML parser into entries. Lives for one file.
struct SitemapParser {
  private var sitemap = Sitemap()
  private let base: WebURL
  private let limit: Int
  private var parser: xmlParserCtxtPtr?
  /// Open elements that matter, and `other` for those that do not.
  private var open: [Element] = []
  /// The entry being read.
  private var loc: [UInt8] = []
  private var guid: [UInt8] = []
  private var facts: [Element: String] = [:]
  /// Text right inside a `sitemap`, where some files have the address.
  private var loose: [UInt8] = []
  /// The field whose text is being read, and at which depth it began.
  private var field: (element: Element, depth: Int)?
  private var text: [UInt8] = []

  /// Elements by local name, whatever their namespace says.
  private enum Element {
    case url, sitemap, item, entry
    case loc, lastmod, changefreq, priority, link, guid
    case other

    var isEntry: Bool { self == .url || self == .sitemap || self == .item || self == .entry }
  }

  private static let library: Void = xmlInitParser()

  static func parse(_ xml: ArraySlice<UInt8>, url: WebURL, limit: Int) -> Sitemap {
    library
    var state = SitemapParser(base: url, limit: limit)
    state.run(xml)
    state.endEntry(nil)
    return state.sitemap
  }

  private init(base: WebURL, limit: Int) {
    self.base = base
    self.limit = limit
  }

  private mutating func run(_ xml: ArraySlice<UInt8>) {
    guard xml.count < 1 << 30 else { return }
    withUnsafeMutablePointer(to: &self) { state in
      var events = clibxml2_xml_events(
        context: state, startElement: startElement, endElement: endElement,
        characters: characters, error: parserError)
      let parser = xml.withUnsafeBytes { raw in
        clibxml2_xml_parser(
          raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count), &events)
      }
      guard let parser else { return }
      state.pointee.parser = parser
      xmlParseDocument(parser)
      state.pointee.parser = nil
      clibxml2_xml_free(parser)
    }
  }
}

// The parser's events. The context is the state, alive and pinned while the parser runs.

private let startElement: startElementNsSAX2Func = {
  context, name, _, _, _, _, count, _, attributes in
  guard let name else { return }
  context?.assumingMemoryBound(to: SitemapParser.self).pointee
    .start(name, attributes, count: Int(count))
}

private let endElement: endElementNsSAX2Func = { context, _, _, _ in
  context?.assumingMemoryBound(to: SitemapParser.self).pointee.end()
}

private let characters: charactersSAXFunc = { context, text, count in
  guard let text, count > 0 else { return }
  context?.assumingMemoryBound(to: SitemapParser.self).pointee
    .append(UnsafeBufferPointer(start: text, count: Int(count)))
}

private let parserError: xmlStructuredErrorFunc = { context, error in
  // Undeclared prefixes are common and harmless.
  guard error?.pointee.domain != Int32(XML_FROM_NAMESPACE.rawValue) else { return }
  context?.assumingMemoryBound(to: SitemapParser.self).pointee.noteError()
}

extension SitemapParser {
  fileprivate mutating func start(
    _ name: UnsafePointer<xmlChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?,
    count: Int
  ) {
    let element = Self.element(name)
    open.append(element)
    guard field == nil else { return }
    if element.isEntry {
      endEntry(nil)
    } else if element != .other, open.count >= 2, open[open.count - 2].isEntry {
      if element == .loc, !loc.isEmpty { endEntry(open[open.count - 2]) }
      if element == .link, let attributes { readLink(attributes, count: count) }
      field = (element, open.count)
      text.removeAll(keepingCapacity: true)
    }
  }

  fileprivate mutating func append(_ characters: UnsafeBufferPointer<xmlChar>) {
    if field == nil {
      guard open.last == .sitemap, loose.count + characters.count <= 8192 else { return }
      loose.append(contentsOf: characters)
    } else if text.count + characters.count <= 16_384 {
      text.append(contentsOf: characters)
    }
  }

  fileprivate mutating func end() {
    guard let element = open.popLast() else { return }
    if let field, field.depth == open.count + 1 {
      take(field.element)
      self.field = nil
    }
    if element.isEntry, field == nil { endEntry(element) }
  }

  fileprivate mutating func noteError() { sitemap.xmlErrorCount += 1 }

  private mutating func take(_ element: Element) {
    let value = text.withoutSpacesAround
    guard !value.isEmpty else { return }
    switch element {
    case .loc: loc = value
    case .link: if loc.isEmpty { loc = value }
    case .guid: guid = value
    default:
      if facts[element] == nil, value.count <= 100 {
        facts[element] = String(decoding: value, as: UTF8.self)
      }
    }
  }

  /// Atom has the address in `href`; of several links the alternate one counts.
  private mutating func readLink(
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>, count: Int
  ) {
    var href: [UInt8] = []
    var isAlternate = true
    for index in 0..<count {
      // Five pointers an attribute: local name, prefix, namespace, value, end of value.
      guard let name = attributes[index * 5], let start = attributes[index * 5 + 3],
        let end = attributes[index * 5 + 4]
      else { continue }
      let value = UnsafeBufferPointer(start: start, count: end - start)
      if equals(name, "href") { href = Array(value) }
      if equals(name, "rel") { isAlternate = value.elementsEqual("alternate".utf8) }
    }
    if isAlternate, loc.isEmpty { loc = Array(Array(href).trimmed) }
  }

  /// Stores what was read of an entry. `container` is nil where the file does not say what it is.
  private mutating func endEntry(_ container: Element?) {
    defer {
      loc.removeAll(keepingCapacity: true)
      guid.removeAll(keepingCapacity: true)
      loose.removeAll(keepingCapacity: true)
      facts.removeAll(keepingCapacity: true)
    }
    if loc.isEmpty, guid.starts(with: "http".utf8) { loc = guid }
    if loc.isEmpty {
      let text = loose.withoutSpacesAround
      if text.starts(with: "http".utf8) { loc = text }
    }
    guard let container = container ?? open.last(where: \.isEntry), !loc.isEmpty else { return }
    guard loc.count <= 4096, let url = WebURL(String(decoding: loc, as: UTF8.self), base: base),
      url.isHTTP
    else {
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
    sitemap.entries.append(
      SitemapEntry(
        loc: url, kind: kind, lastmod: facts[.lastmod], changefreq: facts[.changefreq],
        priority: facts[.priority].flatMap(Self.priority)))
  }

  private static func priority(_ text: String) -> Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return min(max(value, 0), 1)
  }

  private static func format(_ container: Element) -> Sitemap.Format {
    switch container {
    case .sitemap: .index
    case .item: .rss
    case .entry: .atom
    default: .urls
    }
  }

  private static func element(_ name: UnsafePointer<xmlChar>) -> Element {
    switch UnsafeBufferPointer(start: name, count: strlen(name)) {
    case let name where name.equalsIgnoringCase("url"): .url
    case let name where name.equalsIgnoringCase("loc"): .loc
    case let name where name.equalsIgnoringCase("lastmod"): .lastmod
    case let name where name.equalsIgnoringCase("changefreq"): .changefreq
    case let name where name.equalsIgnoringCase("priority"): .priority
    case let name where name.equalsIgnoringCase("sitemap"): .sitemap
    case let name where name.equalsIgnoringCase("item"): .item
    case let name where name.equalsIgnoringCase("entry"): .entry
    case let name where name.equalsIgnoringCase("link"): .link
    case let name where name.equalsIgnoringCase("guid"): .guid
    case let name where name.equalsIgnoringCase("pubdate"): .lastmod
    case let name where name.equalsIgnoringCase("updated"): .lastmod
    case let name where name.equalsIgnoringCase("published"): .lastmod
    case let name where name.equalsIgnoringCase("date"): .lastmod
    default: .other
    }
  }
}

extension [UInt8] {
  /// Without white space at the ends, that of Unicode included, which editors leave behind.
  fileprivate var withoutSpacesAround: [UInt8] {
    let ends = trimmed
    guard let first = ends.first, let last = ends.last, first > 0x7F || last > 0x7F else {
      return Array(ends)
    }
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || scalar == "\u{200B}" || scalar == "\u{FEFF}"
    }
    var scalars = Substring(decoding: ends, as: UTF8.self).unicodeScalars
    while let scalar = scalars.first, isSpace(scalar) { scalars.removeFirst() }
    while let scalar = scalars.last, isSpace(scalar) { scalars.removeLast() }
    return Array(Substring(scalars).utf8)
  }
}

/// Compares a C string of libxml2 with a name in lower case.
private func equals(_ text: UnsafePointer<xmlChar>, _ name: StaticString) -> Bool {
  UnsafeBufferPointer(start: text, count: strlen(text)).equalsIgnoringCase(name)
}
