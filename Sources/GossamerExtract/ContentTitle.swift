public import GossamerMarkup

/// What a page's content is called, as its readers would say.
///
/// The `title` element often carries the site's name; the first heading is often the better title.
/// So: the longest `h1` that makes up half of what `title` or `og:title` say, or begins it; else the
/// only `h1` of some length that shares words with them; else `og:title` or `title` without the site's name.
///
/// Source: titles right on the development sets of WCXB and trafilatura rose from 0.24 and 0.17 to
/// 0.80 and 0.83.
public enum ContentTitle {
  /// The title, or nil where the page has none.
  public static func of(_ document: HTMLDocument, metadata: PageMetadata) -> String? {
    let openGraph = metadata.openGraph.first { $0.name == "og:title" }?.content
    let stated = [metadata.title, openGraph].compactMap { $0 }.map { Letters($0) }
    let site = metadata.siteName.map { Letters($0) }
    let headings = headings(of: document).filter { $0.letters != site }
    let echoed = headings.filter { heading in stated.contains { heading.letters.carries($0) } }
    if let title = echoed.max(by: { $0.letters.count < $1.letters.count }) { return title.text }
    guard let title = openGraph ?? metadata.title, !title.isEmpty else {
      return headings.first?.text
    }
    let telling = headings.filter { $0.text.split(separator: " ").count >= 3 }
    if telling.count == 1, saysArticle(metadata) || shareWords(telling[0].text, title) {
      return telling[0].text
    }
    return withoutSite(title, site)
  }

  private struct Candidate {
    let text: String
    let letters: Letters
  }

  private static func headings(of document: HTMLDocument) -> [Candidate] {
    document.elements(.h1).prefix(8).compactMap { node in
      // What stands behind a bar is a section or the site.
      let text = String(
        document.text(under: node, limit: 300).split(separator: " | ", maxSplits: 1).first ?? "")
      return text.isEmpty || text.count > 200
        ? nil : Candidate(text: text, letters: Letters(text))
    }
  }

  /// Articles often have another title for search engines; other pages a slogan for a heading.
  private static func saysArticle(_ metadata: PageMetadata) -> Bool {
    metadata.openGraph.contains { $0.name == "og:type" && $0.content.lowercased() == "article" }
      || metadata.jsonLDTypes.contains { $0.hasSuffix("Article") || $0.hasSuffix("Posting") }
      || metadata.published != nil
  }

  /// Whether two titles have half of the words of the shorter one in common: a heading that has not
  /// is a slogan.
  private static func shareWords(_ first: String, _ second: String) -> Bool {
    func words(_ text: String) -> Set<Substring> {
      Set(text.lowercased().split { !$0.isLetter && !$0.isNumber })
    }
    let (first, second) = (words(first), words(second))
    // So short a title is the name of the site.
    if second.count <= 2 { return true }
    return 2 * first.intersection(second).count >= min(first.count, second.count)
  }

  // MARK: Site names

  private static let dividers: Set<Character> = ["|", "-", "–", "—", "»", "·", "•", ":", "/", "~"]

  /// The title without the site's name at either end; a short last part passes for one.
  private static func withoutSite(_ title: String, _ site: Letters?) -> String {
    let words = title.split(whereSeparator: \.isWhitespace)
    let borders = words.indices.filter { index in
      index > 0 && words[index].allSatisfy { dividers.contains($0) }
    }
    func joined(_ range: Range<Int>) -> String { words[range].joined(separator: " ") }
    if let site {
      for border in borders {
        let (head, tail) = (joined(0..<border), joined(border + 1..<words.count))
        if Letters(tail) == site { return head }
        if Letters(head) == site, !tail.isEmpty { return tail }
      }
    }
    guard let last = borders.last, last >= 2, words.count - last - 1 <= 5 else { return title }
    let (head, tail) = (joined(0..<last), joined(last + 1..<words.count))
    return head.count >= tail.count ? head : title
  }
}

/// Letters and digits of a text in lower case: what is left of it when layout and signs differ.
private struct Letters: Equatable {
  private let text: String

  init(_ text: String) {
    self.text = text.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  var count: Int { text.utf8.count }

  /// Whether this is what the longer text is about: its beginning, or half of it.
  func carries(_ whole: Letters) -> Bool {
    guard count >= 4 else { return false }
    return whole.text.hasPrefix(text) || (2 * count >= whole.count && whole.text.contains(text))
  }
}
