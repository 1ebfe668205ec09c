import GossamerTestKit
import GossamerURL
import Testing

@Suite("Public suffix list")
struct PublicSuffixesTests {
  @Test(arguments: [
    ("example.com", "example.com"), ("www.example.com.", "example.com"), ("com", nil),
    ("a.b.kobe.jp", "a.b.kobe.jp"), ("www.city.kobe.jp", "city.kobe.jp"), ("kobe.jp", "kobe.jp"),
    ("c.kobe.jp", nil),
    ("www.ck", "www.ck"), ("a.www.ck", "www.ck"), ("b.c.kobe.jp", "b.c.kobe.jp"),
    ("x.s3.amazonaws.com", "x.s3.amazonaws.com"), ("amazonaws.com", "amazonaws.com"),
    ("unlisted", nil), ("a.unlisted", "a.unlisted"), ("", nil), (".", nil), ("..", nil),
    (".com", nil), ("a..com", nil), ("..com", nil),
  ])
  func findsTheRegisteredDomain(host: String, domain: String?) {
    #expect(PublicSuffixes.registeredDomain(of: host) == domain)
  }

  @Test(
    .enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)))
  func everyCaseOfTheListItself() throws {
    let text = String(decoding: try ConformanceData.bytes("psl/tests.txt"), as: UTF8.self)
    var tested = 0
    for line in text.split(separator: "\n") where !line.hasPrefix("//") {
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count == 2, fields[0] != "null", let host = ascii(fields[0]) else { continue }
      let expected = fields[1] == "null" ? nil : ascii(fields[1])
      tested += 1
      let found = PublicSuffixes.registeredDomain(of: host)
      if found != expected {
        Issue.record("\(line): \(found ?? "null") instead of \(expected ?? "null")")
      }
    }
    #expect(tested > 70)
  }

  private func ascii(_ host: String) -> String? { WebURL("http://\(host)/")?.hostname }
}
