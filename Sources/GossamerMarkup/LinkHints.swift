/// What a script may make a link of: attributes that hold an address until it is wanted, handlers
/// that set the location, addresses in a `meta`.
///
/// Guesses by name and shape. Source: attributes seen on pages of the lazysizes, Unveil, Blazy,
/// Facebook and jQuery kinds; Heritrix and webarchive-commons look at the like.
enum LinkHints {
  /// Calls `body` with each address, as written.
  static func visit(
    _ node: Int, of document: HTMLDocument, _ body: (ArraySlice<UInt8>) -> Void
  ) {
    let record = document.records[node]
    guard record.kind == .element, record.count > 0 else { return }
    let isMeta = record.tag == .meta
    for attribute in document.attributeRecords[Int(record.start)..<Int(record.start + record.count)]
    {
      let name = document.bytes[Int(attribute.start)..<Int(attribute.valueStart)]
      let value = document.bytes[Int(attribute.valueStart)..<Int(attribute.end)]
      guard !value.isEmpty else { continue }
      if name.starts(with: "data-".utf8) {
        visitData(name.dropFirst(5), value, body)
      } else if name.starts(with: "on".utf8) {
        ScriptLocations.visit(value, body)
      } else if record.tag == .a, name.elementsEqual("href".utf8),
        value.trimmed.prefix(11).equalsIgnoringCase("javascript:")
      {
        ScriptLocations.visit(value, body)
      } else if isMeta, name.elementsEqual("content".utf8) {
        visitMeta(node, document, value.trimmed, body)
      }
    }
  }

  /// Parts of the names of `data-` attributes that hold addresses.
  private static let addressNames: [StaticString] = [
    "src", "srcset", "href", "url", "uri", "lazy", "original", "link", "image", "img", "poster",
    "background", "bg", "full", "retina", "thumb", "thumbnail", "video", "audio", "iframe",
  ]

  /// Parts of names that speak of an address without being one.
  private static let otherNames: [StaticString] = [
    "width", "height", "sizes", "size", "alt", "title", "id", "type", "class", "text", "count",
    "target", "name", "index", "position", "color", "ratio", "style", "label", "key", "effect",
  ]

  private static func visitData(
    _ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void
  ) {
    let parts = name.split { $0 == 0x2D || $0 == 0x5F }
    func hasPart(of names: [StaticString]) -> Bool {
      parts.contains { part in names.contains { part.equalsIgnoringCase($0) } }
    }
    let trimmed = value.trimmed
    guard isAbsolute(trimmed) || (hasPart(of: addressNames) && !hasPart(of: otherNames)) else {
      return
    }
    // One address, or several as in a srcset.
    for candidate in SourceSet.candidates(in: trimmed) where candidate.isValid {
      let address = trimmed[candidate.url]
      if looksLikeAddress(address, isNamed: hasPart(of: named)) { body(address) }
    }
  }

  /// Names by which the value is an address whatever it looks like.
  private static let named: [StaticString] = ["src", "srcset", "href", "url", "uri"]

  /// An address rather than a word, a number, or a piece of JSON or a selector.
  private static func looksLikeAddress(_ text: ArraySlice<UInt8>, isNamed: Bool) -> Bool {
    guard let first = text.first, text.count <= 4096,
      !text.contains(where: { "{}<>\"|\\^`".utf8.contains($0) }),
      first.isASCIILetter || first.isASCIIDigit || first == 0x2F || first == 0x2E || first > 0x7F
        || first == 0x3F || first == 0x5F || first == 0x25
    else { return false }
    if isAbsolute(text) || first == 0x2F { return text.count > 1 }
    if isNamed { return text.contains(0x2E) || text.contains(0x2F) || text.contains(0x3F) }
    return text.contains(0x2F) && text.contains(0x2E)
  }

  private static func isAbsolute(_ text: ArraySlice<UInt8>) -> Bool {
    text.starts(with: "//".utf8) || text.prefix(7).equalsIgnoringCase("http://")
      || text.prefix(8).equalsIgnoringCase("https://")
  }

  /// Kinds of `meta` whose content may be a relative address.
  private static let metaParts: [StaticString] = [
    "image", "video", "audio", "url", "player", "stream", "thumbnailurl", "contenturl",
  ]

  private static func visitMeta(
    _ node: Int, _ document: HTMLDocument, _ content: ArraySlice<UInt8>,
    _ body: (ArraySlice<UInt8>) -> Void
  ) {
    let names = ["property", "name", "itemprop"] as [StaticString]
    guard let name = names.lazy.compactMap({ document.attributeRange(node, $0) }).first,
      !content.contains(where: \.isHTMLSpace)
    else { return }
    if isAbsolute(content) { return body(content) }
    guard content.first == 0x2F, content.count > 1 else { return }
    let last = document.bytes[name].split { $0 == 0x3A || $0 == 0x2E }.last ?? []
    if metaParts.contains(where: { last.equalsIgnoringCase($0) }) { body(content) }
  }
}

/// Addresses that a handler goes to: `location = '…'`, `location.href = '…'`, `window.open('…')`
/// and their like, where the address is one string and nothing is joined to it.
enum ScriptLocations {
  static func visit(_ script: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
    var position = script.startIndex
    while let open = script[position...].firstIndex(where: { $0 == 0x22 || $0 == 0x27 }) {
      guard let close = script[(open + 1)...].firstIndex(of: script[open]) else { return }
      let text = script[(open + 1)..<close]
      let follows = script[(close + 1)...].first { !$0.isHTMLSpace }
      if follows != 0x2B, !text.contains(0x5C), goes(to: script[..<open]) { body(text) }
      position = close + 1
    }
  }

  /// Whether what stands before a string sends the reader to it.
  private static func goes(to script: ArraySlice<UInt8>) -> Bool {
    let before = trimmedEnd(script.suffix(200))
    guard let operation = before.last, operation == 0x3D || operation == 0x28 else { return false }
    let chain = trimmedEnd(before.dropLast())
    let start = chain.lastIndex { !($0.isASCIILetter || $0 == 0x2E || $0 == 0x5F) }
    let names = chain[(start.map { $0 + 1 } ?? chain.startIndex)...].split(separator: 0x2E)
    guard let last = names.last else { return false }
    let isOfLocation = names.dropLast().last?.elementsEqual("location".utf8) ?? false
    if operation == 0x3D {
      return last.elementsEqual("location".utf8)
        || (isOfLocation && last.elementsEqual("href".utf8))
    }
    return last.elementsEqual("open".utf8)
      || (isOfLocation
        && (last.elementsEqual("assign".utf8) || last.elementsEqual("replace".utf8)))
  }

  private static func trimmedEnd(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    text[..<(text.lastIndex { !$0.isHTMLSpace }.map { $0 + 1 } ?? text.startIndex)]
  }
}
