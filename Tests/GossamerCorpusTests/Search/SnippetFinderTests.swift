import GossamerCorpus
import Testing

@Suite("Snippets and highlights")
struct SnippetFinderTests {
  private func find(_ query: String, in text: String, limit: Int? = nil) -> SnippetFinder.Finding? {
    var record = PageRecord(url: "http://a.test/")
    record.text = text
    var finder = SnippetFinder(SearchQuery(query)?.wanted ?? [])
    return finder.best(StoredPage(record).passages, limit: limit)
  }

  private func marked(_ finding: SnippetFinder.Finding?) -> [String] {
    guard let finding else { return [] }
    let bytes = Array(finding.snippet.utf8)
    return finding.highlights.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  @Test(arguments: [
    ("keeper", "The Keeper, a keeper.", ["Keeper", "keeper"]),
    ("\"lamp room\"", "A room, a lamp. The lamp\nroom.", ["lamp room"]),
    ("mend*", "We mend what others mended; men do.", ["mend", "mended"]),
    ("grosse", "Die Größe zählt.", ["Größe"]), ("東京都", "私は東京都に住む。京都", ["東京都"]),
    ("京", "東京と京都", ["京", "京"]), ("a b", "a b a", ["a", "b", "a"]), ("absent", "Nothing here.", []),
    ("big \"big lamp\"", "A big lamp, a big one.", ["big lamp", "big"]),
  ])
  func whatWasFoundIsMarked(query: String, text: String, expected: [String]) {
    #expect(marked(find(query, in: text)) == expected)
  }

  @Test func thePassageWithMostWordsIsShown() {
    let filler = String(repeating: "Nothing of note happens here at all. ", count: 60)
    let text = "\(filler)\nThe lamp is lit.\n\(filler)\nThe keeper lit the lamp at dusk.\n\(filler)"
    let finding = find("lamp keeper", in: text)
    #expect(finding?.snippet.contains("keeper lit the lamp") == true)
    #expect(marked(finding) == ["keeper", "lamp"])
    #expect(finding?.snippet.hasPrefix("…") == true)
    #expect((finding?.passage.number ?? 0) > 0)
  }

  @Test func aSnippetIsOneLineOfBoundedLength() {
    let long = String(repeating: "漢字がたくさんあります", count: 400)
    for text in ["a\nb\tc\u{7}d", long, String(repeating: "x", count: 4_000)] {
      let finding = find("字が", in: text)
      #expect((finding?.snippet.utf8.count ?? 999) <= 270)
      #expect(finding?.snippet.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
      #expect(finding?.snippet.unicodeScalars.contains("\u{FFFD}") == false)
    }
  }

  @Test func noMoreIsShownThanTheSiteAllows() {
    let finding = find("lamp", in: "The lamp is lit, and so is the other lamp.", limit: 9)
    #expect(finding?.snippet == "The lamp ")
    #expect(marked(finding) == ["lamp"])
    #expect(find("lamp", in: "The lamp.", limit: 0)?.snippet == "")
  }
}
