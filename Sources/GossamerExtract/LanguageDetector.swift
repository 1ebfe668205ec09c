/// Tells the language of a text: by its script where only one language uses it, else by how often
/// the language has the text's letter triples.
///
/// Knows 90 languages, needs no model. Reads 4,500 bytes at most, from the beginning, the middle and
/// the end of a text. Single sentences of close relatives (Bosnian and Croatian, Malay and
/// Indonesian) it takes for each other; `confidence` says so.
public enum LanguageDetector {
  /// The most likely language of a text.
  public struct Guess: Sendable, Hashable {
    /// A BCP 47 primary language such as `de`; Norwegian is `nb` or `nn`, Chinese `zh`.
    public let language: String
    /// How likely it is that the text is in this language and in no other known one, 0 to 1.
    public let confidence: Double
  }

  /// The language of a text; nil if it has too few letters, or those of no known language.
  public static func detect(_ text: String) -> Guess? {
    var text = text
    return text.withUTF8 { detect($0) }
  }

  /// A BCP 47 language such as `de`, or nil where in doubt.
  public static func guess(_ text: String) -> String? {
    detect(text).flatMap { $0.confidence >= doubtful ? $0.language : nil }
  }

  /// Guesses below this are as often wrong as right.
  static let doubtful = 0.5

  static func detect(_ text: UnsafeBufferPointer<UInt8>) -> Guess? {
    var letters = LetterCensus()
    for range in samples(of: text) {
      letters.read(UnsafeBufferPointer(rebasing: text[range]))
    }
    return letters.guess
  }

  /// What of a text is read: whole characters, a third from each of three places.
  private static func samples(of text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    guard text.count > 4_500 else { return [0..<text.count] }
    return [0, text.count / 2, text.count - 1_500].map { start in
      var start = start
      while start < text.count, !text[start].beginsCharacter { start += 1 }
      return start..<min(start + 1_500, text.count)
    }
  }
}

/// The letters of a text by script, and what its triples speak for.
private struct LetterCensus {
  private var counts = [Int](repeating: 0, count: LetterScript.count)
  /// Vowel points as Yiddish has them in every second word, and Hebrew in none.
  private var points = 0
  private var grams = LetterScript.families.map { GramScore(table: $0) }

  /// Reads a text letter by letter.
  mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
    var first: UInt16 = 0
    var second = LetterScript.edge
    var script = LetterScript.none
    var index = 0
    while index < text.count {
      let (letter, length) = text.letter(at: index)
      index += length
      let current = LetterScript.of(letter)
      if current == .none || current != script {
        // Marks inside words belong to them, all else ends them.
        if current == .none, LetterScript.isInsideWord(letter) {
          if LetterScript.isYiddishPoint(letter) { points += 1 }
          continue
        }
        if second != LetterScript.edge { add(first, second, LetterScript.edge, script) }
        (first, second, script) = (0, LetterScript.edge, current)
        guard current != .none else { continue }
      }
      counts[Int(current.rawValue)] += 1
      let lower = LetterScript.lowerCase(letter)
      if first != 0 || second == LetterScript.edge { add(first, second, lower, script) }
      (first, second) = (second, lower)
    }
    if second != LetterScript.edge { add(first, second, LetterScript.edge, script) }
    for index in grams.indices { grams[index].flush() }
  }

  private mutating func add(_ a: UInt16, _ b: UInt16, _ c: UInt16, _ script: LetterScript) {
    guard a != 0, Int(script.rawValue) < grams.count else { return }
    grams[Int(script.rawValue)].add(a, b, c)
  }

  var guess: LanguageDetector.Guess? {
    let total = counts.reduce(0, +)
    let han = counts[Int(LetterScript.han.rawValue)]
    let kana = counts[Int(LetterScript.kana.rawValue)]
    // A sign of Chinese says as much as two letters and more of others.
    let weights = counts.enumerated().map {
      $0.element * ($0.offset >= LetterScript.firstDense ? 3 : 1)
    }
    guard total >= 5, let best = weights.indices.max(by: { weights[$0] < weights[$1] }),
      let script = LetterScript(rawValue: UInt8(best))
    else { return nil }
    let share = Double(weights[best]) / Double(max(weights.reduce(0, +), 1))
    // Japanese mixes its own letters into Chinese characters.
    if script == .han || script == .kana {
      let language = kana * 20 > han && kana > 2 ? "ja" : "zh"
      return LanguageDetector.Guess(language: language, confidence: min(0.99, share + 0.3))
    }
    if best < grams.count {
      guard let found = grams[best].best else { return nil }
      return LanguageDetector.Guess(
        language: found.language, confidence: found.confidence * min(1, share * 1.5))
    }
    if script == .hebrew,
      (points + counts[Int(LetterScript.yiddish.rawValue)]) * 30 > counts[best]
    {
      return LanguageDetector.Guess(language: "yi", confidence: 0.9)
    }
    return script.language.map {
      LanguageDetector.Guess(language: $0, confidence: min(0.99, share + 0.2))
    }
  }
}
