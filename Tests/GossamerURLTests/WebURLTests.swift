import GossamerURL
import Testing

@Suite("WHATWG URL: what the suites leave out")
struct WebURLTests {
  @Test func componentsOfAFullURL() throws {
    let url = try #require(WebURL("HTTPS://u:p@Example.org:8443/a/b?c=d#e"))
    #expect(url.href == "https://u:p@example.org:8443/a/b?c=d#e")
    #expect(url.origin == "https://example.org:8443")
    #expect(url.requestTarget == "/a/b?c=d")
    #expect(url.host == .domain("example.org"))
    #expect(url.port == 8443)
    #expect(url.hasCredentials)
    #expect(url.withoutFragment.href == "https://u:p@example.org:8443/a/b?c=d")
  }

  @Test(arguments: [
    ("http://0x7f.1/", WebHost.ipv4(0x7F00_0001)),
    ("http://[::1]/", .ipv6(high: 0, low: 1)),
    ("foo://Bar/", .opaque("Bar")),
    ("file:///x", .empty),
  ])
  func hostsAreTold(input: String, host: WebHost) {
    #expect(WebURL(input)?.host == host)
  }

  @Test func aHostlessURLHasNoHostAndAWholeTarget() throws {
    let url = try #require(WebURL("mailto:a@b.example"))
    #expect(url.host == nil)
    #expect(url.hostname.isEmpty)
    #expect(url.requestTarget == "/a@b.example")
    #expect(url.effectivePort == nil)
  }

  @Test func longURLsOutgrowTheScratchMemory() throws {
    let path = String(repeating: "ä/", count: 40_000)
    let url = try #require(WebURL("http://example.org/" + path))
    #expect(url.pathname.utf8.count == 1 + 40_000 * 7)
  }

  @Test func illFormedBytesArePercentEncodedOutsideTheHost() {
    let bytes: [UInt8] = Array("http://a/".utf8) + [0xFF, 0xC3] + Array("?".utf8) + [0x80]
    let url = bytes.withUnsafeBufferPointer { WebURL(utf8: $0) }
    #expect(url?.href == "http://a/%FF%C3?%80")
    let host: [UInt8] = Array("http://a".utf8) + [0xFF] + Array("/".utf8)
    #expect(host.withUnsafeBufferPointer { WebURL(utf8: $0) } == nil)
  }

  @Test(.timeLimit(.minutes(5)))
  func hostileHostsEndQuickly() {
    #expect(WebURL("http://xn--" + String(repeating: "9", count: 200_000) + "ä/") == nil)
    #expect(WebURL("http://" + String(repeating: "ä", count: 200_000) + "/") == nil)
    _ = WebURL("http://" + String(repeating: "ä.", count: 20_000) + "/")
    _ = WebURL("http://" + String(repeating: "1.", count: 200_000) + "/")
    _ = WebURL("http://" + String(repeating: "\u{5D0}.", count: 20_000) + "/")
    _ = WebURL("http://a" + String(repeating: "\u{301}\u{323}", count: 20_000) + "/")
    _ = WebURL("http://a" + String(repeating: "\u{200C}", count: 20_000) + "/")
    _ = CanonicalURL("http://a/" + String(repeating: ";jsessionid=a", count: 20_000))
  }
}
