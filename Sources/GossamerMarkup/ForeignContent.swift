/// Where a page is inside of SVG or MathML, where other rules hold: there are CDATA sections, and no
/// element's text is raw.
///
/// Follows the tags alone, not the tree: a stack of the elements that begin and end such parts.
///
/// Source: HTML, "The rules for parsing tokens in foreign content".
struct ForeignContent {
  private struct Part {
    /// The element, in lower case.
    var name: StaticString
    /// `svg` or `math`; else an element inside of these that HTML stands in.
    var isForeign: Bool
  }

  private var parts: [Part] = []

  /// Text and tags here are SVG or MathML.
  var isForeign: Bool { parts.last?.isForeign ?? false }

  /// Nothing is open, and only a start tag `svg` or `math` is of interest.
  var isEmpty: Bool { parts.isEmpty }

  /// Takes note of a start tag. Returns whether the element is SVG or MathML.
  ///
  /// - Parameter tag: a scan that stands behind the name.
  mutating func open(_ tag: TagScanner) -> Bool {
    let name = HTMLTag(utf8: tag.nameBytes)
    if isForeign, name.endsForeignContent || name == .font && tag.hasFontAttribute {
      while isForeign { parts.removeLast() }
    }
    guard isForeign || name == .svg || name == .math else { return false }
    // Nobody nests these deeply in earnest.
    guard parts.count < 64, let part = part(name, tag), !tag.isSelfClosed else { return true }
    parts.append(part)
    return true
  }

  private func part(_ name: HTMLTag, _ tag: TagScanner) -> Part? {
    if name == .svg { return Part(name: "svg", isForeign: true) }
    if name == .math { return Part(name: "math", isForeign: true) }
    let isInSVG = parts.last?.name.utf8CodeUnitCount == 3
    let candidates: [StaticString] =
      isInSVG ? ["title", "desc", "foreignobject"] : ["mi", "mo", "mn", "ms", "mtext"]
    if let found = candidates.first(where: { tag.nameBytes.equalsIgnoringCase($0) }) {
      return Part(name: found, isForeign: false)
    }
    guard !isInSVG, tag.nameBytes.equalsIgnoringCase("annotation-xml"), tag.isHTMLAnnotation else {
      return nil
    }
    return Part(name: "annotation-xml", isForeign: false)
  }

  /// Takes note of an end tag.
  mutating func close(_ name: UnsafeBufferPointer<UInt8>) {
    if isForeign, name.equalsIgnoringCase("p") || name.equalsIgnoringCase("br") {
      while isForeign { parts.removeLast() }
    } else if let index = parts.lastIndex(where: { name.equalsIgnoringCase($0.name) }) {
      parts.removeSubrange(index...)
    }
  }
}

extension TagScanner {
  fileprivate var isSelfClosed: Bool {
    var rest = self
    while rest.next() != nil {}
    return rest.isSelfClosing
  }

  fileprivate var hasFontAttribute: Bool {
    var rest = self
    while let attribute = rest.next() {
      let name = bytes(attribute.name)
      if ["color", "face", "size"].contains(where: { name.equalsIgnoringCase($0) }) { return true }
    }
    return false
  }

  fileprivate var isHTMLAnnotation: Bool {
    var rest = self
    while let attribute = rest.next() {
      guard bytes(attribute.name).equalsIgnoringCase("encoding") else { continue }
      let value = bytes(attribute.value)
      return value.equalsIgnoringCase("text/html")
        || value.equalsIgnoringCase("application/xhtml+xml")
    }
    return false
  }
}

extension HTMLTag {
  /// A start tag that ends SVG and MathML, as it cannot stand there.
  fileprivate var endsForeignContent: Bool {
    switch self {
    case .b, .big, .blockquote, .body, .br, .center, .code, .dd, .div, .dl, .dt, .em, .embed, .h1,
      .h2, .h3, .h4, .h5, .h6, .head, .hr, .i, .img, .li, .listing, .menu, .meta, .nobr, .ol, .p,
      .pre, .ruby, .s, .small, .span, .strong, .strike, .sub, .sup, .table, .tt, .u, .ul, .var:
      true
    default: false
    }
  }
}
