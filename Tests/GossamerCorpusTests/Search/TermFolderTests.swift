import GossamerCorpus
import Testing

@Suite("Terms of texts")
struct TermFolderTests {
  private func terms(_ text: String) -> [String] {
    var folder = TermFolder()
    var forms: [UInt8] = []
    var terms: [String] = []
    let bytes = Array(text.utf8)
    var ranges: [Range<Int>] = []
    folder.fold(bytes, into: &forms) { ranges.append($0.form) }
    terms = ranges.map { String(decoding: forms[$0], as: UTF8.self) }
    #expect(terms.map { $0 + " " }.joined() == String(decoding: forms, as: UTF8.self))
    return terms
  }

  @Test(arguments: [
    ("Hello, World!", ["hello", "world"]), ("e-mail don't", ["e", "mail", "don", "t"]),
    ("Größe GROSSE", ["grosse", "grosse"]), ("naïve Café Zürich", ["naive", "cafe", "zurich"]),
    ("ＡＢＣ １２", ["abc", "12"]), ("ﬁnal", ["final"]), ("ΣΊΣΥΦΟΣ σίσυφος", ["σισυφοσ", "σισυφοσ"]),
    ("İstanbul", ["istanbul"]), ("Ёлка ёлка", ["елка", "елка"]), ("שָׁלוֹם", ["שלום"]),
    ("مُحَمَّد", ["محمد"]),
    ("हिन्दी", ["हिन्दी"]), ("co\u{AD}operate", ["cooperate"]), ("a\u{200B}b", ["ab"]),
    ("3.14 v2", ["3", "14", "v2"]), ("", []), (" \n…—", []), ("🙂", []),
    ("東京", ["東京", "京"]), ("東", ["東"]), ("東京tower塔", ["東京", "京", "tower", "塔"]),
    ("ガイド ｶﾞ", ["ガイ", "イド", "ド", "カ\u{3099}", "\u{3099}"]),
    ("서울 시청", ["서울", "울", "시청", "청"]), ("日本、語", ["日本", "本", "語"]),
  ])
  func textsBecomeTerms(text: String, expected: [String]) {
    #expect(terms(text) == expected)
  }

  @Test func aTermIsFoundWhereItStood() {
    var folder = TermFolder()
    var forms: [UInt8] = []
    var places: [Range<Int>] = []
    let text = Array("Größe 東京".utf8)
    folder.fold(text, into: &forms) { places.append($0.source) }
    #expect(
      places.map { String(decoding: text[$0], as: UTF8.self) } == ["Größe", "東京", "京"])
  }

  @Test func endlessTermsAreCutBetweenCharacters() {
    #expect(terms(String(repeating: "x", count: 5_000)) == [String(repeating: "x", count: 64)])
    let umlauts = terms(String(repeating: "ж", count: 5_000))
    #expect(umlauts == [String(repeating: "ж", count: 32)])
  }

  @Test(arguments: [[0xFF, 0x41], [0xC3], [0xE6, 0x9D], [0xF0, 0x9F, 0x99], [0x80, 0x80]])
  func brokenBytesAreNoTerms(bytes: [UInt8]) {
    var folder = TermFolder()
    var forms: [UInt8] = []
    folder.fold(bytes, into: &forms)
    #expect(forms.allSatisfy { $0 < 0x80 })
  }
}
