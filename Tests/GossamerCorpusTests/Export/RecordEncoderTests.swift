import Foundation
import GossamerArchive
import GossamerBytes
import GossamerCorpus
import Testing

@Suite("Every export format")
struct RecordEncoderTests {
  private static func page(_ text: String?) -> PageRecord {
    var page = PageRecord(url: "http://a.test/x?q=1")
    page.host = "a.test"
    page.title = "A, \"B\"\nC"
    page.fetchedAt = "2026-01-02T03:04:05.250Z"
    page.language = "en"
    page.wordCount = 2
    page.text = text
    page.links = [.init(url: "http://b.test/", text: "b", rel: nil, kind: "a")]
    page.warc = .init(file: "g-00000.warc.gz", offset: 5, length: 7)
    return page
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func aFormatIsRegisteredOnceAndFoundByItsName() {
    let names = RecordFormat.all.map(\.name)
    #expect(names == ["jsonl", "csv", "text", "markdown", "wet"])
    #expect(names.allSatisfy { RecordFormat.named($0)?.name == $0 })
    #expect(RecordFormat.named("JSONL") == nil)
  }

  /// What an encoder says it looks at is all that a reader decodes.
  @Test(arguments: RecordFormat.all.map(\.name))
  func keysThatAreNotNamedAreNotLookedAt(name: String) throws {
    let format = try #require(RecordFormat.named(name))
    var encoding = RecordEncoding()
    if format.takesFields { encoding.fields = try FieldList(parsing: "title,text,warc") }
    var encoder = format.encoder(encoding)
    let whole = Self.page("One two.")
    let line = PageRecord.finish(line: whole.openLine(), at: whole.warc)
    var object = try #require(
      try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    let keys = try #require(encoder.keys)
    object = object.filter { keys.contains($0.key) || $0.key == "url" }
    let part = try JSONDecoder().decode(
      PageRecord.self, from: JSONSerialization.data(withJSONObject: object))
    var (first, second) = (text(try encoder.encode(whole)), text(try encoder.encode(part)))
    if name == "wet" {
      // Each record has a name of its own.
      (first, second) = (String(first.drop { $0 != ">" }), String(second.drop { $0 != ">" }))
    }
    #expect(first == second && !first.isEmpty)
  }

  @Test(arguments: ["text", "markdown", "wet"], [nil, "", " \n"])
  func pagesWithoutTextAreInNoFormatOfText(name: String, content: String?) throws {
    var encoder = try #require(RecordFormat.named(name)).encoder(RecordEncoding())
    #expect(try encoder.encode(Self.page(content)) == [])
  }

  @Test(arguments: [
    ("url", #"{"url":"http://a.test/x?q=1"}"#),
    ("title,url", #"{"title":"A, \"B\"\nC","url":"http://a.test/x?q=1"}"#),
    ("text=content,author", #"{"content":"T"}"#),
    (" word_count = n , word_count", #"{"n":2,"word_count":2}"#),
    ("links=l\"", #"{"l\"":[{"url":"http://b.test/","text":"b","kind":"a"}]}"#),
    ("warc", #"{"warc":{"file":"g-00000.warc.gz","offset":5,"length":7}}"#),
  ])
  func fieldsAreChosenOrderedAndRenamed(fields: String, expected: String) throws {
    let encoder = JSONLinesEncoder(fields: try FieldList(parsing: fields))
    #expect(text(encoder.encode(Self.page("T"))) == expected + "\n")
  }

  @Test func allFieldsAreTheRecordAsItIsStored() throws {
    let page = Self.page("a\u{0}b\u{2028}c")
    let line = JSONLinesEncoder().encode(page)
    #expect(line == PageRecord.finish(line: page.openLine(), at: page.warc))
    #expect(try JSONDecoder().decode(PageRecord.self, from: Data(line)) == page)
    #expect(text(JSONLinesEncoder(fields: .all).encode(page)) == text(line))
  }

  @Test(arguments: ["titel", "", "url,", "url,url", "url=,title", "url=a,title=a", "URL"])
  func wrongFieldsAreRefused(fields: String) {
    #expect(throws: ExportError.self) { try FieldList(parsing: fields) }
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
    ("a\nb\r\nc", "\"a\nb\r\nc\""), (" a", "\" a\""), ("a\u{0}b\u{1B}", "\"a\u{FFFD}b\u{FFFD}\""),
    ("=1+1", "=1+1"), ("東京", "東京"),
  ])
  func cellsAreQuotedWhereTheyMustBe(value: String, cell: String) throws {
    var page = Self.page(value)
    page.title = nil
    let encoder = CSVEncoder(fields: try FieldList(parsing: "url,title,text,word_count=n"))
    #expect(text(encoder.opening(fileName: nil)) == "url,title,text,n\r\n")
    #expect(text(encoder.encode(page)) == "http://a.test/x?q=1,,\(cell),2\r\n")
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
  func textsThatSpreadsheetsCalculateAreMarkedWhereAskedFor(value: String) throws {
    let fields = try FieldList(parsing: "text")
    let safe = CSVEncoder(fields: fields, hasSafeCells: true)
    #expect(text(safe.encode(Self.page(value))) == "\"'\(value)\"\r\n")
    #expect(text(safe.encode(Self.page("a=b"))) == "a=b\r\n")
    let plain = text(CSVEncoder(fields: fields).encode(Self.page(value)))
    #expect(plain.contains(value) && !plain.contains("'"))
  }

  @Test func aRowOfOneEmptyCellIsARow() throws {
    let encoder = CSVEncoder(fields: try FieldList(parsing: "author"))
    #expect(text(encoder.encode(Self.page("x"))) == "\"\"\r\n")
  }

  @Test(arguments: [
    ("One.\nTwo.", "One. Two.\n"), ("a\r\n\r\n b\u{B}c", "a  b c\n"), ("\n a \n", " a\n"),
    ("a\u{85}b\u{2028}c\u{2029}", "a b c\n"), ("tab\tstays", "tab\tstays\n"),
    ("\u{1B}[31mred\u{0}", "[31mred\n"), ("é…\u{2027}", "é…\u{2027}\n"),
  ])
  func aPageIsOneLineOfText(content: String, line: String) {
    #expect(text(PlainTextEncoder().encode(Self.page(content))) == line)
  }

  @Test(arguments: [
    ("plain", #""plain""#), ("a: b # c", #""a: b # c""#),
    ("x\n---\nurl: evil", #""x\u000a---\u000aurl: evil""#),
    ("\"q\" \\", #""\"q\" \\""#), ("\u{85}\u{2028}\u{FEFF}\u{7F}", #""\u0085\u2028\ufeff\u007f""#),
    ("no", #""no""#), ("2026-01-01", #""2026-01-01""#),
  ])
  func valuesOfTheHeadCannotLeaveTheirQuotes(title: String, value: String) {
    var page = Self.page("Text.")
    page.title = title
    page.markdown = "# Text\n\n---\n"
    let lines = text(MarkdownEncoder().encode(page)).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "---")
    #expect(lines[1] == #"url: "http://a.test/x?q=1""#)
    #expect(lines[2] == "title: \(value)")
    #expect(lines[3] == #"fetched_at: "2026-01-02T03:04:05.250Z""#)
    #expect(lines[4] == #"language: "en""#)
    #expect(lines[5...] == ["---", "", "# Text", "", "---", ""])
  }

  @Test func textsOfPagesAreConversionRecords() throws {
    let encoder = WETEncoder(software: "Gossamer/1", date: 0)
    let file =
      encoder.opening(fileName: "x.warc.wet.gz") + encoder.encode(Self.page("Grüße\r\n\r\n"))
    var reader = WARCReader(bytes: file)
    let head = try #require(try reader.next())
    #expect(head.kind == "warcinfo" && head["WARC-Filename"] == "x.warc.wet.gz")
    #expect(text(head.block).contains("software: Gossamer/1\r\n"))
    let record = try #require(try reader.next())
    #expect(record.kind == "conversion")
    #expect(record.targetURI == "http://a.test/x?q=1")
    #expect(record["WARC-Date"] == "2026-01-02T03:04:05.250Z")
    #expect(record["Content-Type"] == "text/plain")
    #expect(text(record.block) == "Grüße\r\n\r\n")
    #expect(record.blockDigestFits == true)
    #expect(try reader.next() == nil)
    #expect(reader.damageCount == 0)
  }

  @Test(arguments: [
    ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"), ("yesterday", "1970-01-01T00:00:00Z"),
    (nil, "1970-01-01T00:00:00Z"),
  ])
  func aRecordHasTheDateOfTheCaptureOrOfTheExport(fetched: String?, date: String) throws {
    var page = Self.page("T")
    page.fetchedAt = fetched
    var reader = WARCReader(bytes: WETEncoder(software: "g", date: 0).encode(page))
    #expect(try reader.next()?["WARC-Date"] == date)
  }
}
