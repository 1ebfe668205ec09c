import ArgumentParser
import Foundation
import Gossamer

/// `gossamer search`: pages of a corpus by words, by meaning, or by both.
struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Search the pages of a crawl by words, by meaning, or by both.",
    discussion: """
      Words are joined by "and"; "in quotes" is a phrase, word* a beginning, OR an alternative, -word or \
      NOT word an exclusion, (brackets) group. Put single quotes around the whole. Case and accents do \
      not count. The index is search.db in \
      the directory: what is new is taken in first, also beside a crawl that is running. Search by \
      meaning needs the vectors of gossamer embed, and the same model for the query.
      """)

  @Argument(help: "The output directory of a crawl.")
  var directory: String
  @Argument(help: "What to look for.")
  var query: [String]

  @Option(name: .long, help: "text, semantic, or hybrid (default: text).")
  var mode = CorpusQuery.Mode.text
  @OptionGroup var filters: FilterOptions
  @Option(name: .shortAndLong, help: "The most pages (default: 10).")
  var limit = 10
  @Flag(name: .long, help: "One JSON object a page instead of text.")
  var json = false
  @OptionGroup var vectors: QueryVectorOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    do {
      let console = global.console
      guard query.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else {
        throw CommandFailure(.usage, "the query is empty: give words to look for")
      }
      var index = try SQLiteCorpusIndex(CorpusLayout(root: directory))
      try await index.bringUpToDate(console)
      let query = CorpusQuery(
        query.joined(separator: " "), mode: mode, filter: try filters.filter(),
        limit: try CrawlPlan.atLeastOne(limit, "limit"))
      guard mode != .text else { return show(try await index.search(query), console) }
      let embedding = try await vectors.embedding(of: index)
      index.embedder = embedding?.embedder
      do {
        show(try await index.search(query), console)
        await embedding?.end()
      } catch {
        await embedding?.end()
        throw error
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  private func show(_ hits: [CorpusHit], _ console: Console) {
    if hits.isEmpty { console.say("nothing found") }
    let usesColor = global.color.isWanted(on: 1)
    for (index, hit) in hits.enumerated() {
      if json {
        Output.bytes(hit.line(rank: index + 1))
      } else {
        Output.line(hit.text(rank: index + 1, usesColor: usesColor))
      }
    }
  }
}

/// What pages must be.
struct FilterOptions: ParsableArguments {
  @Option(name: .long, help: "Only pages of this host or below it (repeatable).")
  var host: [String] = []
  @Option(name: .long, help: "Only pages in this language, as en or en-GB (repeatable).")
  var language: [String] = []
  @Option(name: .long, help: "Only pages from this day on, as 2026-11-24, 2026-11, or 2026.")
  var since: String?
  @Option(name: .long, help: "Only pages up to this day.")
  var until: String?

  func filter() throws -> CorpusFilter {
    var filter = CorpusFilter()
    filter.hosts = host
    filter.languages = language
    filter.since = try since.map { try Self.day($0, "since") }
    filter.until = try until.map { try Self.day($0, "until") }
    return filter
  }

  private static func day(_ text: String, _ name: String) throws -> String {
    let parts = text.split(separator: "-").dropFirst().compactMap { Int($0) }
    let isDay =
      text.wholeMatch(of: /[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?/) != nil
      && zip(parts, [1...12, 1...31]).allSatisfy { $1.contains($0) }
    guard isDay else {
      throw CommandFailure(.usage, "'\(text)' is no day (--\(name)): give one as 2026-11-24")
    }
    return text
  }
}

extension SQLiteCorpusIndex {
  /// Takes in what is new, and tells of it.
  func bringUpToDate(_ console: Console) async throws {
    let start = ContinuousClock.now
    let report = try await update {
      if console.isTerminal, $0.added > 0 { console.draw("indexed \($0.added) pages") }
    }
    if console.isTerminal { console.endLiveLine() }
    guard report.added + report.vectors > 0 else { return }
    let seconds = (((ContinuousClock.now - start) / .seconds(1)) * 10).rounded() / 10
    let vectors = report.vectors > 0 ? " and \(report.vectors) vectors" : ""
    console.say("indexed \(report.added) pages\(vectors) in \(seconds) s")
  }
}

extension CorpusHit {
  /// As a line of JSON.
  fileprivate func line(rank: Int) -> [UInt8] {
    var line = JSONLine()
    line.add("rank", rank)
    line.add("url", url)
    line.add("title", title)
    line.add("host", host)
    line.add("date", date)
    line.add("language", language)
    line.add("digest", digest)
    line.add("score", score, decimals: 6)
    line.add("passage", passage)
    line.add("start", range.lowerBound)
    line.add("end", range.upperBound)
    line.add("snippet", snippet)
    line.addObjects("highlights", highlights) {
      $0.add("start", $1.lowerBound)
      $0.add("end", $1.upperBound)
    }
    return line.finished()
  }

  /// As people read it: title, address, what was found.
  fileprivate func text(rank: Int, usesColor: Bool) -> String {
    func styled(_ text: String, _ style: String) -> String {
      usesColor && !text.isEmpty ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
    }
    let facts = [date, language].compactMap { $0 }.map { " · " + Console.oneLine($0) }
    let heading = title.map(Console.oneLine).flatMap { $0.isEmpty ? nil : $0 } ?? url
    var snippet = ""
    let bytes = Array(self.snippet.utf8)
    var done = 0
    func piece(_ range: Range<Int>) -> String {
      Console.oneLine(String(decoding: bytes[range], as: UTF8.self))
    }
    for highlight in highlights {
      snippet += piece(done..<highlight.lowerBound) + styled(piece(highlight), "1;33")
      done = highlight.upperBound
    }
    snippet += piece(done..<bytes.count)
    return
      "\(rank). \(styled(heading, "1"))\n   \(styled(url, "36"))\(facts.joined())\n   \(snippet)\n"
  }
}
