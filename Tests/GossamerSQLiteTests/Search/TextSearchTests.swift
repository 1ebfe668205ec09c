import GossamerCorpus
import GossamerSQLite
import Testing

@Suite("Full-text search of a corpus", .timeLimit(.minutes(5)))
struct TextSearchTests {
  private static func page(_ path: String, _ text: String, title: String? = nil) -> PageRecord {
    TemporaryCorpus.page(path, text, title: title)
  }

  @Test(arguments: [
    ("lighthouse", ["a", "b"]), ("lighthouse keeper", ["a"]), ("\"the keeper\"", ["a"]),
    ("\"keeper the\"", []), ("keep*", ["a", "c"]), ("keeper OR bread", ["a", "d"]),
    ("lighthouse -keeper", ["b"]), ("lighthouse NOT (keeper OR storm)", []),
    ("(storm OR bread) lighthouse", ["b"]), ("KEEPER", ["a"]), ("grosse", ["e"]),
    ("Größe", ["e"]), ("-lighthouse", []), ("nothing", []), ("", []), ("\"", []),
  ])
  func wordsFindPages(query: String, expected: [String]) async throws {
    let corpus = try TemporaryCorpus([
      Self.page("a", "The lighthouse and the keeper."),
      Self.page("b", "A lighthouse in a storm."), Self.page("c", "She keeps bees."),
      Self.page("d", "Bread and salt."), Self.page("e", "Von beachtlicher Größe."),
    ])
    #expect(try await corpus.find(query).sorted() == expected)
  }

  @Test(arguments: [
    ("東京", ["a", "b"]), ("京都", ["b", "c"]), ("東", ["a", "b"]), ("都", ["b", "c"]), ("東京都庁", ["b"]),
    ("京東", []), ("ガイド", ["c"]), ("서울", ["d"]), ("시청", ["d"]), ("กรุงเทพ", ["e"]), ("京都 ガイド", ["c"]),
    ("京都 -ガイド", ["b"]), ("2026年", ["a"]),
  ])
  func scriptsWithoutBlanksAreSearched(query: String, expected: [String]) async throws {
    let corpus = try TemporaryCorpus([
      Self.page("a", "私は2026年に東京へ行く。"), Self.page("b", "東京都庁は新宿にある。"),
      Self.page("c", "京都のガイドブック"), Self.page("d", "서울시청에서 만나요"),
      Self.page("e", "เมืองกรุงเทพมหานคร"),
    ])
    #expect(try await corpus.find(query).sorted() == expected)
  }

  @Test func titlesAndHeadingsWeighMore() async throws {
    let filler = String(repeating: "Words about other things. ", count: 20)
    var headed = Self.page("heading", filler + "Compass.")
    headed.headings = [PageRecord.Heading(level: 2, text: "Compass")]
    let corpus = try TemporaryCorpus([
      Self.page("body", filler + "Compass."), headed,
      Self.page("title", filler + "Compass.", title: "Compass"), Self.page("none", filler),
    ])
    #expect(try await corpus.find("compass") == ["title", "heading", "body"])
  }

  @Test func anyTextIsAQueryAndNoneIsAnError() async throws {
    let corpus = try TemporaryCorpus([Self.page("a", "near and or not title body words rank")])
    let index = try await corpus.index()
    let pieces = [
      "\"", "'", "(", ")", "*", "-", "+", "^", ":", "{", "}", "AND", "OR", "NOT", "NEAR", "near",
      "title", "words", "\0", ",", "ü", "東", " ", "\\", "%", "--", ";", "NEAR/2", "a",
    ]
    var state: UInt64 = 7
    for _ in 0..<3_000 {
      var text = ""
      for _ in 0..<(1 + Int(state >> 60)) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count] + (state >> 62 == 0 ? " " : "")
      }
      _ = try await index.search(CorpusQuery(text))
    }
    #expect(try await index.search(CorpusQuery("near not")).count == 1)
  }

  @Test func aHitTellsWhatAndWhere() async throws {
    let filler = String(repeating: "Nothing happens in this sentence. ", count: 50)
    var page = Self.page("a", "\(filler)\nThe keeper lit the lamp.\n\(filler)", title: "Lamps")
    page.language = "en"
    page.published = "2026-03-01"
    let corpus = try TemporaryCorpus([page])
    let index = try await corpus.index()
    let hit = try #require(try await index.search(CorpusQuery("keeper lamp")).first)
    #expect(hit.url == "http://a.test/a")
    #expect(hit.title == "Lamps")
    #expect(hit.host == "a.test")
    #expect(hit.date == "2026-03-01")
    #expect(hit.language == "en")
    #expect(hit.digest == page.digest)
    let snippet = Array(hit.snippet.utf8)
    #expect(
      hit.highlights.map { String(decoding: snippet[$0], as: UTF8.self) } == ["keeper", "lamp"])
    let stored = try #require(try await index.page(at: hit.url))
    let passage = stored.passages[hit.passage]
    #expect(passage.range == hit.range)
    #expect(passage.text.contains("The keeper lit the lamp."))
  }

  @Test(arguments: [1, 2, 5, Int.max])
  func noMoreAreGivenThanAskedFor(limit: Int) async throws {
    let corpus = try TemporaryCorpus((0..<4).map { Self.page("\($0)", "Lamp \($0).") })
    #expect(try await corpus.find(CorpusQuery("lamp", limit: limit)).count == min(4, limit))
  }

  @Test func ofVeryManyMatchesThoseInTitlesComeFirst() async throws {
    var pages = (0..<4_500).map { Self.page("\($0)", "A lamp, and \($0).") }
    pages[4_400].title = "The lamp"
    pages[4_300].headings = [PageRecord.Heading(level: 2, text: "Lamp")]
    let corpus = try TemporaryCorpus(pages)
    let found = try await corpus.find(CorpusQuery("lamp", limit: 50))
    #expect(found.prefix(2) == ["4400", "4300"])
    #expect(found.count == 50 && Set(found).count == 50)
  }
}
