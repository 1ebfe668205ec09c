/// Finds quoted words in a stored text, whatever became of blanks, quotation marks, dashes and
/// letter case on the way through a model.
struct QuoteFinder: Sendable {
  private let text: Folded

  init(_ text: String) { self.text = Folded(text) }

  /// Where the words stand, in bytes of the text; nil where they do not. `…` and `...` in a quote
  /// leave words out. Fewer than 6 letters or digits prove nothing.
  func range(of quote: String) -> Range<Int>? {
    var start: Int?
    var from = 0
    let parts = quote.replacing("...", with: "…").split(separator: "…").map { Folded(String($0)) }
    let letters = quote.reduce(0) { $0 + ($1.isLetter || $1.isNumber ? 1 : 0) }
    guard letters >= 6 else { return nil }
    for part in parts.map(\.trimmed) where !part.isEmpty {
      guard let place = text.firstIndex(of: part, from: from) else { return nil }
      if start == nil { start = text.offsets[place] }
      from = place + part.count
    }
    guard let start, from > 0 else { return nil }
    return start..<text.ends[from - 1]
  }

  /// Whether every number of a sentence stands in the text.
  func hasNumbers(of sentence: String) -> Bool {
    let numbers = Self.numbers(in: sentence)
    return numbers.isSubset(of: numbers.isEmpty ? [] : Self.numbers(in: text.string))
  }

  /// The share of a sentence's longer words that stand in the text, by their beginnings.
  func sharedWords(with sentence: String) -> Double {
    let known = Set(Self.words(in: text.string))
    let words = Self.words(in: Folded(sentence).string)
    guard !words.isEmpty else { return 0 }
    return Double(words.count { known.contains($0) }) / Double(words.count)
  }

  static func isQuoteMark(_ character: Character) -> Bool { "\"'“”„‟«»‘’‚".contains(character) }

  private static func words(in text: String) -> [String] {
    text.split { !$0.isLetter }.filter { $0.count >= 4 }.map { String($0.prefix(5)) }
  }

  /// Numbers without their separators of thousands.
  private static func numbers(in text: String) -> Set<String> {
    var numbers: Set<String> = []
    for token in text.split(whereSeparator: { !($0.isASCII && $0.isNumber) && !".,".contains($0) })
    {
      let groups = token.split { $0 == "." || $0 == "," }
      guard let first = groups.first else { continue }
      let isGrouped = groups.count > 1 && groups.dropFirst().allSatisfy { $0.count == 3 }
      numbers.insert(isGrouped ? groups.joined() : String(first))
      if !isGrouped { for group in groups.dropFirst() { numbers.insert(String(group)) } }
    }
    return numbers
  }

  /// A text as it is compared, with the place of each scalar in the text it was.
  private struct Folded: Sendable {
    var scalars: [Unicode.Scalar] = []
    var offsets: [Int] = []
    var ends: [Int] = []

    init(_ text: String) {
      var offset = 0
      for scalar in text.unicodeScalars {
        let length = UTF8.width(scalar)
        defer { offset += length }
        let isBlank = scalar.properties.isWhitespace
        if isBlank, scalars.last == " " { continue }
        for folded in isBlank ? [" "] : Self.folded(scalar) {
          scalars.append(folded)
          offsets.append(offset)
          ends.append(offset + length)
        }
      }
    }

    var string: String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      return String(view)
    }

    /// Without blanks and marks at both ends, which models add.
    var trimmed: ArraySlice<Unicode.Scalar> {
      let isEdge: (Unicode.Scalar) -> Bool = { " '.,;:".unicodeScalars.contains($0) }
      guard let first = scalars.firstIndex(where: { !isEdge($0) }),
        let last = scalars.lastIndex(where: { !isEdge($0) })
      else { return [] }
      return scalars[first...last]
    }

    func firstIndex(of part: ArraySlice<Unicode.Scalar>, from start: Int) -> Int? {
      guard let first = part.first, start + part.count <= scalars.count else { return nil }
      for index in start...scalars.count - part.count where scalars[index] == first {
        if scalars[index..<index + part.count].elementsEqual(part) { return index }
      }
      return nil
    }

    private static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
      switch scalar.value {
      case 0x22, 0x27, 0x60, 0xAB, 0xBB, 0x2018...0x201F: ["'"]
      case 0x2010...0x2015, 0x2212: ["-"]
      case 0x2039: ["<"]
      case 0x203A: [">"]
      case 0x5B: ["("]
      case 0x5D: [")"]
      case 0xAD, 0x200B...0x200F, 0x2060...0x2064, 0xFEFF: []
      default: Array(scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
  }
}
