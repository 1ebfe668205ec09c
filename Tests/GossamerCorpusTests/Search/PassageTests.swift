import GossamerCorpus
import Testing

@Suite("Passages of stored pages")
struct PassageTests {
  private func page(_ text: String, headings: [String] = []) -> StoredPage {
    var record = PageRecord(url: "http://a.test/")
    record.text = text
    record.headings = headings.map { PageRecord.Heading(level: 2, text: $0) }
    return StoredPage(record)
  }

  private func sentences(_ count: Int, _ word: String) -> String {
    (0..<count).map { "Sentence \($0) is about \(word)." }.joined(separator: " ")
  }

  @Test func aShortTextIsOnePassage() {
    let passages = page("One.\nTwo.").passages
    #expect(passages.map(\.text) == ["One.\nTwo."])
    #expect(passages[0].range == 0..<9)
    #expect(passages[0].heading == nil)
  }

  @Test func aPassageBeginsAtAHeadingAndBearsIt() {
    let passages = page(
      "Tools\n\(sentences(10, "saws"))\nCare\n\(sentences(10, "oil"))", headings: ["Tools", "Care"]
    ).passages
    #expect(passages.map(\.heading) == ["Tools", "Care"])
    #expect(passages[1].text.hasPrefix("Care\n"))
  }

  @Test func headingsWithLittleBelowThemShareAPassage() {
    let passages = page("A\nFew.\nB\nWords.\nC\nHere.", headings: ["A", "B", "C"]).passages
    #expect(passages.count == 1)
    #expect(passages[0].heading == "A")
  }

  @Test func aLineThatOnlyContainsAHeadingIsNone() {
    let text = "\(sentences(10, "saws"))\nTools are many\n\(sentences(10, "oil"))"
    #expect(page(text, headings: ["Tools"]).passages.allSatisfy { $0.heading == nil })
  }

  @Test(arguments: [
    String(repeating: "word ", count: 2_000), String(repeating: "x", count: 9_000),
    String(repeating: "漢字です。", count: 900), String(repeating: "🙂", count: 2_000),
    String(repeating: "Une phrase. ", count: 600), "\n\n  \nA\n\n\nB\n", "", " \n ",
  ])
  func passagesAreBoundedAndHoldEveryLetterOnce(text: String) {
    let passages = page(text).passages
    let bytes = Array(text.utf8)
    var end = 0
    for (index, passage) in passages.enumerated() {
      #expect(passage.number == index)
      #expect(passage.range.count <= 1_200)
      #expect(passage.text == String(decoding: bytes[passage.range], as: UTF8.self))
      #expect(!passage.text.unicodeScalars.contains("\u{FFFD}"))
      #expect(bytes[end..<passage.range.lowerBound].allSatisfy { $0 <= 0x20 })
      end = passage.range.upperBound
    }
    #expect(bytes[end...].allSatisfy { $0 <= 0x20 })
  }

  @Test(arguments: ["Une phrase. ", "漢字です。", "Wirklich? ", "全角です！"])
  func longBlocksAreCutAfterSentences(sentence: String) {
    let passages = page(String(repeating: sentence, count: 900)).passages
    let end = sentence.filter { $0 != " " }.suffix(1)
    #expect(passages.count > 2)
    #expect(passages.allSatisfy { $0.text.hasSuffix(end) })
  }

  @Test func whatASiteDoesNotWantGivenToModelsIsNotCut() {
    var record = PageRecord(url: "http://a.test/")
    record.text = "All of it."
    record.preferences = PageRecord.Preferences()
    record.preferences?.maxSnippet = 3
    #expect(StoredPage(record, forModels: true).passages.map(\.text) == ["All"])
    record.preferences?.aiInput = "no"
    #expect(StoredPage(record, forModels: true).passages.isEmpty)
    #expect(StoredPage(record).passages.count == 1)
  }
}
