import Foundation
import GossamerFlow
import Testing

@Suite("Causes: one list of labels, each with what becomes of it")
struct CauseTests {
  /// The article that tells users what the labels mean.
  private static let article = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/Gossamer/Gossamer.docc/Causes.md")

  @Test func labelsAreFamilyAndName() {
    for cause in Cause.allCases {
      let parts = cause.rawValue.split(separator: ".", omittingEmptySubsequences: false)
      #expect((1...2).contains(parts.count), "\(cause)")
      #expect(
        parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 == 0x5F || $0 &- 0x61 < 26 } },
        "\(cause)")
    }
  }

  /// A label without a row would be one that nobody can look up.
  @Test func theArticleHasARowForEachWithItsRetry() throws {
    let rows = try String(contentsOf: Self.article, encoding: .utf8)
      .split(separator: "\n").filter { $0.hasPrefix("| `") }
    for cause in Cause.allCases {
      let row = rows.first {
        $0.split(separator: "|").first?.contains("`\(cause.rawValue)`") == true
      }
      let columns = row?.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(columns?.count == 3, "\(cause.rawValue)")
      #expect(columns?.last?.hasPrefix(cause.retry.rawValue) == true, "\(cause.rawValue)")
    }
  }

  @Test func noRuleButThatOfAnAbsentRobotsFilePassesByWaiting() {
    #expect(
      Cause.allCases.filter { $0.isDecision && $0.isTransient } == [.robotsUnavailable])
  }
}
