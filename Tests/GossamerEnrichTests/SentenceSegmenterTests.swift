import Testing

@testable import GossamerEnrich

@Suite("Sentences")
struct SentenceSegmenterTests {
  func cut(_ text: String, language: String? = nil) -> [String] {
    let bytes = Array(text.utf8)
    return SentenceSegmenter.sentences(in: bytes, language: language).map {
      String(decoding: bytes[$0.range], as: UTF8.self)
    }
  }

  @Test(arguments: [
    ("One here. Two there! Three? Four", ["One here.", "Two there!", "Three?", "Four"]),
    ("Dr. Smith met Mrs. Jones. They left.", ["Dr. Smith met Mrs. Jones.", "They left."]),
    ("J. R. R. Tolkien wrote it. It sold.", ["J. R. R. Tolkien wrote it.", "It sold."]),
    ("The U.S. Army paid 3.14 million. Then?", ["The U.S. Army paid 3.14 million.", "Then?"]),
    ("See e.g. Berlin, i.e. there. Good.", ["See e.g. Berlin, i.e. there.", "Good."]),
    ("Yahoo! is a firm. Apple Inc. sells it.", ["Yahoo! is a firm.", "Apple Inc. sells it."]),
    ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
    ("(It was late.) Nobody came.", ["(It was late.)", "Nobody came."]),
    ("Wait... what? Yes!! No.", ["Wait... what?", "Yes!!", "No."]),
    ("In 2019. The year ended.", ["In 2019.", "The year ended."]),
    ("1. First item here", ["1. First item here"]),
    (
      "I said no. Then I left. See No. 5 there.",
      ["I said no.", "Then I left.", "See No. 5 there."]
    ),
    (
      "Version 2.0 is at example.com today. Get it.",
      ["Version 2.0 is at example.com today.", "Get it."]
    ),
    (
      "A heading\nA line that goes\non here. Next.",
      ["A heading", "A line that goes\non here.", "Next."]
    ),
    ("今日は晴れです。明日は雨？本当！はい", ["今日は晴れです。", "明日は雨？", "本当！", "はい"]),
    ("他说：「走吧。」她走了。", ["他说：「走吧。」", "她走了。"]),
    ("كيف حالك؟ أنا بخير. شكرا", ["كيف حالك؟", "أنا بخير.", "شكرا"]),
    ("यह पहला है। यह दूसरा है। तीसरा", ["यह पहला है।", "यह दूसरा है।", "तीसरा"]),
    ("Он приехал. Его ждали.", ["Он приехал.", "Его ждали."]),
    ("Αυτό είναι. Εκείνο όχι.", ["Αυτό είναι.", "Εκείνο όχι."]),
    ("", []), (" \n\t ", []), ("...", ["..."]),
  ])
  func textsAreCutWhereReadersPause(text: String, expected: [String]) {
    #expect(cut(text) == expected)
  }

  @Test func germanDatesKeepTheirDots() {
    #expect(cut("Am 3. Oktober war frei. Gut.", language: "de-DE").count == 2)
  }

  @Test func endlessTextIsCutAtBlanks() {
    let pieces = cut(String(repeating: "ไทย ", count: 2_000))
    #expect(pieces.count > 5)
    #expect(pieces.allSatisfy { $0.utf8.count < 1_300 })
  }

  @Test func textWithoutAnyBlankIsCutToo() {
    let pieces = cut(String(repeating: "中", count: 100_000))
    #expect(pieces.count > 50)
    #expect(pieces.allSatisfy { $0.utf8.count < 5_000 })
  }

  @Test(
    .timeLimit(.minutes(5)), arguments: ["1. ", "a.b.", ". ", "\n ", "。", "\u{301}", "Dr. ", "\" "])
  func hostileRepetitionTakesLinearTime(unit: String) {
    _ = cut(String(repeating: unit, count: 30_000), language: "de")
  }

  @Test(arguments: 0..<40)
  func anythingGivesRangesInOrderOnCharacterBorders(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let pool = Array("aB .。!？\n\t\"')।१é😀ไ中.1,‍\u{0301}「」…")
    let text = String((0..<300).map { _ in pool.randomElement(using: &random) ?? "x" })
    let bytes = Array(text.utf8)
    var last = 0
    for sentence in SentenceSegmenter.sentences(in: bytes) {
      #expect(sentence.range.lowerBound >= last && !sentence.range.isEmpty)
      #expect(String(validating: bytes[sentence.range], as: UTF8.self) != nil)
      last = sentence.range.upperBound
    }
    #expect(last <= bytes.count)
  }
}

/// Numbers that are the same in every run. Source: SplitMix64, public domain.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
