/// Cuts a long page into parts of about equal size that a model can read one by one: before a
/// heading where one is near, else between paragraphs, else between sentences. Together the parts
/// hold every letter of the page.
enum PageParts {
  /// How well a place suits a cut.
  private enum Quality: Int {
    case sentence, paragraph, heading
  }

  /// - Parameters:
  ///   - tokens: the most of a part, by estimate.
  ///   - headings: of the page, as they stand in its text on lines of their own.
  static func cut(
    _ bytes: [UInt8], in range: Range<Int>? = nil, tokens: Int, headings: [String],
    language: String?
  ) -> [Range<Int>] {
    let range = range ?? 0..<bytes.count
    // Whole sentences, or pieces of those that are too long; a small grain makes equal parts.
    let grains = Passages.cut(bytes, in: range, tokens: 1, most: tokens, language: language)
    let titles = Set(headings.map { Array($0.utf8) })
    // With the blanks behind it: a part of many short sentences has many.
    let costs = grains.indices.map { index in
      let end = index + 1 < grains.count ? grains[index + 1].lowerBound : grains[index].upperBound
      return Passages.cost(bytes[grains[index].lowerBound..<end])
    }
    let limit = max(8, tokens) * 20
    let total = costs.reduce(0, +)
    let count = max(1, (total + limit - 1) / limit)
    // Room for parts that end early, at a heading.
    let target = min(limit, total / count + total / count / 10 + 1)
    var parts: [Range<Int>] = []
    var start = 0
    var cost = 0
    var best: (index: Int, quality: Quality)?
    for index in grains.indices {
      if index > start {
        let quality = quality(before: grains[index], after: grains[index - 1], titles, bytes)
        // Early cuts would make many small parts.
        if cost * 2 > target, quality.rawValue >= best?.quality.rawValue ?? 0 {
          best = (index, quality)
        }
        if cost + costs[index] > target {
          let end = best?.index ?? index
          parts.append(grains[start].lowerBound..<grains[end - 1].upperBound)
          start = end
          cost = costs[start..<index].reduce(0, +)
          best = nil
        }
      }
      cost += costs[index]
    }
    if let last = grains.last { parts.append(grains[start].lowerBound..<last.upperBound) }
    return parts
  }

  private static func quality(
    before next: Range<Int>, after last: Range<Int>, _ titles: Set<[UInt8]>, _ bytes: [UInt8]
  ) -> Quality {
    guard bytes[last.upperBound..<next.lowerBound].contains(0x0A) else { return .sentence }
    let line = bytes[next.lowerBound...].prefix { $0 != 0x0A }
    let isHeading = titles.contains(Array(line)) || line.first == UInt8(ascii: "#")
    return isHeading ? .heading : .paragraph
  }
}
