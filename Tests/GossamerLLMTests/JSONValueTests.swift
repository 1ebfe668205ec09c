import Testing

@testable import GossamerLLM

@Suite("RFC 8259 as models' answers need it")
struct JSONValueTests {
  @Test(arguments: [
    "{\"a\":[1,-2.5e3,true,false,null,\"x\\u00e4\\ud83d\\ude00\\n\"]}", " 0 ", "\"\"", "[]", "{}",
  ])
  func validTextsAreRead(text: String) { #expect(JSONValue(parsing: Array(text.utf8)) != nil) }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "NaN", "01", "1.", "+1", "\"\n\"", "\"\\x\"", "[1] x", "nul",
    "{\"a\" 1}", "{a:1}", "1e", "\"\\u12\"",
  ])
  func otherTextsAreNot(text: String) { #expect(JSONValue(parsing: Array(text.utf8)) == nil) }

  @Test func depthIsBounded() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(JSONValue(parsing: Array(deep.utf8)) == nil)
  }

  @Test func escapesAndLoneSurrogatesAreRead() {
    let value = JSONValue(parsing: Array(#"["\ud83d\ude00","\ud83dx","\u0000"]"#.utf8))
    #expect(value?.array?.map(\.string) == ["😀", "\u{FFFD}x", "\0"])
  }

  @Test func whatIsWrittenIsReadBack() {
    var writer = JSONWriter()
    let text = "a\"\\\n\t\r\u{1}ä😀"
    writer.string(text)
    #expect(JSONValue(parsing: writer.bytes)?.string == text)
  }
}
