internal import Glibc
internal import GossamerMarkup

/// Which blocks of a page are taken.
struct BlockSelection {
  var isChosen: [Bool]
  /// Expected word F1 of the choice.
  var confidence: Double = 1

  /// All blocks.
  init(all count: Int) { isChosen = [Bool](repeating: true, count: count) }

  /// The set with the best expected F1 over words, not a fixed threshold: a page of doubtful cards
  /// is taken as a whole, single doubtful lines beside a sure article are not.
  ///
  /// - Parameter isExpected: whether that is done; else what is more likely content than not.
  init(outline: PageOutline, logits: [Float], shift: Float, isExpected: Bool = true) {
    let count = outline.blocks.count
    isChosen = [Bool](repeating: false, count: count)
    let odds = logits.map { 1 / (1 + exp(-($0 + shift))) }
    let order = (0..<count).sorted { odds[$0] > odds[$1] }
    let expected = zip(outline.blocks, odds).reduce(Float(0)) { $0 + Float($1.0.words) * $1.1 }
    var right: Float = 0
    var taken: Float = 0
    var best: Float = -1
    var bestCount = 0
    for (position, index) in order.enumerated() {
      let words = Float(outline.blocks[index].words)
      right += words * odds[index]
      taken += words
      let score = 2 * right / max(taken + expected, 1e-6)
      if isExpected ? score > best : odds[index] > 0.5 {
        best = score
        bestCount = position + 1
      }
    }
    confidence = Double(max(best, 0))
    for index in order.prefix(bestCount) { isChosen[index] = true }
  }

  /// Characters of the chosen blocks.
  func length(in outline: PageOutline) -> Int {
    zip(outline.blocks, isChosen).reduce(0) { $0 + ($1.1 ? Int($1.0.length) : 0) }
  }

  /// Leaves out what the site repeats on its pages; how many blocks that were.
  mutating func dropRepeated(of memory: SiteMemory, host: String, in outline: PageOutline) -> Int {
    var indices: [UInt64: Int] = [:]
    for (index, block) in outline.blocks.enumerated()
    where isChosen[index] && block.length >= SiteMemory.leastLength {
      indices[block.hash] = index
    }
    let repeated = memory.repeated(Array(indices.keys), on: host) { hash in
      indices[hash].map { String(outline.string(outline.blocks[$0]).prefix(500)) } ?? ""
    }
    guard !repeated.isEmpty else { return 0 }
    let dropped = outline.blocks.indices.filter {
      isChosen[$0] && outline.blocks[$0].length >= SiteMemory.leastLength
        && repeated.contains(outline.blocks[$0].hash)
    }
    let length = dropped.reduce(0) { $0 + Int(outline.blocks[$1].length) }
    // A page that is mostly repeated is a copy of another, or made of others.
    guard length * 2 < self.length(in: outline) else { return 0 }
    for index in dropped { isChosen[index] = false }
    return dropped.count
  }

  /// Makes the choice fit the page's structure.
  mutating func repair(in outline: PageOutline, of page: PageTraits, by rules: ExtractionRules) {
    let groups = outline.blocks.map { outline.group(of: $0) }
    if rules.contains(.comments), !page.isForum { dropComments(in: outline) }
    if rules.contains(.rows) { completeRows(groups, in: outline) }
    if rules.contains(.tables) { fillTables(groups, in: outline) }
    if rules.contains(.contents) { dropContents(in: outline) }
    if rules.contains(.repeats) { dropRepeats(in: outline) }
    if rules.contains(.title) { dropTitle(in: outline) }
    if rules.contains(.headings) {
      dropLonelyHeadings(in: outline, butLinks: !page.hasArticleData)
    }
  }

  /// Lists, tables, quotes and code are kept or dropped as a whole, by the majority of their words.
  private mutating func completeRows(_ groups: [Int?], in outline: PageOutline) {
    var chosen: [Int: Int] = [:]
    var total: [Int: Int] = [:]
    let all = outline.blocks.reduce(0) { $0 + Int($1.words) }
    for (index, group) in groups.enumerated() {
      guard let group else { continue }
      let words = Int(outline.blocks[index].words)
      total[group, default: 0] += words
      if isChosen[index] { chosen[group, default: 0] += words }
    }
    for (index, group) in groups.enumerated() {
      guard let group, let words = total[group], words * 10 < all * 7,
        outline.elements[group].tag != .blockquote || words < Self.longQuote
      else { continue }
      isChosen[index] = chosen[group, default: 0] * 2 > words
    }
  }

  /// Words from which on a quote is a page's frame rather than a quote.
  private static let longQuote = 200

  /// Tables and code with chosen blocks closely before and after belong to what they interrupt.
  private mutating func fillTables(_ groups: [Int?], in outline: PageOutline) {
    var start = 0
    while start < groups.count {
      var end = start + 1
      while end < groups.count, groups[end] == groups[start] { end += 1 }
      defer { start = end }
      guard let group = groups[start], start > 0, end < groups.count else { continue }
      let tag = outline.elements[group].tag
      guard tag == .table || tag == .pre,
        isChosen[max(0, start - 3)..<start].contains(true),
        isChosen[end..<min(groups.count, end + 3)].contains(true)
      else { continue }
      for index in start..<end { isChosen[index] = true }
    }
  }

  /// Comments are not the content of a page that has any of its own.
  private mutating func dropComments(in outline: PageOutline) {
    let isComment = outline.isComment
    var own = 0
    var comments: [Int] = []
    for (index, block) in outline.blocks.enumerated() where isChosen[index] {
      if isComment[Int(block.element)] { comments.append(index) } else { own += Int(block.length) }
    }
    guard own >= Self.leastContent, !comments.isEmpty else { return }
    for index in comments { isChosen[index] = false }
  }

  /// Characters that make a page's own content beside comments.
  private static let leastContent = 300

  /// Tables of contents, lists of links to places in the page, say nothing that the page does not.
  private mutating func dropContents(in outline: PageOutline) {
    var start = 0
    while start < outline.blocks.count {
      guard outline.isInnerLink(outline.blocks[start]) else {
        start += 1
        continue
      }
      var end = start + 1
      while end < outline.blocks.count, outline.isInnerLink(outline.blocks[end]) { end += 1 }
      if end - start >= 3 {
        for index in start..<end { isChosen[index] = false }
      }
      start = end
    }
  }

  /// Of long equal blocks only the first is taken.
  private mutating func dropRepeats(in outline: PageOutline) {
    var seen: Set<UInt64> = []
    for (index, block) in outline.blocks.enumerated() where isChosen[index] && block.length >= 60 {
      if !seen.insert(block.hash).inserted { isChosen[index] = false }
    }
  }

  /// The heading that repeats the title is metadata.
  private mutating func dropTitle(in outline: PageOutline) {
    guard isChosen.lazy.filter({ $0 }).count > 1 else { return }
    for (index, block) in outline.blocks.enumerated()
    where outline.isTitle(block, ofWords: outline.titleWordCount) {
      isChosen[index] = false
      return
    }
  }

  /// A heading stays only if something follows it before the next heading of its rank.
  ///
  /// Items of lists that are written as headings stay.
  ///
  /// - Parameter butLinks: links stay: lists of cards have nothing else.
  private mutating func dropLonelyHeadings(in outline: PageOutline, butLinks: Bool) {
    // The least level of a heading that what comes after would still belong to.
    var upcoming = 0
    for index in outline.blocks.indices.reversed() where isChosen[index] {
      let tag = outline.elements[outline.container(of: outline.blocks[index])].tag
      guard let level = tag.headingLevel else {
        upcoming = 7
        continue
      }
      let block = outline.blocks[index]
      let isLink = block.linkLength * 2 > block.length
      let isCard = isLink ? butLinks : outline.isInItem(block)
      if upcoming <= level, !isCard { isChosen[index] = false } else { upcoming = level }
    }
  }
}

extension PageOutline {
  /// Whether all of a block is a link to a place in the page.
  fileprivate func isInnerLink(_ block: Block) -> Bool {
    elements[Int(block.element)].traits.contains(.innerLink)
      && block.linkLength * 10 >= block.length * 8
  }

  /// Whether a block is nothing but the next element around it, an item of a list.
  fileprivate func isInItem(_ block: Block) -> Bool {
    let parent = Int(elements[container(of: block)].parent)
    return parent >= 0 && elements[parent].tag == .li
  }

  /// The innermost list, table, quote or code a block is in, as an index of `elements`.
  fileprivate func group(of block: Block) -> Int? {
    var element = Int(block.element)
    for _ in 0..<8 where element >= 0 {
      switch elements[element].tag {
      case .ul, .ol, .dl, .table, .pre, .blockquote: return element
      case .article, .section, .main, .body: return nil
      default: element = Int(elements[element].parent)
      }
    }
    return nil
  }
}
