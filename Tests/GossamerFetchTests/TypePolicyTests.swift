import GossamerFlow
import GossamerHTTP
import Testing

@testable import GossamerFetch

@Suite("Types of bodies", .timeLimit(.minutes(5)))
struct TypePolicyTests {
  @Test(arguments: [
    "image/png", "audio/mpeg", "video/mp4", "application/zip", "application/gzip",
    "application/pdf", "font/woff2", "multipart/x-mixed-replace; boundary=x", "image/svg+xml",
  ])
  func unwantedTypesAreNotPulled(type: String) async {
    let pulled = Counter()
    let endless = body([[1, 2, 3]], pulled: pulled, forever: true)
    #expect(await fetch(response(200, [("Content-Type", type)], endless)).kind == .type)
    #expect(pulled.count == 0)
  }

  @Test(
    arguments: [
      ("text/html", "%PDF-1.4 ...", .type),
      ("text/plain", "\u{1F}", .type),
      ("text/html", "{\"a\": 1}", .type),
      ("text/html", "[1] is a footnote", nil),
      ("text/plain", "{\"a\": 1}", nil),
      ("application/octet-stream", " <!DOCTYPE html><p>", nil),
      ("*/*;q=nonsense,,;", "<html><p>", nil),
      (nil, "<html>", nil),
      (nil, "just text", nil),
      (nil, "\u{0}\u{1}\u{2}", .type),
      (nil, "GIF89a...", .type),
    ] as [(String?, String, Cause?)])
  func bytesDecide(type: String?, text: String, kind: Cause?) async {
    let fields = type.map { [("Content-Type", $0)] } ?? []
    let answer = await fetch(response(200, fields, HTTPBody(Array(text.utf8))))
    #expect(answer.kind == kind)
  }

  @Test(
    arguments: [
      ("text/html", "%PDF-1.7", nil), (nil, "<html><p>", "text/plain"),
      ("text/html", "{\"a\": 1}", "text/html"), ("text/plain", "a\u{1}", "text/plain"),
      ("application/octet-stream", "<html><p>", nil),
    ] as [(String?, String, String?)])
  func nosniffIsRespected(type: String?, text: String, kept: String?) async {
    let fields =
      [("X-Content-Type-Options", "nosniff")] + (type.map { [("Content-Type", $0)] } ?? [])
    let answer = await fetch(response(200, fields, HTTPBody(Array(text.utf8))))
    #expect((try? answer.get())?.mediaType == kept)
    #expect(answer.kind == (kept == nil ? .type : nil))
  }

  @Test func theTypeOfAPageWithoutOneIsSeen() async throws {
    let answer = await fetch(response(200, [], HTTPBody(Array("<!doctype html><p>".utf8))))
    #expect(try answer.get().mediaType == "text/html")
  }

  @Test func bytesAreJudgedBeforeTheyAllCame() async {
    let pulled = Counter()
    let endless = body(
      [Array("%PDF-1.7".utf8) + [UInt8](repeating: 32, count: 5000)], pulled: pulled, forever: true)
    let answer = await fetch(response(200, [("Content-Type", "text/html")], endless))
    #expect(answer.kind == .type && pulled.count == 1)
  }

  @Test func aPredicateMayTakeAnything() async throws {
    let fields = [("Content-Type", "application/gzip")]
    #expect(try await fetch(response(200, fields), types: .all).get().status == 200)
  }
}
