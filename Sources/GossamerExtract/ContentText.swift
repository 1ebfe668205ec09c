internal import GossamerMarkup

/// The chosen blocks as plain text.
struct ContentText {
  private(set) var bytes: [UInt8] = []
  private(set) var headings: [Heading] = []
  private(set) var wordCount = 0

  init(outline: PageOutline, selection: BlockSelection, document: HTMLDocument) {
    bytes.reserveCapacity(outline.text.count)
    for (index, block) in outline.blocks.enumerated() where selection.isChosen[index] {
      if !bytes.isEmpty { bytes.append(0x0A) }
      wordCount += Int(block.words)
      let tag = outline.elements[outline.container(of: block)].tag
      if tag.isPreformatted {
        bytes += PreformattedText.of(index, block, outline, document)
        continue
      }
      bytes += outline.text[Int(block.start)..<Int(block.end)]
      if let level = tag.headingLevel {
        headings.append(Heading(level: level, text: outline.string(block)))
      }
    }
  }
}

/// Text whose white space counts.
enum PreformattedText {
  /// A block as written, without empty lines at its ends.
  static func of(
    _ index: Int, _ block: PageOutline.Block, _ outline: PageOutline, _ document: HTMLDocument
  ) -> ArraySlice<UInt8> {
    var text: [UInt8] = []
    for node in Int(block.firstNode)..<Int(block.endNode) {
      if outline.blockOfNode[node] == Int32(index) {
        text += document.bytes[document.textRange(of: node)]
      } else if document.tag(of: node) == .br {
        text.append(0x0A)
      }
    }
    return withoutEmptyEnds(text)
  }

  static func withoutEmptyEnds(_ text: [UInt8]) -> ArraySlice<UInt8> {
    var start = 0
    var index = 0
    while index < text.count, text[index].isHTMLSpace {
      if text[index] == 0x0A { start = index + 1 }
      index += 1
    }
    var end = text.count
    while end > start, text[end - 1].isHTMLSpace { end -= 1 }
    return text[start..<end]
  }
}
