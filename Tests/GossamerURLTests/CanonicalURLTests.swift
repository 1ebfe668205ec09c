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
    ("http://example.org/%2%35", "http://example.org/%2525", "no new encoding arises"),
    ("http://example.org/%%35%34", "http://example.org/%2554", "no new encoding arises"),
    ("http://example.org/100%?a=%g", "http://example.org/100%25?a=%25g", "a stray percent sign"),
    ("http://x.com/[x]?x[y]=1|2", "http://x.com/%5Bx%5D?x%5By%5D=1%7C2", "not in RFC 3986"),
    ("http://example.org/?", "http://example.org/", "empty query"),
    ("http://example.org/#", "http://example.org/", "empty fragment"),
    ("http://example.org/a#b?c", "http://example.org/a", "fragment"),
    ("http://example.org//a///b//", "http://example.org/a/b/", "slashes in a row"),
    ("http://example.org///", "http://example.org/", "slashes in a row"),
    ("http://example.org/;jsessionid=1/a", "http://example.org/a", "nor any that arise"),
    ("http://example.org/w/http:///x//y", "http://example.org/w/http://x/y", "behind a colon"),
    ("http://example.org/w/http%3a//x", "http://example.org/w/http%3A//x", "behind a colon"),
    ("http://example.org//(S(abcdefghijklmnopqrstuvwx))//a", "http://example.org/a", "sessions"),
    ("http://example.org/index.html", "http://example.org/index.html", "index stays"),
    ("http://www.example.org/", "http://www.example.org/", "www stays"),
    ("http://example.org/?b&a=", "http://example.org/?b&a=", "empty values stay"),
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
  ])
  func parametersThatNameTheVisitAreDropped(query: String, expected: String) {
    #expect(CanonicalURL("http://example.org/" + query)?.string == "http://example.org/" + expected)
  }

  @Test(arguments: [
    ("?b=2&a=1", "?b=2&a=1"),
    ("?b=2&%61=1", "?b=2&a=1"),
    ("?q=1&", "?q=1"),
    ("?&&b=2&&a=1", "?b=2&a=1"),
    ("?&&", ""),
    ("?z=1&utm_source=x&a=2", "?z=1&a=2"),
    ("?page/title&b=1&&a=2", "?page/title&b=1&&a=2"),
    ("?b=1&&flag", "?b=1&&flag"),
    ("?b=1&&=x&a=2", "?b=1&&=x&a=2"),
  ])
  func parametersKeepTheirOrderAndFormsLoseEmptyParts(query: String, expected: String) {
    #expect(CanonicalURL("http://example.org/" + query)?.string == "http://example.org/" + expected)
  }

  @Test func hostsThatDNSCannotHoldAreRefused() {
    let label = String(repeating: "a", count: 63)
    #expect(CanonicalURL("http://\(label).example/") != nil)
    #expect(CanonicalURL("http://a\(label).example/") == nil)
    let labels = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
    #expect(CanonicalURL("http://\(labels)./") != nil, "253 bytes and a dot")
    #expect(CanonicalURL("http://b\(labels)/") == nil)
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
    "http://./", "http://a../", "http://a..b/", "http://.a/", "http:///", "/a", "",
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
    ("http://archive.org/%28%25%32%38%20%E4%23", "org,archive)/((%20%e4%23"),
    ("http://archive.org/?a1=1&a=2&a=1&a=b%3Dc%26", "org,archive)/?&a=1&a=2&a=b=c&a1=1"),
    ("http://archive.org/?b&a=1&a", "org,archive)/?a&a=1&b"),
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
  /// The source's option, whether names are shown in ASCII or not.
  let idn: String?

  private enum CodingKeys: CodingKey { case policy, input, output, options }
  private struct Options: Decodable { var idn: String? }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    policy = try values.decode(String.self, forKey: .policy)
    input = (try? values.decode(String.self, forKey: .input)) ?? ""
    output = try? values.decode(String.self, forKey: .output)  // some policies answer with lists
    idn = try? values.decode(Options.self, forKey: .options).idn
  }
}

@Suite(
  "Canonical URLs: suites of the world",
  .enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)))
struct CanonicalConformanceTests {
  /// Where we decide otherwise, and why.
  static func isDecidedOtherwise(_ test: NormalizationCase) -> Bool {
    !test.input.hasPrefix("http")  // other schemes are not crawled
      || test.input.hasPrefix("http:////")  // no host
      || test.input.contains("b=&") || test.input.hasSuffix("b=")  // a server may tell `b=` and `b`
      || test.input.contains("?=") || test.input.contains("&=")  // no form's query
      || test.input.contains("[::ffff:127")  // hexadecimal by the URL standard
      || test.idn == "unicode"  // ASCII is what is sent
  }

  /// Some servers know one order of parameters only, so it is kept.
  static func differOnlyInOrder(_ got: String?, _ wanted: String?) -> Bool {
    guard let got, let wanted else { return false }
    func parts(_ url: String) -> [Substring] { url.split { $0 == "?" || $0 == "&" }.sorted() }
    return parts(got) == parts(wanted)
  }

  @Test(arguments: ["crawler-commons-basic", "surt (wayback key)"])
  func agreesWhereItDoesNotDecideOtherwise(policy: String) throws {
    let cases: [NormalizationCase] = try conformanceCases("urlnorm/vectors.json")
    var (passed, total) = (0, 0)
    for test in cases where test.policy == policy {
      total += 1
      let url = CanonicalURL(test.input)
      let got = policy.hasPrefix("surt") ? url?.surt : url?.string
      if got == test.output || (got == nil && test.input.isEmpty) {
        passed += 1
      } else if !Self.isDecidedOtherwise(test), !Self.differOnlyInOrder(got, test.output) {
        Issue.record("\(test.input): \(got ?? "refused") instead of \(test.output ?? "refused")")
      }
    }
    print("urlnorm \(policy): \(passed)/\(total)")
    #expect(passed > 5)
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
    var passed = 0
    for test in cases {
      let base = WebURL(test.base)
      let got = WebURL(test.input, base: base)?.href
      let expected = test.resolved.flatMap { WebURL($0)?.href }
      if got == expected {
        passed += 1
      } else {
        Issue.record("\(test.input) on \(test.base): \(got ?? "-") not \(expected ?? "-")")
      }
    }
    print("urlnorm/resolve.json: \(passed)/\(cases.count)")
  }
}
