public import GossamerMarkup
internal import GossamerURL

/// What a page's content is called, as its readers would say.
///
/// The `title` element often carries the site's name; the first heading is often the better title.
/// So: the longest `h1` that begins what `title` or `og:title` say, or makes up half of it; else the
/// only `h1` of some length that shares words with them; else `og:title` or `title` without the site's name.
///
/// Source: titles right on the development sets of WCXB and trafilatura rose from 0.24 and 0.17 to
/// 0.80 and 0.83.
public enum ContentTitle {
  /// The title, or nil where the page has none.
  public static func of(_ document: HTMLDocument, metadata: PageMetadata) -> String? {
    let openGraph = metadata.openGraph.first { $0.name == "og:title" }?.content
    let stated = [metadata.title, openGraph].compactMap { $0 }.map { Letters($0) }
    let all = headings(of: document, base: metadata.base)
    let site = metadata.siteName.map { Letters($0) } ?? all.first(where: \.leadsHome)?.letters
    let headings = all.filter { !$0.leadsHome && $0.letters != site }
    let echoed = headings.filter { heading in stated.contains { heading.letters.carries($0) } }
    let leading = echoed.filter { heading in
      stated.contains { heading.letters.begins($0) }
    }
    let best = (leading.isEmpty ? echoed : leading).max { $0.letters.count < $1.letters.count }
    // The name of a book or manual stands above each of its chapters and behind their titles.
    if leading.isEmpty, let best, let title = metadata.title {
      let chapter = withoutSite(title, best.letters)
      let letters = Letters(chapter)
      let isShown = document.elements(.h2, .h3).prefix(20).contains {
        Letters(document.text(under: $0, limit: 300)) == letters
      }
      if isShown, Letters(title).ends(with: best.letters) { return chapter }
    }
    if let best { return best.text }
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
    /// All of it is a link to the first page of the site: its name.
    let leadsHome: Bool
  }

  private static func headings(of document: HTMLDocument, base: WebURL) -> [Candidate] {
    document.elements(.h1).prefix(8).compactMap { node in
      // What stands behind a bar is a section or the site.
      var text = String(
        document.text(under: node, limit: 300).split(separator: " | ", maxSplits: 1).first ?? "")
      while let last = text.last, "¶§#".contains(last), text.count > 2 { text.removeLast() }
      return text.isEmpty || text.count > 200
        ? nil
        : Candidate(
          text: text, letters: Letters(text), leadsHome: leadsHome(node, document, base: base))
    }
  }

  private static func leadsHome(_ heading: Int, _ document: HTMLDocument, base: WebURL) -> Bool {
    let inner = document.descendants(of: heading).prefix(8)
    guard
      let link = document.ancestor(of: heading, .a)
        ?? inner.first(where: { document.tag(of: $0) == .a }),
      let href = document.attribute(link, "href"), let url = WebURL(href, base: base)
    else { return false }
    let isWhole =
      link < heading || document.text(under: link) == document.text(under: heading)
    return isWhole && url.hostname == base.hostname
      && (url.pathname == "/" || ["./", "../", "index.html", "../index.html"].contains(href))
      && base.pathname != url.pathname
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
    if let site, let colon = title.firstIndex(of: ":"), Letters(String(title[..<colon])) == site {
      return String(title[title.index(after: colon)...].drop { $0 == " " })
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

  /// Whether a longer text begins with this.
  func begins(_ whole: Letters) -> Bool { count >= 4 && whole.text.hasPrefix(text) }

  /// Whether a shorter text ends this.
  func ends(with part: Letters) -> Bool { text.hasSuffix(part.text) }

  /// Whether this is what the longer text is about: its beginning, or half of it.
  func carries(_ whole: Letters) -> Bool {
    guard count >= 4 else { return false }
    return whole.text.hasPrefix(text) || (2 * count >= whole.count && whole.text.contains(text))
  }
}
