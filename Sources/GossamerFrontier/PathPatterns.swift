/// What is learned of the shapes of a host's paths, to tell an endless site from a large one.
///
/// A trie of path positions: runs of digits are one sign, and a position at which too many different
/// words were seen becomes "any". Each shape counts its pages: one whose pages say the same again and
/// again, or whose pages lead to ever new pages that no other page knows, is closed. Everything is
/// bounded, and nothing of it is kept across runs: a trap that was cut is learned anew.
///
/// Source: practice of Heritrix and BUbiNG for repetition; the second sign is ours: pages of a finite
/// site link to each other, so that most of what a page offers is known before long.
struct PathPatterns {
  /// Why a shape is closed: parts of a refusal.
  struct Closure: Equatable {
    var rule: String
    var pattern: String
    var threshold: String
  }

  /// What pages of one shape were like.
  private struct Yield {
    var pages = 0
    /// Pages whose links were looked at.
    var samples = 0
    /// Pages in a row that said what another of the shape had said; large ones count more than once.
    var repeatsInARow = 0
    /// Links from pages of the shape to pages of the shape: to new ones, and to known ones.
    var newLinks = 0
    var knownLinks = 0
    var seen: Set<UInt64> = []
    var closure: Closure?
  }

  private struct Node {
    var label: String
    var parent: Int
    var children: [String: Int] = [:]
    /// Where words lead that are not among the children, once there were too many.
    var any: Int?
    var plain = Yield()
    /// The same path with a query.
    var asked = Yield()

    var hasChildren: Bool { any != nil || !children.isEmpty }
  }

  /// A shape: a place in the trie, with a query or without.
  struct Shape: Equatable {
    fileprivate var node: Int
    fileprivate var hasQuery: Bool
  }

  private static let mostWords = 50
  private static let mostNodes = 2_000
  private static let mostPositions = 12
  private static let mostSeen = 256
  /// The links of one page in so many are counted.
  private static let sampling = 8

  private let limits: TrapLimits
  /// Whether any shape is closed.
  private(set) var hasClosures = false
  private var nodes = [Node(label: "", parent: 0)]

  init(limits: TrapLimits) { self.limits = limits }

  /// The shape of a path that begins with a slash, query left off; learns it.
  mutating func learn(_ path: Substring, hasQuery: Bool) -> Shape {
    var place = 0
    for segment in path.split(separator: "/").prefix(Self.mostPositions) {
      place = child(of: place, Self.word(segment))
    }
    return Shape(node: place, hasQuery: hasQuery)
  }

  /// Why URLs of this shape are refused; nil while they are welcome. Learns nothing.
  func closure(of path: Substring, hasQuery: Bool) -> Closure? {
    var place = 0
    for segment in path.split(separator: "/").prefix(Self.mostPositions) {
      guard let next = nodes[place].children[Self.word(segment)] ?? nodes[place].any else {
        // Where the trie is full, all that is deeper counts as its last place.
        return nodes.count < Self.mostNodes
          ? nil : self[Shape(node: place, hasQuery: hasQuery)].closure
      }
      place = next
    }
    return self[Shape(node: place, hasQuery: hasQuery)].closure
  }

  /// Counts a page of the shape by the fingerprint of what it says. One that says nothing new counts
  /// once for each MiB it took, since the more it costs the less of it is needed as proof.
  ///
  /// - Returns: whether its links are to be counted; those of a part of the pages are enough.
  mutating func count(pageOf shape: Shape, fingerprint: UInt64, bytes: Int) -> Bool {
    var yield = self[shape]
    yield.pages += 1
    if yield.seen.contains(fingerprint) {
      yield.repeatsInARow += max(1, bytes >> 20)
    } else {
      yield.repeatsInARow = 0
      if yield.seen.count < Self.mostSeen { yield.seen.insert(fingerprint) }
    }
    close(&yield, shape)
    self[shape] = yield
    return yield.pages % Self.sampling == 1
  }

  /// Counts the links of a page of the shape to URLs of the same shape.
  mutating func count(linksOf shape: Shape, new: Int, known: Int) {
    var yield = self[shape]
    yield.samples += 1
    yield.newLinks += new
    yield.knownLinks += known
    close(&yield, shape)
    self[shape] = yield
  }

  private mutating func close(_ yield: inout Yield, _ shape: Shape) {
    guard yield.closure == nil, let closure = judge(yield, shape) else { return }
    yield.closure = closure
    hasClosures = true
  }

  private func judge(_ yield: Yield, _ shape: Shape) -> Closure? {
    if yield.repeatsInARow >= limits.repeatsInARow {
      return Closure(
        rule: "repeated content", pattern: text(of: shape), threshold: "\(limits.repeatsInARow)")
    }
    let isGrowing = yield.newLinks >= yield.samples && yield.knownLinks * 50 < yield.newLinks
    guard isGrowing, yield.samples > 0, yield.pages >= limits.pagesOfGrowingPattern else {
      return nil
    }
    return Closure(
      rule: "endless pattern", pattern: text(of: shape),
      threshold: "\(limits.pagesOfGrowingPattern)")
  }

  private subscript(shape: Shape) -> Yield {
    get { shape.hasQuery ? nodes[shape.node].asked : nodes[shape.node].plain }
    set {
      if shape.hasQuery {
        nodes[shape.node].asked = newValue
      } else {
        nodes[shape.node].plain = newValue
      }
    }
  }

  /// As in "/cal/#/#?".
  private func text(of shape: Shape) -> String {
    var labels: [String] = []
    var place = shape.node
    while place != 0 {
      labels.append(nodes[place].label)
      place = nodes[place].parent
    }
    return "/" + labels.reversed().joined(separator: "/") + (shape.hasQuery ? "?" : "")
  }

  // MARK: Words and positions

  /// A segment with each run of digits as one sign. Long ones are no words.
  private static func word(_ segment: Substring) -> String {
    guard segment.utf8.count <= 64 else { return "*" }
    var word: [UInt8] = []
    for byte in segment.utf8 {
      let isDigit = byte &- 0x30 < 10
      if isDigit, word.last == UInt8(ascii: "#") { continue }
      word.append(isDigit ? UInt8(ascii: "#") : byte)
    }
    return String(decoding: word, as: UTF8.self)
  }

  private mutating func child(of parent: Int, _ word: String) -> Int {
    if let known = nodes[parent].children[word] { return known }
    if let any = nodes[parent].any { return any }
    guard nodes.count < Self.mostNodes else { return parent }
    if nodes[parent].children.count >= Self.mostWords { return merge(parent) }
    let new = add(word, to: parent)
    nodes[parent].children[word] = new
    return new
  }

  private mutating func add(_ label: String, to parent: Int) -> Int {
    nodes.append(Node(label: label, parent: parent))
    return nodes.count - 1
  }

  /// Makes a position "any": words below which there is nothing become one. Those with more below
  /// them are folders, and stay what they are.
  private mutating func merge(_ parent: Int) -> Int {
    let any = add("*", to: parent)
    nodes[parent].any = any
    for (word, child) in nodes[parent].children where !nodes[child].hasChildren {
      nodes[parent].children[word] = nil
      Self.add(nodes[child].plain, to: &nodes[any].plain)
      Self.add(nodes[child].asked, to: &nodes[any].asked)
    }
    return any
  }

  private static func add(_ part: Yield, to whole: inout Yield) {
    whole.pages += part.pages
    whole.samples += part.samples
    whole.newLinks += part.newLinks
    whole.knownLinks += part.knownLinks
    for fingerprint in part.seen where whole.seen.count < mostSeen {
      whole.seen.insert(fingerprint)
    }
  }
}
