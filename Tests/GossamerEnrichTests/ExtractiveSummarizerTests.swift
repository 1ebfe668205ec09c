import GossamerLLM
import Testing

@testable import GossamerEnrich

@Suite("Extractive summaries")
struct ExtractiveSummarizerTests {
  static let ferry = """
    Harbor news

    The old ferry between Northport and the island of Skerry will stop sailing at the end of March.
    The council said that repairs to the ferry would cost more than a new boat.
    Tickets that were bought for April will be paid back without a form.

    What happens next

    A new electric ferry is to start in June, with room for 40 cars and 300 people.
    Until then a small boat will carry people from Northport to Skerry four times a day.
    The bakery on Skerry sells bread with seaweed in it.
    Islanders told the council that the weeks without a car ferry will be hard for farms.
    The electric ferry will need 25 minutes for the crossing from Northport to Skerry, as the old ferry did.
    Cookies help us improve this site.
    """

  @Test func theSameTextGivesTheSameSummary() throws {
    let page = PageText(url: "http://a.test/", title: "Ferry to Skerry stops", text: Self.ferry)
    let summarizer = ExtractiveSummarizer()
    let first = try summarizer.summary(of: page)
    for _ in 0..<20 { #expect(try summarizer.summary(of: page) == first) }
    #expect(first.provider == "extractive")
    #expect(first.model == nil)
  }

  @Test func sentencesStandInPageOrderWhereTheySayTheyDo() throws {
    let page = PageText(url: "http://a.test/", title: "Ferry to Skerry stops", text: Self.ferry)
    let summary = try ExtractiveSummarizer().summary(of: page)
    let bytes = Array(page.text.utf8)
    let parts = summary.sentences.map { String(decoding: bytes[$0], as: UTF8.self) }
    #expect(parts.joined(separator: " ") == summary.text)
    #expect(summary.sentences.map(\.lowerBound) == summary.sentences.map(\.lowerBound).sorted())
    #expect(summary.sentences.count == 3)
    #expect(summary.text.contains("ferry"))
    #expect(!summary.text.contains("seaweed") && !summary.text.contains("Cookies"))
    #expect(!summary.text.contains("What happens next"), "headings are no sentences")
  }

  @Test func limitsAreKept() throws {
    let page = PageText(url: "", text: Self.ferry)
    let one = try ExtractiveSummarizer(limits: SummaryLimits(sentences: 1)).summary(of: page)
    #expect(one.sentences.count == 1)
    let short = try ExtractiveSummarizer(limits: SummaryLimits(sentences: 9, words: 40))
      .summary(of: page)
    #expect(short.text.split(separator: " ").count <= 40)
  }

  @Test func whatWasSaidIsNotSaidAgain() throws {
    let line = "The red kite returned to the valley after eighty years of absence.\n"
    let other = "Farmers in the valley say that kites take few lambs and many mice.\n"
    let page = PageText(url: "", text: line + line + line + other + line)
    let summary = try ExtractiveSummarizer().summary(of: page)
    #expect(summary.text.firstRange(of: "returned")?.lowerBound != nil)
    #expect(summary.text.ranges(of: "returned").count == 1)
    #expect(summary.text.contains("Farmers"))
  }

  @Test(arguments: [
    "猫は世界中で飼われている動物である。猫は夜に活動する動物として知られている。人は猫を一万年前から飼っている。天気は晴れだった。",
    "القط حيوان أليف يعيش مع الناس منذ آلاف السنين. ينام القط أكثر من نصف اليوم في العادة. يحب القط صيد الفئران والطيور في الليل. هل تعلم ذلك؟",
    "बिल्ली एक पालतू जानवर है जो लोगों के साथ रहती है। बिल्ली दिन में बहुत सोती है और रात में शिकार करती है। लोग बिल्ली को हजारों साल से पालते हैं।",
    "Кошка живёт рядом с человеком уже много тысяч лет. Кошка спит больше половины суток каждый день. Люди держат кошку для защиты зерна от мышей.",
    "แมวเป็นสัตว์เลี้ยงที่อยู่กับมนุษย์มานาน แมวนอนกลางวันและล่าเหยื่อกลางคืน",
    "고양이는 수천 년 동안 사람과 함께 살아온 동물이다. 고양이는 낮에 자고 밤에 사냥한다. 사람들은 고양이를 좋아한다.",
  ])
  func anyScriptIsSummarized(text: String) throws {
    let summary = try ExtractiveSummarizer(limits: SummaryLimits(sentences: 2))
      .summary(of: PageText(url: "", text: text))
    #expect(!summary.text.isEmpty)
    for range in summary.sentences {
      #expect(String(validating: Array(text.utf8)[range], as: UTF8.self) != nil)
    }
  }

  @Test(arguments: ["", " \n ", "!!! ... ---"])
  func aPageWithoutWordsIsAnError(text: String) {
    let error = #expect(throws: ModelError.self) {
      try ExtractiveSummarizer().summary(of: PageText(url: "", text: text))
    }
    #expect(error?.kind == .empty)
  }

  @Test func aPageOfScrapsStillGetsOne() throws {
    let summary = try ExtractiveSummarizer().summary(
      of: PageText(url: "", text: "Opening hours\n9 to 5"))
    #expect(!summary.text.isEmpty)
  }

  @Test(.timeLimit(.minutes(5)))
  func hugePagesAreBounded() throws {
    let text = (0..<20_000).map {
      "Sentence number \($0) speaks of the same thing again and again."
    }
    .joined(separator: " ")
    let summary = try ExtractiveSummarizer().summary(of: PageText(url: "", text: text))
    #expect(!summary.text.isEmpty)
  }

  @Test func sentencesThatAHostRepeatsAreLeftOut() throws {
    var statistics = CorpusStatistics()
    let slogan = "Northport Gazette is read by everyone in Northport and on Skerry every day."
    for number in 0..<25 {
      statistics.add(
        PageText(url: "", host: "a.test", text: "\(slogan)\nPage \(number) says something else."))
    }
    let text = Self.ferry + "\n" + slogan
    let with = try ExtractiveSummarizer(statistics: statistics)
      .summary(of: PageText(url: "", host: "a.test", text: text))
    #expect(!with.text.contains("Gazette"))
    #expect(statistics.isUsable)
  }

  @Test func logarithmsAreClose() {
    for (value, expected) in [(1, 0), (2, 0.693147), (10, 2.302585), (0.1, -2.302585)]
      as [(Float, Float)]
    {
      #expect((Float.naturalLog(value) - expected).magnitude < 1e-5)
    }
  }
}
