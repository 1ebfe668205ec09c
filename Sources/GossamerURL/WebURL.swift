/// A URL of the WHATWG URL standard, parsed and serialized.
///
/// One string holds the serialization (`href`); every component is a range of it, so that parsing
/// a typical URL allocates once and getters slice. The text is always ASCII. Two URLs are equal
/// when their serializations are. No component can be set: a crawler takes URLs, it does not edit
/// them; `CanonicalURL` makes the form that identifies a page.
///
/// Source: https://url.spec.whatwg.org/
public struct WebURL: Sendable {
  /// The serialization, fragment included. Free of charge: it is what is stored.
  public let href: String
  let layout: Layout

  /// Parses a URL, against `base` when it is relative; nil where the standard says "failure".
  public init?(_ input: String, base: WebURL? = nil) {
    var input = input
    guard let url = input.withUTF8({ WebURL(utf8: $0, base: base) }) else { return nil }
    self = url
  }

  /// Parses a URL from bytes, without making a `String` of the input.
  ///
  /// - Parameter input: UTF-8. Ill-formed sequences outside the host are percent-encoded byte by
  ///   byte (the standard would encode U+FFFD); in the host they are a failure.
  public init?(utf8 input: UnsafeBufferPointer<UInt8>, base: WebURL? = nil) {
    let parsed = URLParser.parse(input, base: base) { layout, href in
      WebURL(href: String(decoding: href, as: UTF8.self), layout: layout)
    }
    guard let parsed else { return nil }
    self = parsed
  }

  init(href: String, layout: Layout) {
    self.href = href
    self.layout = layout
  }
}

extension WebURL {
  /// Where the components lie in `href`:
  /// ```
  /// https://user:pass@example.com:1234/foo/bar?baz#quux
  ///       |     |    |          |     |       |   |
  ///       |     |    |          |     |       |   fragmentStart, or the end
  ///       |     |    |          |     |       queryStart, or fragmentStart
  ///       |     |    |          |     pathStart
  ///       |     |    |          hostEnd
  ///       |     |    hostStart, behind the @ if there is one
  ///       |     usernameEnd
  ///       schemeEnd, behind the colon
  /// ```
  struct Layout: Sendable {
    var schemeEnd: UInt32 = 0
    var usernameEnd: UInt32 = 0
    var hostStart: UInt32 = 0
    var hostEnd: UInt32 = 0
    var pathStart: UInt32 = 0
    var queryStart: UInt32 = 0
    var fragmentStart: UInt32 = 0
    var port: UInt16 = 0
    var hasPort = false
    var scheme = SpecialScheme.none
    var host = HostKind.null
    var hasOpaquePath = false
  }

  enum HostKind: UInt8, Sendable { case null, empty, domain, ipv4, ipv6, opaque }

  /// The schemes the standard treats apart.
  enum SpecialScheme: UInt8, Sendable {
    case none, http, https, ws, wss, ftp, file

    var defaultPort: UInt16? {
      switch self {
      case .http, .ws: 80
      case .https, .wss: 443
      case .ftp: 21
      case .none, .file: nil
      }
    }
  }
}

// MARK: - Components

extension WebURL {
  /// The scheme, lower case, without the colon.
  public var scheme: String { slice(0, layout.schemeEnd - 1) }

  /// The user name, percent-encoded; empty when there is none.
  public var username: String {
    hasAuthority ? slice(layout.schemeEnd + 2, layout.usernameEnd) : ""
  }

  /// The password, percent-encoded; empty when there is none.
  public var password: String {
    guard hasAuthority, layout.hostStart > layout.usernameEnd + 1 else { return "" }
    return slice(layout.usernameEnd + 1, layout.hostStart - 1)
  }

  /// The serialized host without port, IPv6 in brackets; empty when there is none.
  public var hostname: String { slice(layout.hostStart, layout.hostEnd) }

  /// The path, percent-encoded: with its leading slash, or opaque as in `mailto:a@b`.
  public var pathname: String { slice(layout.pathStart, layout.queryStart) }

  /// The query with its question mark; empty when there is none or nothing in it.
  public var search: String {
    layout.fragmentStart - layout.queryStart < 2
      ? "" : slice(layout.queryStart, layout.fragmentStart)
  }

  /// The fragment with its number sign; empty when there is none or nothing in it.
  public var hash: String {
    UInt32(href.utf8.count) - layout.fragmentStart < 2
      ? "" : slice(layout.fragmentStart, UInt32(href.utf8.count))
  }

  /// The port, nil when it is the scheme's default or none is given.
  public var port: UInt16? { layout.hasPort ? layout.port : nil }

  /// The port a connection would use; nil for schemes without a default.
  public var effectivePort: UInt16? { port ?? layout.scheme.defaultPort }

  /// The host as a value; nil when the URL has none (`mailto:`, `data:`).
  public var host: WebHost? {
    switch layout.host {
    case .null: nil
    case .empty: .empty
    case .domain: .domain(hostname)
    case .opaque: .opaque(hostname)
    case .ipv4: withHostUTF8 { IPv4Text.parseDotted($0) }.map(WebHost.ipv4)
    case .ipv6:
      withHostUTF8 { text in
        IPv6Text.parse(UnsafeBufferPointer(rebasing: text.dropFirst().dropLast()))
      }.map { WebHost.ipv6(high: $0.high, low: $0.low) }
    }
  }

  /// Whether the scheme is http or https.
  public var isHTTP: Bool { layout.scheme == .http || layout.scheme == .https }

  /// Whether the URL has a fragment, were it empty.
  public var hasFragment: Bool { layout.fragmentStart < UInt32(href.utf8.count) }

  /// Whether the URL carries a user name or a password.
  public var hasCredentials: Bool {
    hasAuthority && layout.hostStart > layout.schemeEnd + 2
  }

  /// Scheme, host and port, as in `https://example.org:8443`; `null` for schemes without origin.
  public var origin: String {
    switch layout.scheme {
    case .http, .https, .ws, .wss, .ftp:
      if !hasCredentials { return slice(0, layout.pathStart) }
      return slice(0, layout.schemeEnd) + "//" + slice(layout.hostStart, layout.pathStart)
    case .none:
      guard slice(0, layout.schemeEnd) == "blob:", layout.hasOpaquePath,
        let inner = WebURL(pathname), inner.isHTTP
      else { return "null" }
      return inner.origin
    case .file: return "null"
    }
  }

  /// Path and query for the request line; never empty, never with a fragment.
  public var requestTarget: String {
    let target = slice(layout.pathStart, layout.fragmentStart)
    return target.utf8.first == UInt8(ascii: "/") ? target : "/" + target
  }

  /// The same URL without its fragment; itself, not copied, when it has none.
  public var withoutFragment: WebURL {
    hasFragment ? WebURL(href: slice(0, layout.fragmentStart), layout: layout) : self
  }

  /// The bytes of `href`, lent without a copy.
  public func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows
    -> Result
  {
    if let result = try href.utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = href
    return try copy.withUTF8(body)
  }

  /// Host, and port where it is not the default.
  var hostAndPort: String {
    slice(layout.hostStart, layout.hasPort ? layout.pathStart : layout.hostEnd)
  }

  var hasAuthority: Bool { layout.host != .null }

  func withHostUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows
    -> Result
  {
    try withUTF8 { bytes in
      try body(
        UnsafeBufferPointer(rebasing: bytes[Int(layout.hostStart)..<Int(layout.hostEnd)]))
    }
  }

  private func slice(_ start: UInt32, _ end: UInt32) -> String {
    withUTF8 {
      String(decoding: UnsafeBufferPointer(rebasing: $0[Int(start)..<Int(end)]), as: UTF8.self)
    }
  }
}

extension WebURL: Hashable, CustomStringConvertible {
  /// Equal serializations are equal URLs.
  public static func == (left: WebURL, right: WebURL) -> Bool { left.href == right.href }

  /// Hashes the serialization.
  public func hash(into hasher: inout Hasher) { hasher.combine(href) }

  /// The serialization.
  public var description: String { href }
}
