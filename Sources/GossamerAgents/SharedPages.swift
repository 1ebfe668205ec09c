public import GossamerCorpus

/// Pages of a corpus as several agents read them: each is read from the disk once, whoever asks, and
/// the last ones are kept.
///
/// A page that is not there is looked for again, as a crawl may have added it. One that is stored
/// anew meanwhile is given as it was.
public struct SharedPages: CorpusPages {
  private let pages: any CorpusPages
  private let read: OnceEach<StoredPage?>

  /// Shares the pages of a corpus.
  ///
  /// - Parameter most: the most pages that are kept.
  public init(_ pages: any CorpusPages, most: Int = 256) {
    self.pages = pages
    read = OnceEach(most: most) { result in
      if case .success(.some) = result { true } else { false }
    } make: { url in
      try await pages.page(at: url)
    }
  }

  /// The page of a URL; nil where there is none.
  public func page(at url: String) async throws -> StoredPage? { try await read.value(of: url) }

  /// Hosts with pages.
  public func hosts(limit: Int) async throws -> [CorpusHost] { try await pages.hosts(limit: limit) }
}
