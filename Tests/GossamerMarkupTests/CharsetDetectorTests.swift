import GossamerMarkup
import Testing

@Suite("CharsetDetector: mark, header, meta, bytes, windows-1252")
struct CharsetDetectorTests {
  private func decode(_ text: [UInt8], _ type: String? = nil) -> CharsetDetector.Decoded {
    CharsetDetector().decode(text, contentType: type)
  }

  @Test func theHeaderBeatsTheMeta() {
    let page = decode(Array("<meta charset=windows-1251>x".utf8), "text/html; charset=\"KOI8-R\"")
    #expect(page.verdict.encoding == .koi8R)
    #expect(page.verdict.source == .header)
  }

  @Test func aByteOrderMarkBeatsTheHeader() {
    let page = decode([0xEF, 0xBB, 0xBF] + Array("<p>é".utf8), "text/html; charset=iso-8859-1")
    #expect(page.verdict.encoding == .utf8)
    #expect(page.isDoubtful)
    #expect(String(decoding: page.utf8, as: UTF8.self) == "<p>é")
  }

  @Test func aHeaderIsBelievedOverAFewBrokenBytes() {
    let page = decode(Array("<p>caf".utf8) + [0xE9, 0x2E], "text/html; charset=utf-8")
    #expect(String(decoding: page.utf8, as: UTF8.self) == "<p>caf\u{FFFD}.")
    #expect(page.verdict.source == .header)
    #expect(page.isDoubtful)
  }

  @Test func aPageWithoutAnyUTF8ThatSaysUTF8IsJudgedByItsBytes() {
    let russian: [UInt8] = [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, 0x20, 0xE2, 0xF1, 0xE5, 0xEC]
    let page = decode(Array("<p>".utf8) + russian, "text/html; charset=utf-8")
    #expect(String(decoding: page.utf8, as: UTF8.self) == "<p>Привет всем")
    #expect(page.verdict.source == .detected)
    #expect(page.isDoubtful)
  }

  @Test(arguments: [
    ("text/html;charset=gbk, text/html", "GBK"), ("text/html;charset=gbk, text/plain", nil),
    ("text/html;charset=gbk, */*", "GBK"), ("text/html;x=\",\";charset=gbk", "GBK"),
    ("text/html;charset=x;charset=gbk", nil), ("text/html;charset='gbk'", nil),
    ("html; charset=gbk", "GBK"), ("a, b;charset=gbk", "GBK"), ("", nil),
  ])
  func severalTypesInOneFieldAreReadAsOne(type: String, encoding: String?) {
    let verdict = CharsetDetector().detect([0x61], contentType: type)
    #expect((verdict.source == .header ? verdict.encoding.name : nil) == encoding)
  }

  @Test func utf8CutWithinACharacterIsStillUTF8() {
    let page = Array(String(repeating: "Füße ", count: 20).utf8) + [0xE2, 0x82]
    #expect(decode(page).verdict.encoding == .utf8)
  }

  @Test(arguments: [
    ("<?xml version='1.0' encoding='koi8-r'?>", TextEncoding.koi8R),
    ("<?xml version='1.0' encoding='utf-16'?>", .utf8),
    ("<?xml version='1.0' encoding=' koi8-r'?>", .windows1252),
    ("<?xml version='1.0' encoding='koi8-r'?><meta charset=gbk>", .gbk),
    (
      "<meta charset=nonsense content='text/html;charset=gbk' http-equiv=content-type>",
      .windows1252
    ),
  ])
  func declarationsInThePageAreRead(page: String, encoding: TextEncoding) {
    #expect(CharsetDetector().detect(Array(page.utf8)).encoding == encoding)
  }

  @Test(arguments: [TextEncoding.utf16LE, .utf16BE])
  func anXMLDeclarationInUTF16TellsItself(encoding: TextEncoding) {
    let units = "<?xml version='1.0'?>".utf16.flatMap { unit -> [UInt8] in
      encoding == .utf16LE ? [UInt8(unit), 0] : [0, UInt8(unit)]
    }
    #expect(CharsetDetector().detect(units).encoding == encoding)
  }

  @Test func someBrokenBytesInUTF8AreReplacedAndCounted() {
    let page = decode(Array("é".utf8) + [0xFF, 0x61, 0xED, 0xA0, 0x80], "text/html; charset=utf-8")
    #expect(page.verdict.encoding == .utf8)
    #expect(String(decoding: page.utf8, as: UTF8.self) == "é\u{FFFD}a\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(page.replacedCount == 4)
  }

  @Test func aMetaThatSaysUTF16MeansUTF8() {
    let page = decode(Array("<meta charset=utf-16>é".utf8))
    #expect(page.verdict.encoding == .utf8)
    #expect(page.verdict.source == .meta)
    #expect(page.isDoubtful)
  }

  @Test func unknownLabelsAreNotedAndPassedOver() {
    let page = decode(Array("<meta charset=windows-1251>".utf8) + [0xCF], "text/html;charset=x-foo")
    #expect(page.verdict.encoding == .windows1251)
    #expect(page.verdict.doubt == "unknown charset x-foo")
    #expect(page.utf8.suffix(2) == Array("П".utf8)[...])
  }

  @Test(arguments: [TextEncoding.utf16LE, .utf16BE])
  func utf16IsDecodedWithAndWithoutMark(encoding: TextEncoding) {
    let units = "<p>Ünï😀".utf16.flatMap { unit -> [UInt8] in
      let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return encoding == .utf16LE ? bytes : bytes.reversed()
    }
    let page = decode(units, "text/html; charset=\(encoding.name)")
    #expect(String(decoding: page.utf8, as: UTF8.self) == "<p>Ünï😀")
    #expect(page.isDoubtful)
    let mark: [UInt8] = encoding == .utf16LE ? [0xFF, 0xFE] : [0xFE, 0xFF]
    let marked = decode(mark + units, "text/html; charset=\(encoding.name)")
    #expect(String(decoding: marked.utf8, as: UTF8.self) == "<p>Ünï😀")
    #expect(!marked.isDoubtful)
  }
}
