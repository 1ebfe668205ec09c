import Foundation
import GossamerLLM
import Testing

@testable import GossamerEnrich

@Suite("Summaries of long pages", .timeLimit(.minutes(5)))
struct LongPageTests {
  static let text = (0..<500).map { number in
    (number % 50 == 0 ? "Chapter \(number / 50)\n" : "")
      + "This is sentence number \(number) of a long page."
      + (number % 10 == 9 ? "\n" : " ")
  }.joined()
  static let page = PageText(
    url: "", text: text, headings: (0..<10).map { "Chapter \($0)" }, language: "en")

  private func summarizer(_ model: ScriptedModel, pageTokens: Int = 800) -> ModelSummarizer {
    ModelSummarizer(
      client: model.client, prompt: SummaryPrompt(), pageTokens: pageTokens,
      makeMark: { _ in "k3yq" })
  }

  @Test func everySentenceIsReadOnceAndTheRecordSaysSo() async throws {
    let model = ScriptedModel("This is a long page.")
    let summary = try await summarizer(model).summarize(Self.page)
    let parts = model.prompts.filter { $0.hasPrefix("Summarize part") }
    for number in 0..<500 {
      let sentence = "sentence number \(number) of"
      #expect(parts.count { $0.contains(sentence) } == 1, "\(sentence)")
    }
    #expect(summary.covered.count == parts.count && parts.count > 5)
    #expect(summary.covered.first?.lowerBound == 0)
    let end = Self.text.utf8.count
    #expect(summary.covered.last.map { end - $0.upperBound <= 1 } == true)
    for (part, next) in zip(summary.covered, summary.covered.dropFirst()) {
      #expect(next.lowerBound - part.upperBound <= 1, "nothing but a blank between two parts")
    }
    #expect(summary.flags == [])
    #expect(summary.tokensIn == 90 * model.requests.count)
  }

  @Test func partsAreAboutEqualAndBeginAtHeadings() {
    let bytes = Array(Self.text.utf8)
    let parts = PageParts.cut(bytes, tokens: 800, headings: Self.page.headings, language: "en")
    let sizes = parts.map(\.count)
    #expect(sizes.allSatisfy { $0 <= 3_200 })
    let beginnings = parts.map { String(decoding: bytes[$0].prefix(7), as: UTF8.self) }
    #expect(beginnings.count { $0 == "Chapter" } * 2 >= parts.count, "\(beginnings)")
  }

  @Test(arguments: [(1, 40), (7, 3), (40, 200), (3, 10_000)])
  func anyTextIsCutWithoutLoss(words: Int, sentences: Int) {
    var random = SystemRandomNumberGenerator()
    var text = ""
    for _ in 0..<sentences {
      for _ in 0..<words {
        text += ["ab", "é", "漢字", "longer-word"].randomElement(using: &random)! + " "
      }
      text += [". ", "\n", "!\n\n", "。"].randomElement(using: &random)!
    }
    let bytes = Array(text.utf8)
    let parts = PageParts.cut(bytes, tokens: 64, headings: [], language: nil)
    let kept = parts.flatMap { bytes[$0] }.filter { $0 > 0x20 }
    #expect(kept == bytes.filter { $0 > 0x20 })
    // A part ends with a sentence, and these may be long by chance.
    for part in parts { #expect(Passages.cost(bytes[part]) <= 2 * 64 * 20) }
  }

  @Test func mergesSeeTheSourceAndTakeSeveralRoundsWhereNeeded() async throws {
    let model = ScriptedModel { request in
      request.messages[1].text.hasPrefix("Summarize part")
        ? String(repeating: "Part words here. ", count: 12) : "All parts are merged here."
    }
    let summary = try await summarizer(model, pageTokens: 300).summarize(Self.page)
    let merges = model.prompts.filter { $0.hasPrefix("Summarize the whole page") }
    #expect(merges.count > 2)
    #expect(merges.first?.contains("- This is sentence number") == true)
    #expect(summary.text == "All parts are merged here.")
  }

  @Test func aPageThatTheContextDoesNotHoldIsReadInParts() async throws {
    let model = ScriptedModel("Fine text of it.", context: 3_000)
    let summary = try await summarizer(model, pageTokens: 100_000).summarize(Self.page)
    #expect(summary.covered.count > 8)
    #expect(summary.covered.reduce(0) { $0 + $1.count } > Self.text.utf8.count * 99 / 100)
    let small = ScriptedModel("Fine text.", context: 10)
    let error = await #expect(throws: ModelError.self) {
      try await summarizer(small).summarize(Self.page)
    }
    #expect(error?.kind == .tooLarge)
  }

  @Test func partsThatAModelRefusesAreTold() async throws {
    let model = ScriptedModel { request in
      request.messages[1].text.contains("number 100 ") && request.messages[1].text.contains("part")
        ? "I'm sorry, but I can't help with that." : "Fine text of it."
    }
    let summary = try await summarizer(model).summarize(Self.page)
    #expect(summary.flags.contains("parts-missing 1"))
    let missing = try #require(Self.text.range(of: "number 100 "))
    let place = Self.text.utf8.distance(from: Self.text.startIndex, to: missing.lowerBound)
    #expect(!summary.covered.contains { $0.contains(place) })
  }

  @Test func anEndlessPageIsCutAndSaysSo() async throws {
    let page = PageText(url: "", text: String(repeating: Self.text, count: 4))
    let model = ScriptedModel("Fine text of it.")
    let summary = try await summarizer(model, pageTokens: 64).summarize(page)
    #expect(summary.flags.contains("page-cut"))
    #expect(summary.covered.count == ModelSummarizer.mostParts)
  }
}
