import GossamerBytes
import GossamerCorpus
public import GossamerLLM

/// What a schema asks for, taken from texts by a model, as lines of results.
///
/// An answer is held against the schema; one that does not fit is given back once, with what is
/// wrong with it, and is a `wrong_shape` when it does not fit then either. A long text is read in
/// parts: a line each, with its place. Text stands in the prompt as in summaries.
public struct SchemaExtractor: Enricher {
  /// Changes whenever the built-in text does.
  public static let version = "extract-1"

  private let client: ModelClient
  private let schema: JSONSchema
  private let instructions: String
  private let passageTokens: Int
  private let answerTokens: Int
  private let makeMark: @Sendable (String) -> String

  /// An extractor.
  ///
  /// - Parameters:
  ///   - instructions: in place of the built-in ones.
  ///   - pageTokens: the most tokens of text in a call.
  ///   - answerTokens: the most tokens of an answer.
  ///   - secret: makes equal calls equal bytes, as a `BatchModel` needs them.
  public init(
    client: ModelClient, schema: JSONSchema, instructions: String? = nil,
    pageTokens: Int = 3_000, answerTokens: Int = 1_024, secret: String? = nil
  ) {
    self.client = client
    self.schema = schema
    self.instructions =
      instructions ?? """
        Answer with one JSON object that follows the schema below, and with nothing else. Take \
        every value from the text; where the text does not say it, use null or an empty list if \
        the schema allows it.
        """
    passageTokens = max(64, pageTokens)
    self.answerTokens = max(16, answerTokens)
    makeMark = PageMark.maker(secret: secret)
  }

  /// "openai/MODEL/extract-1/DIGEST/3000t": the digest is of schema and instructions.
  public var method: String {
    let digest = Digest.sha256(of: schema.text + "\n" + instructions).hex.prefix(12)
    return
      "\(client.model.provider)/\(client.model.name)/\(Self.version)/\(digest)/\(passageTokens)t"
  }

  /// A line for each part of a text.
  public func enrich(_ record: TextRecord) async throws(ModelError) -> Enrichment {
    let bytes = Array(record.page.text.utf8)
    let parts = PageParts.cut(
      bytes, tokens: passageTokens, headings: record.page.headings,
      language: record.page.language)
    guard !parts.isEmpty else { throw ModelError(.empty, "a text without words") }
    var result = Enrichment(lines: [], tokens: 0)
    for (index, range) in parts.enumerated() {
      let text = String(decoding: bytes[range], as: UTF8.self)
      let (value, flags, usage) = try await extracted(from: text, record.page)
      var line = JSONLine()
      line.add("url", record.page.url)
      line.add("digest", record.digest)
      line.add("provider", client.model.provider)
      line.add("model", client.model.name)
      line.add("method", method)
      if parts.count > 1 {
        line.add("part", index)
        line.add("parts", parts.count)
        line.add("start", range.lowerBound)
        line.add("end", range.upperBound)
      }
      line.add("data", json: value.text)
      line.add("flags", flags)
      line.add("tokens_in", usage.input)
      line.add("tokens_out", usage.output)
      result.lines += line.finished()
      result.tokens += usage.total
    }
    return result
  }

  private func extracted(
    from text: String, _ page: PageText
  ) async throws(ModelError) -> (value: JSONValue, flags: [String], usage: ModelUsage) {
    let mark = makeMark(text)
    var request = request(text, page, mark)
    var usage = ModelUsage(input: 0, output: 0)
    var flags = Suspicion.isInstructing(text) ? ["injection-suspect"] : []
    var isRepair = false
    while true {
      let answer = try await client.answer(request)
      usage.input += answer.usage?.input ?? max(0, request.tokenEstimate - request.maxTokens)
      usage.output += answer.usage?.output ?? TokenEstimate.tokens(in: answer.text)
      let said = AnswerPolish.unfenced(answer.text)
      let value = JSONValue(parsing: said)
      let faults = value.map { schema.faults(in: $0) } ?? ["the answer is no JSON"]
      if answer.text.contains(mark) {
        throw ModelError(.suspect, "a suspicious answer, not kept: it repeats the mark")
      }
      if let value, faults.isEmpty {
        let source = page.title + "\n" + text
        flags += AnswerCheck.numbers(in: value.texts.joined(separator: "\n"), source: source)
        return (value, flags, usage)
      }
      let fault = faults.joined(separator: "; ")
      guard !isRepair else {
        let kind = value == nil ? ModelError.Kind.badJSON : .wrongShape
        throw ModelError(kind, "an answer that does not fit the schema: \(fault)")
      }
      isRepair = true
      // Its own words and the fault alone: asking again costs no more than that.
      request.messages += [
        Message(.assistant, String(said.prefix(answerTokens * 4))),
        Message(.user, "That does not fit the schema: \(fault). Answer again, with JSON only."),
      ]
    }
  }

  private func request(_ text: String, _ page: PageText, _ mark: String) -> ModelRequest {
    let title = PromptText.neutralized(String(page.title.prefix(300))).replacing("\n", with: " ")
    let clean = PromptText.neutralized(text)
    let body = (title.isEmpty ? clean : title + "\n\n" + clean).replacing(mark, with: "")
    var request = ModelRequest(
      messages: [
        Message(.system, "\(SummaryPrompt.rules)\n\(instructions)\nSchema: \(schema.text)"),
        Message(.user, "=== page \(mark) ===\n\(body)\n=== end \(mark) ===\nJSON:"),
      ], maxTokens: answerTokens, temperature: 0)
    request.answerSchema = schema.text
    return request
  }
}

extension JSONValue {
  /// All texts and numbers inside.
  fileprivate var texts: [String] {
    switch self {
    case .string(let text), .number(let text): [text]
    case .array(let values): values.flatMap(\.texts)
    case .object(let members): members.flatMap(\.value.texts)
    case .null, .bool: []
    }
  }
}
