import Testing

@testable import GossamerAgents

/// Statements of two pages: which of them cannot both be right.
@Suite("Statements that contradict each other")
struct ContradictionTests {
  @Test(arguments: [
    ("The museum opened in 1894.", "The museum opened in 1896.", Contradiction.Kind.date),
    ("The light was lit on 1 December 1861.", "The light was first lit in 1862.", .date),
    ("The light was lit on the first of December.", "The light was lit in March.", .date),
    ("The ferry leaves on May 3.", "The ferry leaves on May 5.", .date),
    ("The ferry sails twice a day.", "The ferry sails three times a day.", .figure),
    ("The museum has 3,400 exhibits.", "The museum has about 2000 exhibits.", .figure),
    ("The tower leans by forty centimetres.", "The tower leans by 55 cm.", .figure),
    ("A ticket costs €34.", "A ticket costs €40.", .figure),
    ("The first ferry leaves at 8:15.", "The first ferry leaves at 9:15.", .figure),
    ("Two hundred and six toads crossed the road.", "406 toads crossed the road.", .figure),
    ("Der Turm hat 120 Stufen.", "Der Turm hat 130 Stufen.", .figure),
    ("Some 34 % of the harbour froze.", "Nearly 80 percent of the harbour froze.", .figure),
    ("The inn is open on Sundays.", "The inn is not open on Sundays.", .denial),
    ("The keeper never left the tower.", "The keeper left the tower.", .denial),
    ("Das Museum ist sonntags geöffnet.", "Das Museum ist sonntags nicht geöffnet.", .denial),
    ("The Arrel isn't the cleanest river.", "The Arrel is the cleanest river.", .denial),
  ])
  func areFound(first: String, second: String, kind: Contradiction.Kind) {
    #expect(found(first, second) == kind)
    #expect(found(second, first) == kind)
  }

  @Test(arguments: [
    // The same, said otherwise.
    ("The museum opened in 1894.", "In 1894 the museum was opened."),
    ("The ferry sails twice a day.", "The ferry sails two times a day."),
    ("The museum has 3,400 exhibits.", "The museum has about 3500 exhibits."),
    ("The museum has 3,400 exhibits.", "The museum has more than 3000 exhibits."),
    ("The light was lit on 1 December 1861.", "The light was lit in 1861."),
    ("The tower leans by forty centimetres.", "The tower leans by 40 cm."),
    // Something else, or nobody can tell.
    ("The museum opened in 1894.", "The inn opened in 1896."),
    ("The museum opened in 1894.", "The museum has 1896 exhibits."),
    ("The ferry sails twice a day.", "The ferry takes three hours."),
    ("The museum has 3,400 exhibits.", "The museum has 12 rooms."),
    ("The tower is 40 m high.", "The tower is 4000 cm high."),
    ("The inn is not open on Sundays.", "The museum is open on Mondays."),
    ("It may rain in the valley.", "It rained in the valley in March."),
    ("The bridge was not finished.", "The bridge has four pillars and a gauge."),
    ("", "The ferry sails."), ("Nobody knows.", "1894"),
  ])
  func areNotSeenWhereThereAreNone(first: String, second: String) {
    #expect(found(first, second) == nil)
    #expect(found(second, first) == nil)
  }

  /// A page that gives two figures speaks of two things; a denial is one wherever it stands.
  @Test func onePageContradictsItselfByDenialsOnly() {
    #expect(found("A ticket costs 34 crowns.", "A ticket costs 60 crowns.", samePage: true) == nil)
    #expect(found("A ticket costs 34 crowns.", "A ticket costs 60 crowns.") == .figure)
    #expect(
      found("The inn is open on Sundays.", "The inn is not open on Sundays.", samePage: true)
        == .denial)
  }

  private func found(
    _ first: String, _ second: String, samePage: Bool = false
  ) -> Contradiction.Kind? {
    let sides = [
      (first, "http://a.test/"), (second, samePage ? "http://a.test/" : "http://b.test/"),
    ]
    .map { Contradiction.Side(text: $0, url: $1, digest: nil, quote: nil, range: 0..<1) }
    return Contradiction.all(among: sides).first?.kind
  }
}

@Suite("Sentences that have to do with a question")
struct SentenceRankingTests {
  private func passage(_ title: String, _ text: String) -> PagePassage {
    PagePassage(
      url: "http://a.test/\(title.count)", digest: nil, title: title, number: 0,
      range: 0..<text.utf8.count, text: text)
  }

  private var passages: [PagePassage] {
    [
      passage("The lights", "Lights of our coast, each with a keeper. Tea is served at the inn."),
      passage(
        "Skerrow Point",
        "In 1866 a clockwork was fitted. Skerrow Point was lit on the first of December 1861. "
          + "Ships complained at once: nobody could tell it from the window of the inn."),
    ]
  }

  @Test(arguments: [
    ("When was Skerrow Point first lit?", "Skerrow Point was lit on the first of December 1861."),
    ("What was fitted at Skerrow?", "In 1866 a clockwork was fitted."),
    ("Who complained of the inn's window?", "Ships complained at once"),
    ("Where is tea served?", "Tea is served at the inn."),
  ])
  func comeFirst(question: String, sentence: String) {
    let ranking = SentenceRanking(passages, for: question)
    #expect(ranking.sentences.first?.text.hasPrefix(sentence) == true)
    #expect(ranking.coverage >= 0.6)
  }

  @Test func areNoneWhereNoWordIsShared() {
    let ranking = SentenceRanking(passages, for: "Quarks?")
    #expect(ranking.relevant.isEmpty && ranking.coverage == 0)
    #expect(ranking.sentences.count == 5, "in their order")
  }

  @Test func areFoundInScriptsWithoutBlanks() {
    let texts = [passage("灯台", "灯台は1861年に初めて点灯された。"), passage("宿", "宿ではお茶が出される。")]
    let ranking = SentenceRanking(texts, for: "灯台はいつ点灯されたか")
    #expect(ranking.sentences.first?.passage == 0)
  }

  /// An excerpt, and later the whole.
  @Test func areGivenOnce() {
    let texts = [
      passage("a", "The ferry sails twice a"), passage("b", "The ferry sails twice a day."),
    ]
    let ranking = SentenceRanking(texts, for: "How often does the ferry sail?")
    #expect(ranking.sentences.map(\.text) == ["The ferry sails twice a day."])
  }

  /// A list of pages shows the beginning of each behind its title.
  @Test func areGivenWithoutTheHeadingOfAList() {
    let texts = [
      passage("List", "The ferry — It sails twice a day."),
      passage("The ferry", "It sails twice a day."),
    ]
    let ranking = SentenceRanking(texts, for: "How often does the ferry sail?")
    #expect(ranking.sentences.map(\.text) == ["It sails twice a day."])
    #expect(ranking.sentences.map(\.passage) == [1])
  }

  static let passage =
    "A good joint is a shiny little volcano. A ball that sits on top is a cold joint. Heat it again."

  @Test(arguments: [
    // Copied on.
    (
      "A ball that sits on top is a cold joint. Heat it again.",
      "A ball that sits on top is a cold joint."
    ),
    // From elsewhere: the quotation speaks for itself.
    ("A good joint is a shiny little volcano.", "A ball that sits on top is a cold joint."),
    // The model's own words.
    ("It is a ball of solder.", "It is a ball of solder."),
    ("Es ist eine Kugel, die obenauf sitzt.", "Es ist eine Kugel, die obenauf sitzt."),
  ])
  func areSaidWithoutWhatWasCopiedFromBesideThem(text: String, kept: String) {
    let quote = "A ball that sits on top is a cold joint."
    #expect(SentenceRanking.saying(text, of: quote, among: [Self.passage]) == kept)
  }
}
