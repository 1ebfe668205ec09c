import GossamerCorpus
import GossamerLLM
import Testing

@testable import GossamerEnrich

@Suite("Citations: every sentence of a summary and what in the page supports it")
struct CitationTests {
  static let page = """
    The harbour of Aldmouth was rebuilt in 1907 after the great flood.
    Its ferry crosses the estuary twice a day and carries 240 passengers.
    Fishermen sell their catch on the northern quay every morning.
    A museum in the old lighthouse shows maps, instruments and ship models.
    Tickets cost four pounds; children under twelve enter without paying.
    """

  static func sources(_ summary: String, text: String = page) -> [[String]] {
    let bytes = Array(text.utf8)
    return Citations.found(in: summary, text: text, language: "en").map { citation in
      citation.sources.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  @Test(arguments: [
    ("Aldmouth's harbour was rebuilt in 1907.", ["The harbour of Aldmouth was rebuilt in 1907"]),
    ("The lighthouse holds a museum of maps and ship models.", ["A museum in the old lighthouse"]),
    (
      "The ferry crosses twice a day, and fishermen sell on the northern quay.",
      ["Its ferry crosses the estuary", "Fishermen sell their catch"]
    ),
    ("Children under 12 pay nothing at the casino of the royal palace.", []),
    ("The ferry crosses the estuary and carries 320 passengers.", []),
    ("The mayor resigned over a scandal about bridges.", []),
  ])
  func aSentenceGetsWhatSupportsItOrNothing(summary: String, starts: [String]) {
    let found = Self.sources(summary)
    #expect(found.count == 1)
    #expect(found.first?.count == starts.count)
    for (source, start) in zip(found.first ?? [], starts) { #expect(source.hasPrefix(start)) }
  }

  @Test(arguments: [
    "港はフェリーで知られている。漁師は毎朝北の岸壁で魚を売る。灯台には博物館がある。",
    "Гавань перестроили после наводнения. Паром ходит дважды в день. В маяке открыт музей.",
    "El puerto fue reconstruido tras la inundación. El transbordador cruza dos veces al día.",
  ])
  func theFirstSentenceOfAnyScriptIsFoundAgain(text: String) throws {
    let bytes = Array(text.utf8)
    let first = try #require(SentenceSegmenter.sentences(in: bytes).first)
    let summary = String(decoding: bytes[first.range], as: UTF8.self)
    let citation = try #require(Citations.found(in: summary, text: text, language: nil).first)
    #expect(citation.sentence == 0..<summary.utf8.count)
    #expect(citation.sources.first == first.range)
  }

  @Test func theRecordTellsPlacesAndTheFlagTellsWhatHasNone() async throws {
    let answer = """
      The harbour of Aldmouth was rebuilt in 1907. Wizards guard the treasury under the volcano.
      """
    let summarizer = ModelSummarizer(client: ScriptedModel(answer).client)
    let page = PageText(url: "http://a.test/", text: Self.page, language: "en")
    let summary = try await summarizer.summarize(page)
    #expect(summary.flags == ["unsupported 1"])
    let line = String(
      decoding: PageRecord.Summary(summary, method: "m").line(url: page.url, digest: "d"),
      as: UTF8.self)
    #expect(
      line.contains(
        #""citations":[{"start":0,"end":44,"sources":[{"start":0,"end":66}]},{"start":45,"#))
    let german = ModelSummarizer(
      client: ScriptedModel("Der Hafen wurde 1907 neu gebaut.").client,
      prompt: SummaryPrompt(language: "de"))
    let translated = try await german.summarize(page)
    #expect(translated.citations.isEmpty)
    #expect(!translated.flags.contains { $0.hasPrefix("unsupported") })
  }

  @Test func aLongPageIsCitedInTimeThatGrowsWithItsLength() {
    let text = (0..<4_000).map { "Sentence \($0) tells of harbour number \($0)." }
      .joined(separator: " ")
    let found = Self.sources("Sentence 3999 tells of harbour number 3999.", text: text)
    #expect(found == [["Sentence 3999 tells of harbour number 3999."]])
  }
}
