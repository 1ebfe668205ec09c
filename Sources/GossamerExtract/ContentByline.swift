public import GossamerMarkup
public import GossamerURL

/// Who wrote a page and when it appeared, as its readers see it.
///
/// What the head and the JSON-LD state comes first. Where they are silent, or name only the site,
/// the page itself is searched: properties of microdata and RDFa, then elements whose class or link
/// says author or date, then short lines near the first heading; for dates at last the URL and the
/// page's scripts. Menus, footers, comments and lists of other pages are passed over.
public struct ContentByline: Sendable {
  /// One name, or several with commas between.
  public let author: String?
  /// A date or a time as RFC 3339 writes them; a statement that could not be read, as it is.
  public let published: String?

  /// Reads a page.
  ///
  /// - Parameters:
  ///   - document: the page.
  ///   - metadata: what it says about itself.
  ///   - url: where it was fetched from; many name the day.
  public init(of document: HTMLDocument, metadata: PageMetadata, url: WebURL) {
    let stated = metadata.author.flatMap(AuthorName.cleaned)
    let isSite =
      metadata.authorIsOrganization || AuthorName.isSame(stated, metadata.siteName)
      || AuthorName.isSame(stated, url.hostname.droppingWWW)
      || AuthorName.isSame(
        stated, url.hostname.droppingWWW.split(separator: ".").first.map(String.init))
    let dayIsFirst = Self.dayIsFirst(in: metadata.language)
    let date = metadata.published.map {
      ContentDate.atMidnight(ContentDate.normalized($0, dayIsFirst: dayIsFirst))
    }
    let isDated = date.map(ContentDate.isDate) ?? false
    let isSure = isDated && !metadata.publishedIsDoubtful
    let pathDate = ContentDate.inPath(url.pathname)
    let isPermalink = ContentDate.isPermalink(url.pathname)
    // A day in the address is older than any change; else it may be part of a title.
    let isOfPath =
      isSure
      && pathDate.map {
        isPermalink ? date?.hasPrefix($0) != true : ContentDate.areNeighbours($0, date ?? "")
      } ?? false
    let mayBeNeighbour =
      isSure && !isOfPath && ContentDate.isInUTC(metadata.published ?? "")
    guard stated == nil || isSite || !isSure || mayBeNeighbour else {
      author = stated
      published = isOfPath ? pathDate : date
      return
    }
    var search = BylineSearch(document: document, dayIsFirst: dayIsFirst)
    search.run()
    author = isSite ? search.author ?? stated : stated ?? search.author
    published =
      isSure
      ? (isOfPath ? pathDate : search.dayBeside(date ?? "")) ?? date
      : search.statedDate ?? ContentDate.inScripts(of: document, dayIsFirst: dayIsFirst) ?? pathDate
        ?? search.shownDate
        ?? date ?? metadata.title.flatMap { Self.date(in: $0, dayIsFirst) }
        ?? metadata.description.flatMap { Self.date(in: $0, dayIsFirst) }
  }

  private static func date(in title: String, _ dayIsFirst: Bool) -> String? {
    let date = ContentDate.normalized(title, dayIsFirst: dayIsFirst)
    return ContentDate.isDate(date) ? date : nil
  }

  /// Only American English puts the month first, and pages that do not say where their English is
  /// from.
  private static func dayIsFirst(in language: String?) -> Bool {
    guard let language = language?.lowercased() else { return false }
    guard language.hasPrefix("en") else { return true }
    let region = language.dropFirst(3).prefix(2)
    return ["gb", "uk", "au", "nz", "ie", "in", "za", "sg", "my"].contains(region)
  }
}

/// Looks for author and date in the elements of a page.
private struct BylineSearch {
  private let document: HTMLDocument
  private let heading: Int
  private var names = NameMatcher()
  /// Where a part of the page that is not about it ends, and what that costs.
  private var elsewhere = (penalty: 0, end: 0)
  private var bestAuthor = (score: Int.max, text: "")
  private var bestStated = (score: Int.max, text: "")
  private var bestShown = (score: Int.max, text: "")

  var author: String? { bestAuthor.score == .max ? nil : bestAuthor.text }
  /// A date that is marked as the one of publication.
  var statedDate: String? { bestStated.score == .max ? nil : bestStated.text }
  /// A date that stands where dates of publication do.
  var shownDate: String? { bestShown.score == .max ? nil : bestShown.text }

  /// The day shown next to the heading, where it is a neighbour of the day of a time in UTC: that is
  /// the day where the page is from.
  func dayBeside(_ time: String) -> String? {
    guard ContentDate.isInUTC(time), bestShown.score < 12,
      ContentDate.mayBeDay(bestShown.text, of: time)
    else { return nil }
    return String(bestShown.text.prefix(10))
  }

  private let dayIsFirst: Bool

  init(document: HTMLDocument, dayIsFirst: Bool) {
    self.document = document
    self.dayIsFirst = dayIsFirst
    heading = document.elements(.h1).first { !document.text(under: $0, limit: 20).isEmpty } ?? 0
  }

  mutating func run() {
    document.bytes.withUnsafeBufferPointer { bytes in
      var node = 0
      while node < document.count {
        guard document.isElement(node) else {
          node += 1
          continue
        }
        let tag = document.tag(of: node)
        var marks: BylineMarks = []
        if node >= elsewhere.end { elsewhere = (0, 0) }
        if document.attributeCount(of: node) > 0 {
          for attribute: StaticString in ["class", "id"] {
            guard let range = document.attributeRange(node, attribute), range.count < 400 else {
              continue
            }
            let name = UnsafeBufferPointer(rebasing: bytes[range])
            marks.formUnion(BylineMarks(of: name))
            // Not inside of the next call, which would hold all of `self` and have `names` copied.
            let categories = names.categories(of: name)
            let penalty = penalty(of: categories, tag)
            if penalty > elsewhere.penalty {
              elsewhere = (penalty, document.subtreeEnd(of: node))
            }
          }
        }
        // The foot of an article's head is where some have their byline.
        if Self.isSkipped(tag), tag != .footer || !isNearHeading(node) {
          node = document.subtreeEnd(of: node)
          continue
        }
        look(at: node, tag, marks, bytes)
        node += 1
      }
    }
  }

  /// How much worse everything in an element is, since its names say that it is about other pages,
  /// or by other people.
  private func penalty(of categories: NameCategories, _ tag: HTMLTag) -> Int {
    guard tag != .body, tag != .html, tag != .main, tag != .article,
      categories.intersection([.content, .body, .forum]).isEmpty
    else { return 0 }
    if !categories.intersection([.navigation, .footer, .comment, .cookie]).isEmpty { return 24 }
    return categories.intersection([.related, .side]).isEmpty ? 0 : 12
  }

  private static func isSkipped(_ tag: HTMLTag) -> Bool {
    switch tag {
    case .script, .style, .template, .svg, .nav, .footer, .head, .select, .button, .textarea,
      .iframe, .noframes:
      true
    default: false
    }
  }

  private mutating func look(
    at node: Int, _ tag: HTMLTag, _ marks: BylineMarks, _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    if document.attributeCount(of: node) > 0 {
      lookAtProperties(node)
      if marks.contains(.author) { offerAuthor(piecesOf: node, rank: 2) }
      if tag == .a { lookAtLink(node, bytes) }
      if marks.contains(.user) { offerAuthor(shortText(node, 40), rank: 5, node) }
      if tag == .time || marks.contains(.date) {
        offerShown(node, rank: marks.contains(.published) ? 0 : marks.contains(.updated) ? 3 : 1)
      } else if marks.contains(.published) {
        offerShown(node, rank: 0)
      }
    }
    let isNear = isNearHeading(node)
    guard
      isNear
        || (document.subtreeEnd(of: node) - node <= 4 && mayBeShown(node, rank: 5)
          && showsDigits(node, bytes))
    else { return }
    let text = shortText(node, isNear ? 90 : 60)
    guard !text.isEmpty else {
      if isNear { lookAtBeginning(of: node) }
      return
    }
    if isNear, let name = AuthorName.afterBy(text) { offerAuthor(name, rank: 4, node) }
    offerShown(node, text, rank: isNear ? 2 : 5)
  }

  /// Longer texts near the heading may begin with the day: "27.1.2022 - The ...".
  private mutating func lookAtBeginning(of node: Int) {
    for child in document.descendants(of: node).prefix(3) where document.isText(child) {
      let range = document.textRange(of: child)
      guard range.count < 4_000, document.parent(of: child) == node else { continue }
      let text = folded(range.prefix(200))
      guard text.prefix(40).utf8.contains(where: { $0 &- 0x30 < 10 }) else { continue }
      offerShown(node, String(text.prefix(40)), rank: 6)
    }
  }

  /// Microdata and RDFa. Source: schema.org `author`, `datePublished`; Dublin Core `date`.
  private mutating func lookAtProperties(_ node: Int) {
    for attribute: StaticString in ["itemprop", "property"] {
      guard let value = document.attribute(node, attribute) else { continue }
      for name in value.lowercased().split(separator: " ") {
        switch name {
        case "author", "creator", "dc:creator", "schema:author": offerAuthor(property: node)
        case "datepublished", "schema:datepublished", "datecreated", "schema:datecreated",
          "dc:date", "dc:issued", "dc:created":
          let text =
            document.attribute(node, "content") ?? document.attribute(node, "datetime")
            ?? document.attribute(node, "title") ?? shortText(node, 90)
          offerStated(text, rank: name.hasPrefix("dc:") ? 1 : 0, node)
        default: break
        }
      }
    }
    if let rel = document.attribute(node, "rel"), rel.lowercased().contains("author") {
      offerAuthor(shortText(node, 80), rank: 1, node)
    }
  }

  private mutating func offerAuthor(property node: Int) {
    var text = document.attribute(node, "content")
    if text == nil {
      for child in document.descendants(of: node).prefix(60) where document.isElement(child) {
        guard document.attribute(child, "itemprop")?.lowercased() == "name" else { continue }
        text = document.attribute(child, "content") ?? shortText(child, 80)
        break
      }
    }
    offerAuthor(text ?? shortText(node, 80), rank: 0, node)
  }

  /// Links to the pages of authors say so in a segment of their path, or in their query.
  private mutating func lookAtLink(_ node: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard let range = document.attributeRange(node, "href"), range.count < 300,
      let rank = Self.rank(ofPath: UnsafeBufferPointer(rebasing: bytes[range]))
    else { return }
    offerAuthor(shortText(node, rank == 3 ? 60 : 40), rank: rank, node)
  }

  private static func rank(ofPath path: UnsafeBufferPointer<UInt8>) -> Int? {
    var word = WordHash()
    var length = 0
    var best: Int?
    for byte in path {
      let endsWord = byte == 0x2F || byte == 0x3D || byte == 0x3F || byte == 0x26
      guard endsWord else {
        word.add(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        length += 1
        continue
      }
      if length > 0, byte == 0x2F || byte == 0x3D, let rank = pathWords[word.value] {
        best = min(best ?? rank, rank)
      }
      word = WordHash()
      length = 0
    }
    return best
  }

  private static let pathWords: [UInt32: Int] = {
    let authors = [
      "author", "authors", "autor", "autoren", "autores", "auteur", "writer", "writers",
      "contributor", "contributors", "byline", "redakteur", "columnist", "journalist", "reporter",
      "staff",
    ]
    let members = [
      "user", "users", "member", "members", "u", "profile", "people", "team", "person", "producers",
      "instructor",
    ]
    var words: [UInt32: Int] = [:]
    for word in members { words[WordHash.of(word)] = 5 }
    for word in authors { words[WordHash.of(word)] = 3 }
    return words
  }()

  // MARK: Offers

  /// After the first heading, where bylines mostly stand, comes before elsewhere.
  private func isNearHeading(_ node: Int) -> Bool {
    heading > 0 && node > heading - 40 && node < heading + 120
  }

  private func place(_ node: Int) -> Int {
    let distance = isNearHeading(node) ? (node > heading ? 0 : 1) : node > heading ? 3 : 5
    return distance + elsewhere.penalty
  }

  private mutating func offerAuthor(_ text: String, rank: Int, _ node: Int) {
    let score = score(node, rank: rank)
    guard score < bestAuthor.score, let name = AuthorName.cleaned(text),
      AuthorName.isPlausible(name)
    else { return }
    bestAuthor = (score, name)
  }

  private mutating func offerStated(_ text: String, rank: Int, _ node: Int) {
    let score = rank * 4 + place(node)
    guard score < bestStated.score else { return }
    let date = ContentDate.normalized(text, dayIsFirst: dayIsFirst)
    guard ContentDate.isDate(date) else { return }
    bestStated = (score, date)
  }

  private mutating func offerShown(_ node: Int, rank: Int) {
    guard mayBeShown(node, rank: rank) else { return }
    let text = shortText(node, 90)
    if rank == 0,
      let title = document.attribute(node, "title")
        ?? document.attribute(
          node, "datetime")
    {
      offerShown(node, title, rank: rank)
    }
    if let time = document.attribute(node, "datetime") { offerShown(node, time, rank: rank) }
    offerShown(node, text, rank: rank)
  }

  private func score(_ node: Int, rank: Int) -> Int { rank * 4 + place(node) * 3 }

  /// Whether a date there would be better than the one there is: asked first, as reading text takes
  /// time.
  private func mayBeShown(_ node: Int, rank: Int) -> Bool {
    score(node, rank: rank) < bestShown.score
  }

  private mutating func offerShown(_ node: Int, _ text: String, rank: Int) {
    guard mayBeShown(node, rank: rank), text.utf8.count(where: { $0 &- 0x30 < 10 }) >= 3 else {
      return
    }
    let date = ContentDate.normalized(text, dayIsFirst: dayIsFirst)
    guard ContentDate.isDate(date) else { return }
    let whole = score(node, rank: rank) + (ContentDate.saysUpdated(text) ? 8 : 0)
    if whole < bestShown.score { bestShown = (whole, date) }
  }

  /// The first text under a node that can be a name, with those that "and" or a comma adds.
  private mutating func offerAuthor(piecesOf node: Int, rank: Int) {
    let pieces = pieces(of: node, limit: 200)
    guard !pieces.isEmpty else { return }
    if let name = AuthorName.afterInnerBy(pieces.joined(separator: " ")) {
      return offerAuthor(name, rank: rank, node)
    }
    for (index, piece) in pieces.enumerated() {
      guard let name = AuthorName.cleaned(piece), AuthorName.isPlausible(name) else { continue }
      var names = name
      var rest = pieces[(index + 1)...]
      while let joint = rest.first, AuthorName.isJoint(joint), let next = rest.dropFirst().first {
        names += (joint == "," ? "" : " ") + joint + " " + next
        rest = rest.dropFirst(2)
      }
      return offerAuthor(names, rank: rank, node)
    }
  }

  /// The text nodes under a node that show something; none where there is more than `limit` bytes.
  private func pieces(of node: Int, limit: Int) -> [String] {
    guard document.subtreeEnd(of: node) - node < 40 else { return [] }
    var pieces: [String] = []
    var length = 0
    var child = node + 1
    let end = document.subtreeEnd(of: node)
    while child < end {
      if document.isElement(child) {
        child = Self.isSkipped(document.tag(of: child)) ? document.subtreeEnd(of: child) : child + 1
        continue
      }
      let range = document.textRange(of: child)
      child += 1
      length += document.bytes[range].count { !$0.isHTMLSpace }
      guard length <= limit * 2, range.count < 2000 else { return [] }
      let piece = folded(range)
      if !piece.isEmpty { pieces.append(piece) }
    }
    return pieces
  }

  /// The text of a range, white space folded.
  private func folded(_ range: Range<Int>) -> String {
    var text: [UInt8] = []
    var isPending = false
    let bytes = document.bytes[range]
    for (index, byte) in zip(bytes.indices, bytes) {
      let isNoBreak = byte == 0xA0 && text.last == 0xC2 && index > range.lowerBound
      if isNoBreak { text.removeLast() }
      if byte.isHTMLSpace || isNoBreak {
        isPending = !text.isEmpty
      } else {
        if isPending { text.append(0x20) }
        isPending = false
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether a few text nodes hold enough digits for a date.
  private func showsDigits(_ node: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var digits = 0
    for child in document.descendants(of: node) where document.isText(child) {
      let range = document.textRange(of: child)
      guard range.count < 200 else { return false }
      for byte in UnsafeBufferPointer(rebasing: bytes[range]) where byte &- 0x30 < 10 {
        digits += 1
      }
    }
    return digits >= 3
  }

  /// The text under a node, empty where it is longer than `limit` bytes.
  private func shortText(_ node: Int, _ limit: Int) -> String {
    let text = pieces(of: node, limit: limit).joined(separator: " ")
    return text.utf8.count > limit ? "" : text
  }
}

/// What class and id say about a byline.
private struct BylineMarks: OptionSet {
  let rawValue: UInt8

  static let author = BylineMarks(rawValue: 1)
  static let user = BylineMarks(rawValue: 2)
  static let date = BylineMarks(rawValue: 4)
  static let published = BylineMarks(rawValue: 8)
  static let updated = BylineMarks(rawValue: 16)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Reads the tokens of a name, which end at case changes, digits and signs.
  init(of name: UnsafeBufferPointer<UInt8>) {
    self = []
    var token = WordHash()
    var length = 0
    var before: UInt8 = 0
    for byte in name {
      let isUpper = byte &- 0x41 < 26
      let isLetter = (byte | 0x20) &- 0x61 < 26
      if length > 0, !isLetter || (isUpper && before &- 0x61 < 26) {
        formUnion(Self.words[token.value] ?? [])
        token = WordHash()
        length = 0
      }
      before = byte
      guard isLetter else { continue }
      token.add(byte | 0x20)
      length += 1
    }
    if length > 0 { formUnion(Self.words[token.value] ?? []) }
  }

  private static let words: [UInt32: BylineMarks] = {
    let lists: [(BylineMarks, String)] = [
      (
        .author,
        """
        author authors byline bylines writer writers autor autoren auteur auteurs authorname
        postauthor contributor contributors verfasser redakteur journalist reporter columnist athr
        authored autore autores
        """
      ),
      (.user, "username bigusername poster nickname"),
      (
        .date,
        """
        date dates time timestamp datum fecha data dateline postdate pubdate day meta info details
        """
      ),
      (
        .published,
        "published publish publishdate pubdate posted postdate entrydate publishing created"
      ),
      (.updated, "updated modified update edited"),
    ]
    var words: [UInt32: BylineMarks] = [:]
    for (mark, list) in lists {
      for word in list.split(whereSeparator: \.isWhitespace) {
        words[WordHash.of(word), default: []].formUnion(mark)
      }
    }
    return words
  }()
}

/// Names of authors as pages write them.
enum AuthorName {
  /// The name without "by", a role or what follows a bar; nil where nothing is left or it is an
  /// address.
  static func cleaned(_ text: String) -> String? {
    var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    while let first = words.first {
      let word = first.lowercased().trimmingPunctuation
      if prefixes.contains(word) || word.isEmpty { words.removeFirst() } else { break }
    }
    if let cut = words.firstIndex(where: { stops.contains($0) }) {
      words.removeSubrange(cut...)
    }
    // A date may follow: it begins with a number, or with the month before one.
    if let digit = words.firstIndex(where: { $0.first?.isNumber ?? false }), digit > 0 {
      let hasMonth = digit > 1 && ContentDate.isMonth(words[digit - 1])
      words.removeSubrange((hasMonth ? digit - 1 : digit)...)
    }
    let name = words.joined(separator: " ").droppingEnds
    let isAddress = name.holds("://") || name.holds("www.") || name.holds("@")
    return name.isEmpty || isAddress ? nil : name
  }

  /// Whether what was found in the page can be a name: a few words, no sentence, no date.
  static func isPlausible(_ name: String) -> Bool {
    let words = name.split(separator: " ")
    guard (1...8).contains(words.count), name.utf8.count <= 70 else { return false }
    guard name.contains(where: \.isLetter), !name.hasSuffix("?"), !name.hasSuffix("!"),
      !name.contains(":"), !ContentDate.isDate(ContentDate.normalized(name))
    else { return false }
    let isKnownNoise = words.count <= 4 && words.contains { noise.contains($0.lowercased()) }
    return !isKnownNoise
  }

  /// The name in a line such as "By Ada Lovelace"; nil where the line is something else.
  static func afterBy(_ line: String) -> String? {
    guard mayBegin(line) else { return nil }
    let words = line.split(whereSeparator: \.isWhitespace)
    guard let first = words.first, words.count >= 2, words.count <= 12 else { return nil }
    let start = first.lowercased().trimmingPunctuation
    let next = words[1].lowercased().trimmingPunctuation
    var rest = words.dropFirst()
    if ["written", "posted", "words", "text", "reviewed", "story"].contains(start), next == "by" {
      rest = rest.dropFirst()
    } else if !["by", "von", "par", "por", "autor", "author"].contains(start) {
      return nil
    }
    let name = rest.prefix { word in
      guard !stops.contains(String(word)) else { return false }
      return word.first?.isUppercase == true || particles.contains(word.lowercased())
    }
    guard (1...5).contains(name.count), name.first?.first?.isUppercase == true else { return nil }
    return name.joined(separator: " ")
  }

  /// Whether the first letter of a line is one that the words before a name begin with.
  private static func mayBegin(_ line: String) -> Bool {
    for byte in line.utf8 {
      switch byte | 0x20 {
      case 0x62, 0x76, 0x70, 0x61, 0x77, 0x74, 0x72, 0x73: return true
      case let other: if other.isLetter || byte.isDigit || byte >= 0x80 { return byte >= 0x80 }
      }
    }
    return false
  }

  /// The name in a line such as "Posted on May 4, 2020 by Ada Lovelace"; nil in others.
  static func afterInnerBy(_ line: String) -> String? {
    let words = line.split(separator: " ")
    guard let place = words.dropFirst().firstIndex(where: { ["by", "By", "von"].contains($0) }),
      line.utf8.count < 90
    else { return nil }
    return afterBy(words[place...].joined(separator: " "))
  }

  /// Whether a text only joins two names.
  static func isJoint(_ text: String) -> Bool {
    [",", "and", "und", "&", "et", "y", "e", ", and"].contains(text.lowercased())
  }

  /// Whether two names differ at most in layout and signs.
  static func isSame(_ first: String?, _ second: String?) -> Bool {
    guard let first, let second else { return false }
    func letters(_ text: String) -> String {
      text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    return letters(first) == letters(second)
  }

  private static let prefixes: Set<String> = [
    "by", "von", "par", "por", "di", "author", "authors", "autor", "autorin", "written", "posted",
    "words", "text", "published", "contributor", "reviewed", "writer", "story", "auteur", "byline",
  ]
  private static let stops: Set<String> = [
    "|", "·", "•", "-", "–", "—", "/", "»", "on", "am", "@", "in", "posted", "published", "●",
    "updated", "Updated", "Published", "Posted", "On", "&middot;",
  ]
  private static let particles: Set<String> = [
    "and", "und", "et", "y", "e", "de", "van", "von", "der", "den", "la", "le", "di", "da", "del",
    "dos", "bin", "al", "&", "ter", "du",
  ]
  private static let noise: Set<String> = [
    "comments", "comment", "minutes", "min", "read", "share", "follow", "about", "more", "all",
    "posts", "profile", "subscribe", "login", "log", "sign", "joined", "author", "authors",
    "views", "replies", "ago", "edit", "reply", "members", "guest", "anonymous", "last", "home",
    "view", "our", "contact", "bio", "menu", "search", "zur", "zum", "alle", "mehr", "weitere",
    "autoren", "news", "newsletter",
  ]
}

extension String {
  fileprivate var droppingWWW: String { hasPrefix("www.") ? String(dropFirst(4)) : self }

  fileprivate var trimmingPunctuation: String { filter { $0.isLetter || $0.isNumber } }

  /// Without commas, colons and the like at either end.
  fileprivate var droppingEnds: String {
    let ends: Set<Character> = [
      ",", ":", ";", "|", "-", "–", "—", "·", "•", " ", "(", "\"", "“", "”",
    ]
    var rest = self[...]
    while let last = rest.last, ends.contains(last) { rest.removeLast() }
    while let first = rest.first, ends.contains(first) { rest.removeFirst() }
    return String(rest)
  }
}
