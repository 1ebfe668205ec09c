import GossamerCorpus
import Testing

@Suite("Values picked out of an object")
struct JSONSkimTests {
  private func read<Value>(_ line: String, _ body: (JSONSkim?) -> Value) -> Value {
    Array(line.utf8).withUnsafeBufferPointer { bytes in
      body(JSONSkim(bytes, keys: [Array("a".utf8), Array("b".utf8)]))
    }
  }

  @Test(arguments: [
    (#"x\n\u00e9\ud83d\ude00\""#, "x\né😀\""), (#"\ud83d"#, "\u{FFFD}"),
    (#"\ud83d!\ude00"#, "\u{FFFD}!\u{FFFD}"), (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"),
    (#"\\\/\t"#, "\\/\t"), ("漢字🙂", "漢字🙂"), ("", ""), (#"\u0041B\u000a"#, "AB\n"),
  ])
  func escapesInStringsAreUndone(written: String, text: String) {
    #expect(read("{\"a\":\"\(written)\"}") { $0?.string(0) } == text)
  }

  @Test func valuesBetweenAreSkipped() {
    let line = #"{"z":[{"a":"no"},"]}"],"b":{"c":["}"]},"a":"yes"}"#
    #expect(read(line) { $0?.string(0) } == "yes")
    #expect(read(line) { $0?.raw(1)?.count } == 11)
  }

  @Test(arguments: ["", "[]", "{", #"{"a":"x"#, #"{"a" "x"}"#, #"{"a":"x"}}"#, #"{"a":}"#])
  func whatIsNoWholeObjectIsNotRead(line: String) {
    #expect(read(line) { $0 == nil })
  }
}
