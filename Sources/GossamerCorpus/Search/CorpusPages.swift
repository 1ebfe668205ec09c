/// Reads single pages of a stored corpus, by address.
public protocol CorpusPages: Sendable {
  /// The page stored last under a URL, in whichever spelling; nil where there is none.
  func page(at url: String) async throws -> StoredPage?
  /// Hosts with pages, those with most pages first.
  func hosts(limit: Int) async throws -> [CorpusHost]
}

/// A host of a corpus.
public struct CorpusHost: Sendable, Equatable {
  /// The host key.
  public var name: String
  /// Pages with a text.
  public var pages: Int

  /// A host.
  public init(name: String, pages: Int) {
    self.name = name
    self.pages = pages
  }
}

/// A page as it is stored, its text cut into passages.
public struct StoredPage: Sendable, Equatable {
  /// All that is known of the page, its links among it.
  public let record: PageRecord
  /// The text in reading order. The same text always gives the same passages.
  public let passages: [Passage]

  /// Cuts a record's text.
  ///
  /// - Parameter forModels: takes of the text what its site allows models to be given.
  public init(_ record: PageRecord, forModels: Bool = false) {
    self.record = record
    let text = forModels ? record.textForModels : record.text
    passages = Passage.cut(text ?? "", headings: record.headings ?? [])
  }
}

/// A stretch of a page's text that can be shown and cited by itself.
public struct Passage: Sendable, Equatable {
  /// Its place among the page's passages, from 0.
  public let number: Int
  /// The heading it stands under.
  public let heading: String?
  /// Where it is in the page's text, in bytes of UTF-8.
  public let range: Range<Int>
  /// Its words.
  public let text: String
}
