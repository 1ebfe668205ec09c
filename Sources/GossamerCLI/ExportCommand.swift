import ArgumentParser
import Foundation
import Gossamer

/// `gossamer export`: a stored corpus in other formats.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the pages of a crawl in other formats, without the network.",
    discussion: """
      jsonl: page records, or some of their fields. csv: RFC 4180. text: a page a line. markdown: a file \
      a page with YAML front matter. wet: WARC conversion records, a gzip member each. Several formats, \
      markdown, and --max-file-size make a folder; else the output is a file, or - for standard output. \
      It stands under its name only once it is whole.
      """)

  @Argument(help: "The output directory of a crawl.")
  var directory: String?
  @Option(
    name: .long, parsing: .upToNextOption,
    help: "Formats: jsonl, csv, text, markdown, wet (several: jsonl csv, or jsonl,csv).")
  var to: [String]
  @Option(name: .shortAndLong, help: "The file or folder to make, or - for standard output.")
  var output: String
  @Option(
    name: .long,
    help: "Fields of jsonl and csv, with new names where wanted, as url,title,text=content.")
  var fields: String?
  @OptionGroup var filters: FilterOptions
  @Option(name: .long, help: "Only pages with at least so many words.")
  var minWords = 0
  @Option(
    name: .customLong("for"),
    help: """
      What the pages are for: search, ai-input, ai-train. Pages that reserve it are left out, and \
      no more text is taken than a page allows to be shown.
      """)
  var use: PageSelection.Use?
  @Flag(name: .long, help: "Leave out pages whose text an earlier page had.")
  var unique = false
  @Option(name: .long, help: "gzip (of jsonl, csv and text; wet always is).")
  var compress: ExportCompression?
  @Option(
    name: .long, help: "Bytes of one file: more go to further files of a folder, as 512M.")
  var maxFileSize: ByteCountValue?
  @Flag(
    name: .long,
    help: "csv: put an apostrophe before texts that a spreadsheet would take for a formula.")
  var safeCells = false
  @Flag(name: .long, help: "Replace an earlier export.")
  var force = false
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    do {
      try export()
    } catch let code as ExitCode {
      throw code
    } catch {
      throw CommandFailure(error)
    }
  }

  private func export() throws {
    let (directory, names) = try words()
    let export = try plan(names)
    let console = global.console
    let stop = StopSignals()
    let results = ResultWriter()
    var notes = ProgressNotes(console)
    let target: CorpusExport.Target =
      if output == "-" {
        .stream {
          results.append($0)
          try results.flush()
        }
      } else {
        .path(output, replaces: force)
      }
    let counts = try export.run(CorpusLayout(root: directory), to: target) { counts in
      if stop.hasArrived {
        throw CommandFailure(.stopped, "stopped (\(output)): nothing was exported, run it again")
      }
      notes.note(counts)
    }
    console.endLiveLine()
    for line in notes.summary(counts, of: export, output) { console.say(line) }
    guard counts.badLines > 0 else { return }
    throw CommandFailure(
      .partly,
      "passed over \(counts.badLines) of its lines, which are no page records (\(directory)): "
        + "the export holds all others")
  }

  /// The directory may stand behind the formats, which the parser takes for one of them.
  private func words() throws -> (directory: String, formats: [String]) {
    var names = to.flatMap { $0.split(separator: ",").map(String.init) }
    if let directory { return (directory, names) }
    guard let last = to.last, RecordFormat.named(last) == nil, names.count > 1 else {
      throw CommandFailure(.usage, "no directory was named: give the output directory of a crawl")
    }
    names.removeLast(last.split(separator: ",").count)
    return (last, names)
  }

  private func plan(_ names: [String]) throws -> CorpusExport {
    let formats = try names.map { name in
      guard let format = RecordFormat.named(name) else {
        let known = RecordFormat.all.map(\.name).joined(separator: ", ")
        throw CommandFailure(.usage, "'\(name)' is no format (--to): take one of \(known)")
      }
      return format
    }
    guard !output.isEmpty else {
      throw CommandFailure(.usage, "the output has no name (--output): give a file, or -")
    }
    guard minWords >= 0 else {
      throw CommandFailure(
        .usage, "'\(minWords)' is no number of words (--min-words): give 0 or more")
    }
    var export = CorpusExport(formats)
    export.encoding = RecordEncoding(software: "Gossamer/\(Version.current)")
    export.encoding.fields = try fields.map { try FieldList(parsing: $0) }
    export.encoding.hasSafeCells = safeCells
    export.selection.filter = try filters.filter()
    export.selection.leastWords = minWords
    export.selection.use = use
    export.selection.leavesOutRepeated = unique
    export.limitInBytes = try maxFileSize.map {
      try CrawlPlan.atLeastOne($0.bytes, "max-file-size")
    }
    // A name that promises gzip gets it.
    export.compresses = compress == .gzip || (!export.makesFolder && output.hasSuffix(".gz"))
    return export
  }
}

/// How files are compressed.
enum ExportCompression: String, ExpressibleByArgument, CaseIterable {
  case gzip
}

/// What people are told while an export runs, and at its end.
private struct ProgressNotes {
  private let console: Console
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  init(_ console: Console) { self.console = console }

  private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  mutating func note(_ counts: CorpusExport.Counts) {
    guard counts.read.isMultiple(of: 256) else { return }
    let now = ContinuousClock.now
    guard now - last >= .seconds(console.isTerminal ? 0.25 : 10) else { return }
    last = now
    console.draw("exported \(counts.selected) of \(counts.read) pages, \(rate(counts))")
  }

  private func rate(_ counts: CorpusExport.Counts) -> String {
    let megabytes = Double(counts.bytesRead) / 1e6
    func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
    return "\(short(megabytes)) MB read in \(short(seconds)) s"
  }

  func summary(
    _ counts: CorpusExport.Counts, of export: CorpusExport, _ output: String
  ) -> [String] {
    let name = output == "-" ? "standard output" : output
    var lines = [
      "exported \(counts.selected) of \(counts.read) pages to \(name), \(rate(counts))"
    ]
    for format in export.formats {
      let without = counts.selected - (counts.written[format.name] ?? 0)
      if without > 0 {
        lines.append("\(format.name): \(without) pages have no text and are not in it")
      }
    }
    for refusal in PageSelection.Refusal.allCases {
      guard let count = counts.refused[refusal] else { continue }
      lines.append("left out: \(count) pages, \(reason(refusal, export.selection))")
    }
    return lines
  }

  private func reason(_ refusal: PageSelection.Refusal, _ selection: PageSelection) -> String {
    switch refusal {
    case .filtered: "not of the host, language or time asked for"
    case .short: "with fewer than \(selection.leastWords) words"
    case .reserved: "whose site or author reserves \(selection.use?.rawValue ?? "the use")"
    case .repeated: "whose text an earlier page had"
    }
  }
}
