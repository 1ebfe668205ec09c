import GossamerTestKit
import GossamerURL
import Testing

/// xorshift64*: the same mutations in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

@Suite("URLs: damaged inputs keep every promise")
struct URLMutationTests {
  /// Bytes at which the parsers turn.
  static let turns: [UInt8] =
    Array("/\\?#:@[].%&=;|( \t\nA0x2e".utf8) + [0x00, 0x7F, 0x80, 0xC3, 0xA4, 0xFF, 0xE2]

  static let seeds: [String] = [
    "https://user:pass@example.com:8080/a/b;jsessionid=1/../c?d=e&utm_source=x&f=%41#g",
    "http://[2001:db8::1.2.3.4]:80/", "http://0x7f.0.1/", "file:///C:/a/../b", "foo:/.//a/b",
    "http://bücher.example./ä?ö#ü", "mailto:a@b.example", "//x/y", "../..//a", "?a", "#b",
    "http://xn--bcher-kva.example/(S(abcdefghijklmnopqrstuvwx))/a.aspx", "ws://a\u{200D}b/",
  ]

  static func mutate(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let index = Int.random(in: 0...bytes.count, using: &random)
      let byte = turns.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.insert(byte, at: index)
      case 1 where index < bytes.count: bytes[index] = byte
      case 2 where index < bytes.count: bytes.remove(at: index)
      default:
        let end = Int.random(in: index...bytes.count, using: &random)
        bytes.insert(contentsOf: bytes[index..<end].prefix(200), at: index)
      }
    }
    return bytes
  }

  @Test(.timeLimit(.minutes(5)))
  func parsingIsTotalStableAndCanonicalizingIdempotent() throws {
    var random = SeededGenerator(state: 20_260_101)
    var seeds = Self.seeds
    if ConformanceData.isPresent {
      seeds += try (conformanceCases("url/urltestdata.json") as [URLCase]).map(\.input)
    }
    let bases = [nil] + Self.seeds.map { WebURL($0) }
    for round in 0..<20_000 {
      let seed = seeds[round % seeds.count]
      let input = Self.mutate(Array(seed.utf8), using: &random)
      let base = bases[round % bases.count]
      guard let url = input.withUnsafeBufferPointer({ WebURL(utf8: $0, base: base) }) else {
        continue
      }
      check(url, from: input)
    }
  }

  private func check(_ url: WebURL, from input: [UInt8]) {
    let again = WebURL(url.href)
    let isSame =
      again?.href == url.href && again?.host == url.host && again?.pathname == url.pathname
      && again?.search == url.search && again?.hash == url.hash && again?.port == url.port
      && again?.username == url.username && again?.password == url.password
      && again?.origin == url.origin
    if !isSame { Issue.record("\(input) gives \(url), then \(again?.href ?? "nothing")") }
    guard let canonical = CanonicalURL(url) else { return }
    let twice = CanonicalURL(canonical.string)
    let isIdempotent =
      twice == canonical && twice?.url.pathname == canonical.url.pathname
      && twice?.hostKey == canonical.hostKey && twice?.surt == canonical.surt
      && twice?.registeredDomain == canonical.registeredDomain
    if !isIdempotent {
      Issue.record("\(input) gives \(canonical), then \(twice?.string ?? "nothing")")
    }
  }
}
