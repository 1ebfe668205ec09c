internal import GossamerMarkup

/// Walks a page once, in document order, and fills the arrays of a `PageOutline`.
struct OutlineBuilder {
  let document: HTMLDocument
  let titleWords: TitleWords
  var elements: [PageOutline.Element] = []
  var blocks: [PageOutline.Block] = []
  var text: [UInt8] = []
  /// The block each text node went into, -1 for none.
  var blockOfNode: [Int32]

  var hiddenLength = 0
  var invisibleCount = 0

  private let includesHidden: Bool
  private var names = NameMatcher()
  /// Open elements as indices of `elements`, with the node each ends before.
  private var open: [(element: Int32, end: Int32)] = []
  private var current: PageOutline.Block?
  private var isSpacePending = false
  private var afterBreak = false
  private var largeButtons = 0

  init(document: HTMLDocument, titleWords: TitleWords, includesHidden: Bool) {
    self.document = document
    self.titleWords = titleWords
    self.includesHidden = includesHidden
    blockOfNode = [Int32](repeating: -1, count: document.count)
    elements.reserveCapacity(document.count / 2)
    text.reserveCapacity(document.bytes.count / 2)
  }

  mutating func walk() {
    document.bytes.withUnsafeBufferPointer { walk($0) }
  }

  private mutating func walk(_ bytes: UnsafeBufferPointer<UInt8>) {
    var node = 0
    while node < document.count {
      while let last = open.last, Int(last.end) <= node { close() }
      if document.isText(node) {
        append(bytes, document.textRange(of: node), node: node)
        node += 1
        continue
      }
      let tag = document.tag(of: node)
      if Self.isSkipped(tag), !(includesHidden && tag == .noscript),
        tag != .button || !holdsPage(node)
      {
        node = document.subtreeEnd(of: node)
        continue
      }
      if tag == .br {
        if afterBreak { flush() }
        afterBreak = true
        isSpacePending = true
        node = document.subtreeEnd(of: node)
        continue
      }
      if isAside(node, tag) {
        node = document.subtreeEnd(of: node)
        continue
      }
      let isHidden =
        document.attributeCount(of: node) > 0 && Self.isHidden(node, document, bytes)
      let isFolded = isHidden && isFold(node, bytes)
      if isHidden, !isFolded, !includesHidden {
        if tag.isBlock { flush() }
        let end = document.subtreeEnd(of: node)
        for hidden in node..<end { hiddenLength += document.textRange(of: hidden).count }
        node = end
        continue
      }
      enter(node, tag, bytes)
      if isFolded { elements[elements.count - 1].traits.insert(.folded) }
      node += 1
    }
    while !open.isEmpty { close() }
    flush()
  }

  /// Whether a hidden element is one that readers open: a tab or a part of an accordion, but no menu
  /// or dialog.
  private mutating func isFold(_ node: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if let style = document.attributeRange(node, "style"),
      StyleReader.removes(UnsafeBufferPointer(rebasing: bytes[style.prefix(2_000)]))
    {
      return false
    }
    var found: NameCategories = []
    for attribute: StaticString in ["class", "id"] {
      guard let range = document.attributeRange(node, attribute) else { continue }
      found.formUnion(names.categories(of: UnsafeBufferPointer(rebasing: bytes[range])))
    }
    if let role = document.attribute(node, "role"), role == "tabpanel" || role == "region" {
      found.insert(.fold)
    }
    let others: NameCategories = [.cookie, .navigation, .footer, .newsletter, .share]
    return found.contains(.fold) && found.subtracting(.fold).isDisjoint(with: others)
  }

  /// Whether a button was never closed, so that the page itself came to be in it. Asked of few, as
  /// each answer takes time.
  private mutating func holdsPage(_ node: Int) -> Bool {
    guard document.subtreeEnd(of: node) - node > 100, largeButtons < 16 else { return false }
    largeButtons += 1
    return document.descendants(of: node).contains {
      switch document.tag(of: $0) {
      case .main, .article, .h1, .footer: true
      default: false
      }
    }
  }

  /// What stands beside a text and is none: the sign by which headings link to themselves, columns
  /// of line numbers.
  private func isAside(_ node: Int, _ tag: HTMLTag) -> Bool {
    switch tag {
    case .a:
      guard let above = open.last, elements[Int(above.element)].tag.isHeading else { return false }
      return Permalink.isOne(node, document)
    case .pre, .td: return CodeText.isGutterColumn(node, document)
    default: return false
    }
  }

  private mutating func enter(
    _ node: Int, _ tag: HTMLTag, _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    let above = open.last?.element ?? -1
    var traits: PageOutline.Traits = []
    var depth: Int32 = 0
    if above >= 0 {
      traits = elements[Int(above)].traits.intersection(.inherited)
      depth = elements[Int(above)].depth + 1
    }
    let isBlock = tag.isBlock
    if isBlock {
      traits.insert(.block)
      flush()
    }
    if tag == .a { traits.insert(.link) }
    var found: NameCategories = []
    var shape = UInt64(tag.rawValue) &+ 0x9E37_79B9
    if document.attributeCount(of: node) > 0 {
      if let range = document.attributeRange(node, "class") {
        let name = UnsafeBufferPointer(rebasing: bytes[range])
        found.formUnion(names.categories(of: name))
        for byte in name where !byte.isDigit {
          shape = (shape ^ UInt64(byte)) &* 0x100_0000_01B3
        }
      }
      if let range = document.attributeRange(node, "id") {
        found.formUnion(names.categories(of: UnsafeBufferPointer(rebasing: bytes[range])))
      }
      traits.formUnion(Self.traits(of: node, document, bytes))
    }
    open.append((Int32(elements.count), Int32(document.subtreeEnd(of: node))))
    elements.append(
      PageOutline.Element(
        node: Int32(node), parent: above, tag: tag, names: found, traits: traits, depth: depth,
        shape: shape))
  }

  private mutating func close() {
    guard let last = open.popLast() else { return }
    if elements[Int(last.element)].traits.contains(.block) { flush() }
  }

  private mutating func flush() {
    isSpacePending = false
    afterBreak = false
    guard var block = current else { return }
    current = nil
    block.end = Int32(text.count)
    guard block.words > 0 else {
      text.removeLast(text.count - Int(block.start))
      for node in block.firstNode..<block.endNode { blockOfNode[Int(node)] = -1 }
      return
    }
    block.linkLength = min(block.linkLength, block.length)
    blocks.append(block)
  }

  /// Appends a text with white space folded and counts what is in it.
  private mutating func append(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, node: Int
  ) {
    var index = range.lowerBound
    while index < range.upperBound, bytes[index].isHTMLSpace { index += 1 }
    if index > range.lowerBound { isSpacePending = true }
    guard index < range.upperBound, let element = open.last?.element else { return }
    afterBreak = false
    var block =
      current
      ?? PageOutline.Block(
        element: element, firstNode: Int32(node), endNode: Int32(node + 1),
        start: Int32(text.count), end: 0)
    current = nil
    block.endNode = Int32(node + 1)
    blockOfNode[node] = Int32(blocks.count)
    if isSpacePending, text.count > Int(block.start) { text.append(0x20) }
    isSpacePending = false
    let lengthBefore = block.length
    scan(bytes, index..<range.upperBound, into: &block)
    if elements[Int(element)].traits.contains(.link) {
      block.linkLength += block.length - lengthBefore
    }
    current = block
  }

  private mutating func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into block: inout PageOutline.Block
  ) {
    let table = WordTable.shared
    let hasTitle = titleWords.count > 0
    var word = WordHash()
    var wordLength = 0
    var pending = false
    var index = range.lowerBound
    func endWord() {
      block.words += 1
      let hints = table.hints(of: word.value)
      if hints.contains(.stopWord) { block.stopWords += 1 }
      block.hints.formUnion(hints)
      if hasTitle, titleWords.contains(word.value) { block.titleWords += 1 }
      word = WordHash()
      wordLength = 0
    }
    while index < range.upperBound {
      let byte = bytes[index]
      index += 1
      if byte.isHTMLSpace {
        if wordLength > 0 { endWord() }
        pending = true
        continue
      }
      if pending {
        text.append(0x20)
        block.length += 1
        pending = false
      }
      text.append(byte)
      if byte < 0x80 {
        block.length += 1
        let lower = byte.isUpper ? byte | 0x20 : byte
        block.hash = (block.hash ^ UInt64(lower)) &* 0x100_0000_01B3
        if lower.isLower {
          if byte != lower { block.upper += 1 }
          word.add(lower)
          wordLength += 1
        } else if byte.isDigit {
          block.digits += 1
          word.add(byte)
          wordLength += 1
        } else {
          if wordLength > 0 { endWord() }
          switch byte {
          case 0x2E, 0x21, 0x3F: block.sentenceMarks += 1
          case 0x2C, 0x3B: block.commas += 1
          case 0x7C: block.hasBullet = true
          default: break
          }
        }
        continue
      }
      let invisible = InvisibleText.length(bytes, at: index - 1, end: range.upperBound)
      if invisible > 0 {
        text.removeLast()
        index += invisible - 1
        invisibleCount += 1
        continue
      }
      block.hash = (block.hash ^ UInt64(byte)) &* 0x100_0000_01B3
      if byte.beginsCharacter { block.length += 1 }
      let next = index < range.upperBound ? bytes[index] : 0
      if byte == 0xE2 && next <= 0x8B || byte == 0xE3 && next == 0x80
        || byte == 0xEF && next == 0xBC || byte == 0xC2
      {
        // Punctuation and symbols: general, CJK, full-width, Latin-1.
        if wordLength > 0 { endWord() }
        let third = index + 1 < range.upperBound ? bytes[index + 1] : 0
        count(byte, next, third, into: &block)
        let length = byte == 0xC2 ? 1 : 2
        for _ in 0..<length where index < range.upperBound && !bytes[index].beginsCharacter {
          text.append(bytes[index])
          index += 1
        }
        continue
      }
      if byte >= 0xE3, byte <= 0xE9, byte.beginsCharacter {
        // Chinese and Japanese: no spaces, about two characters a word.
        if wordLength >= 4 { endWord() }
      }
      word.add(byte)
      wordLength += 1
    }
    if wordLength > 0 { endWord() }
    if pending { isSpacePending = true }
  }

  private func count(
    _ first: UInt8, _ second: UInt8, _ third: UInt8, into block: inout PageOutline.Block
  ) {
    switch (first, second, third) {
    case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F), (0xE2, 0x80, 0xA6):
      block.sentenceMarks += 1
    case (0xEF, 0xBC, 0x8C), (0xE3, 0x80, 0x81): block.commas += 1
    case (0xE2, 0x80, 0xA2), (0xC2, 0xBB, _), (0xE2, 0x80, 0xBA), (0xC2, 0xB7, _):
      block.hasBullet = true
    case (0xC2, 0xA9, _): block.hints.insert(.copyright)
    default: break
    }
  }
}

extension OutlineBuilder {
  /// Elements without text for readers, and how words are pronounced; stepped over with all they
  /// hold.
  static func isSkipped(_ tag: HTMLTag) -> Bool {
    switch tag {
    case .script, .style, .noscript, .template, .svg, .head, .object, .embed, .applet, .audio,
      .video, .canvas, .map, .select, .textarea, .input, .button, .iframe, .noembed, .noframes,
      .datalist, .frameset, .title, .meta, .link, .rt, .rp, .rtc:
      true
    default: false
    }
  }

  private static func traits(
    of node: Int, _ document: HTMLDocument, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> PageOutline.Traits {
    var traits: PageOutline.Traits = []
    if let range = document.attributeRange(node, "role") {
      switch WordHash.of(bytes[range]) {
      case Roles.navigation, Roles.banner, Roles.contentinfo, Roles.complementary, Roles.search,
        Roles.dialog, Roles.menu, Roles.alert:
        traits.insert(.landmarkRole)
      case Roles.main, Roles.article: traits.insert(.mainRole)
      default: break
      }
    }
    if document.tag(of: node) == .a, let range = document.attributeRange(node, "href"),
      range.count > 1, bytes[range.lowerBound] == 0x23
    {
      traits.insert(.innerLink)
    }
    if let range = document.attributeRange(node, "itemprop") {
      switch WordHash.of(bytes[range]) {
      case Roles.articleBody, Roles.text, Roles.description: traits.insert(.bodyProperty)
      default: break
      }
    }
    return traits
  }

  /// Whether an element itself says that it is not shown. Style sheets are not read.
  static func isHidden(
    _ node: Int, _ document: HTMLDocument, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    if let range = document.attributeRange(node, "hidden") {
      // What React sends late stands hidden at the page's end, as "S:0", until a script moves it.
      if let id = document.attributeRange(node, "id"), id.count > 2,
        bytes[id.prefix(2)].elementsEqual("S:".utf8)
      {
        return false
      }
      return !bytes[range].elementsEqual("until-found".utf8)
    }
    if let range = document.attributeRange(node, "aria-hidden"), range.count == 4,
      bytes[range].elementsEqual("true".utf8)
    {
      return true
    }
    guard let style = document.attributeRange(node, "style"), style.count >= 11 else {
      return false
    }
    return StyleReader.hides(UnsafeBufferPointer(rebasing: bytes[style.prefix(2_000)]))
  }

  private enum Roles {
    static let navigation = WordHash.of("navigation")
    static let banner = WordHash.of("banner")
    static let contentinfo = WordHash.of("contentinfo")
    static let complementary = WordHash.of("complementary")
    static let search = WordHash.of("search")
    static let dialog = WordHash.of("dialog")
    static let menu = WordHash.of("menu")
    static let alert = WordHash.of("alert")
    static let main = WordHash.of("main")
    static let article = WordHash.of("article")
    static let articleBody = WordHash.of("articleBody")
    static let text = WordHash.of("text")
    static let description = WordHash.of("description")
  }
}

extension WordHash {
  static func of(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32 {
    var hash = WordHash()
    for byte in bytes { hash.add(byte) }
    return hash.value
  }
}
