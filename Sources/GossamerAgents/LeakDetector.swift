/// Finds stretches of the instructions in what a model says, and takes them out.
///
/// Compares letters and digits alone, so blanks, letter case and punctuation do not hide a leak. Does
/// not see translations and encodings.
struct LeakDetector: Sendable {
  /// Letters in a row that are no chance.
  static let window = 36
  /// What is put in the place of a leak.
  static let replacement = "[left out: instructions]"

  private let windows: Set<String>

  init(instructions: String) {
    let letters = Self.letters(instructions).map(\.character)
    var windows: Set<String> = []
    if letters.count >= Self.window {
      for start in 0...letters.count - Self.window {
        windows.insert(String(letters[start..<start + Self.window]))
      }
    }
    self.windows = windows
  }

  /// Whether a text has a stretch of the instructions.
  func finds(in text: String) -> Bool { !leaks(in: text).isEmpty }

  /// The text without the sentences that have stretches of the instructions.
  func redacted(_ text: String) -> String {
    var result = text
    for range in leaks(in: text).reversed() {
      result.replaceSubrange(range, with: Self.replacement)
    }
    return result
  }

  private func leaks(in text: String) -> [Range<String.Index>] {
    let letters = Self.letters(text)
    guard letters.count >= Self.window else { return [] }
    var ranges: [Range<String.Index>] = []
    for start in 0...letters.count - Self.window {
      let end = start + Self.window
      guard windows.contains(String(letters[start..<end].map(\.character))) else { continue }
      let range = letters[start].index..<text.index(after: letters[end - 1].index)
      if let last = ranges.last, last.upperBound >= range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
    return ranges
  }

  private static func letters(_ text: String) -> [(character: Character, index: String.Index)] {
    text.indices.compactMap { index in
      let character = text[index]
      guard character.isLetter || character.isNumber else { return nil }
      return (Character(character.lowercased().prefix(1).description), index)
    }
  }
}
