import Foundation
import GossamerCorpus
import Testing

@Suite("RFC 8259: one object a line")
struct JSONLineTests {
  @Test(arguments: [
    ("plain", #"{"k":"plain"}"#),
    ("a\"b\\c", #"{"k":"a\"b\\c"}"#),
    ("line\nbreak\r\ttab", #"{"k":"line\nbreak\r\ttab"}"#),
    ("\u{0}\u{1B}[31m", #"{"k":"\u0000\u001b[31m"}"#),
    ("a\u{2028}b\u{2029}c", #"{"k":"a\u2028b\u2029c"}"#),
    ("Straße 東京 🜁", #"{"k":"Straße 東京 🜁"}"#),
  ])
  func textIsEscapedSoThatALineStaysALine(text: String, expected: String) {
    var line = JSONLine()
    line.add("k", text)
    #expect(String(decoding: line.finished(), as: UTF8.self) == expected + "\n")
  }

  @Test(arguments: [
    (0.0, "0"), (1.0, "1"), (0.125, "0.125"), (0.0004, "0"), (12.5, "12.5"), (-3.25, "-3.25"),
    (0.05, "0.05"), (1.0009, "1.001"), (123456.789, "123456.789"),
  ])
  func secondsAreShortDecimals(value: Double, expected: String) {
    var line = JSONLine()
    line.add("k", value)
    #expect(String(decoding: line.finished(), as: UTF8.self) == "{\"k\":\(expected)}\n")
  }

  @Test func unknownValuesLeaveNoKey() {
    var line = JSONLine()
    line.add("a", nil as String?)
    line.add("b", nil as Int?)
    line.add("c", Double.nan)
    line.add("d", [])
    #expect(String(decoding: line.finished(), as: UTF8.self) == "{}\n")
  }
}

@Suite("Page records")
struct PageRecordTests {
  @Test func aRecordComesBackAsItWasWritten() throws {
    var record = PageRecord(url: "https://example.org/a?b=\"c\"")
    record.host = "example.org"
    record.depth = 2
    record.redirects = ["https://example.org/old"]
    record.status = 200
    record.fetchSeconds = 0.25
    record.text = "One.\nTwo \u{2028} three."
    record.links = [.init(url: "https://example.org/b", text: "b", rel: nil, kind: "a")]
    record.headings = [.init(level: 1, text: "Head")]
    record.structured = ["og:title": ["T"], "json-ld": ["{\"a\":1}"]]
    var preferences = PageRecord.Preferences()
    preferences.aiTrain = "no"
    preferences.maxSnippet = 3
    preferences.licenses = ["https://example.org/terms"]
    preferences.evidence = [.init(source: "header", text: "Content-Usage: train-ai=n")]
    record.preferences = preferences
    record.summary = .init(text: "S", provider: "extractive", model: nil, flags: nil)
    let place = PageRecord.Place(file: "x.warc.gz", offset: 10, length: 20)
    let line = PageRecord.finish(line: record.openLine(), at: place)
    #expect(line.filter { $0 == 0x0A }.count == 1)
    record.warc = place
    #expect(try JSONDecoder().decode(PageRecord.self, from: Data(line)) == record)
    #expect(record.textForModels == "One")
    record.preferences?.aiInput = "no"
    #expect(record.textForModels == nil)
  }
}

@Suite("RFC 3339 times")
struct TimestampTests {
  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00.000Z"),
    (951_782_400.0, "2000-02-29T00:00:00.000Z"),
    (1_795_536_517.125, "2026-11-24T16:08:37.125Z"),
    (-1.0, "1969-12-31T23:59:59.000Z"),
  ])
  func secondsBecomeDates(seconds: Double, expected: String) {
    #expect(Timestamp.rfc3339(seconds) == expected)
  }
}
