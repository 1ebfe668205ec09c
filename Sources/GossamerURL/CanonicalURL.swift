/// The form of a URL that identifies a page, and that is fetched.
///
/// Being what is fetched, it changes only what servers at large do not tell apart, and drops
/// parameters that by their name only tell where a visitor came from or who he is. In order:
///
/// 1. Only http and https, with a host. All that `WebURL` does: scheme and host in lower case, host
///    in ASCII, default port gone, dot segments resolved, fragment known.
/// 2. User name and password are dropped: they are no part of what a server is asked for, and must
///    not reach the records.
/// 3. One trailing dot of the host is dropped; a host that then has an empty label, or is longer than
///    DNS allows (63 bytes a label, 253 in all), is refused: it names nothing.
/// 4. In path and query, percent-encodings are in upper case; those of unreserved characters
///    (letters, digits, `-._~`) are decoded. RFC 3986 §6.2.2 calls both equivalent.
/// 5. In path and query, what RFC 3986 allows in neither (`[]\^|{}`, the grave accent, a `%` that
///    starts no encoding) is encoded: strict servers answer 400 to the raw character.
/// 6. Session ids are dropped: `;jsessionid=` of a path segment, ASP.NET's `/(S(24 characters))/`,
///    and parameters as told in `DroppedParameters`.
/// 7. Slashes in a row are one, as file systems and most servers have it; behind a colon two stay,
///    for paths that carry URLs.
/// 8. Tracking parameters are dropped, as told in `DroppedParameters`.
/// 9. Empty parts of a form's query are dropped, as told in `FormQuery`.
/// 10. An empty query is dropped, also one that has become empty.
/// 11. The fragment is dropped.
///
/// What stays, on purpose:
/// - `index.html`, the trailing slash, `www.`, case and the scheme: only the server knows whether
///   these are the same page; redirects and duplicate detection tell.
/// - The order of parameters: this is what is fetched, and some servers know only one order.
/// - Parameters without a value: a server may tell `?b` and `?b=` apart.
///
/// Normalizing is idempotent. The bound is on the result. The article "URLs" gives the reasons.
public struct CanonicalURL: Sendable, Hashable, CustomStringConvertible {
  /// The normalized URL: http or https, without credentials and fragment. This is what is fetched.
  public let url: WebURL

  /// Longer URLs are refused: they come from traps, and few servers take them.
  public static let longestInBytes = 4096

  /// Normalizes a URL; nil when it is not http(s), has no usable host, or the result is longer than
  /// 4,096 bytes. A URL that is normal already is not copied.
  public init?(_ url: WebURL) { self.init(normalized: URLNormalizer.normalize(url)) }

  /// Parses and normalizes an absolute URL.
  public init?(_ input: String) {
    var input = input
    let parsed = input.withUTF8 { CanonicalURL(utf8: $0) }
    guard let parsed else { return nil }
    self = parsed
  }

  /// Parses and normalizes, against a base when the input is relative, without a `String` of the
  /// input.
  public init?(utf8 input: UnsafeBufferPointer<UInt8>, base: WebURL? = nil) {
    self.init(
      normalized: URLParser.parse(input, base: base) { URLNormalizer.normalize($0, $1) })
  }

  private init?(normalized: WebURL?) {
    guard let normalized, normalized.href.utf8.count <= Self.longestInBytes else { return nil }
    url = normalized
  }

  /// The text of the URL.
  public var string: String { url.href }

  /// The text of the URL.
  public var description: String { url.href }

  /// Host and port as politeness counts them: `example.org`, or `example.org:8443` when the port is
  /// not the scheme's default. http and https of one host share it.
  public var hostKey: String { url.hostAndPort }

  /// The domain somebody registered, by the public suffix list with its private part; nil for
  /// addresses and for names that are a public suffix themselves.
  public var registeredDomain: String? {
    guard url.layout.host == .domain else { return nil }
    return url.withHostUTF8 { PublicSuffixes.registeredDomain(of: $0) }
  }

  /// The key under which web archives index the page: see `SURT`.
  public var surt: String { SURT.key(of: self) }

  /// Equal texts are equal URLs.
  public static func == (left: CanonicalURL, right: CanonicalURL) -> Bool { left.url == right.url }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(url) }
}
