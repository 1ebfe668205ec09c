import Foundation
import GossamerTestKit
import GossamerURL
import Testing

@Suite("Canonical URLs: the policy of CanonicalURL")
struct CanonicalURLTests {
  @Test(arguments: [
    ("HTTP://Example.ORG", "http://example.org/", "scheme, host, empty path"),
    ("https://example.org:443/a", "https://example.org/a", "default port"),
    ("http://example.org:443/a", "http://example.org:443/a", "other port"),
    ("http://example.org/a/./b/../c", "http://example.org/a/c", "dot segments"),
    ("http://u:p@example.org/", "http://example.org/", "credentials"),
    ("http://example.org./a", "http://example.org/a", "trailing dot"),
    ("http://example.org.:8080/a?b#c", "http://example.org:8080/a?b", "trailing dot and port"),
    ("http://example.org/%7euser/%c3%a4", "http://example.org/~user/%C3%A4", "encodings"),
    ("http://example.org/?q=%41%2f%20", "http://example.org/?q=A%2F%20", "encodings of the query"),
    ("http://example.org/%2%35", "http://example.org/%2%35", "no new encoding arises"),
    ("http://example.org/%%35%34", "http://example.org/%%354", "no new encoding arises"),
    ("http://example.org/100%", "http://example.org/100%", "a stray percent sign stays"),
    ("http://x.com/[x]?x[y]=1|2", "http://x.com/%5Bx%5D?x%5By%5D=1%7C2", "not in RFC 3986"),
    ("http://example.org/?", "http://example.org/", "empty query"),
    ("http://example.org/#", "http://example.org/", "empty fragment"),
    ("http://example.org/a#b?c", "http://example.org/a", "fragment"),
    ("http://example.org/?b=2&a=1", "http://example.org/?b=2&a=1", "order stays"),
    ("http://example.org/a//b/", "http://example.org/a//b/", "slashes stay"),
    ("http://example.org/index.html", "http://example.org/index.html", "index stays"),
    ("http://www.example.org/", "http://www.example.org/", "www stays"),
    ("http://example.org/?a=&&b", "http://example.org/?a=&&b", "empty parameters stay"),
  ])
  func ruleByRule(input: String, expected: String, because: Comment) {
    #expect(CanonicalURL(input)?.string == expected, because)
  }

  @Test(arguments: [
    ("?utm_source=a&id=1&utm_medium=b", "?id=1"),
    ("?UTM_Source=a&id=1", "?id=1"),
    ("?%75tm_source=a", ""),
    ("?utm_=a", "?utm_=a"),
    ("?utmost=1", "?utmost=1"),
    ("?gclid=1&fbclid=2&msclkid=3&mc_eid=4&yclid=5&igshid=6", ""),
    ("?gclid", ""),
    ("?ref=x&source=y", "?ref=x&source=y"),
    ("?PHPSESSID=abc&p=1", "?p=1"),
    ("?jsessionid=AB12&p=1", "?p=1"),
    ("?ASPSESSIONIDQQ=x", ""),
    ("?sid=12", "?sid=12"),
    ("?sid=0123456789abcdef0123456789abcdef", ""),
    ("?sid=aaaaaaaaaaaaaaaaaa", "?sid=aaaaaaaaaaaaaaaaaa"),
    ("?sid=not-a-session-id-at-all", "?sid=not-a-session-id-at-all"),
    ("?a=utm_source=1", "?a=utm_source=1"),
    ("?q=1&", "?q=1&"),
  ])
  func parametersThatNameTheVisitAreDropped(query: String, expected: String) {
    #expect(CanonicalURL("http://example.org/" + query)?.string == "http://example.org/" + expected)
  }

  @Test(arguments: [
    ("/a;jsessionid=0A1B/b", "/a/b"),
    ("/a;JSESSIONID=0A1B?x=1", "/a?x=1"),
    ("/a;v=2;jsessionid=1;w=3", "/a;v=2;w=3"),
    ("/a;v=2", "/a;v=2"),
    ("/..;jsessionid=1/b", "/..;jsessionid=1/b"),
    ("/(S(abcdefghijklmnopqrstuvwx))/p.aspx", "/p.aspx"),
    ("/(S(short))/p.aspx", "/(S(short))/p.aspx"),
  ])
  func sessionsInThePathAreDropped(path: String, expected: String) {
    #expect(CanonicalURL("http://example.org" + path)?.string == "http://example.org" + expected)
  }

  @Test(arguments: [
    "ftp://example.org/", "file:///etc/passwd", "mailto:a@b.example", "data:,x", "javascript:x",
    "http://./", "http://a../", "http:///", "/a", "",
    "http://example.org/" + String(repeating: "a", count: 4078),
  ])
  func whatNamesNoPageIsRefused(input: String) {
    #expect(CanonicalURL(input) == nil)
  }

  @Test func theBoundIsOnTheResult() {
    let path = String(repeating: "a", count: 4077)
    let long = CanonicalURL("http://example.org/" + path + "#" + path)
    #expect(long?.string.utf8.count == 4096)
  }

  @Test(arguments: [
    ("http://example.org/", "example.org", "example.org"),
    ("https://www.example.co.uk:8443/", "www.example.co.uk:8443", "example.co.uk"),
    ("https://example.org:443/", "example.org", "example.org"),
    ("http://user.github.io/", "user.github.io", "user.github.io"),
    ("http://github.io/", "github.io", nil),
    ("http://127.1:81/", "127.0.0.1:81", nil),
    ("http://[::1]/", "[::1]", nil),
    ("http://localhost/", "localhost", nil),
    ("http://Bücher.example/", "xn--bcher-kva.example", "xn--bcher-kva.example"),
  ])
  func hostKeyAndRegisteredDomain(input: String, key: String, domain: String?) throws {
    let url = try #require(CanonicalURL(input))
    #expect(url.hostKey == key)
    #expect(url.registeredDomain == domain)
  }

  @Test(arguments: [
    ("http://www.archive.org/", "org,archive)/"),
    ("https://www2.archive.org:8080/Goo/", "org,archive:8080)/goo"),
    ("http://archive.org/goo/?b&a", "org,archive)/goo?a&b"),
    ("http://archive.org/goo/?a=2&b&a=1", "org,archive)/goo?a=1&a=2&b"),
    ("http://archive.org/a//b", "org,archive)/a/b"),
    ("http://10.1.2.3:81/x", "10.1.2.3:81)/x"),
    ("https://[2600:1f18::150a]/robots.txt", "2600:1f18::150a)/robots.txt"),
    ("http://localhost/", "localhost)/"),
    ("http://www.com/", "com)/"),
  ])
  func surtKeys(input: String, key: String) {
    #expect(CanonicalURL(input)?.surt == key)
  }
}

struct NormalizationCase: Decodable {
  let policy: String
  let input: String
  let output: String?

  private enum CodingKeys: CodingKey { case policy, input, output }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    policy = try values.decode(String.self, forKey: .policy)
    input = (try? values.decode(String.self, forKey: .input)) ?? ""
    output = try? values.decode(String.self, forKey: .output)  // some policies answer with lists
  }
}

@Suite(
  "Canonical URLs: suites of the world",
  .enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)))
struct CanonicalConformanceTests {
  /// Where we decide otherwise: order of parameters and slashes are kept, and a stray `%` stays.
  static func isDecidedOtherwise(_ input: String) -> Bool {
    let path = input.drop(while: { $0 != ":" }).dropFirst(3)
    return path.contains("//") || input.contains("&") || input.hasSuffix("%")
      || input.hasSuffix("%2") || input.hasSuffix("b=") || !input.lowercased().hasPrefix("http")
      || input.contains("|") || input.hasPrefix("http:////")
      || input.contains("[::ffff:127")  // serialized in hexadecimal by the URL standard
  }

  @Test(arguments: ["crawler-commons-basic", "surt (wayback key)"])
  func agreesWhereItDoesNotDecideOtherwise(policy: String) throws {
    let cases: [NormalizationCase] = try conformanceCases("urlnorm/vectors.json")
    var tested = 0
    for test in cases where test.policy == policy && test.input.hasPrefix("http") {
      let isKey = policy.hasPrefix("surt")
      if !isKey, Self.isDecidedOtherwise(test.input) || test.output?.contains("ö") == true {
        continue
      }
      tested += 1
      let url = CanonicalURL(test.input)
      let got = isKey ? url?.surt : url?.string
      let expected = test.output
      if got != expected, !(test.output?.unicodeScalars.contains { $0.value > 127 } ?? false) {
        Issue.record("\(test.input): \(got ?? "refused") instead of \(expected ?? "refused")")
      }
    }
    #expect(tested > 5)
  }

  @Test func canonicalizingIsIdempotent() throws {
    let cases: [URLCase] = try conformanceCases("url/urltestdata.json")
    for test in cases {
      guard let url = WebURL(test.input, base: test.base.flatMap { WebURL($0) }),
        let canonical = CanonicalURL(url)
      else { continue }
      #expect(CanonicalURL(canonical.url) == canonical)
      #expect(CanonicalURL(canonical.string) == canonical, "\(canonical)")
      let again = WebURL(canonical.string)
      #expect(again?.pathname == canonical.url.pathname)
      #expect(again?.search == canonical.url.search)
      #expect(again?.hostname == canonical.url.hostname)
    }
  }

  struct ResolveCase: Decodable {
    let input: String
    let base: String
    let resolved: String?
  }

  @Test func relativeReferencesResolve() throws {
    let cases: [ResolveCase] = try conformanceCases("urlnorm/resolve.json")
    for test in cases {
      let base = WebURL(test.base)
      let got = WebURL(test.input, base: base)?.href
      let expected = test.resolved.flatMap { WebURL($0)?.href }
      if got != expected {
        Issue.record("\(test.input) on \(test.base): \(got ?? "-") not \(expected ?? "-")")
      }
    }
  }
}
