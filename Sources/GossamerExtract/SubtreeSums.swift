internal import GossamerMarkup

/// What an element holds with everything below it.
struct ElementSums {
  /// Characters of text, of link text, and of text in paragraphs.
  var length: Float = 0
  var linkLength: Float = 0
  var paragraphLength: Float = 0
  var blocks: Float = 0
  /// Blocks of 80 characters and more that are not links.
  var longBlocks: Float = 0
  /// Elements, itself included.
  var elements: Float = 1
  /// How much it looks like the container of an article. After Readability: paragraphs count for
  /// the three to four elements above them, names and link density change the score.
  var score: Float = 0

  var linkShare: Float { linkLength / max(length, 1) }
  var paragraphShare: Float { paragraphLength / max(length, 1) }
  var longShare: Float { longBlocks / max(blocks, 1) }
}

/// The sums of all elements, made by one pass upward.
struct SubtreeSums {
  private(set) var elements: [ElementSums]
  /// The element with the highest score.
  private(set) var best = 0
  /// Its score, above 0.
  private(set) var bestScore: Float = 1e-6

  /// The whole page.
  var page: ElementSums { elements.first ?? ElementSums() }

  init(of outline: PageOutline) {
    elements = [ElementSums](repeating: ElementSums(), count: outline.elements.count)
    for block in outline.blocks { add(block, outline) }
    addUpward(outline)
    weighScores(outline)
  }

  subscript(_ element: Int) -> ElementSums { elements[element] }

  private mutating func add(_ block: PageOutline.Block, _ outline: PageOutline) {
    let element = Int(block.element)
    let length = Float(block.length)
    let container = outline.container(of: block)
    let isParagraph: Bool
    switch outline.elements[container].tag {
    case .p, .pre, .blockquote: isParagraph = true
    default: isParagraph = false
    }
    elements[element].length += length
    elements[element].linkLength += Float(block.linkLength)
    elements[element].paragraphLength += isParagraph ? length : 0
    elements[element].blocks += 1
    if block.length >= 80, Float(block.linkLength) < 0.3 * length {
      elements[element].longBlocks += 1
    }
    guard block.length >= 25, Float(block.linkLength) < 0.5 * length else { return }
    let worth = 1 + Float(block.commas) + min(length / 100, 3)
    var above = Int(outline.elements[container].parent)
    for share in [1, 0.5, 1 / 6, 1 / 9] as [Float] {
      guard above >= 0 else { return }
      elements[above].score += worth * share
      above = Int(outline.elements[above].parent)
    }
  }

  private mutating func addUpward(_ outline: PageOutline) {
    for element in stride(from: elements.count - 1, to: 0, by: -1) {
      let parent = Int(outline.elements[element].parent)
      guard parent >= 0 else { continue }
      elements[parent].length += elements[element].length
      elements[parent].linkLength += elements[element].linkLength
      elements[parent].paragraphLength += elements[element].paragraphLength
      elements[parent].blocks += elements[element].blocks
      elements[parent].longBlocks += elements[element].longBlocks
      elements[parent].elements += elements[element].elements
    }
  }

  private mutating func weighScores(_ outline: PageOutline) {
    for element in elements.indices where elements[element].score > 0 {
      let names = outline.elements[element].names
      if !names.isDisjoint(with: .good) { elements[element].score += 12 }
      elements[element].score -=
        12 * Float(names.intersection(.bad).rawValue.nonzeroBitCount)
      elements[element].score *= 1 - elements[element].linkShare
      if elements[element].score > bestScore {
        bestScore = elements[element].score
        best = element
      }
    }
  }
}
