/// Decides by media type whether a body is read.
public struct TypePolicy: Sendable {
  private let accepts: @Sendable (String) -> Bool
  /// Whether bytes that contradict the declared type are refused, as a PDF sent as HTML.
  public var checksBytes: Bool

  /// A policy.
  ///
  /// - Parameter accepts: asked about a type without parameters in lower case, as in "text/html".
  public init(checksBytes: Bool = true, accepts: @escaping @Sendable (String) -> Bool) {
    self.checksBytes = checksBytes
    self.accepts = accepts
  }

  /// Whether bodies of this type are read.
  public func callAsFunction(_ mediaType: String) -> Bool { accepts(mediaType) }

  /// Everything, whatever it is: robots.txt, sitemaps.
  public static let all = TypePolicy(checksBytes: false) { _ in true }

  /// What a page of text can be in.
  public static let pages = TypePolicy { type in
    switch type {
    case "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown",
      "text/xml", "application/xml":
      true
    default: type.hasSuffix("+xml") && !type.hasPrefix("image/")
    }
  }
}
