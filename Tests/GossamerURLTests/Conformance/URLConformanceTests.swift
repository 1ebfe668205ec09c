import Foundation
import GossamerTestKit
import Testing

@testable import GossamerURL

/// One case of `urltestdata.json`; comments are strings in the same array and are left out.
struct URLCase: Decodable {
  let input: String
  let base: String?
  let failure: Bool?
  let href, origin, `protocol`, username, password, host, hostname, port: String?
  let pathname, search, hash: String?

  /// What differs from the expectation, or nil.
  var difference: String? {
    var parsedBase: WebURL?
    if let base {
      guard let url = WebURL(base) else { return failure == true ? nil : "base refused" }
      parsedBase = url
    }
    guard let url = WebURL(input, base: parsedBase) else {
      return failure == true ? nil : "refused"
    }
    if failure == true { return "not refused but \(url.href)" }
    var differences: [String] = []
    func compare(_ name: String, _ got: String, _ expected: String?) {
      if let expected, got != expected {
        differences.append("\(name) is \(got) instead of \(expected)")
      }
    }
    let port = url.port.map(String.init) ?? ""
    compare("href", url.href, href)
    compare("origin", url.origin, origin)
    compare("protocol", url.scheme + ":", `protocol`)
    compare("username", url.username, username)
    compare("password", url.password, password)
    compare("host", url.hostname + (port.isEmpty ? "" : ":" + port), host)
    compare("hostname", url.hostname, hostname)
    compare("port", port, self.port)
    compare("pathname", url.pathname, pathname)
    compare("search", url.search, search)
    compare("hash", url.hash, hash)
    return differences.isEmpty ? nil : differences.joined(separator: "; ")
  }
}

/// An element of a test array that mixes cases with comments.
enum CaseOrComment<Case: Decodable>: Decodable {
  case test(Case)
  case comment

  init(from decoder: any Decoder) throws {
    if (try? decoder.singleValueContainer().decode(String.self)) != nil {
      self = .comment
    } else {
      self = .test(try Case(from: decoder))
    }
  }

  var test: Case? {
    if case .test(let test) = self { test } else { nil }
  }
}

/// Escapes of surrogates in JSON: a pair, or one that is alone and that no Swift string can hold.
// A regex literal that is only read; its type is not marked Sendable.
nonisolated(unsafe) private let surrogates =
  /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\ud[89a-f][0-9a-f]{2}/

func conformanceCases<Case: Decodable>(_ path: String) throws -> [Case] {
  let text = String(decoding: try ConformanceData.bytes(path), as: UTF8.self)
    .replacing(surrogates) { $0.output.count == 12 ? String($0.output) : "\\ufffd" }
  return try JSONDecoder().decode([CaseOrComment<Case>].self, from: Data(text.utf8))
    .compactMap(\.test)
}

@Suite(
  "WHATWG URL: web-platform-tests",
  .enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)))
struct URLTestDataTests {
  @Test(arguments: [("url/urltestdata.json", 891), ("url/ada-extra-urltestdata.json", 28)])
  func everyCaseParsesAsTheStandardSays(path: String, count: Int) throws {
    let cases: [URLCase] = try conformanceCases(path)
    #expect(cases.count == count)
    let differences = cases.compactMap { test in
      test.difference.map { "\(test.input.debugDescription) on \(test.base ?? "nothing"): \($0)" }
    }
    for difference in differences { Issue.record("\(difference)") }
    print("\(path): \(count - differences.count)/\(count)")
  }

  @Test func serializingAndParsingAgainChangesNothing() throws {
    let cases: [URLCase] = try conformanceCases("url/urltestdata.json")
    for test in cases {
      guard let url = WebURL(test.input, base: test.base.flatMap { WebURL($0) }) else { continue }
      let again = try #require(WebURL(url.href), "\(url.href)")
      #expect(again == url)
      #expect(again.pathname == url.pathname)
      #expect(again.host == url.host)
    }
  }
}

struct HostCase: Decodable {
  let input: String
  let output: String?
}

@Suite(
  "UTS 46: domain to ASCII",
  .enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)))
struct DomainToASCIITests {
  @Test(arguments: [
    ("url/toascii.json", 87), ("url/IdnaTestV2.json", 2671), ("url/IdnaTestV2-removed.json", 20),
  ])
  func everyDomainMapsAsExpected(path: String, count: Int) throws {
    let cases: [HostCase] = try conformanceCases(path)
    #expect(cases.count == count)
    var passed = 0
    for test in cases {
      let host = WebURL("https://\(test.input)/x").map(\.hostname)
      if host == test.output || test.input.isEmpty {  // an empty host is no URL's matter
        passed += 1
      } else {
        Issue.record(
          "\(test.input.debugDescription): \(host ?? "refused") instead of \(test.output ?? "refused")"
        )
      }
    }
    print("\(path): \(passed)/\(count)")
  }
}

struct PunycodeCase: Decodable {
  let description: String?
  let decoded: String
  let encoded: String?
}

@Suite(
  "Parts of URLs",
  .enabled(if: ConformanceData.isPresent, Comment(rawValue: ConformanceData.absence)))
struct URLPartsTests {
  @Test func punycodeEncodesAndDecodes() throws {
    let cases: [PunycodeCase] = try conformanceCases("url/punycode.json")
    var passed = 0
    for test in cases {
      let scalars = test.decoded.unicodeScalars.map(\.value)
      let encoded = Punycode.encode(scalars).map { String(decoding: $0, as: UTF8.self) }
      let expected = try #require(test.encoded)
      let decoded = Punycode.decode(expected.unicodeScalars.map(\.value)[...])
      // Labels of domains are in lower case before they are encoded, so case says nothing.
      if encoded?.lowercased() == expected.lowercased(), decoded == scalars {
        passed += 1
      } else {
        Issue.record("\(test.description ?? test.decoded): \(encoded ?? "refused")")
      }
    }
    print("url/punycode.json: \(passed)/\(cases.count)")
  }

  @Test func labelsTooLongToBeNamesAreNotEncoded() throws {
    let cases: [PunycodeCase] = try conformanceCases("url/punycode-bad.json")
    for test in cases { #expect(Punycode.encode(test.decoded.unicodeScalars.map(\.value)) == nil) }
    print("url/punycode-bad.json: \(cases.count)/\(cases.count)")
  }

  struct EncodingCase: Decodable {
    let input: String
    let output: [String: String]
  }

  /// URLs are read from UTF-8 alone; the other encodings of these cases are those of old forms.
  @Test func queriesAreEncodedFromUTF8() throws {
    let cases: [EncodingCase] = try conformanceCases("url/percent-encoding.json")
    var passed = 0
    for test in cases {
      let query = try #require(WebURL("https://example.org/?\(test.input)")).search.dropFirst()
      #expect(String(query) == test.output["utf-8"])
      if String(query) == test.output["utf-8"] { passed += 1 }
    }
    print("url/percent-encoding.json (utf-8): \(passed)/\(cases.count)")
  }

  @Test func hostsThatDNSCannotHoldAreNotCanonical() throws {
    let cases: [URLCase] = try conformanceCases("url/ada-verifydnslength.json")
    var passed = 0
    for test in cases {
      let isRefused = CanonicalURL(test.input) == nil
      #expect(isRefused == (test.failure == true), "\(test.input)")
      if isRefused == (test.failure == true) { passed += 1 }
    }
    print("url/ada-verifydnslength.json: \(passed)/\(cases.count)")
  }

  @Test func oddIPv4AddressesAreRead() throws {
    let cases: [String: String?] = try ConformanceData.json("urlnorm/urlcanon-funky_ipv4.json")
    var passed = 0
    for (input, expected) in cases {
      let url = WebURL("http://\(input)/")
      let address: String? =
        if case .ipv4(let value)? = url?.host { IPAddress.v4(value).description } else { nil }
      #expect(address == expected, "\(input)")
      if address == expected { passed += 1 }
    }
    print("urlnorm/urlcanon-funky_ipv4.json: \(passed)/\(cases.count)")
  }

  @Test(arguments: ["special", "nonspecial"])
  func dotSegmentsAreResolved(kind: String) throws {
    let cases: [String: [String: String]] = try ConformanceData.json(
      "urlnorm/urlcanon-path_dots.json")
    let scheme = kind == "special" ? "http" : "foo"
    var (passed, total) = (0, 0)
    for (input, expected) in try #require(cases[kind])
    where kind == "special" || input.hasPrefix("/") {  // else it would be part of the host
      total += 1
      // The source keeps the slashes of its input; the standard makes them `/` in special URLs.
      let standard =
        kind == "special" ? expected.replacing("\\", with: "/") : expected
      let path = WebURL("\(scheme)://h\(input)")?.pathname
      #expect(path == standard, "\(input)")
      if path == standard { passed += 1 }
    }
    print("urlnorm/urlcanon-path_dots.json \(kind): \(passed)/\(total)")
  }
}
