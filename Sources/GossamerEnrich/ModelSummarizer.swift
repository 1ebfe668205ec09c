public import GossamerLLM

/// Summaries written by a model, from the page's text alone.
///
/// The prompt begins with the same bytes every time; see `SummaryPrompt` for how page text stands
/// in it. The call has no tools, and nothing in an answer is executed, fetched or used as an
/// address. What an answer says is checked against the page and flagged, and each of its sentences
/// gets the sentences of the page that support it; one that seems to obey the page is not kept. A page that is too long for one call is summarized part by part, see
/// `summarizeParts`. The model's limits and retries are the client's.
public struct ModelSummarizer: Summarizer {
  /// The model behind its limits.
  public let client: ModelClient
  /// What is asked of it.
  public let prompt: SummaryPrompt
  /// The most tokens of page text in a call.
  public let pageTokens: Int
  /// The most parts of one page; what is beyond them is left out, and the summary says so.
  public static let mostParts = 64
  /// "openai/MODEL/summary-2/3s-100w/3000t".
  public var identity: String {
    "\(client.model.provider)/\(client.model.name)/\(prompt.identity)/\(pageTokens)t"
  }

  /// The language of a text as a tag, or nil when in doubt.
  let languageOf: @Sendable (String) -> String?
  private let makeMark: @Sendable (String) -> String

  /// A summarizer in front of a model.
  ///
  /// - Parameters:
  ///   - languageOf: tells the language of an answer, which is then compared with the one asked for;
  ///     the default never knows.
  ///   - secret: makes equal calls equal bytes, as a `BatchModel` needs them: marks are made of it
  ///     and the text, where else chance makes them.
  public init(
    client: ModelClient, prompt: SummaryPrompt = SummaryPrompt(), pageTokens: Int = 3_000,
    languageOf: @escaping @Sendable (String) -> String? = { _ in nil }, secret: String? = nil
  ) {
    self.init(
      client: client, prompt: prompt, pageTokens: pageTokens, languageOf: languageOf,
      makeMark: PageMark.maker(secret: secret))
  }

  init(
    client: ModelClient, prompt: SummaryPrompt, pageTokens: Int,
    languageOf: @escaping @Sendable (String) -> String? = { _ in nil },
    makeMark: @escaping @Sendable (String) -> String
  ) {
    self.client = client
    self.prompt = prompt
    self.pageTokens = max(64, pageTokens)
    self.languageOf = languageOf
    self.makeMark = makeMark
  }

  /// The summary of a page.
  ///
  /// - Throws: what the client throws; `empty` for a page or an answer without words, `refusal`,
  ///   `bad_json` and `wrong_shape` where a model answers in JSON that is broken or says no summary;
  ///   `suspect` for an answer that seems to do what the page says.
  public func summarize(_ page: PageText) async throws(ModelError) -> Summary {
    var summary = try await uncited(page)
    if let asked = prompt.language, page.language.map({ !Self.isSame($0, asked) }) ?? true {
      // Words of another language support nothing that can be found here.
      return summary
    }
    summary.citations = Citations.found(
      in: summary.text, text: page.text, language: page.language)
    let missing = summary.citations.count { $0.sources.isEmpty }
    if missing > 0 { summary.flags.append("unsupported \(missing)") }
    return summary
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    AnswerCheck.otherLanguage(than: one, other) == nil
  }

  private func uncited(_ page: PageText) async throws(ModelError) -> Summary {
    guard page.text.contains(where: { $0.isLetter || $0.isNumber }) else {
      throw ModelError(.empty, "a page without words")
    }
    let estimate = TokenEstimate.tokens(in: page.text)
    if estimate <= pageTokens {
      do throws(ModelError) { return try await answer(.page, to: page.text, of: page) } catch {
        // The estimate was too low, or the model's context is smaller than told.
        guard error.asksForShorterPrompt, estimate > 128 else { throw error }
        return try await summarizeParts(of: page, tokens: estimate / 2)
      }
    }
    return try await summarizeParts(of: page, tokens: pageTokens)
  }

  /// One call, and what is made of its answer.
  ///
  /// - Parameter text: what the model is given of the page.
  func answer(
    _ task: SummaryPrompt.Task, to text: String, of page: PageText
  ) async throws(ModelError) -> Summary {
    let mark = makeMark(text)
    let request = prompt.request(task, title: page.title, text: text, mark: mark)
    let answer = try await client.answer(request)
    var summary = try AnswerPolish(
      prompt: prompt, page: page, mark: mark, languageOf: languageOf
    ).summary(from: answer)
    summary.provider = client.model.provider
    summary.model = client.model.name
    summary.tokensIn = answer.usage?.input ?? max(0, request.tokenEstimate - request.maxTokens)
    summary.tokensOut = answer.usage?.output ?? TokenEstimate.tokens(in: answer.text)
    summary.attempts = answer.attempts
    return summary
  }
}
