internal import GossamerMarkup

/// Each block of a page described by the same numbers, a row a block.
///
/// A scorer sees nothing else. Columns are in the order of `BlockFeatures.names`.
struct BlockFeatures {
  let rowCount: Int
  let columnCount: Int
  private(set) var values: [Float]

  /// The numbers of one block.
  func row(_ index: Int) -> ArraySlice<Float> {
    values[index * columnCount..<(index + 1) * columnCount]
  }

  init(of outline: PageOutline, sums: SubtreeSums, page: PageTraits) {
    var writer = FeatureWriter(outline: outline, sums: sums, page: page)
    writer.describe()
    writer.write(outline.blocks.indices)
    self.init(rows: outline.blocks.count, values: writer.values)
  }

  private init(rows: Int, values: [Float]) {
    rowCount = rows
    columnCount = Self.names.count
    self.values = values
    precondition(values.count == rowCount * columnCount, "every row has every column")
  }

  /// Describes a page some rows at a time: those of a large page together take more memory than all
  /// else that is made of it.
  static func forEachSlice(
    of outline: PageOutline, sums: SubtreeSums, page: PageTraits, _ body: (BlockFeatures) -> Void
  ) {
    var writer = FeatureWriter(outline: outline, sums: sums, page: page)
    writer.describe()
    for first in stride(from: 0, to: outline.blocks.count, by: rowsInSlice) {
      let rows = first..<min(first + rowsInSlice, outline.blocks.count)
      writer.write(rows)
      body(BlockFeatures(rows: rows.count, values: writer.values))
    }
  }

  private static let rowsInSlice = 1_024

  /// The columns' names, for training.
  static let names: [String] =
    [
      "words", "length", "link_share", "word_length", "sentence_marks", "commas", "ends_sentence",
      "ends_colon", "upper", "digits", "stop_words", "bullet", "repeated",
    ] + (0..<WordHints.count).map { "hint_\($0)" } + FeatureWriter.tagColumns.map { "tag_\($0)" }
    + ["tag_heading", "in_link"] + FeatureWriter.aboveColumns.map { "in_\($0)" }
    + (0..<NameCategories.count).map { "name_\($0)" } + ["bad_names", "good_names"]
    + ["landmark_role", "main_role", "body_property", "folded", "depth"]
    + (1...4).flatMap { level in
      ["length", "link", "share", "paragraphs", "long", "score", "density"]
        .map { "up\(level)_\($0)" }
    }
    + ["in_best", "near_best", "top_score", "section_share", "section_link", "section_paragraphs"]
    + ["alike", "alike_length", "alike_link", "alike_long", "alike_share"]
    + ["position", "position_text", "after_title", "title_distance", "is_title", "title_overlap"]
    + ["near3_long", "near3_link", "near8_long", "near8_link"]
    + ["prev_length", "prev_link", "next_length", "next_link"]
    + FeatureWriter.headingHints.indices.map { "under_hint_\($0)" }
    + ["under_level", "under_distance", "under_title", "best_place", "after_best", "before_best"]
    + ["run_count", "run_length", "run_link", "run_long", "run_share"]
    + [
      "page_blocks", "page_length", "page_link", "page_paragraphs", "page_long", "page_article",
      "page_product", "page_forum", "page_list", "page_forum_names", "page_best_share",
      "path_depth", "path_date", "path_forum", "path_docs", "path_shop", "path_list",
    ]
}

/// Fills `BlockFeatures`.
struct FeatureWriter {
  static let tagColumns: [HTMLTag] = [
    .p, .li, .td, .th, .div, .span, .h1, .dt, .dd, .blockquote, .pre, .figcaption, .section,
    .article, .label,
  ]
  static let aboveColumns: [HTMLTag] = [
    .article, .main, .section, .nav, .header, .footer, .aside, .form, .ul, .ol, .table, .figure,
    .dl, .li, .p, .blockquote,
  ]
  private static let deepest = 24
  /// What the heading above a block may say of it.
  static let headingHints: [WordHints] = [
    .share, .subscribe, .posted, .related, .comment, .more, .about,
  ]

  let outline: PageOutline
  let sums: SubtreeSums
  let page: PageTraits
  private(set) var values: [Float] = []

  private var inBest: [Bool] = []
  private var nearBest: [Bool] = []
  private var topScore: [Float] = []
  private var section: [Int32] = []
  private var template: [UInt64] = []
  private var groups: [UInt64: Group] = [:]
  private var repeats: [UInt64: Int] = [:]
  private var titleBlock = -1
  private var lengths: [Float] = [0]
  private var links: [Float] = [0]
  private var longs: [Float] = [0]
  private var forumNames: Float = 0
  /// The last heading before the block that is written, -1 for none.
  private var headingAbove = -1
  /// The blocks of the best element.
  private var bestBlocks = 0..<0
  private let runs: SiblingRuns

  /// Blocks whose last four elements have the same tags and classes.
  private struct Group {
    var blocks: Float = 0
    var length: Float = 0
    var link: Float = 0
    var long: Float = 0
  }

  init(outline: PageOutline, sums: SubtreeSums, page: PageTraits) {
    self.outline = outline
    self.sums = sums
    self.page = page
    runs = SiblingRuns(of: outline, sums: sums)
  }

  /// Looks at the page as a whole, which each of its rows refers to.
  mutating func describe() {
    guard !outline.blocks.isEmpty else { return }
    describeElements()
    describeBlocks()
  }

  /// Writes the rows of these blocks in place of those before.
  mutating func write(_ rows: Range<Int>) {
    values.removeAll(keepingCapacity: true)
    values.reserveCapacity(rows.count * BlockFeatures.names.count)
    let pageColumns = self.pageColumns()
    for index in rows {
      let block = outline.blocks[index]
      writeOwn(block)
      writeAbove(block)
      writeContainers(block)
      writePlace(block, index)
      writeSurroundings(block, index)
      values += pageColumns
    }
  }

  /// What each element takes over from the one it is in.
  private mutating func describeElements() {
    let count = outline.elements.count
    inBest = [Bool](repeating: false, count: count)
    nearBest = inBest
    topScore = [Float](repeating: 0, count: count)
    section = [Int32](repeating: -1, count: count)
    template = [UInt64](repeating: 0, count: count)
    let best = sums.best
    let aboveBest = Int(outline.elements[best].parent)
    let limit = 0.9 * sums.page.length
    for index in 0..<count {
      let element = outline.elements[index]
      let parent = Int(element.parent)
      let score = max(sums[index].score / sums.bestScore, 0)
      inBest[index] = index == best || (parent >= 0 && inBest[parent])
      nearBest[index] = index == aboveBest || (parent >= 0 && nearBest[parent])
      topScore[index] = parent >= 0 ? max(topScore[parent], score) : score
      let inherited = parent >= 0 ? section[parent] : -1
      section[index] = inherited < 0 && sums[index].length < limit ? Int32(index) : inherited
      if element.names.contains(.forum) { forumNames += 1 }
      var hash = element.shape
      var above = parent
      for _ in 0..<3 where above >= 0 {
        hash = (hash ^ outline.elements[above].shape) &* 0x9E37_79B9_7F4A_7C15
        above = Int(outline.elements[above].parent)
      }
      template[index] = hash
    }
  }

  private mutating func describeBlocks() {
    let wanted = page.title.isEmpty ? 0 : outline.titleWordCount
    for (index, block) in outline.blocks.enumerated() {
      let length = Float(block.length)
      let isLong = block.length >= 80 && Float(block.linkLength) < 0.3 * length
      lengths.append((lengths.last ?? 0) + length)
      links.append((links.last ?? 0) + Float(block.linkLength))
      longs.append(
        (longs.last ?? 0) + (block.length >= 60 ? length - Float(block.linkLength) : 0))
      var group = groups[template[Int(block.element)]] ?? Group()
      group.blocks += 1
      group.length += length
      group.link += Float(block.linkLength)
      group.long += isLong ? 1 : 0
      groups[template[Int(block.element)]] = group
      repeats[block.hash, default: 0] += 1
      if inBest[Int(block.element)] {
        bestBlocks = (bestBlocks.isEmpty ? index : bestBlocks.lowerBound)..<index + 1
      }
      if titleBlock < 0, outline.isTitle(block, ofWords: wanted) { titleBlock = index }
    }
    if titleBlock < 0 {
      titleBlock =
        outline.blocks.firstIndex { outline.elements[outline.container(of: $0)].tag == .h1 } ?? -1
    }
  }

  private mutating func writeOwn(_ block: PageOutline.Block) {
    let words = Float(block.words)
    let length = Float(max(block.length, 1))
    let last = outline.text[Int(block.end) - 1]
    let closes =
      last == 0x2E || last == 0x21 || last == 0x3F || last == 0x22
      || outline.text[..<Int(block.end)].suffix(3).elementsEqual([0xE3, 0x80, 0x82])
      || outline.text[..<Int(block.end)].suffix(3).elementsEqual([0xE2, 0x80, 0x9D])
      || outline.text[..<Int(block.end)].suffix(3).elementsEqual([0xE2, 0x80, 0xA6])
    add(logarithm(words))
    add(logarithm(length))
    add(Float(block.linkLength) / length)
    add(min(length / words, 20) / 10)
    add(min(Float(block.sentenceMarks) / words, 1))
    add(min(Float(block.commas) / words, 1))
    add(closes)
    add(last == 0x3A)
    add(Float(block.upper) / length)
    add(Float(block.digits) / length)
    add(Float(block.stopWords) / words)
    add(block.hasBullet)
    add(Float(min(repeats[block.hash] ?? 1, 6) - 1) / 5)
    for bit in 0..<WordHints.count { add(block.hints.rawValue >> bit & 1 == 1) }
    let tag = outline.elements[outline.container(of: block)].tag
    for column in Self.tagColumns { add(tag == column) }
    add(tag.isHeading)
    add(outline.elements[Int(block.element)].traits.contains(.link))
  }

  /// Tags and names of the elements above, nearer ones counting for more.
  private mutating func writeAbove(_ block: PageOutline.Block) {
    let first = values.count
    let names = first + Self.aboveColumns.count
    values.append(
      contentsOf: repeatElement(0, count: Self.aboveColumns.count + NameCategories.count))
    var element = Int(block.element)
    var bad: Float = 0
    var good: Float = 0
    for distance in 0..<Self.deepest {
      guard element >= 0 else { break }
      let current = outline.elements[element]
      let nearness = 4 / Float(4 + distance)
      if let column = Self.columnOfTag[Int(current.tag.rawValue)], values[first + column] == 0 {
        values[first + column] = nearness
      }
      var bits = current.names.rawValue
      while bits != 0 {
        let bit = bits.trailingZeroBitCount
        if values[names + bit] == 0 { values[names + bit] = nearness }
        bits &= bits - 1
      }
      bad += current.names.isDisjoint(with: .bad) ? 0 : 1
      good += current.names.isDisjoint(with: .good) ? 0 : 1
      element = Int(current.parent)
    }
    add(min(bad, 6) / 6)
    add(min(good, 6) / 6)
    let traits = outline.elements[Int(block.element)].traits
    add(traits.contains(.landmarkRole))
    add(traits.contains(.mainRole))
    add(traits.contains(.bodyProperty))
    add(traits.contains(.folded))
    add(min(Float(outline.elements[Int(block.element)].depth), 40) / 20)
  }

  private static let columnOfTag: [Int?] = {
    var table = [Int?](repeating: nil, count: 256)
    for (column, tag) in aboveColumns.enumerated() { table[Int(tag.rawValue)] = column }
    return table
  }()

  /// The first to fourth block-level element around the block's own.
  private mutating func writeContainers(_ block: PageOutline.Block) {
    var element = Int(outline.elements[outline.container(of: block)].parent)
    for _ in 1...4 {
      while element >= 0, !outline.elements[element].traits.contains(.block) {
        element = Int(outline.elements[element].parent)
      }
      guard element >= 0 else {
        values.append(contentsOf: repeatElement(0, count: 7))
        continue
      }
      let sums = sums[element]
      add(logarithm(sums.length))
      add(sums.linkShare)
      add(sums.length / max(self.sums.page.length, 1))
      add(sums.paragraphShare)
      add(sums.longShare)
      add(max(sums.score / self.sums.bestScore, -1))
      add(logarithm(sums.length / sums.elements))
      element = Int(outline.elements[element].parent)
    }
    let own = Int(block.element)
    add(inBest[own])
    add(nearBest[own])
    add(topScore[own])
    let section = sums[max(Int(self.section[own]), 0)]
    add(section.length / max(sums.page.length, 1))
    add(section.linkShare)
    add(section.paragraphShare)
  }

  private mutating func writePlace(_ block: PageOutline.Block, _ index: Int) {
    let group = groups[template[Int(block.element)]] ?? Group()
    let total = max(sums.page.length, 1)
    let count = Float(outline.blocks.count)
    add(logarithm(group.blocks))
    add(logarithm(group.length / max(group.blocks, 1)))
    add(group.link / max(group.length, 1))
    add(group.long / max(group.blocks, 1))
    add(group.length / total)
    add(Float(index) / count)
    add(lengths[index] / total)
    add(titleBlock >= 0 && index > titleBlock)
    add(titleBlock >= 0 ? Float(index - titleBlock) / count : 0)
    add(index == titleBlock)
    add(min(Float(block.titleWords) / Float(max(outline.titleWordCount, 1)), 1))
    for width in [3, 8] {
      let from = max(0, index - width)
      let to = min(outline.blocks.count, index + width + 1)
      let around = max(lengths[to] - lengths[from], 1)
      add((longs[to] - longs[from]) / around)
      add((links[to] - links[from]) / around)
    }
    for neighbor in [index - 1, index + 1] {
      guard outline.blocks.indices.contains(neighbor) else {
        values.append(contentsOf: [0, 0])
        continue
      }
      let other = outline.blocks[neighbor]
      add(logarithm(Float(other.length)))
      add(Float(other.linkLength) / Float(max(other.length, 1)))
    }
  }

  /// The heading it stands under, where it is in the best element, and the cards around it.
  private mutating func writeSurroundings(_ block: PageOutline.Block, _ index: Int) {
    if headingAbove >= 0 {
      let heading = outline.blocks[headingAbove]
      for hint in Self.headingHints { add(heading.hints.contains(hint)) }
      let level = outline.elements[outline.container(of: heading)].tag.headingLevel ?? 0
      add(Float(level) / 6)
      add(logarithm(Float(index - headingAbove)))
      add(headingAbove == titleBlock)
    } else {
      values.append(contentsOf: repeatElement(0, count: Self.headingHints.count + 3))
    }
    if outline.elements[outline.container(of: block)].tag.isHeading { headingAbove = index }
    let place = Float(index - bestBlocks.lowerBound) / Float(max(bestBlocks.count, 1))
    add(min(max(place, 0), 1))
    add(index >= bestBlocks.upperBound)
    add(index < bestBlocks.lowerBound)
    if let run = runs.run(around: Int(block.element)) {
      add(logarithm(run.count))
      add(logarithm(run.length / run.count))
      add(run.linkLength / max(run.length, 1))
      add(run.longBlocks / max(run.blocks, 1))
      add(run.length / max(sums.page.length, 1))
    } else {
      values.append(contentsOf: repeatElement(0, count: 5))
    }
  }

  private func pageColumns() -> [Float] {
    let total = sums.page
    return [
      logarithm(Float(outline.blocks.count)), logarithm(total.length), total.linkShare,
      total.paragraphShare, total.longShare, page.hasArticleData ? 1 : 0,
      page.hasProductData ? 1 : 0, page.hasForumData ? 1 : 0, page.hasListData ? 1 : 0,
      forumNames > 5 ? 1 : 0, sums[sums.best].length / max(total.length, 1),
      min(Float(page.pathDepth), 8) / 8, page.hasDateInPath ? 1 : 0, page.hasForumPath ? 1 : 0,
      page.hasDocumentationPath ? 1 : 0, page.hasShopPath ? 1 : 0, page.hasListPath ? 1 : 0,
    ]
  }

  private mutating func add(_ value: Float) { values.append(value) }

  private mutating func add(_ value: Bool) { values.append(value ? 1 : 0) }

  /// ln(1 + x), scaled so that texts of some hundred characters are near 1.
  private func logarithm(_ value: Float) -> Float { Logarithm.of(1 + max(value, 0)) / 6 }
}

/// A natural logarithm good to 1e-3, without the C library: features need no more.
enum Logarithm {
  static func of(_ value: Float) -> Float {
    guard value > 0 else { return 0 }
    let mantissa = value.significand
    let t = (mantissa - 1) / (mantissa + 1)
    let square = t * t
    return 2 * t * (1 + square * (1 / 3 + square * (0.2 + square / 7)))
      + Float(value.exponent) * 0.693_147_18
  }
}

extension PageOutline {
  /// Whether a block is a heading that says what the page's title says.
  func isTitle(_ block: Block, ofWords count: Int) -> Bool {
    guard count > 0, block.words >= 2, elements[container(of: block)].tag.isHeading else {
      return false
    }
    let overlap = Int(block.titleWords)
    return overlap * 10 >= Int(block.words) * 7 && block.words >= min(3, count)
      && overlap * 10 >= count * 4
  }
}
