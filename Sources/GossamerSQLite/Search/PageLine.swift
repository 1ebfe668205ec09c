import Foundation
import GossamerBytes
import GossamerCorpus

/// What the index takes of a line of a page file.
struct PageLine {
  var url: String
  var host: String
  var status: Int?
  var title: String?
  var date: String?
  var language: String?
  var digest: String
  var text: [UInt8]
  var headings: [PageRecord.Heading]
  /// Whether it may be found.
  var isSearchable: Bool
  /// Whether it may be given to a model.
  var isForModels: Bool
  /// The most characters to show.
  var mostShown: Int?

  private static let keys = [
    "url", "host", "status", "title", "published", "fetched_at", "language", "digest", "text",
    "headings", "preferences",
  ].map { Array($0.utf8) }
  private static let preferenceKeys = ["search", "ai_input", "max_snippet"].map { Array($0.utf8) }

  /// - Returns: nil for what is no page record.
  init?(_ line: [UInt8]) {
    let read = line.withUnsafeBufferPointer { bytes in
      JSONSkim(bytes, keys: Self.keys).flatMap { Self($0) }
    }
    guard let read else { return nil }
    self = read
  }

  private init?(_ skim: JSONSkim) {
    guard let url = skim.string(0), !url.isEmpty else { return nil }
    self.url = url
    host = skim.string(1) ?? ""
    status = skim.number(2).flatMap { Int(exactly: $0) }
    title = skim.string(3)
    date = CorpusFilter.day(skim.string(4)) ?? CorpusFilter.day(skim.string(5))
    language = skim.string(6)
    text = skim.text(8) ?? []
    headings = Self.headings(skim)
    digest = skim.string(7) ?? "sha256:" + Digest.sha256(of: text).hex
    let preferences = skim.raw(10).flatMap { JSONSkim($0, keys: Self.preferenceKeys) }
    isSearchable = preferences?.string(0) != "no"
    isForModels = preferences?.string(1) != "no"
    mostShown = preferences?.number(2).map { Int(min(max(0, $0), 1e9)) }
  }

  private static func headings(_ skim: JSONSkim) -> [PageRecord.Heading] {
    guard let raw = skim.raw(9), raw.count > 2 else { return [] }
    return (try? JSONDecoder().decode([PageRecord.Heading].self, from: Data(raw))) ?? []
  }

  /// Its passages, as they are numbered wherever they are read.
  var passages: [Passage] {
    Passage.cut(String(decoding: text, as: UTF8.self), headings: headings)
  }

  /// What is indexed, or nil where nothing is.
  func terms(_ folder: inout TermFolder) -> PageTerms? {
    guard isSearchable, text.contains(where: { $0 > 0x20 }) else { return nil }
    var terms = PageTerms()
    if let title { folder.fold(Array(title.utf8), into: &terms.title) }
    for heading in headings { folder.fold(Array(heading.text.utf8), into: &terms.headings) }
    terms.body.reserveCapacity(text.count + text.count / 8)
    folder.fold(text, into: &terms.body)
    return terms
  }
}

/// The terms of a page, a blank behind each.
struct PageTerms {
  var title: [UInt8] = []
  var headings: [UInt8] = []
  var body: [UInt8] = []

  /// Tells whether a page has changed in what is searched.
  var digest: [UInt8] {
    Array(Digest.of([title, [0x0A], headings, [0x0A], body], .sha256).bytes.prefix(16))
  }
}
