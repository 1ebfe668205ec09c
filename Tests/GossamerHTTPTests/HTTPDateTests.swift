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

  @Test(.enabled(if: ConformanceData.isPresent))
  func datesOfTheWorldAreRead() throws {
    struct Case: Decodable {
      var input: String
      var epoch: Int64?
    }
    let cases = try ConformanceData.json("http/dates.json", as: [Case].self)
    var passed = 0
    for one in cases {
      let got = HTTPDate.parse(one.input)
      if got == one.epoch {
        passed += 1
      } else if got != -1 {
        // curl moves the last second of 1969, since -1 is its sign for an error; we have none.
        Issue.record(
          "\(one.input): \(String(describing: got)), not \(String(describing: one.epoch))")
      }
    }
    print("HTTP dates: \(passed)/\(cases.count)")
    #expect(!cases.isEmpty)
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
