public import GossamerURL

/// Finds the links of a page, in one pass over its elements.
public struct LinkExtractor: Sendable {
  /// Which links are wanted.
  public enum Selection: Sendable, Hashable {
    /// What a crawl goes on with: a, area, iframe, frame, meta refresh, and `link` with the
    /// relation next, prev or alternate (to HTML). http and https only; links to a place in the
    /// same page are left out.
    case followable
    /// All kinds and all schemes, hints as well.
    case all
  }

  /// Which links are wanted.
  public var selection: Selection
  /// The most links taken from one page.
  public var limit: Int
  /// Whether `ExtractedLink.text` is filled.
  public var includesText: Bool

  /// An extractor with these settings.
  public init(
    selection: Selection = .followable, limit: Int = 10_000, includesText: Bool = false
  ) {
    self.selection = selection
    self.limit = limit
    self.includesText = includesText
  }

  /// All wanted links of a page.
  ///
  /// - Parameters:
  ///   - document: the page.
  ///   - url: where it was fetched from, after redirects.
  ///   - encoding: the encoding the page was in, which decides how characters beyond ASCII stand in
  ///     a query.
  public func links(
    of document: HTMLDocument, url: WebURL, encoding: TextEncoding = .utf8
  ) -> PageLinks {
    var collector = LinkCollector(
      document: document, url: url, encoding: encoding, extractor: self)
    collector.run()
    return collector.result
  }

  /// All links of a style sheet: `url()` and `@import`.
  ///
  /// - Parameters:
  ///   - styleSheet: in UTF-8.
  ///   - url: where it was fetched from, after redirects.
  public func links(ofStyleSheet styleSheet: [UInt8], url: WebURL) -> PageLinks {
    var result = PageLinks(base: url)
    for address in StyleLinks.addresses(in: styleSheet[...]) {
      let resolved = address.withUnsafeBufferPointer { WebURL(utf8: $0, base: url) }
      guard let resolved else {
        result.invalidCount += 1
        continue
      }
      guard resolved.isAddress else {
        result.otherSchemeCount += 1
        continue
      }
      guard result.links.count < limit else {
        result.isCut = true
        break
      }
      result.links.append(
        ExtractedLink(url: resolved, kind: .style, text: "", rel: "", qualifiers: []))
    }
    return result
  }
}

extension WebURL {
  /// Whether there is something to find at it elsewhere than in the page.
  var isAddress: Bool {
    switch scheme {
    case "data", "javascript", "vbscript", "about", "blob": false
    default: true
    }
  }
}

extension String {
  /// At most `limit` bytes, cut between characters.
  func cut(at limit: Int) -> String {
    utf8.count <= limit ? self : String(decoding: Array(utf8).cut(at: limit), as: UTF8.self)
  }
}

extension ArraySlice<UInt8> {
  /// Whether a word stands in a list divided by white space; `word` in lower case.
  func hasWord(_ word: StaticString) -> Bool {
    if count < word.utf8CodeUnitCount { return false }
    return split(whereSeparator: \.isHTMLSpace).contains { $0.equalsIgnoringCase(word) }
  }
}
