import GossamerHTTP
import GossamerURL
import Testing

@testable import GossamerFetch

@Suite("RFC 9110 §15.4: where a redirect leads", .timeLimit(.minutes(1)))
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
      ([], "redirect.bad_target"),
      ([""], "redirect.bad_target"),
      (["http://"], "redirect.bad_target"),
      (["/a", "/b"], "redirect.bad_target"),
      (["/x%0d%0aX-Injected:%201"], "redirect.bad_target"),
      (["/" + String(repeating: "a", count: 100_000)], "redirect.bad_target"),
      (["file:///etc/passwd"], "redirect.scheme"), (["data:text/html,x"], "redirect.scheme"),
      (["javascript:alert(1)"], "redirect.scheme"), (["ftp://example.org/"], "redirect.scheme"),
      (["gopher://127.0.0.1:6379/_x"], "redirect.scheme"),
    ] as [([String], String)])
  func badTargets(locations: [String], kind: String) async {
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
