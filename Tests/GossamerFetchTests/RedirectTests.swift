import GossamerFlow
import GossamerHTTP
import GossamerURL
import Testing

@testable import GossamerFetch

@Suite("RFC 9110 §15.4: where a redirect leads", .timeLimit(.minutes(5)))
struct RedirectTests {
  @Test(arguments: [
    ("/other", "http://example.org/other"),
    ("../x/./y?z", "http://example.org/x/y?z"),
    ("https://www.example.com", "https://www.example.com/"),
    ("//other.example/p", "http://other.example/p"),
    ("?n=1", "http://example.org/dir/page?n=1"),
  ])
  func targetsAreResolved(location: String, target: String) async throws {
    for status in [301, 302, 303, 307, 308] {
      let answer = try await fetch(response(status, [("Location", location)])).get()
      #expect(answer.redirectTarget?.href == target && answer.status == status)
    }
  }

  @Test(
    arguments: [
      ([], .badRedirect),
      ([""], .badRedirect),
      (["http://"], .badRedirect),
      (["/a", "/b"], .badRedirect),
      (["/x%0d%0aX-Injected:%201"], .badRedirect),
      (["/" + String(repeating: "a", count: 100_000)], .badRedirect),
      (["file:///etc/passwd"], .redirectScheme), (["data:text/html,x"], .redirectScheme),
      (["javascript:alert(1)"], .redirectScheme), (["ftp://example.org/"], .redirectScheme),
      (["gopher://127.0.0.1:6379/_x"], .redirectScheme),
    ] as [([String], Cause)])
  func badTargets(locations: [String], kind: Cause) async {
    let answer = await fetch(response(302, locations.map { ("Location", $0) }))
    #expect(answer.kind == kind)
  }

  @Test func anEndlessRedirectBodyIsNotRead() async throws {
    let pulled = Counter()
    let endless = body([[UInt8](repeating: 97, count: 4096)], pulled: pulled, forever: true)
    let answer = try await fetch(response(301, [("Location", "/x")], endless)).get()
    #expect(answer.redirectTarget != nil && answer.truncated == .length && pulled.count <= 5)
  }
}
