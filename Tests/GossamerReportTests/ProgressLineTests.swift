import GossamerReport
import Testing

@Suite("Words on a terminal")
struct ProgressLineTests {
  private var line: ProgressLine {
    var line = ProgressLine()
    line.pages = 1234
    line.pagesPerSecond = 45.6
    line.queued = 5678
    line.hostsWaiting = 12
    line.errors = 3
    line.bytes = 12_345_678
    line.current = "https://a.example/\u{1B}[2J漢字\u{202E}"
    return line
  }

  @Test(arguments: [1, 2, 10, 20, 40, 59, 60, 80, 100, 132, 240])
  func theLineNeverGetsWiderThanTheTerminal(width: Int) {
    #expect(TerminalText.columns(line.text(width: width, colors: false)) <= width)
  }

  @Test func whatMattersMostIsShownFirst() {
    let text = line.text(width: 100, colors: false)
    #expect(text.contains("1,234 pages"))
    #expect(text.contains("45.6/s"))
    #expect(text.contains("3 errors"))
    #expect(text.contains("ETA 2 min 5 s") || text.contains("ETA 125 s"))
  }

  @Test func oneIsSaidInTheSingularAndEstimatesInWholeSeconds() {
    var line = ProgressLine()
    line.pages = 10
    line.pagesPerSecond = 20
    line.queued = 5
    line.errors = 1
    line.hostsWaiting = 1
    #expect(line.text(width: 120, colors: true).contains("\u{1B}[31m1 error\u{1B}[0m"))
    #expect(line.text(width: 120, colors: false).contains("1 error  ETA 1 s  0 B  1 host rests"))
    #expect(line.plain.hasSuffix("eta=1s"))
  }

  @Test func colorsComeOnlyWhenAskedFor() {
    #expect(!line.text(width: 200, colors: false).unicodeScalars.contains("\u{1B}"))
    let colored = line.text(width: 200, colors: true)
    #expect(colored.contains("\u{1B}[31m3 errors\u{1B}[0m"))
    let bare = colored.replacing("\u{1B}[31m", with: "").replacing("\u{1B}[36m", with: "")
      .replacing("\u{1B}[0m", with: "")
    #expect(bare == line.text(width: 200, colors: false))
  }

  @Test func theWebCannotDriveTheTerminal() {
    #expect(TerminalText.clean("a\u{1B}[2Jb\u{7}\nc\u{9B}") == "a\u{FFFD}[2Jb\u{FFFD} c\u{FFFD}")
    #expect(!line.text(width: 240, colors: false).unicodeScalars.contains("\u{202E}"))
  }

  @Test func logsGetAPlainLine() {
    #expect(line.plain.hasPrefix("pages=1234 rate=45.6/s queued=5678"))
    #expect(ProgressLine().plain.contains("errors=0"))
  }

  @Test func tablesAlignTheirNumbers() {
    var table = SummaryTable(title: "Crawl")
    table.add("pages", 12345)
    table.add("a longer name", 7, note: "said\u{1B} so")
    #expect(
      table.text() == "Crawl\n  pages          12,345\n  a longer name       7  said\u{FFFD} so\n")
  }
}
