import Foundation
import GossamerTestKit
import GossamerURL
import Testing

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
    for test in cases {
      if let difference = test.difference {
        Issue.record("\(test.input.debugDescription) on \(test.base ?? "nothing"): \(difference)")
      }
    }
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
    for test in cases where !test.input.isEmpty {  // an empty host is no URL's matter
      let host = WebURL("https://\(test.input)/x").map(\.hostname)
      if host != test.output {
        Issue.record(
          "\(test.input.debugDescription): \(host ?? "refused") instead of \(test.output ?? "refused")"
        )
      }
    }
  }
}
