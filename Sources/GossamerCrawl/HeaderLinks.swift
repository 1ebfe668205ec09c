import GossamerHTTP
public import GossamerMarkup
public import GossamerURL

/// The links of `Link` fields, as those of a page.
///
/// A link with an `anchor` speaks of another resource than the response and is left out, as RFC 8288
/// permits. Targets are relative to the response's address, not to a page's `base`.
///
/// Source: RFC 8288 §3.
public struct HeaderLinks: Sendable {
  /// All, in order.
  public private(set) var all: [ExtractedLink] = []
  /// Those a crawl goes on with, as with `link` elements: next, prev, alternate to HTML.
  public private(set) var followable: [ExtractedLink] = []
  /// The first that names the address the response would like to have.
  public private(set) var canonical: WebURL?

  /// Reads the values of the fields of a response.
  ///
  /// - Parameter url: where the response came from.
  public init(fieldValues: [String], url: WebURL) {
    for link in fieldValues.flatMap(LinkHeader.parse) where link["anchor"] == nil {
      guard let target = WebURL(link.target, base: url) else { continue }
      let rel = link["rel"] ?? ""
      let found = ExtractedLink(
        url: target, kind: .header, text: link["title"] ?? "", rel: rel,
        qualifiers: LinkQualifiers(rel: rel))
      all.append(found)
      guard target.isHTTP else { continue }
      let relations = link.relations
      if relations.contains("canonical") {
        canonical = canonical ?? target
      } else if relations.contains("next") || relations.contains("prev")
        || (relations.contains("alternate") && (link["type"].map { $0 == "text/html" } ?? true))
      {
        followable.append(found)
      }
    }
  }
}
