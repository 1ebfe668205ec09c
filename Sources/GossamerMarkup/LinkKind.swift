public import GossamerURL

/// Where in a page a link stands.
public enum LinkKind: String, Sendable, Hashable, CaseIterable {
  /// `a`.
  case anchor = "a"
  /// `area` of an image map.
  case area
  /// `iframe`.
  case iframe
  /// `frame`.
  case frame
  /// A `meta` that sends the reader on.
  case refresh = "meta-refresh"
  /// `link` with any relation but `canonical`, and `link` with `itemprop`.
  case link
  /// `link` that names the address the page would like to have.
  case canonical
  /// `img`, also each candidate of its `srcset`, and `input` of the type image.
  case image = "img"
  /// `source` of a picture, video or audio, `track` as well.
  case source
  /// `video`, its poster as well.
  case video
  /// `audio`.
  case audio
  /// `script`.
  case script
  /// `object`.
  case object
  /// `embed`.
  case embed
  /// `form` that is sent with GET: where asking would lead. Never followed.
  case form
  /// `cite` of a quotation or change, `longdesc` of an image.
  case cite
  /// `url()` and `@import` of a `style` element or attribute, or of a style sheet.
  case style
  /// What a script may make a link of: `data-src` and its relatives, `location = …` in a handler,
  /// an address in a `meta`; and what a browser drops of a `srcset`. A guess, never followed.
  case hint
  /// The `Link` field of the response.
  case header = "link-header"
}

/// Words of `rel` by which a page does not vouch for where a link leads.
///
/// Source: WHATWG HTML, "nofollow"; the other two are Google's, and widely used.
public struct LinkQualifiers: OptionSet, Sendable, Hashable {
  /// One bit a word.
  public let rawValue: UInt8
  /// A set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The page does not endorse the link.
  public static let nofollow = LinkQualifiers(rawValue: 1)
  /// Its readers wrote the link.
  public static let ugc = LinkQualifiers(rawValue: 2)
  /// The link was paid for.
  public static let sponsored = LinkQualifiers(rawValue: 4)

  /// All, by the word.
  public static let named: [(name: String, qualifier: LinkQualifiers)] = [
    ("nofollow", .nofollow), ("ugc", .ugc), ("sponsored", .sponsored),
  ]

  /// Those in the value of a `rel` attribute or parameter.
  init(rel: ArraySlice<UInt8>) {
    self = []
    if rel.hasWord("nofollow") { insert(.nofollow) }
    if rel.hasWord("ugc") { insert(.ugc) }
    if rel.hasWord("sponsored") { insert(.sponsored) }
  }

  /// Those in the value of a `rel` attribute or parameter.
  public init(rel: String) { self.init(rel: Array(rel.utf8)[...]) }
}

/// A link of a page, resolved.
public struct ExtractedLink: Sendable, Hashable {
  /// Where it leads, fragment included.
  public let url: WebURL
  /// Which element it stands in.
  public let kind: LinkKind
  /// What the reader sees, white space folded, cut at 512 bytes: the text of an anchor or form, else
  /// the `alt` or `title`. Empty unless asked for.
  public let text: String
  /// The `rel` attribute as written, empty if there is none.
  public let rel: String
  /// The words of `rel` by which the page does not vouch for it.
  public let qualifiers: LinkQualifiers

  /// A link from its parts.
  public init(
    url: WebURL, kind: LinkKind, text: String, rel: String, qualifiers: LinkQualifiers
  ) {
    self.url = url
    self.kind = kind
    self.text = text
    self.rel = rel
    self.qualifiers = qualifiers
  }
}

/// All links of a page.
public struct PageLinks: Sendable {
  /// In document order, not deduplicated.
  public internal(set) var links: [ExtractedLink] = []
  /// What relative links were resolved against: the `base` element's address, else the page's own.
  public internal(set) var base: WebURL
  /// The first usable `link rel=canonical`.
  public internal(set) var canonical: WebURL?
  /// Links that are no URL, and base addresses that cannot be used.
  public internal(set) var invalidCount = 0
  /// The first of these as written, cut at 200 bytes. Data: show it escaped.
  public internal(set) var firstInvalid: String?
  /// Links left out for their scheme: all but http and https where only those are wanted, else only
  /// data, javascript, about and blob, which are no addresses.
  public internal(set) var otherSchemeCount = 0
  /// More links than the limit: the page is noted as `parse.links`.
  public internal(set) var isCut = false
}
