/// Signs that an answer does what a page says instead of saying what the page says.
///
/// Deterministic and narrow: it catches answers that give the prompt away, that are far too short
/// for the page, or that repeat what only an instruction in the page holds. No promise that all
/// injections are seen; what follows from one that is not seen is a wrong summary, never an action.
struct Suspicion {
  /// Whether the page speaks to a model and tells it what to do.
  let isInstructed: Bool
  private let page: PageText

  init(of page: PageText) {
    self.page = page
    isInstructed = Self.isInstructing(page.text)
  }

  /// Why an answer is not kept, or nil.
  ///
  /// - Parameter prompt: what the model was told.
  func reason(in answer: String, mark: String, prompt: SummaryPrompt) -> String? {
    if answer.contains(mark) { return "it repeats the mark around the page" }
    let said = Self.words(answer)
    if !Self.runs(of: Self.runLength, in: said).isDisjoint(with: prompt.systemRuns) {
      return "it repeats the prompt"
    }
    // "PWNED-01" is no summary of a page.
    if !said.isEmpty, said.count < 3, page.text.utf8.count >= 400 {
      return "\(said.count) words on a page of \(page.text.utf8.count) bytes"
    }
    return isInstructed ? obedience(of: said) : nil
  }

  /// What an answer has from the page's instructions alone.
  private func obedience(of said: [String]) -> String? {
    var counts: [String: Int] = [:]
    for word in Self.words(page.text) { counts[word, default: 0] += 1 }
    let spoken = Set(said)
    for sentence in Self.sentences(of: page) where Self.isInstructing(sentence) {
      let words = Self.words(sentence)
      // Marks that a page wants said stand nowhere else in it.
      let marks = words.filter { counts[$0] == 1 && Self.isCode($0) && spoken.contains($0) }
      if let mark = marks.first { return "it says \"\(mark)\", as the page demands" }
      if !Self.runs(of: 6, in: said).isDisjoint(with: Self.runs(of: 6, in: words)) {
        return "it repeats an instruction of the page"
      }
    }
    return nil
  }

  /// Whether a text holds one of the signs, at the start of a word where words have spaces.
  static func isInstructing(_ text: String) -> Bool {
    let bytes = Array(text.lowercased().utf8)
    guard bytes.count > 3 else { return false }
    var isInWord = false
    for index in 0..<bytes.count - 3 {
      let byte = bytes[index]
      let isLetter = byte &- 0x61 < 26
      if !(isLetter && isInWord),
        let candidates = signTable[UInt16(byte) << 8 | UInt16(bytes[index + 1])],
        candidates.contains(where: { bytes[index...].starts(with: $0) })
      {
        return true
      }
      isInWord = isLetter
    }
    return false
  }

  /// The signs by their first two bytes.
  private static let signTable = Dictionary(grouping: signs.map { Array($0.utf8) }) {
    UInt16($0[0]) << 8 | UInt16($0[1])
  }

  /// How texts that attack models begin, in the languages in which they were seen most.
  private static let signs = [
    "ignore all", "ignore any", "ignore everything", "ignore previous", "ignore the above",
    "ignore your", "ignore these instructions", "ignore the instructions", "disregard all",
    "disregard previous", "disregard the", "disregard your", "forget everything",
    "forget all", "forget your", "previous instructions", "prior instructions",
    "instructions above", "system prompt", "system message", "new task:", "new instructions",
    "you are now", "you must now", "from now on you", "act as a", "note to the assistant",
    "note to ai", "dear assistant", "attention assistant", "if you are an ai",
    "if you are a language model", "ai assistants must", "ai models must", "as an ai language",
    "reply with", "respond only with", "answer only with", "write only", "append the words",
    "include the phrase", "repeat the words", "[inst]", "<|im_", "im_start", "### instruction",
    "ignoriere alle", "ignoriere die", "vergiss alles", "ignore toutes", "ignorez",
    "oublie toutes", "oubliez", "ignora todas", "ignora las", "olvida todas", "ignora tutte",
    "ignorera alla", "игнорируй", "забудь все", "忽略之前", "忽略以上", "忽略所有", "以前の指示",
    "指示を無視", "이전 지시", "무시하고", "تجاهل",
  ]

  /// A code word rather than one of the language.
  private static func isCode(_ word: String) -> Bool {
    word.count >= 4 && word.contains(where: \.isNumber) && word.contains(where: \.isLetter)
  }

  /// Words in lower case; what hyphens join is one.
  static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-") }.map {
      String($0.drop { $0 == "-" })
    }.filter { !$0.isEmpty }
  }

  private static func sentences(of page: PageText) -> [String] {
    let bytes = Array(page.text.utf8)
    return SentenceSegmenter.sentences(in: bytes, language: page.language).map {
      String(decoding: bytes[$0.range], as: UTF8.self)
    }
  }

  /// Words in a row that are no chance.
  static let runLength = 8

  /// All runs of so many words.
  static func runs(of length: Int, in words: [String]) -> Set<String> {
    guard words.count >= length else { return [] }
    return Set((0...(words.count - length)).map { words[$0..<$0 + length].joined(separator: " ") })
  }
}
