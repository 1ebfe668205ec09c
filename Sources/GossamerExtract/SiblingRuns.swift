internal import GossamerMarkup

/// Elements side by side with the same tag and classes that hold several blocks each: the cards of a
/// list, the posts of a thread, the comments below an article.
struct SiblingRuns {
  /// One run of such elements, with the sums of all it holds.
  struct Run {
    var count: Float = 0
    var length: Float = 0
    var linkLength: Float = 0
    var blocks: Float = 0
    var longBlocks: Float = 0

    /// Three or more, of more than one block each.
    var isRepeating: Bool { count >= 3 && blocks >= 1.5 * count }
  }

  private var runs: [Run] = []
  /// The innermost repeating run each element is in, -1 for none.
  private var nearest: [Int32]

  init(of outline: PageOutline, sums: SubtreeSums) {
    nearest = [Int32](repeating: -1, count: outline.elements.count)
    var known: [UInt64: Int32] = [:]
    for (index, element) in outline.elements.enumerated()
    where element.traits.contains(.block) && element.parent >= 0 && sums[index].blocks > 0 {
      let key = element.shape ^ UInt64(UInt32(element.parent)) &* 0x9E37_79B9_7F4A_7C15
      let run = known[key] ?? Int32(runs.count)
      if run == runs.count {
        known[key] = run
        runs.append(Run())
      }
      nearest[index] = run
      runs[Int(run)].count += 1
      runs[Int(run)].length += sums[index].length
      runs[Int(run)].linkLength += sums[index].linkLength
      runs[Int(run)].blocks += sums[index].blocks
      runs[Int(run)].longBlocks += sums[index].longBlocks
    }
    for (index, element) in outline.elements.enumerated() {
      let own = nearest[index]
      guard own < 0 || !runs[Int(own)].isRepeating else { continue }
      nearest[index] = element.parent < 0 ? -1 : nearest[Int(element.parent)]
    }
  }

  /// The innermost run of repeated elements that an element is in.
  func run(around element: Int) -> Run? {
    nearest[element] < 0 ? nil : runs[Int(nearest[element])]
  }
}
