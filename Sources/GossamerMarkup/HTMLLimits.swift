/// The most that is taken from one page. Each hit is noted in `HTMLDocument.limitsHit`.
public struct HTMLLimits: Sendable, Hashable {
  /// Open elements at one time, at most 60,000. An element opened at that depth takes the place of
  /// the one before it, so that no text is lost. Browsers use 512.
  public var depth = 512
  /// Open elements at one time from which on a page is said to be deep: from here on common readers
  /// lose text. Nothing is cut.
  public var remarkableDepth = 256
  /// Attributes of one tag; later ones are dropped.
  public var attributesPerTag = 400
  /// Length of one tag in bytes; attributes that do not fit are dropped.
  public var tagLengthInBytes = 64 * 1024
  /// Elements and texts; further elements are dropped, but not their text.
  public var nodes = 3_000_000
  /// Errors kept in `HTMLDocument.firstErrors`. All are counted.
  public var keptErrors = 4

  /// The default limits.
  public init() {}

  /// The default limits.
  public static let standard = HTMLLimits()
}

/// What was cut from a page, or strange about it.
public enum HTMLLimitHit: Sendable, Hashable, CaseIterable {
  /// Elements deeper than `HTMLLimits.depth` were flattened.
  case depth
  /// More than `HTMLLimits.remarkableDepth` elements were open. Nothing is lost.
  case deep
  /// A tag lost attributes, or the page had more nodes than allowed.
  case limit
  /// The parser stopped before the end of the page.
  case stopped
}

/// Why a page could not be parsed at all. Bad markup is never a reason.
public enum HTMLParseError: Error, Sendable, Hashable {
  /// Over 1 GiB.
  case tooLarge(byteCount: Int)
  /// The parser could not be set up.
  case outOfMemory
}

/// One complaint of the parser about a page.
public struct HTMLParseIssue: Sendable, Hashable {
  /// libxml2's number of the error.
  public let code: Int
  /// Line in the page, counted from 1.
  public let line: Int
  /// libxml2's sentence. May quote the page: data, not to be shown unescaped.
  public let message: String
}
