import Foundation
import GossamerHTTP
import GossamerTestKit
import Testing

@Suite("WHATWG MIME Sniffing: MIME types")
struct MediaTypeTests {
  @Test func essenceAndCharsetAreFound() {
    let type = MediaType(" TEXT/HTML ; Charset=\"UTF-8\" ; x")
    #expect(type?.essence == "text/html")
    #expect(type?.charset == "UTF-8")
    #expect(type?.isHTML == true)
    #expect(MediaType("*/*;q=nonsense,,;")?.isHTML == false)
    #expect(MediaType("") == nil)
  }

  @Test func theLastOfSeveralLinesCounts() {
    #expect(MediaType.extract(from: ["text/plain", "text/html", "bad"])?.essence == "text/html")
    #expect(MediaType.extract(from: ["text/html;charset=gbk", "text/html"])?.charset == "gbk")
    #expect(MediaType.extract(from: []) == nil)
  }

  /// The examples of the Fetch standard.
  @Test(arguments: [
    (["text/plain;charset=gbk, text/html"], "text/html"),
    (["text/html;charset=gbk;a=b, text/html;x=y"], "text/html;x=y;charset=gbk"),
    (["text/html;charset=gbk;a=b", "text/html;x=y"], "text/html;x=y;charset=gbk"),
    (["text/html;charset=gbk", "x/x", "text/html;x=y"], "text/html;x=y"),
    (["text/html", "cannot-parse"], "text/html"), (["text/html", "*/*"], "text/html"),
    (["text/html", ""], "text/html"), (["text/html;a=\",\\\",x/y\""], "text/html;a=\",\\\",x/y\""),
  ])
  func typesOfSeveralLinesAreExtracted(lines: [String], type: String) {
    #expect(MediaType.extract(from: lines)?.description == type)
  }

  @Test(
    .enabled(if: ConformanceData.isPresent),
    arguments: ["mime/mime-types.json", "mime/generated-mime-types.json"])
  func typesOfTheSuiteAreSerialized(file: String) throws {
    let array = try JSONSerialization.jsonObject(with: try ConformanceData.bytes(file)) as? [Any]
    var (judged, passed) = (0, 0)
    for one in (array ?? []).compactMap({ $0 as? [String: Any] }) {
      guard let input = one["input"] as? String else { continue }
      judged += 1
      let got = MediaType(input)?.description
      if got == one["output"] as? String {
        passed += 1
      } else {
        Issue.record("\(file) \(input): \(got ?? "nil")")
      }
    }
    print("\(file): \(passed)/\(judged)")
    #expect(judged > 0)
  }
}
