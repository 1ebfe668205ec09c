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
  /// `link` with any relation but `canonical`.
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
  /// `form`.
  case form
}

/// A link of a page, resolved.
public struct ExtractedLink: Sendable, Hashable {
  /// Where it leads, fragment included.
  public let url: WebURL
  /// Which element it stands in.
  public let kind: LinkKind
  /// What the reader sees, white space folded, cut at 512 bytes: the text of an anchor, else the
  /// `alt` or `title`. Empty unless asked for.
  public let text: String
  /// The `rel` attribute as written, empty if there is none.
  public let rel: String
  /// `rel` has the word nofollow.
  public let isNofollow: Bool
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
  /// Links left out because they are not http or https. Counted only where they are left out.
  public internal(set) var otherSchemeCount = 0
  /// More links than the limit: the page is noted as `parse.links`.
  public internal(set) var isCut = false
}
