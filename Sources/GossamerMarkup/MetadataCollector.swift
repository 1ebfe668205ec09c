internal import GossamerURL

/// Gathers `PageMetadata` in one pass. Where several places name one thing, a rank decides: the
/// lowest wins, and of equal ranks the first.
struct MetadataCollector {
  private let document: HTMLDocument
  private var result: PageMetadata
  /// Our product token in lower case.
  private let crawler: String?
  private var ranks = [Int](repeating: .max, count: Field.allCases.count)
  private var values = [String?](repeating: nil, count: Field.allCases.count)
  private var baseIsKnown = false
  private var twitterLabel = ""
  /// The `@type` of the thing whose JSON-LD is being read, and of its author.
  private var jsonType = ""
  private var jsonAuthorType = ""
  /// Whether the author is a list in the JSON-LD that is still going on.
  private var isInAuthorList = false

  /// What several places may name. Raw values are the names in `cutFields`.
  private enum Field: String, CaseIterable {
    case title, description, author, published, modified, siteName, language, generator

    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  static let fieldLimit = 10_000
  /// Of authors that are organizations: whoever the page names beside is more likely meant.
  private static let organizationRank = 8
  /// Of times without any mark.
  private static let anyTimeRank = 7
  static let jsonLimit = 256 * 1024
  static let listLimit = 200

  static func collect(_ document: HTMLDocument, url: WebURL, crawler: String?) -> PageMetadata {
    var collector = MetadataCollector(
      document: document, result: PageMetadata(base: url), crawler: crawler?.lowercased())
    collector.run(url)
    return collector.finish()
  }

  private init(document: HTMLDocument, result: PageMetadata, crawler: String?) {
    self.document = document
    self.result = result
    self.crawler = crawler
  }

  private mutating func run(_ url: WebURL) {
    var node = 0
    while node < document.count {
      switch document.tag(of: node) {
      case .html:
        offerAttribute(.language, node, "lang", rank: 1)
        offerAttribute(.language, node, "xml:lang", rank: 2)
      case .base: takeBase(node, url)
      case .title: takeTitle(node)
      case .meta: takeMeta(node)
      case .link: takeLink(node)
      case .script: takeScript(node)
      case .time: takeTime(node)
      case .a: takeAuthorLink(node)
      case .svg:
        node = document.subtreeEnd(of: node)
        continue
      default: break
      }
      node += 1
    }
  }

  private func finish() -> PageMetadata {
    var finished = result
    finished.items = StructuredItems.collect(document, base: result.base)
    finished.title = values[Field.title.index]
    finished.description = values[Field.description.index]
    finished.author = values[Field.author.index]
    finished.authorIsOrganization = ranks[Field.author.index] == Self.organizationRank
    finished.published = values[Field.published.index]
    finished.publishedIsDoubtful = ranks[Field.published.index] >= Self.anyTimeRank
    finished.modified = values[Field.modified.index]
    finished.siteName = values[Field.siteName.index]
    finished.language = values[Field.language.index]
    finished.generator = values[Field.generator.index]
    return finished
  }

  /// Sets a field if nothing better was found before.
  private mutating func offer(
    _ field: Field, _ text: String, rank: Int
  ) {
    guard ranks[field.index] > rank else { return }
    let folded = text.folded(limit: Self.fieldLimit)
    guard !folded.isEmpty else { return }
    if text.utf8.count > Self.fieldLimit, folded.utf8.count + 4 > Self.fieldLimit {
      noteCut(field.rawValue)
    }
    ranks[field.index] = rank
    values[field.index] = folded
  }

  private mutating func offerAttribute(
    _ field: Field, _ node: Int, _ attribute: StaticString, rank: Int
  ) {
    if let value = document.attribute(node, attribute) { offer(field, value, rank: rank) }
  }

  private mutating func noteCut(_ name: String) {
    if !result.cutFields.contains(name) { result.cutFields.append(name) }
  }

  private mutating func takeBase(_ node: Int, _ url: WebURL) {
    guard !baseIsKnown, let href = document.attribute(node, "href"),
      document.ancestor(of: node, .noscript) == nil
    else { return }
    baseIsKnown = true
    if let base = WebURL(href, base: url), base.scheme != "data", base.scheme != "javascript" {
      result.base = base
    }
  }

  private mutating func takeTitle(_ node: Int) {
    guard ranks[Field.title.index] > 0 else { return }
    let text = document.text(under: node, limit: Self.fieldLimit + 1)
    offer(.title, text, rank: 0)
  }

  private mutating func takeLink(_ node: Int) {
    guard let rel = document.attributeRange(node, "rel"),
      let href = document.attribute(node, "href")
    else { return }
    let relations = document.bytes[rel]
    if relations.hasWord("canonical"), result.canonical == nil {
      let url = WebURL(href, base: result.base)
      result.canonical = url?.isHTTP == true ? url : nil
    } else if relations.hasWord("license"), result.licenses.count < Self.listLimit {
      if let url = WebURL(href, base: result.base) { result.licenses.append(url) }
    } else if relations.hasWord("alternate"), result.feeds.count < Self.listLimit,
      let type = document.attribute(node, "type")?.lowercased(),
      type.contains("rss+xml") || type.contains("atom+xml")
    {
      if let url = WebURL(href, base: result.base), url.isHTTP { result.feeds.append(url) }
    }
  }

  private mutating func takeAuthorLink(_ node: Int) {
    guard ranks[Field.author.index] > 6, let rel = document.attributeRange(node, "rel"),
      document.bytes[rel].hasWord("author")
    else { return }
    offer(.author, document.text(under: node, limit: 200), rank: 6)
  }

  private mutating func takeTime(_ node: Int) {
    guard let value = document.attribute(node, "datetime"), !value.isEmpty else { return }
    let property = (document.attribute(node, "itemprop") ?? "").lowercased()
    let name = (document.attribute(node, "class") ?? "").lowercased()
    if property.contains("datemodified") || name.contains("updated") || name.contains("modified") {
      offer(.modified, value, rank: 4)
      if name.contains("published") { offer(.published, value, rank: 4) }
    } else if property.contains("datepublished") || document.hasAttribute(node, "pubdate") {
      offer(.published, value, rank: 3)
    } else if name.contains("publish") || name.contains("entry-date") {
      offer(.published, value, rank: 4)
    } else {
      offer(.published, value, rank: isInArticle(node) ? Self.anyTimeRank : Self.anyTimeRank + 1)
    }
  }

  private func isInArticle(_ node: Int) -> Bool { document.ancestor(of: node, .article) != nil }
}

extension MetadataCollector {
  private mutating func takeMeta(_ node: Int) {
    guard let content = document.attribute(node, "content"), !content.isEmpty else { return }
    if let header = document.attribute(node, "http-equiv")?.lowercased() {
      if header == "content-language" { offer(.language, content, rank: 3) }
      if header == "last-modified" { offer(.modified, content, rank: 9) }
    }
    for attribute: StaticString in ["name", "property", "itemprop"] {
      guard let value = document.attribute(node, attribute) else { continue }
      let name = String(decoding: Array(value.utf8).trimmed, as: UTF8.self).lowercased()
      takeNamed(name, content)
    }
  }

  private mutating func takeNamed(_ name: String, _ content: String) {
    if name.isRobotName || name == crawler || name.hasPrefix("tdm-") {
      append(NamedContent(name: name, content: content.folded(limit: 1000)), to: \.robots)
    } else if name.hasPrefix("og:") || name.hasPrefix("twitter:") {
      if content.utf8.count > Self.fieldLimit { noteCut(name.cut(at: 40)) }
      append(
        NamedContent(
          name: name.cut(at: 200), content: content.folded(limit: Self.fieldLimit)),
        to: \.openGraph)
    }
    if name.hasPrefix("dc.") || name.hasPrefix("dcterms.") {
      append(
        NamedContent(
          name: name.cut(at: 200), content: content.folded(limit: Self.fieldLimit)),
        to: \.dublinCore)
    }
    // Yoast and others: `twitter:label1` says what `twitter:data1` is.
    if name == "twitter:label1" { twitterLabel = content.lowercased() }
    if name == "twitter:data1", twitterLabel.hasSuffix(" by") || twitterLabel == "author" {
      offer(.author, content, rank: 2)
    }
    guard let (field, rank) = Self.fields[name] ?? Self.unusualField(name) else { return }
    // `article:author` often is the address of a profile.
    if field == .author, content.hasPrefix("http") || content.hasPrefix("@") { return }
    let text = name == "og:locale" ? content.replacing("_", with: "-") : content
    offer(field, text, rank: rank)
  }

  private mutating func append(
    _ pair: NamedContent, to list: WritableKeyPath<PageMetadata, [NamedContent]>
  ) {
    guard result[keyPath: list].count < Self.listLimit else { return noteCut("meta") }
    result[keyPath: list].append(pair)
  }

  /// Dates of publication under names of a site's own.
  private static func unusualField(_ name: String) -> (Field, Int)? {
    let isPublished = name.holds("publish")
    guard isPublished || name.hasSuffix(":date") else { return nil }
    if name.holds("modif") || name.holds("updat") || name.holds("publisher") { return nil }
    return (.published, 6)
  }

  /// Which meta names mean what, and how far to believe them.
  private static let fields: [String: (Field, Int)] = {
    var fields: [String: (Field, Int)] = [:]
    func add(_ field: Field, _ ranked: [(Int, String)]) {
      for (rank, names) in ranked {
        for name in names.split(separator: " ") { fields[String(name)] = (field, rank) }
      }
    }
    add(.title, [(1, "og:title"), (2, "twitter:title"), (3, "dc.title dcterms.title")])
    add(
      .description,
      [
        (0, "description"), (1, "og:description"), (2, "twitter:description"),
        (3, "dc.description dcterms.description"),
      ])
    add(
      .author,
      [
        (1, "author"), (2, "article:author"),
        (3, "dc.creator dcterms.creator citation_author byl parsely-author sailthru.author"),
      ])
    add(
      .published,
      [
        (0, "article:published_time"),
        (2, "datepublished og:published_time article.published cxenseparse:publishtime"),
        (5, "citation_publication_date citation_date parsely-pub-date sailthru.date"),
        (5, "pubdate publishdate publish-date publish_date publication_date"),
        (6, "dc.date.issued dcterms.issued dcterms.created dc.date dcterms.date date"),
      ])
    add(
      .modified,
      [
        (1, "article:modified_time"), (2, "og:updated_time datemodified"),
        (5, "dcterms.modified lastmod last-modified revised article.updated"),
      ])
    add(
      .siteName, [(0, "og:site_name"), (2, "application-name"), (4, "apple-mobile-web-app-title")])
    add(.language, [(4, "language dc.language dcterms.language"), (5, "og:locale")])
    add(.generator, [(0, "generator")])
    return fields
  }()
}

extension MetadataCollector {
  private mutating func takeScript(_ node: Int) {
    guard let type = document.attributeRange(node, "type"),
      document.bytes[type].trimmed.equalsIgnoringCase("application/ld+json")
    else { return }
    let size = document.descendants(of: node).reduce(0) { $0 + document.textRange(of: $1).count }
    guard size <= Self.jsonLimit, result.jsonLD.count < 20 else { return noteCut("json_ld") }
    let text = document.rawText(of: node)
    result.jsonLD.append(text)
    var strings = JSONStrings(Array(text.utf8))
    var leaves: [JSONStrings.Leaf] = []
    strings.forEachLeaf { if $0.path.count <= 4 { leaves.append($0) } }
    for leaf in leaves { take(leaf) }
  }

  private mutating func take(_ leaf: JSONStrings.Leaf) {
    var path = leaf.path.first == "@graph" ? leaf.path.dropFirst() : leaf.path
    // What a page of questions or of a discussion is about stands one level deeper.
    if path.first == "mainEntity", path.count > 1 { path = path.dropFirst() }
    let isInAuthor = path.count == 2 && (path.first == "author" || path.first == "creator")
    if path.first != "author" { isInAuthorList = false }
    switch (path.count, path.last) {
    case (1, "@type"):
      jsonType = leaf.value
      if result.jsonLDTypes.count < 20 { result.jsonLDTypes.append(leaf.value.cut(at: 100)) }
    case (1, "datePublished"): offer(.published, leaf.value, rank: 1)
    case (1, "dateCreated"): offer(.published, leaf.value, rank: 4)
    case (1, "uploadDate"): offer(.published, leaf.value, rank: 5)
    case (1, "dateModified"): offer(.modified, leaf.value, rank: 0)
    case (1, "headline"): offer(.title, leaf.value, rank: 3)
    case (1, "inLanguage"): offer(.language, leaf.value, rank: 6)
    case (1, "description"): offer(.description, leaf.value, rank: 4)
    case (2, "@type") where isInAuthor: jsonAuthorType = leaf.value
    case (1, "author") where !leaf.value.hasPrefix("http"): takeAuthor(leaf.value, isPerson: true)
    case (2, "name") where isInAuthor:
      takeAuthor(leaf.value, isPerson: jsonAuthorType != "Organization")
    case (1, "name") where jsonType == "Person": offer(.author, leaf.value, rank: 3)
    case (2, "name") where path.first == "publisher":
      offer(.siteName, leaf.value, rank: 3)
    default: break
    }
  }
}

extension MetadataCollector {
  /// An author of the JSON-LD. Those of one list are one text.
  private mutating func takeAuthor(_ name: String, isPerson: Bool) {
    guard isPerson else { return offer(.author, name, rank: Self.organizationRank) }
    if isInAuthorList, let before = values[Field.author.index], before.utf8.count < 400 {
      if !before.contains(name) { values[Field.author.index] = before + ", " + name }
      return
    }
    isInAuthorList = ranks[Field.author.index] > 0
    offer(.author, name, rank: 0)
  }
}

extension String {
  /// Runs of white space as one space, none at the ends; cut at `limit` bytes.
  fileprivate func folded(limit: Int) -> String {
    var bytes: [UInt8] = []
    var isPending = false
    for byte in utf8.prefix(limit * 8) {
      if byte.isHTMLSpace {
        isPending = !bytes.isEmpty
      } else {
        if isPending { bytes.append(0x20) }
        isPending = false
        bytes.append(byte)
        if bytes.count > limit + 4 { break }
      }
    }
    return String(decoding: bytes.cut(at: limit), as: UTF8.self)
  }

  fileprivate var isRobotName: Bool {
    guard utf8.count <= 100 else { return false }
    var name = self
    return name.withUTF8 { bytes in
      let words: [StaticString] = ["bot", "crawl", "spider", "slurp"]
      return bytes.indices.contains { start in
        words.contains { $0.stands(in: bytes, at: start) }
      }
    }
  }
}

extension StaticString {
  /// Whether the bytes go on with this word.
  fileprivate func stands(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard bytes.count - start >= utf8CodeUnitCount, bytes[start] == utf8Start[0] else {
      return false
    }
    return (1..<utf8CodeUnitCount).allSatisfy { bytes[start + $0] == utf8Start[$0] }
  }
}
