import Foundation
import GossamerHTTP
import GossamerTestKit
import Testing

@Suite("RFC 9110 §5.6.7: dates")
struct HTTPDateTests {
  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
  ])
  func theThreeFormsAreRead(text: String) {
    #expect(HTTPDate.parse(text) == 784_111_777)
  }

  @Test(arguments: [0, 784_111_777, 951_782_399, 4_102_444_800, -1, 1_330_473_600] as [Int64])
  func whatIsWrittenIsRead(seconds: Int64) {
    #expect(HTTPDate.parse(HTTPDate.format(seconds)) == seconds)
  }

  @Test func oneFormIsWritten() {
    #expect(HTTPDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
  }

  /// curl moves the last second of 1969, since -1 is its sign for an error; we have none.
  static let decidedOtherwise: Set<String> = [
    "Thu, 31-Dec-1969 23:59:59 GMT"
  ]

  @Test(.enabled(if: ConformanceData.isPresent))
  func datesOfTheWorldAreRead() throws {
    struct Case: Decodable {
      var input: String
      var epoch: Int64?
    }
    let cases = try ConformanceData.json("http/dates.json", as: [Case].self)
    var failed = 0
    for one in cases where !Self.decidedOtherwise.contains(one.input) {
      let got = HTTPDate.parse(one.input)
      if got != one.epoch {
        failed += 1
        Issue.record(
          "\(one.input): \(String(describing: got)), not \(String(describing: one.epoch))")
      }
    }
    print("dates: \(cases.count - failed) of \(cases.count)")
  }
}

@Suite("RFC 9110 §10.2.3: Retry-After")
struct RetryAfterTests {
  @Test(
    arguments: [
      ("120", .seconds(120)), (" 0 ", .zero), ("1.5", .seconds(2)),
      ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(77)), ("Sun, 06 Nov 1994 08:00:00 GMT", .zero),
      ("-5", nil), ("soon", nil), ("", nil), ("99999999999999999999", nil), ("1e3", nil),
      ("NaN", nil), (".", nil),
    ] as [(String, Duration?)])
  func spansAndDatesAreRead(value: String, expected: Duration?) {
    #expect(RetryAfter.parse(value, now: 784_111_700) == expected)
  }
}

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

  @Test(
    .enabled(if: ConformanceData.isPresent),
    arguments: ["mime/mime-types.json", "mime/generated-mime-types.json"])
  func typesOfTheSuiteAreSerialized(file: String) throws {
    let array = try JSONSerialization.jsonObject(with: try ConformanceData.bytes(file)) as? [Any]
    var judged = 0
    for one in (array ?? []).compactMap({ $0 as? [String: Any] }) {
      guard let input = one["input"] as? String else { continue }
      judged += 1
      let got = MediaType(input)?.description
      if got != one["output"] as? String { Issue.record("\(file) \(input): \(got ?? "nil")") }
    }
    print("media types: \(judged) of \(file)")
  }
}
