import Foundation
import GossamerHTTP
import GossamerTestKit
import Testing

@testable import GossamerFetch

@Suite("MIME Sniffing §7: types of bodies")
struct MediaTypeSnifferTests {
  private func sniffer(_ type: String?, options: String? = nil) -> MediaTypeSniffer {
    var fields = HTTPFields(type.map { [("Content-Type", $0)] } ?? [])
    if let options { fields.append("X-Content-Type-Options", options) }
    return MediaTypeSniffer(fields)
  }

  @Test(arguments: [
    ("text/html", "%PDF-1.4", "application/pdf"), ("text/html", "PK\u{3}\u{4}", "application/zip"),
    ("text/html; charset=utf-8", "GIF89a", "image/gif"), ("text/xml", "wOF2", "font/woff2"),
    ("application/xhtml+xml", "ID3\u{3}\0", "audio/mpeg"),
    ("text/html", "{\"a\":1}", "application/json"),
    ("text/html", "BMW and BZh and ID3 are words", nil), ("text/html", "[1] is a footnote", nil),
    ("text/plain", "{\"a\":1}", nil), ("text/plain", "a\u{1}b", "application/octet-stream"),
    ("text/plain; charset=x", "a\u{1}b", nil), ("text/plain", "\u{FEFF}a\u{1}", nil),
    ("image/png", "GIF89a", nil),
  ])
  func whatCanBeNoTextContradictsText(type: String, body: String, found: String?) {
    #expect(sniffer(type).contradiction(Array(body.utf8)[...]) == found)
  }

  @Test func nosniffForbidsAllButTheUnreadable() {
    let strict = sniffer("text/html", options: "NoSniff")
    #expect(strict.contradiction(Array("{\"a\":1}".utf8)[...]) == nil)
    #expect(strict.contradiction(Array("%PDF-1".utf8)[...]) == "application/pdf")
    #expect(sniffer("application/octet-stream", options: "nosniff, x").declared != nil)
    #expect(sniffer("application/octet-stream").declared == nil)
    #expect(
      sniffer(nil, options: "nosniff").undeclaredType(Array("<html>".utf8)[...]) == "text/plain")
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func undeclaredBodiesAreReadAsBrowsersDo() throws {
    struct Case: Decodable {
      let payload_hex: String
      let content_type: String?
      let nosniff: Bool
      let expected: String
    }
    let cases = try ConformanceData.json("mime/sniffing.json", as: [Case].self)
    var passed = 0
    for item in cases {
      let digits = Array(item.payload_hex)
      let body = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...($0 + 1)]), radix: 16)
      }
      let sniffer = sniffer(item.content_type, options: item.nosniff ? "nosniff" : nil)
      let found =
        sniffer.declared ?? sniffer.undeclaredType(body.prefix(MediaTypeSniffer.sampleSize))
      if found == item.expected {
        passed += 1
      } else {
        Issue.record("\(item.payload_hex) \(item.content_type ?? "-"): \(found), \(item.expected)")
      }
    }
    print("mime sniffing: \(passed)/\(cases.count)")
    #expect(!cases.isEmpty)
  }
}
