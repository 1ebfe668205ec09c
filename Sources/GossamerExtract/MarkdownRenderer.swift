internal import GossamerMarkup
internal import GossamerURL

/// Writes the chosen blocks of a page as Markdown, by the elements they are in.
///
/// One loop over the nodes from the first chosen text to the last. Structure is written lazily: a
/// list, quote or link in which nothing was chosen leaves nothing.
struct MarkdownRenderer {
  let document: HTMLDocument
  let base: WebURL
  /// Which text nodes are wanted.
  private var isWanted: [Bool]
  /// How many wanted text nodes come before each node.
  private var wantedBefore: [Int32]
  private let range: Range<Int>

  /// Images that were written.
  private(set) var images: [ContentImage] = []

  private var writer = MarkdownWriter()
  private var line = MarkdownLine()
  private var open: [(action: Action, end: Int)] = []
  private var headingLevel = 0
  private var table: MarkdownTable?
  private var cellDepth = 0
  /// Columns and rows that the cell spans.
  private var span = (columns: 1, rows: 1)
  /// The target of an element of several blocks, for the heading in it.
  private var headingLink: (target: [UInt8], heading: Int)?

  /// What is due where an element ends.
  private enum Action {
    case none, block, mark, quote, list, item, heading, table, row, cell
  }

  init(
    document: HTMLDocument, outline: PageOutline, selection: BlockSelection, base: WebURL
  ) {
    self.document = document
    self.base = base
    isWanted = [Bool](repeating: false, count: document.count)
    wantedBefore = [Int32](repeating: 0, count: document.count + 1)
    var first = document.count
    var end = 0
    for node in 0..<document.count {
      let block = outline.blockOfNode[node]
      wantedBefore[node + 1] = wantedBefore[node]
      guard block >= 0, selection.isChosen[Int(block)] else { continue }
      isWanted[node] = true
      wantedBefore[node + 1] += 1
      first = min(first, node)
      end = node + 1
    }
    // Elements around the first and last text belong to it.
    let start = Self.widest(around: first, in: document) ?? first
    if end > 0, let last = Self.widest(around: end - 1, in: document) {
      end = document.subtreeEnd(of: last)
    }
    range = start < end ? start..<end : 0..<0
  }

  /// The whole text.
  mutating func render() -> String {
    document.bytes.withUnsafeBufferPointer { render($0) }
    return String(decoding: writer.output, as: UTF8.self)
  }

  private mutating func render(_ bytes: UnsafeBufferPointer<UInt8>) {
    var node = range.lowerBound
    while node < range.upperBound {
      while let last = open.last, last.end <= node { leave() }
      if document.isText(node) {
        if isWanted[node] {
          line.append(UnsafeBufferPointer(rebasing: bytes[document.textRange(of: node)]))
        } else if !line.isEmpty {
          line.space()
        }
        node += 1
      } else {
        node = enter(node, bytes)
      }
    }
    while !open.isEmpty { leave() }
    flush()
  }

  private func hasWanted(_ node: Int) -> Bool {
    wantedBefore[document.subtreeEnd(of: node)] > wantedBefore[node]
  }

  /// The outermost element around a text that still is part of it, such as its list.
  private static func widest(around text: Int, in document: HTMLDocument) -> Int? {
    guard text < document.count else { return nil }
    var widest: Int?
    var node = text
    while let parent = document.parent(of: node), isPartOfText(document.tag(of: parent)) {
      widest = parent
      node = parent
    }
    return widest
  }

  private static func isPartOfText(_ tag: HTMLTag) -> Bool {
    switch tag {
    case .body, .html, .main, .article, .section, .div, .header, .center, .form, .unknown: false
    default: true
    }
  }
}

extension MarkdownRenderer {
  /// Begins an element; the node to go on with.
  private mutating func enter(_ node: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let tag = document.tag(of: node)
    let end = document.subtreeEnd(of: node)
    if tag == .img {
      image(node, bytes)
      return end
    }
    if OutlineBuilder.isSkipped(tag), tag != .noscript && tag != .button || !hasWanted(node) {
      return end
    }
    if document.attributeCount(of: node) > 0, !hasWanted(node),
      OutlineBuilder.isHidden(node, document, bytes)
    {
      return end
    }
    if tag.isPreformatted || Self.isCode(tag) || CodeText.isListing(node, tag, document) {
      if hasWanted(node) { code(node, tag, bytes) }
      return end
    }
    if tag == .a, headingLevel > 0, Permalink.isOne(node, document) { return end }
    if tag == .br {
      // Two in a row part paragraphs.
      if line.isAfterBreak, headingLevel == 0 { flush() } else { line.lineBreak() }
      return end
    }
    if tag == .hr {
      flush()
      if cellDepth == 0, !writer.output.isEmpty { writer.write([Array("---".utf8)[...]]) }
      return end
    }
    let action = begin(node, tag, bytes)
    open.append((action, end))
    return node + 1
  }

  private mutating func begin(
    _ node: Int, _ tag: HTMLTag, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Action {
    switch tag {
    case .a:
      line.begin(.plain)
      if hasWanted(node), let target = link(node, bytes) {
        if let heading = heading(in: node) {
          headingLink = (target, heading)
        } else {
          line.end()
          line.begin(.link(target))
        }
      }
      return .mark
    case .strong, .b:
      line.begin(headingLevel > 0 ? .plain : .strong)
      return .mark
    case .em, .i:
      line.begin(.emphasis)
      return .mark
    case .del, .s, .strike:
      line.begin(.strike)
      return .mark
    default: break
    }
    if table != nil { return beginInTable(node, tag) }
    if !tag.isBlock { return .none }
    flush()
    switch tag {
    case .h1, .h2, .h3, .h4, .h5, .h6:
      headingLevel = tag.headingLevel ?? 0
      line.isInHeading = true
      let target = headingLink.flatMap { $0.heading == node ? $0.target : nil }
      line.begin(target.map { .link($0) } ?? .plain)
      return .heading
    case .blockquote:
      writer.beginQuote()
      return .quote
    case .ul, .ol, .menu, .dir:
      let start = document.attribute(node, "start").flatMap { Int($0) } ?? 1
      writer.beginList(isOrdered: tag == .ol, start: max(0, min(start, 999_999)))
      return .list
    case .li:
      writer.beginItem()
      return .item
    case .table where hasWanted(node) && TableJudge.isData(node, document):
      table = MarkdownTable()
      return .table
    default: return .block
    }
  }

  private mutating func beginInTable(_ node: Int, _ tag: HTMLTag) -> Action {
    switch tag {
    case .tr where cellDepth == 0: return .row
    case .td, .th:
      cellDepth += 1
      if cellDepth > 1 {
        line.space()
        return .cell
      }
      flush()
      line.isInTable = true
      span.columns = document.attribute(node, "colspan").flatMap { Int($0) } ?? 1
      span.rows = document.attribute(node, "rowspan").flatMap { Int($0) } ?? 1
      return .cell
    default:
      if tag.isBlock { cellDepth > 0 ? line.space() : flush() }
      return tag.isBlock ? .block : .none
    }
  }

  private mutating func leave() {
    guard let last = open.popLast() else { return }
    switch last.action {
    case .none: break
    case .mark: line.end()
    case .block: cellDepth > 0 ? line.space() : flush()
    case .heading:
      line.end()
      flush()
      headingLevel = 0
      line.isInHeading = false
    case .quote:
      flush()
      writer.endQuote()
    case .list:
      flush()
      writer.endList()
    case .item:
      flush()
      writer.endItem()
    case .cell:
      cellDepth -= 1
      guard cellDepth == 0 else { return line.space() }
      table?.append(cell: line.take(), columns: span.columns, rows: span.rows)
      line.isInTable = false
    case .row: table?.endRow()
    case .table:
      flush()
      if let lines = table?.lines, !lines.isEmpty { writer.write(lines.map { $0[...] }) }
      table = nil
    }
  }

  /// Ends the line that grows and writes it as a block.
  private mutating func flush() {
    guard cellDepth == 0 else { return line.space() }
    var text = line.take()
    guard !text.isEmpty else { return }
    guard headingLevel > 0 else {
      return write(text.split(separator: 0x0A, omittingEmptySubsequences: true))
    }
    text =
      [UInt8](repeating: 0x23, count: headingLevel) + [0x20]
      + text.map { $0 == 0x0A ? 0x20 : $0 }
    writer.write([text[...]])
  }
}

extension MarkdownRenderer {
  /// Writes the lines of a paragraph; those that begin with a bullet are a list, as they are meant.
  private mutating func write(_ lines: [ArraySlice<UInt8>]) {
    let bullets = lines.map { BulletLine.length(in: $0, isAlone: lines.count == 1) }
    guard bullets.contains(where: { $0 > 0 }),
      bullets.count == 1 || bullets.count(where: { $0 > 0 }) > 1
    else { return writer.write(lines) }
    var paragraph: [ArraySlice<UInt8>] = []
    var isList = false
    for (line, bullet) in zip(lines, bullets) {
      if bullet > 0 {
        if let last = paragraph.popLast() {
          writer.write(paragraph + [BulletLine.withoutBreak(last)])
        }
        paragraph = []
        if !isList { writer.beginList(isOrdered: false) }
        isList = true
        writer.beginItem()
        writer.write([BulletLine.withoutBreak(line.dropFirst(bullet))])
        writer.endItem()
      } else {
        if isList { writer.endList() }
        isList = false
        paragraph.append(line)
      }
    }
    if isList { writer.endList() }
    if !paragraph.isEmpty { writer.write(paragraph) }
  }

  private static func isCode(_ tag: HTMLTag) -> Bool {
    tag == .code || tag == .kbd || tag == .samp || tag == .tt
  }

  /// A block of code, or code inside a line.
  private mutating func code(_ node: Int, _ tag: HTMLTag, _ bytes: UnsafeBufferPointer<UInt8>) {
    let text = CodeText.of(node, document)
    let isBlock = tag.isPreformatted || !Self.isCode(tag) || CodeText.hasLines(node, document)
    if !isBlock || cellDepth > 0 {
      let folded = text.split(whereSeparator: \.isHTMLSpace).joined(separator: [0x20])
      return line.appendCode(Array(folded))
    }
    flush()
    let code = PreformattedText.withoutEmptyEnds(text)
    let fence = [UInt8](repeating: 0x60, count: max(3, code.longestRun(of: 0x60) + 1))
    var lines = [(fence + CodeText.language(of: node, document))[...]]
    lines += code.split(separator: 0x0A, omittingEmptySubsequences: false)
    lines.append(fence[...])
    writer.write(lines)
  }

  /// The first heading below a link, whose text stands for all that the link is around.
  private func heading(in node: Int) -> Int? {
    guard document.subtreeEnd(of: node) - node <= 200 else { return nil }
    return document.descendants(of: node).first {
      document.tag(of: $0).isHeading && hasWanted($0)
    }
  }

  /// Where a link leads; nil for places in the page itself, which mean nothing outside of it.
  private func link(_ node: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let range = document.attributeRange(node, "href"), range.count <= 2_000,
      range.isEmpty || bytes[range.lowerBound] != 0x23
    else { return nil }
    return target(UnsafeBufferPointer(rebasing: bytes[range]))
  }

  /// An absolute address fit to stand between brackets.
  private func target(_ reference: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let url = WebURL(utf8: reference, base: base), url.isHTTP || url.scheme == "mailto"
    else { return nil }
    var target: [UInt8] = []
    for byte in url.href.utf8 {
      switch byte {
      case 0x28: target += Array("%28".utf8)
      case 0x29: target += Array("%29".utf8)
      default: target.append(byte)
      }
    }
    return target
  }

  private mutating func image(_ node: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard isBesideText(node), !isTiny(node), let source = source(of: node, bytes) else { return }
    let description = document.attribute(node, "alt") ?? ""
    var markdown: [UInt8] = [0x21, 0x5B]
    for byte in description.utf8.prefix(500) {
      switch byte {
      case 0x5B, 0x5D, 0x5C: markdown += [0x5C, byte]
      case 0x7C where line.isInTable: markdown += [0x5C, byte]
      case 0x09, 0x0A, 0x0C, 0x0D: markdown.append(0x20)
      default: markdown.append(byte)
      }
    }
    markdown += [0x5D, 0x28] + source + [0x29]
    if images.count < 200 {
      images.append(
        ContentImage(
          url: String(decoding: source, as: UTF8.self), description: description,
          caption: caption(of: node)))
    }
    line.appendRaw(markdown)
  }

  /// The caption of the figure an image is in.
  private func caption(of node: Int) -> String? {
    guard let figure = document.ancestor(of: node, .figure),
      document.subtreeEnd(of: figure) - figure < 400,
      let caption = document.firstElement(.figcaption, in: document.subtree(of: figure))
    else { return nil }
    let text = document.text(under: caption, limit: 1_000)
    return text.isEmpty ? nil : text
  }

  /// An image belongs to the content if the block around it, or the one around that, has text that
  /// was chosen.
  private func isBesideText(_ node: Int) -> Bool {
    var blocks = 0
    for above in document.ancestors(of: node) where document.tag(of: above).isBlock {
      if hasWanted(above) { return document.tag(of: above) != .body }
      blocks += 1
      if blocks == 2 { return false }
    }
    return false
  }

  /// Icons and counting pixels.
  private func isTiny(_ node: Int) -> Bool {
    func isSmall(_ size: String?) -> Bool { size.flatMap { Int($0) }.map { $0 < 32 } ?? false }
    return isSmall(document.attribute(node, "width"))
      || isSmall(document.attribute(node, "height"))
  }

  private func source(of node: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    // Pages that load late keep the address beside a placeholder.
    let late = document.attributeRange(node, "data-src")
    let lazy = late ?? document.attributeRange(node, "data-lazy-src")
    for range in [lazy, document.attributeRange(node, "src")] {
      guard let range, !range.isEmpty, range.count <= 2_000 else { continue }
      let reference = UnsafeBufferPointer(rebasing: bytes[range])
      if reference.starts(with: "data:".utf8) { continue }
      if let target = target(reference) { return target }
    }
    return nil
  }
}
