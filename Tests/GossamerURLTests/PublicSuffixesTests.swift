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
    .enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)),
    arguments: ["psl/tests.txt", "psl/test_psl.txt"])
  func everyCaseOfTheListItself(path: String) throws {
    let text = String(decoding: try ConformanceData.bytes(path), as: UTF8.self)
    var (passed, total) = (0, 0)
    for line in text.split(separator: "\n") where !line.hasPrefix("//") {
      // `a.com a.com`, or `checkPublicSuffix('a.com', 'a.com');`
      let fields = line.split { " ,;()'".contains($0) }.filter { $0 != "checkPublicSuffix" }
      guard fields.count == 2, fields[0] != "null" else { continue }
      total += 1
      let expected = fields[1] == "null" ? nil : ascii(fields[1])
      let found = ascii(fields[0]).flatMap { PublicSuffixes.registeredDomain(of: $0) }
      if found == expected {
        passed += 1
      } else {
        Issue.record("\(line): \(found ?? "null") instead of \(expected ?? "null")")
      }
    }
    print("\(path): \(passed)/\(total)")
    #expect(total > 70)
  }

  private func ascii(_ host: Substring) -> String? { WebURL("http://\(host)/")?.hostname }
}
