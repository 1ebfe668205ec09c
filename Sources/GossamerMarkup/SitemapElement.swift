/// The elements of sitemaps and feeds that matter, by local name.
///
/// Namespaces decide little, as many files name wrong ones or none. Only the prefixes of well-known
/// extensions set an element aside, as in `image:loc`.
enum SitemapElement {
  case url, sitemap, item, entry
  case feed, channel
  case loc, link, guid, id
  case changed, made, changefreq, priority
  case other

  /// Whether it stands for one address.
  var isEntry: Bool { self == .url || self == .sitemap || self == .item || self == .entry }

  init(_ name: UnsafeBufferPointer<UInt8>, prefix: UnsafeBufferPointer<UInt8>) {
    self = .other
    if !prefix.isEmpty, Self.extensions.contains(where: { prefix.equalsIgnoringCase($0) }) {
      return
    }
    if let known = Self.known.first(where: { name.equalsIgnoringCase($0.name) }) {
      self = known.element
    }
  }

  private static let extensions: [StaticString] = [
    "image", "video", "news", "mobile", "media", "itunes", "pagemap", "googleplay",
  ]

  private static let known: [(name: StaticString, element: SitemapElement)] = [
    ("url", .url), ("loc", .loc), ("lastmod", .changed), ("changefreq", .changefreq),
    ("priority", .priority), ("sitemap", .sitemap), ("item", .item), ("entry", .entry),
    ("link", .link), ("guid", .guid), ("id", .id), ("pubdate", .made), ("updated", .changed),
    ("modified", .changed), ("published", .made), ("issued", .made), ("created", .made),
    ("date", .made), ("rss", .feed), ("feed", .feed), ("rdf", .feed), ("channel", .channel),
  ]
}

/// What has been read of one entry.
struct SitemapDraft {
  /// An address as written, and what it is relative to.
  struct Address {
    var text: [UInt8]
    var base: Int
  }

  /// From the element that is there for it.
  var address: Address?
  /// From what may name the page as well: `guid`, `id`, `rdf:about`.
  var identity: Address?
  /// Whether `address` is said to be for readers, not for programs.
  var isForReaders = false
  var alternates: [(address: Address, language: String?)] = []
  var changed: String?
  var made: String?
  var changefreq: String?
  var priority: Double?
  /// Text right inside a `sitemap`, where some files have the address.
  var loose: [UInt8] = []

  /// The first of these that can be an address.
  func bestAddress(base: Int) -> Address? {
    if let address { return address }
    if let identity, identity.text.starts(with: "http".utf8) || identity.text.first == 0x2F {
      return identity
    }
    let text = loose.withoutSpacesAround
    return text.starts(with: "http".utf8) ? Address(text: text, base: base) : nil
  }

  /// Takes the text of an element.
  mutating func take(_ value: [UInt8], of element: SitemapElement, base: Int) {
    guard !value.isEmpty else { return }
    switch element {
    case .loc: address = Address(text: value, base: base)
    case .link: take(value, type: [], base: base)
    case .guid, .id: identity = Address(text: value, base: base)
    case .changed: changed = changed ?? Self.short(value)
    case .made: made = made ?? Self.short(value)
    case .changefreq:
      changefreq =
        changefreq ?? Self.frequencies.first { value.equalsIgnoringCase($0) }?.description
    case .priority:
      guard priority == nil, let number = Double(String(decoding: value, as: UTF8.self)),
        number.isFinite
      else { return }
      priority = min(max(number, 0), 1)
    default: break
    }
  }

  /// Takes a link of Atom or XHTML. Of several alternates that for readers counts.
  mutating func take(_ href: [UInt8], type: [UInt8], base: Int) {
    let isForReaders = type.isEmpty || Self.readerTypes.contains { type.equalsIgnoringCase($0) }
    guard address == nil || (isForReaders && !self.isForReaders) else { return }
    address = Address(text: href, base: base)
    self.isForReaders = isForReaders
  }

  private static let frequencies: [StaticString] = [
    "always", "hourly", "daily", "weekly", "monthly", "yearly", "never",
  ]

  private static let readerTypes: [StaticString] = ["text/html", "application/xhtml+xml"]

  private static func short(_ value: [UInt8]) -> String? {
    value.count <= 100 ? String(decoding: value, as: UTF8.self) : nil
  }
}

extension [UInt8] {
  /// Without white space at the ends, that of Unicode included, which editors leave behind.
  var withoutSpacesAround: [UInt8] {
    let ends = trimmed
    guard let first = ends.first, let last = ends.last, first > 0x7F || last > 0x7F else {
      return Array(ends)
    }
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || scalar == "\u{200B}" || scalar == "\u{FEFF}"
    }
    var scalars = Substring(decoding: ends, as: UTF8.self).unicodeScalars
    while let scalar = scalars.first, isSpace(scalar) { scalars.removeFirst() }
    while let scalar = scalars.last, isSpace(scalar) { scalars.removeLast() }
    return Array(Substring(scalars).utf8)
  }
}
