import Testing

@testable import GossamerFrontier

@Suite("Queries of one path")
struct QueryCountsTests {
  @Test func aPathHasItsShareAndNoMore() {
    var counts = QueryCounts()
    let taken = (0..<1_500).filter { _ in counts.add(7, limit: 1_000) }
    #expect(taken.count == 1_000)
    let isOtherFree = counts.add(8, limit: 1_000)
    #expect(isOtherFree)
  }

  @Test func everNewPathsTakeNoMoreRoomAndAnEndlessOneIsStillCut() {
    var counts = QueryCounts()
    var taken = 0
    for number in 0..<100_000 {
      // One query in ten is of the same path.
      if number % 10 == 0, counts.add(1, limit: 1_000) { taken += 1 }
      _ = counts.add(UInt64(number) + 2, limit: 1_000)
      #expect(counts.pathCount <= 4_096)
    }
    #expect(taken == 1_000)
  }
}
