/// The form of a URL that identifies a page.
public struct CanonicalURL: Sendable, Hashable, CustomStringConvertible {
  /// The normalized URL: http or https, without fragment. This is what is fetched.
  public let url: WebURL

  /// Normalizes a URL; nil when it is not http(s), has no host, or is longer than 4,096 bytes.
  public init?(_ url: WebURL) {
    guard url.isHTTP, url.href.utf8.count <= 4096 else { return nil }
    self.url = url.withoutFragment
  }

  /// Parses and normalizes an absolute URL.
  public init?(_ input: String) {
    guard let url = WebURL(input) else { return nil }
    self.init(url)
  }

  /// The text of the URL.
  public var string: String { url.href }

  /// The text of the URL.
  public var description: String { url.href }

  /// Host and port as politeness counts them: `example.org`, or `example.org:8443` when the port is
  /// not the scheme's default. http and https of one host share it.
  public var hostKey: String { url.hostname }

  /// The domain somebody registered, by the public suffix list; nil for addresses and for names
  /// that are a public suffix themselves.
  public var registeredDomain: String? { nil }

  /// The key of the Internet Archive: `org,example)/path?query`.
  public var surt: String { url.href }
}
