import Foundation
import GossamerCorpus
import GRDB

/// Turns found pages into hits: reads their records, and finds what to show of them.
struct HitReader {
  private let database: Database
  private let layout: CorpusLayout
  private var snippets: SnippetFinder

  init(_ database: Database, _ layout: CorpusLayout, _ query: SearchQuery?) {
    self.database = database
    self.layout = layout
    snippets = SnippetFinder(query?.wanted ?? [])
  }

  /// The hits of pages, in their order. A page whose record is no longer where it was is left out: its
  /// file was written anew since.
  func hits(_ pages: [FoundPage]) throws -> [CorpusHit] {
    var reader = self
    return try pages.compactMap { try reader.hit($0) }
  }

  private mutating func hit(_ found: FoundPage) throws -> CorpusHit? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT url, host.name, title, date, language, digest.text, most_shown, file, offset, length
        FROM page JOIN host ON host.id = host_id JOIN digest ON digest.id = digest_id
        WHERE page.id = ?
        """)
    statement.bind(found.id, at: 1)
    defer { statement.rewind() }
    guard try statement.next(database), let url = statement.text(0), let file = statement.text(7),
      let line = CorpusLines.line(
        path: layout.root + "/" + file, offset: Int(statement.integer(8)),
        length: Int(statement.integer(9))),
      let page = PageLine(line), page.url == url
    else { return nil }
    let mostShown = statement.optionalInteger(6).map { Int($0) }
    let passages = page.passages
    let near = found.range.map { range in passages.filter { $0.range.overlaps(range) } } ?? []
    let finding = snippets.best(
      near.isEmpty ? passages : near, at: found.range?.lowerBound ?? 0, limit: mostShown)
    guard let finding else { return nil }
    return CorpusHit(
      url: url, title: statement.text(2), host: statement.text(1) ?? "", date: statement.text(3),
      language: statement.text(4), digest: statement.text(5), score: found.score,
      passage: finding.passage.number, range: finding.passage.range, snippet: finding.snippet,
      highlights: finding.highlights)
  }
}

/// Reciprocal rank fusion: a page counts 1/(60 + rank) in each list that it is in. Source: Cormack,
/// Clarke and Büttcher, SIGIR 2009, where 60 was found to serve well.
enum RankFusion {
  static func merge(_ lists: [[FoundPage]]) -> [FoundPage] {
    var merged: [Int64: FoundPage] = [:]
    for list in lists {
      for (index, page) in list.enumerated() {
        var page = page
        page.score = 1 / Double(60 + index + 1)
        if let known = merged[page.id] {
          page.score += known.score
          page.range = page.range ?? known.range
        }
        merged[page.id] = page
      }
    }
    return merged.values.sorted { ($0.score, $1.id) > ($1.score, $0.id) }
  }
}
