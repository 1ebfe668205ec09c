/// The bones of a page: its tags that lead elsewhere or speak to robots, in order, without the text
/// and the other tags between them.
///
/// Where only links are wanted, parsing the bones finds the same links as parsing the page at a
/// fraction of the cost. Attributes, character references and odd nesting stay the parser's business:
/// tags are copied as they stand, as `MarkupTokenizer` finds them in the page and would again here.
public enum LinkSkeleton {
  /// The skeleton of a page in clean UTF-8.
  public static func reduce(_ page: [UInt8]) -> [UInt8] {
    page.withUnsafeBufferPointer { bytes in
      var reducer = SkeletonReducer(bytes: bytes)
      reducer.run()
      return reducer.skeleton
    }
  }
}

private struct SkeletonReducer {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var skeleton: [UInt8] = []
  private let letters = Self.firstLetters

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    skeleton.reserveCapacity(bytes.count / 4 + 64)
  }

  mutating func run() {
    guard let base = bytes.baseAddress else { return }
    var tokenizer = MarkupTokenizer(base, count: bytes.count)
    while let token = tokenizer.next() {
      switch token.kind {
      case .startTag: if isKept(token.name) || isTitle(token) { copy(token) }
      case .endTag: if isKept(token.name) || isTitle(token) { copy(token) }
      case .escapableText: if isTitle(token) { copy(token) }
      default: break
      }
    }
  }

  /// Elements whose tags are kept.
  private static let kept: [StaticString] = [
    "a", "area", "base", "link", "meta", "iframe", "frame", "noscript", "html", "head", "body",
  ]

  /// Whether an element may be one of ours, by the first letter: most tags need no further look.
  private static let firstLetters: [Bool] = {
    var letters = [Bool](repeating: false, count: 256)
    for name in kept {
      letters[Int(name.utf8Start[0])] = true
      letters[Int(name.utf8Start[0] & ~0x20)] = true
    }
    return letters
  }()

  private func isKept(_ name: Range<Int>) -> Bool {
    guard name.count <= 8, letters[Int(bytes[name.lowerBound])] else { return false }
    return Self.kept.contains { isName(name, $0) }
  }

  private func isTitle(_ token: MarkupTokenizer.Token) -> Bool {
    token.name.count == 5 && !token.isForeign && isName(token.name, "title")
  }

  private mutating func copy(_ token: MarkupTokenizer.Token) {
    skeleton.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[token.range]))
    // Among the bones it is no longer SVG, and its text would be raw.
    if token.isForeign, token.kind == .startTag, isName(token.name, "iframe") {
      skeleton += Array("</iframe>".utf8)
    }
  }

  private func isName(_ range: Range<Int>, _ name: StaticString) -> Bool {
    UnsafeBufferPointer(rebasing: bytes[range]).equalsIgnoringCase(name)
  }
}
