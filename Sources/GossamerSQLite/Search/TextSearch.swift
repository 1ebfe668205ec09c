import GossamerCorpus
import GRDB

/// A page that was found, before anything is read of it.
struct FoundPage: Sendable {
  var id: Int64
  var score: Double
  /// The part of the text that was found, in bytes; nil where words decide.
  var range: Range<Int>?
}

/// Finds pages by their words.
struct TextSearch {
  /// So many matches are ranked; of more, those in titles and headings, and those stored first, which a
  /// crawl found nearest to its seeds.
  static let mostRanked = 4_096

  private let database: Database
  private let filter: FilterClause

  init(_ database: Database, _ filter: CorpusFilter) {
    self.database = database
    self.filter = FilterClause(filter)
  }

  /// The best pages by BM25, titles and headings weighing more; of equals the one stored first.
  func pages(_ query: SearchQuery?, limit: Int) throws -> [FoundPage] {
    guard let match = query?.expression else { return [] }
    guard let last = try lastRanked(match) else { return try ranked(match, limit: limit) }
    let named = "{title headings} : \(match)"
    let first = try ranked(named, upTo: try lastRanked(named), limit: limit)
    guard first.count < limit else { return first }
    return try joined(
      first, ranked(match, upTo: last, limit: limit + first.count), limit: limit)
  }

  /// The best pages, and where they are too few, those after them that have some of the words: who
  /// looks for a meaning types a question, of which no page has all words.
  func pagesOrSimilar(_ query: SearchQuery?, limit: Int) throws -> [FoundPage] {
    let best = try pages(query, limit: limit)
    guard best.count < limit, let similar = query?.loosened else { return best }
    return try joined(best, pages(similar, limit: limit + best.count), limit: limit)
  }

  /// A list, then what of another is not in it.
  private func joined(
    _ first: [FoundPage], _ others: [FoundPage], limit: Int
  ) -> [FoundPage] {
    let known = Set(first.map(\.id))
    return Array((first + others.filter { !known.contains($0.id) }).prefix(limit))
  }

  /// The last of so many matches; nil where there are no more.
  private func lastRanked(_ match: String) throws -> Int64? {
    try Int64.fetchOne(
      database, sql: "SELECT words.rowid \(source) LIMIT 1 OFFSET \(Self.mostRanked)",
      arguments: [match] + filter.arguments)
  }

  private func ranked(
    _ match: String, upTo last: Int64? = nil, limit: Int
  ) throws -> [FoundPage] {
    let bound = last.map { " AND words.rowid <= \($0)" } ?? ""
    return try Row.fetchAll(
      database,
      sql: "SELECT words.rowid, words.rank \(source)\(bound) ORDER BY words.rank LIMIT ?",
      arguments: [match] + filter.arguments + [limit]
    ).map { FoundPage(id: $0[0], score: -($0[1] as Double)) }
  }

  private var source: String {
    filter.isEmpty
      ? "FROM words WHERE words MATCH ?"
      : "FROM words JOIN page ON page.id = words.rowid WHERE words MATCH ? AND \(filter.sql)"
  }
}

/// Filters as a condition on `page`.
struct FilterClause {
  private(set) var arguments = StatementArguments()
  private var conditions: [String] = []

  var isEmpty: Bool { conditions.isEmpty }
  var sql: String { conditions.joined(separator: " AND ") }

  init(_ filter: CorpusFilter) {
    if !filter.hosts.isEmpty {
      let hosts = filter.hosts.map { _ in "name = ? OR bare = ? OR bare LIKE ? ESCAPE '\\'" }
      add("page.host_id IN (SELECT id FROM host WHERE \(hosts.joined(separator: " OR ")))")
      for host in filter.hosts.map(CorpusFilter.hostKey) {
        arguments += [host, host, "%." + Self.literal(host)]
      }
    }
    if !filter.languages.isEmpty {
      let languages = filter.languages.map { _ in
        "page.language LIKE ? ESCAPE '\\' OR page.language LIKE ? ESCAPE '\\'"
      }
      add("(\(languages.joined(separator: " OR ")))")
      for language in filter.languages.map(Self.literal) {
        arguments += [language, language + "-%"]
      }
    }
    if let since = filter.since {
      add("page.date >= ?")
      arguments += [since]
    }
    if let until = filter.until {
      // A year or a month takes all its days.
      add("page.date <= ?")
      arguments += [until + "~"]
    }
    if filter.forModels { add("page.for_models = 1") }
  }

  private mutating func add(_ condition: String) { conditions.append(condition) }

  /// A text that means itself in LIKE.
  private static func literal(_ text: String) -> String {
    var literal = ""
    for character in text {
      if "\\%_".contains(character) { literal += "\\" }
      literal.append(character)
    }
    return literal
  }
}

extension SearchQuery {
  /// The query in the language of FTS5: terms in quotes, which hold no quotes, and brackets wherever
  /// they could matter. nil where it would find nothing or everything.
  var expression: String? {
    switch self {
    case .phrase(let phrase):
      let terms = phrase.terms.map { String(decoding: $0, as: UTF8.self) }
      return "\"\(terms.joined(separator: " "))\"" + (phrase.isBeginning ? " *" : "")
    case .any(let parts):
      let options = parts.compactMap(\.expression)
      return options.isEmpty ? nil : "(" + options.joined(separator: " OR ") + ")"
    case .all(let parts):
      var wanted: [String] = []
      var unwanted: [String] = []
      for part in parts {
        if case .not(let inner) = part {
          if let inner = inner.expression { unwanted.append(inner) }
        } else if let part = part.expression {
          wanted.append(part)
        }
      }
      guard !wanted.isEmpty else { return nil }
      let all = "(" + wanted.joined(separator: " AND ") + ")"
      return unwanted.isEmpty ? all : "(\(all) NOT (\(unwanted.joined(separator: " OR "))))"
    case .not: return nil
    }
  }
}
