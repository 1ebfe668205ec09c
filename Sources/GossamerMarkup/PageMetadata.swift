public import GossamerURL

/// A name and its content, as a `meta` element has them.
public struct NamedContent: Sendable, Hashable {
  /// In lower case.
  public let name: String
  /// White space at the ends removed.
  public let content: String

  /// A pair.
  public init(name: String, content: String) {
    self.name = name
    self.content = content
  }
}

/// What a page says about itself: in its head, its JSON-LD and its `time` elements.
///
/// Texts are as written, white space folded, none empty, each cut at 10,000 bytes. Nothing is
/// judged: a date may be no date, a language no language.
public struct PageMetadata: Sendable {
  /// The `title` element, else `og:title`, else the headline of the JSON-LD.
  public internal(set) var title: String?
  /// The `description` meta, else that of OpenGraph or Twitter.
  public internal(set) var description: String?
  /// Who wrote it: meta, JSON-LD, or `rel=author`.
  public internal(set) var author: String?
  /// Whether the JSON-LD says that the author is an organization.
  public internal(set) var authorIsOrganization = false
  /// When it was published, as written; ISO 8601 mostly.
  public internal(set) var published: String?
  /// Whether `published` is only the first time of any kind that the page shows.
  public internal(set) var publishedIsDoubtful = false
  /// When it was last changed, as written.
  public internal(set) var modified: String?
  /// The name of the site.
  public internal(set) var siteName: String?
  /// The language the page claims to be in, a tag such as `en-GB`.
  public internal(set) var language: String?
  /// The address the page would like to have, resolved; http or https.
  public internal(set) var canonical: WebURL?
  /// What relative links of the page are resolved against.
  public internal(set) var base: WebURL
  /// Contents of the metas that speak to robots, in document order: all whose name is `robots`, our
  /// token, begins with `tdm-`, or contains bot, crawl, spider or slurp.
  public internal(set) var robots: [NamedContent] = []
  /// All metas named `og:…` and `twitter:…`, in document order.
  public internal(set) var openGraph: [NamedContent] = []
  /// All metas of the Dublin Core, `dc.…` and `dcterms.…`, in document order.
  public internal(set) var dublinCore: [NamedContent] = []
  /// Microdata and RDFa.
  public internal(set) var items: [StructuredItem] = []
  /// JSON-LD blocks as written; what is too long is left out.
  public internal(set) var jsonLD: [String] = []
  /// The `@type`s of the JSON-LD's outermost things.
  public internal(set) var jsonLDTypes: [String] = []
  /// The `generator` meta: which software made the page.
  public internal(set) var generator: String?
  /// Licences the page names in `link rel=license`.
  public internal(set) var licenses: [WebURL] = []
  /// Feeds the page announces.
  public internal(set) var feeds: [WebURL] = []
  /// Names of fields that were cut: the page is noted as `parse.limit`.
  public internal(set) var cutFields: [String] = []

  /// Reads a page.
  ///
  /// - Parameters:
  ///   - document: the page.
  ///   - url: where it was fetched from, after redirects.
  ///   - crawler: our product token: metas of this name are for us.
  public init(of document: HTMLDocument, url: WebURL, crawler: String? = nil) {
    self = MetadataCollector.collect(document, url: url, crawler: crawler)
  }

  init(base: WebURL) { self.base = base }
}
