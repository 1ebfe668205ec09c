import GossamerURL

/// What a run was shown: passages, which it may cite by number, and addresses, which it may use as
/// arguments. Filled from results of tools in the order of calls, and from the user's question.
struct SourceShelf: Sendable {
  /// Passages; the first is S1.
  private(set) var passages: [PagePassage] = []
  /// Addresses in the order they came up, as they were given.
  private(set) var addresses: [String] = []
  private var spellings: [String: String] = [:]

  init() {}

  /// A shelf with the addresses that a user names.
  init(question: String) {
    for word in question.split(whereSeparator: { $0.isWhitespace || "<>\"'()[]".contains($0) }) {
      var word = word
      while let last = word.last, ".,;:!?".contains(last) { word.removeLast() }
      guard word.hasPrefix("http://") || word.hasPrefix("https://") else { continue }
      add(address: String(word))
    }
  }

  /// The number of a passage, from 1; the same passage keeps its number.
  mutating func number(of passage: PagePassage) -> Int {
    add(address: passage.url)
    let index = passages.firstIndex { old in
      old.url == passage.url && old.range == passage.range && old.digest == passage.digest
    }
    if let index {
      // The longer excerpt of the two is the better evidence.
      if passages[index].text.utf8.count < passage.text.utf8.count { passages[index] = passage }
      return index + 1
    }
    passages.append(passage)
    return passages.count
  }

  mutating func add(address: String) {
    let key = Self.key(address)
    guard spellings[key] == nil else { return }
    spellings[key] = address
    addresses.append(address)
  }

  /// The address as it was shown, whichever way it is spelled; nil for one that was not.
  func known(_ address: String) -> String? { spellings[Self.key(address)] }

  /// The passage of a number.
  func passage(_ number: Int) -> PagePassage? {
    passages.indices.contains(number - 1) ? passages[number - 1] : nil
  }

  private static func key(_ address: String) -> String {
    guard let url = WebURL(address) else { return address }
    return url.origin + url.pathname + url.search
  }
}
