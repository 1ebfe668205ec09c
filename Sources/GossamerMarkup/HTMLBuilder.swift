internal import CLibXML2
internal import Glibc

/// Fills the arrays of an `HTMLDocument` from the parser's events. Lives for one parse.
struct HTMLBuilder {
  var records: [HTMLDocument.Record] = []
  var attributes: [HTMLDocument.AttributeRecord] = []
  var bytes: [UInt8] = []
  var limitsHit: Set<HTMLLimitHit> = []
  var errorCount = 0
  var errors: [HTMLParseIssue] = []

  private let limits: HTMLLimits
  /// Open elements, outermost first, as indices of records.
  private var open: [Int32] = []
  private var html: Int32 = -1
  private var body: Int32 = -1
  /// The last record is a text, and nothing has begun or ended since.
  private var lastIsText = false
  private var parser: htmlParserCtxtPtr?
  private var knownNames = NameCache()

  init(byteCount: Int, limits: HTMLLimits) {
    self.limits = limits
    // Sizes seen on ordinary pages: a node per 25 to 40 bytes, an attribute per 40.
    records.reserveCapacity(byteCount / 24 + 16)
    attributes.reserveCapacity(byteCount / 32 + 16)
    bytes.reserveCapacity(byteCount + 64)
    open.reserveCapacity(64)
  }

  /// Needed once before any thread parses.
  private static let library: Void = xmlInitParser()

  /// False if the parser could not be set up.
  mutating func parse(_ page: UnsafeBufferPointer<UInt8>) -> Bool {
    Self.library
    guard !page.isEmpty else { return true }
    let done = withUnsafeMutablePointer(to: &self) { builder in
      var events = clibxml2_events(
        context: builder, startElement: startElement, endElement: endElement,
        characters: characters, error: parserError)
      let parser = page.withMemoryRebound(to: CChar.self) { chars in
        clibxml2_html_parser(chars.baseAddress, Int32(chars.count), &events)
      }
      guard let parser else { return false }
      builder.pointee.parser = parser
      if clibxml2_html_parse(parser) > 0 { builder.pointee.limitsHit.insert(.stopped) }
      builder.pointee.parser = nil
      htmlFreeParserCtxt(parser)
      return true
    }
    closeAll()
    return done
  }
}

// The parser's events. The context is the builder, alive and pinned while the parser runs.

private let startElement: startElementSAXFunc = { context, name, attributes in
  guard let name else { return }
  context?.assumingMemoryBound(to: HTMLBuilder.self).pointee.start(name, attributes)
}

private let endElement: endElementSAXFunc = { context, name in
  guard let name else { return }
  context?.assumingMemoryBound(to: HTMLBuilder.self).pointee.end(name)
}

private let characters: charactersSAXFunc = { context, text, count in
  guard let text, count > 0 else { return }
  context?.assumingMemoryBound(to: HTMLBuilder.self).pointee
    .append(UnsafeBufferPointer(start: text, count: Int(count)))
}

private let parserError: xmlStructuredErrorFunc = { context, error in
  context?.assumingMemoryBound(to: HTMLBuilder.self).pointee.note(error)
}

extension HTMLBuilder {
  fileprivate mutating func start(
    _ name: UnsafePointer<xmlChar>, _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    let tag = knownNames.tag(of: name)
    if let parser, clibxml2_html_cap_depth(parser, Int32(limits.depth)) != 0 {
      limitsHit.insert(.depth)
    }
    // Only one of each, and open until the end: what follows `</body>` still belongs to it.
    if tag == .html, html >= 0 { return }
    if tag == .body, body >= 0 { return }
    guard records.count < limits.nodes else {
      limitsHit.insert(.limit)
      return
    }
    if open.count >= limits.remarkableDepth { limitsHit.insert(.deep) }
    if open.count >= limits.depth { close() }
    lastIsText = false
    let index = Int32(records.count)
    if tag == .html { html = index }
    if tag == .body { body = index }
    if tag == .unknown { appendName(name) }
    let first = attributes.count
    if let list { append(list) }
    records.append(
      HTMLDocument.Record(
        kind: .element, tag: tag, depth: UInt16(truncatingIfNeeded: open.count),
        parent: open.last ?? -1, subtreeEnd: index + 1, start: UInt32(first),
        count: UInt32(attributes.count - first)))
    open.append(index)
  }

  /// Unknown names stand in `attributes`, right before the element's own.
  private mutating func appendName(_ name: UnsafePointer<xmlChar>) {
    let start = UInt32(bytes.count)
    bytes.append(contentsOf: UnsafeBufferPointer(start: name, count: Int(xmlStrlen(name))))
    let end = UInt32(bytes.count)
    attributes.append(HTMLDocument.AttributeRecord(start: start, valueStart: end, end: end))
  }

  private mutating func append(_ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>) {
    var next = list
    while let name = next[0] {
      let start = UInt32(bytes.count)
      bytes.append(contentsOf: UnsafeBufferPointer(start: name, count: strlen(name)))
      let valueStart = UInt32(bytes.count)
      if let value = next[1] {
        bytes.append(contentsOf: UnsafeBufferPointer(start: value, count: strlen(value)))
      }
      attributes.append(
        HTMLDocument.AttributeRecord(
          start: start, valueStart: valueStart, end: UInt32(bytes.count)))
      next += 2
    }
  }

  fileprivate mutating func end(_ name: UnsafePointer<xmlChar>) {
    let tag = knownNames.tag(of: name)
    guard tag != .html, tag != .body else { return }
    var level = open.count - 1
    while level >= 0 {
      let index = Int(open[level])
      if records[index].tag == tag, tag != .unknown || hasName(index, name) { break }
      level -= 1
    }
    guard level >= 0 else { return }
    while open.count > level { close() }
  }

  private func hasName(_ index: Int, _ name: UnsafePointer<xmlChar>) -> Bool {
    let range = attributes[Int(records[index].start) - 1]
    return bytes[Int(range.start)..<Int(range.end)]
      .elementsEqual(UnsafeBufferPointer(start: name, count: strlen(name)))
  }

  private mutating func close() {
    guard let index = open.popLast() else { return }
    records[Int(index)].subtreeEnd = Int32(records.count)
    lastIsText = false
  }

  private mutating func closeAll() {
    while !open.isEmpty { close() }
  }

  fileprivate mutating func append(_ text: UnsafeBufferPointer<xmlChar>) {
    if !lastIsText {
      records.append(
        HTMLDocument.Record(
          kind: .text, tag: .unknown, depth: UInt16(truncatingIfNeeded: open.count),
          parent: open.last ?? -1, subtreeEnd: Int32(records.count + 1),
          start: UInt32(bytes.count), count: 0))
      lastIsText = true
    }
    bytes.append(contentsOf: text)
    records[records.count - 1].count += UInt32(text.count)
  }

  fileprivate mutating func note(_ error: UnsafePointer<xmlError>?) {
    errorCount += 1
    guard errors.count < limits.keptErrors, let error = error?.pointee else { return }
    var message = error.message.map { String(cString: $0) } ?? ""
    while message.last?.isNewline == true { message.removeLast() }
    errors.append(
      HTMLParseIssue(
        code: Int(error.code), line: Int(error.line), message: String(message.prefix(200))))
  }
}

/// The parser hands out equal names as equal pointers; so most look-ups are one comparison.
private struct NameCache {
  private var keys = [UnsafePointer<xmlChar>?](repeating: nil, count: 64)
  private var tags = [HTMLTag](repeating: .unknown, count: 64)

  mutating func tag(of name: UnsafePointer<xmlChar>) -> HTMLTag {
    let address = UInt(bitPattern: name)
    let slot = Int((address ^ (address >> 6)) & 63)
    if keys[slot] == name { return tags[slot] }
    let tag = HTMLTag(utf8: UnsafeBufferPointer(start: name, count: strlen(name)))
    keys[slot] = name
    tags[slot] = tag
    return tag
  }
}
