import Testing

@testable import GossamerLLM

@Suite("HTML Standard §9.2.6: server-sent events")
struct EventStreamParserTests {
  private func parse(_ reads: [[UInt8]]) throws -> (events: [[String?]], unfinished: String?) {
    var parser = EventStreamParser()
    var events: [[String?]] = []
    for read in reads { events += try parser.feed(read).map { [$0.name, $0.data] } }
    return (events, parser.unfinished())
  }

  @Test(.enabled(if: Fixtures.arePresent, "shared fixtures are not beside the package"))
  func sharedCasesGiveTheirEventsHoweverTheyAreSplit() throws {
    let cases = try Fixtures.lines("sse-cases.jsonl")
    #expect(cases.count >= 20)
    for entry in cases {
      let id = entry["id"] as? String ?? "?"
      var reads: [[UInt8]] = (entry["chunks"] as? [String] ?? []).map { Array($0.utf8) }
      for hex in entry["bytes_hex"] as? [String] ?? [] {
        reads.append(
          stride(from: 0, to: hex.count, by: 2).compactMap {
            UInt8(hex.dropFirst($0).prefix(2), radix: 16)
          })
      }
      let expected = (entry["expect"] as? [[Any]] ?? []).map { $0.map { $0 as? String } }
      let whole = reads.flatMap { $0 }
      for split in [reads, [whole], whole.map { [$0] }] {
        let result = try parse(split)
        #expect(result.events == expected, "\(id)")
        #expect(result.unfinished == entry["unfinished"] as? String, "\(id)")
      }
    }
  }

  @Test func splittingAnywhereChangesNothing() throws {
    let text = "\u{FEFF}event: a\r\ndata: ä😀\r\n\r\ndata: b\rdata\r\rdata: c\n\n: x\n\n"
    let bytes = Array(text.utf8)
    let expected: [[String?]] = [["a", "ä😀"], [nil, "b\n"], [nil, "c"]]
    for first in 0...bytes.count {
      for second in stride(from: first, through: bytes.count, by: 3) {
        let reads = [bytes[..<first], bytes[first..<second], bytes[second...]].map { Array($0) }
        #expect(try parse(reads).events == expected)
      }
    }
  }

  @Test func aLineWithoutEndIsBounded() {
    var parser = EventStreamParser(limit: 100)
    #expect(throws: EventStreamTooLong.self) {
      for _ in 0..<20 { _ = try parser.feed(Array("data: xx".utf8)) }
    }
  }

  @Test func anEventWithoutEndIsBounded() {
    var parser = EventStreamParser(limit: 100)
    #expect(throws: EventStreamTooLong.self) {
      for _ in 0..<30 { _ = try parser.feed(Array("data: xxxxx\n".utf8)) }
    }
  }
}
