public import Foundation

/// What happened in a crawl, read from its output directory and shown as one page of HTML.
///
/// Reads `pages/*.jsonl`, `skipped.jsonl` and `manifest.json`; each may be missing. Gaps are those
/// between page requests: requests for robots.txt and failed ones are not in these files. It looks at files only and can be made while the crawl runs.
public struct CrawlReport: Sendable {
  let figures: CrawlFigures

  init(figures: CrawlFigures) {
    self.figures = figures
  }

  /// Page records that were read.
  public var pageCount: Int { figures.pages.count }
  /// Hosts with at least one page.
  public var hostCount: Int { figures.hosts.names.count }
  /// Lines that are no JSON object and were left out.
  public var brokenLineCount: Int { figures.brokenLines }

  /// Reads an output directory. Broken lines are counted and left out.
  ///
  /// - Throws: when the directory cannot be read.
  public static func read(directory: URL) throws -> CrawlReport {
    _ = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    var reader = FigureReader()
    let pages = directory.appending(path: "pages")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: pages.path)) ?? []
    for name in names.sorted() {
      if name.hasSuffix(".jsonl") {
        reader.readPages(pages.appending(path: name))
      } else if name.hasSuffix(".zst") || name.hasSuffix(".gz") {
        reader.figures.unreadableFiles.append("pages/" + name)
      }
    }
    reader.readSkips(directory.appending(path: "skipped.jsonl"))
    reader.readManifest(directory.appending(path: "manifest.json"))
    return CrawlReport(figures: reader.figures)
  }

  /// The page: self-contained, without scripts, everything from the web escaped.
  public func html() -> String {
    ReportPage(figures: figures).html()
  }

  /// Replaces the file in one step.
  public func write(to file: URL) throws {
    try Data(html().utf8).write(to: file, options: .atomic)
  }
}
