internal import GossamerMarkup

/// A page as extraction sees it: its elements, and its text cut into blocks, in two flat arrays.
///
/// A block is a run of text between borders of block-level elements, or two line breaks. What no
/// reader sees as text (scripts, forms' controls, drawings) is left out.
struct PageOutline {
  /// An element that text may be in.
  struct Element {
    let node: Int32
    /// The element it is in, -1 for the outermost.
    let parent: Int32
    let tag: HTMLTag
    let names: NameCategories
    var traits: Traits
    let depth: Int32
    /// Tag and classes, digits left out.
    let shape: UInt64
  }

  /// What an element and those above it have.
  struct Traits: OptionSet {
    let rawValue: UInt16
    static let block = Traits(rawValue: 1 << 1)
    /// A role such as navigation, of it or one above it.
    static let landmarkRole = Traits(rawValue: 1 << 2)
    static let mainRole = Traits(rawValue: 1 << 3)
    /// `itemprop` articleBody, text or description, of it or one above it.
    static let bodyProperty = Traits(rawValue: 1 << 4)
    static let link = Traits(rawValue: 1 << 5)
    /// A link to a place in the page itself.
    static let innerLink = Traits(rawValue: 1 << 6)
    /// Not shown until its reader opens it: a tab, an answer of a list of questions.
    static let folded = Traits(rawValue: 1 << 7)

    static let inherited: Traits = [
      .landmarkRole, .mainRole, .bodyProperty, .link, .innerLink, .folded,
    ]
  }

  /// A run of text. Lengths are in characters unless they say otherwise.
  struct Block {
    /// The element its first word is in.
    var element: Int32
    /// The nodes it spans; the end is exclusive.
    var firstNode: Int32
    var endNode: Int32
    /// Where its text is in `text`, white space folded.
    var start: Int32
    var end: Int32
    var length: Int32 = 0
    var linkLength: Int32 = 0
    var words: Int32 = 0
    var stopWords: Int32 = 0
    var sentenceMarks: Int32 = 0
    var commas: Int32 = 0
    var upper: Int32 = 0
    var digits: Int32 = 0
    var titleWords: Int32 = 0
    var hints: WordHints = []
    var hasBullet = false
    /// Of the folded text in lower case.
    var hash: UInt64 = 0
  }

  var elements: [Element] = []
  var blocks: [Block] = []
  /// The text of all blocks.
  var text: [UInt8] = []
  /// Bytes of text that are not shown, white space included.
  var hiddenLength = 0
  /// Characters without width that were left out.
  var invisibleCount = 0
  /// How many different words the title has.
  var titleWordCount = 0

  /// The block each text node of the document went into, -1 for none.
  var blockOfNode: [Int32] = []

  /// Cuts a page up.
  ///
  /// - Parameter includesHidden: takes text that is not shown as well.
  init(of document: HTMLDocument, title: String, includesHidden: Bool = false) {
    var builder = OutlineBuilder(
      document: document, titleWords: TitleWords(title), includesHidden: includesHidden)
    builder.walk()
    elements = builder.elements
    blocks = builder.blocks
    text = builder.text
    blockOfNode = builder.blockOfNode
    hiddenLength = builder.hiddenLength
    invisibleCount = builder.invisibleCount
    titleWordCount = builder.titleWords.count
  }

  /// The text of a block.
  func string(_ block: Block) -> String {
    String(decoding: text[Int(block.start)..<Int(block.end)], as: UTF8.self)
  }

  /// The nearest block-level element a block is in, as an index of `elements`.
  func container(of block: Block) -> Int {
    var element = Int(block.element)
    while !elements[element].traits.contains(.block), elements[element].parent >= 0 {
      element = Int(elements[element].parent)
    }
    return element
  }
}

extension PageOutline {
  /// For each element, whether its name or that of one around it says that it holds comments; what
  /// holds the page's heading does not.
  var isComment: [Bool] {
    var isComment = [Bool](repeating: false, count: elements.count)
    guard elements.contains(where: { $0.names.contains(.comment) }) else { return isComment }
    let heading =
      blocks.first { isTitle($0, ofWords: titleWordCount) }
      ?? blocks.first { elements[container(of: $0)].tag == .h1 }
    let first = heading.map { Int($0.element) + 1 } ?? 0
    for (index, element) in elements.enumerated().dropFirst(first) {
      isComment[index] =
        element.names.contains(.comment) && element.tag != .body
        || (element.parent >= 0 && isComment[Int(element.parent)])
    }
    return isComment
  }

  /// The text of comments that was not chosen, a block a line, without what only belongs to them.
  func comments(besides choice: BlockSelection) -> String {
    let isComment = self.isComment
    var lines: [UInt8] = []
    for (index, block) in blocks.enumerated() where !choice.isChosen[index] {
      guard isComment[Int(block.element)], block.words >= 4,
        block.linkLength * 2 < block.length
      else { continue }
      if !lines.isEmpty { lines.append(0x0A) }
      lines += text[Int(block.start)..<Int(block.end)]
    }
    return String(decoding: lines, as: UTF8.self)
  }
}

/// The words of a page's title, by hash.
struct TitleWords {
  private var hashes: Set<UInt32> = []

  init(_ title: String) {
    var hash = WordHash()
    var length = 0
    for byte in title.utf8.prefix(2_000) + [0x20] {
      if byte.isLetter || byte.isDigit || byte >= 0x80 {
        hash.add(byte.isUpper ? byte | 0x20 : byte)
        length += 1
      } else if length > 0 {
        hashes.insert(hash.value)
        hash = WordHash()
        length = 0
      }
    }
  }

  var count: Int { hashes.count }

  func contains(_ hash: UInt32) -> Bool { hashes.contains(hash) }
}
