@testable import GossamerReport
import Testing

@Suite("Scales, bins and numbers of the plots")
struct ChartTests {
  @Test(arguments: [
    (0.0, 1.0), (1, 1), (7, 8), (162, 200), (99, 100), (1000, 1000), (0.3, 0.3),
    (1_000_001, 1_500_000),
  ])
  func axesEndAtRoundNumbers(maximum: Double, top: Double) {
    let scale = ChartScale(maximum: maximum)
    #expect(abs(scale.top - top) < 1e-9, "\(scale)")
    #expect(scale.ticks.count <= 6)
    #expect(scale.share(maximum) <= 1)
  }

  @Test(arguments: [Double.nan, .infinity, -5])
  func oddMaximaGiveAnAxisToo(maximum: Double) {
    #expect(ChartScale(maximum: maximum).top == 1)
  }

  @Test func everyValueFallsIntoOneBin() {
    let bins = LogHistogram([0, 1, 2, 3, 9, 1e12], lowest: 1, factor: 2, mostBins: 10)
    #expect(bins.counts.reduce(0, +) == 6)
    #expect(bins.share(1e12) == 1)
  }

  @Test func quantilesAreTakenByRank() {
    let quantiles = Quantiles((1...100).map(Double.init))
    #expect(quantiles(0.5) == 50)
    #expect(quantiles(0.95) == 95)
    #expect(quantiles(0) == 1)
    #expect(Quantiles([])(0.5) == nil)
  }

  @Test func longRankingsEndWithOthers() {
    var tally = Tally()
    for index in 0..<30 { _ = tally.add("host\(index)") }
    let rows = tally.ranked(limit: 20)
    #expect(rows.count == 20)
    #expect(rows.last?.name == "11 others")
    #expect(rows.reduce(0) { $0 + $1.count } == 30)
  }

  @Test func plotsSayWhatTheyShow() {
    let svg = Chart.bars("A & B", rows: [("<x>", 3)], unit: "pages").svg
    #expect(svg.contains("<title>A &amp; B</title>"))
    #expect(svg.contains("<desc>1 bars."))
    #expect(!svg.contains("<x>"))
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0.0), ("2026-11-24T17:00:00.250Z", 1_795_539_600.25),
    ("2000-03-01T00:00:00Z", 951_868_800),
  ])
  func timesAreRead(text: String, seconds: Double) {
    #expect(ReportTime.seconds(text) == seconds)
  }

  @Test(arguments: [(1_234_567, "1,234,567"), (0, "0"), (999, "999"), (-1000, "−1,000")])
  func countsAreGrouped(number: Int, text: String) {
    #expect(Figure.count(number) == text)
  }
}
