import GossamerLLM

/// What is made of a model's answer before it is kept: taken out of its wrappings, cut to size, and
/// checked against the page.
struct AnswerPolish {
  let prompt: SummaryPrompt
  let page: PageText
  let mark: String
  let languageOf: @Sendable (String) -> String?

  /// - Throws: `empty`, `refusal`, `bad_json`, `wrong_shape`, `suspect` for what is no summary.
  func summary(from answer: ModelAnswer) throws(ModelError) -> Summary {
    var summary = Summary(text: "", provider: "")
    var text = try Self.unwrapped(answer.text)
    let source = page.title + "\n" + page.text
    let suspicion = Suspicion(of: page)
    if let reason = suspicion.reason(in: text, mark: mark, prompt: prompt) {
      let start = text.replacing(mark, with: "…").prefix(200)
      throw ModelError(.suspect, "a suspicious answer, not kept: \(reason): \(start)")
    }
    text = Self.oneParagraph(PromptText.neutralized(text))
    if text.hasPrefix("Summary: ") { text.removeFirst("Summary: ".count) }
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
      throw ModelError(.empty, "an answer without words")
    }
    if AnswerCheck.declines(text) { throw ModelError(.refusal, text) }
    if answer.finish == .length {
      summary.flags.append("answer-cut")
      text = Self.closed(text, language: page.language)
    }
    let short = Self.shortened(text, words: prompt.limits.words * 2, language: page.language)
    if short != text {
      summary.flags.append("shortened")
      text = short
    }
    let bare = AnswerCheck.withoutNewAddresses(text, source: source)
    if bare != text {
      summary.flags.append("new-url")
      text = bare
      guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
        throw ModelError(.wrongShape, "an answer of nothing but addresses")
      }
    }
    summary.flags += AnswerCheck.numbers(in: text, source: source)
    if AnswerCheck.repeatsItself(text) { summary.flags.append("repetitive") }
    if let language = AnswerCheck.otherLanguage(
      than: prompt.language ?? page.language, languageOf(text))
    {
      summary.flags.append("other-language \(language)")
    }
    if suspicion.isInstructed { summary.flags.append("injection-suspect") }
    summary.text = text
    return summary
  }

  /// The summary in an answer that is JSON, or the answer as it is.
  private static func unwrapped(_ answer: String) throws(ModelError) -> String {
    let text = unfenced(answer)
    guard text.first == "{" || text.first == "[" && text.last == "]" else { return text }
    return try StructuredAnswer.text("summary", in: text)
  }

  /// An answer without the fence that models put around code.
  static func unfenced(_ answer: String) -> String {
    var text = answer[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    if text.hasPrefix("```") {
      text = text.drop { $0 != "\n" }.dropFirst()
      if let fence = text.lastIndex(of: "`") { text = text[..<fence] }
      while let last = text.last, last == "`" || last.isWhitespace { text.removeLast() }
    }
    return String(text)
  }

  private static func oneParagraph(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Without a last sentence that is not finished, if there is one before it.
  private static func closed(_ text: String, language: String?) -> String {
    let bytes = Array(text.utf8)
    let sentences = SentenceSegmenter.sentences(in: bytes, language: language)
    guard let last = sentences.last(where: \.isClosed) else { return text }
    return String(decoding: bytes[..<last.range.upperBound], as: UTF8.self)
  }

  /// The first sentences that have no more than so many words; at least one.
  private static func shortened(_ text: String, words: Int, language: String?) -> String {
    let cursor = UTF8Cursor(bytes: Array(text.utf8))
    let sentences = SentenceSegmenter.sentences(in: cursor.bytes, language: language)
    var sum = 0
    var end = 0
    for sentence in sentences {
      sum += Terms.counted(cursor, in: sentence.range).words
      if sum > words, end > 0 { break }
      end = sentence.range.upperBound
    }
    return end == 0 || sum <= words
      ? text : String(decoding: cursor.bytes[..<end], as: UTF8.self)
  }
}
