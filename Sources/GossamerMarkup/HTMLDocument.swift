/// A parsed page: elements and texts in document order, in flat arrays.
///
/// Nodes are named by their index, from 0 to `count - 1`. A node's descendants are the nodes after
/// it, up to `subtreeEnd(of:)`; so a walk over a page is a loop over integers, and a subtree is
/// skipped by a jump. There is no node for the document itself: node 0 is the `html` element, if
/// the page is not empty. Comments, processing instructions and the doctype are dropped; texts
/// that touch are one node. All text and attribute values lie in `bytes`, entities resolved.
///
/// A value without references to libxml2; free to cross tasks.
public struct HTMLDocument: Sendable {
  /// What a node is.
  @frozen public enum Kind: UInt8, Sendable {
    /// An element, with a tag and attributes.
    case element
    /// A run of text.
    case text
  }

  /// Both kinds in one shape of 24 bytes.
  @usableFromInline struct Record: Sendable {
    @usableFromInline var kind: Kind
    @usableFromInline var tag: HTMLTag
    @usableFromInline var depth: UInt16
    @usableFromInline var parent: Int32
    @usableFromInline var subtreeEnd: Int32
    /// First byte of a text; first attribute of an element.
    @usableFromInline var start: UInt32
    /// Bytes of a text; attributes of an element.
    @usableFromInline var count: UInt32

    @inlinable init(
      kind: Kind, tag: HTMLTag, depth: UInt16, parent: Int32, subtreeEnd: Int32, start: UInt32,
      count: UInt32
    ) {
      self.kind = kind
      self.tag = tag
      self.depth = depth
      self.parent = parent
      self.subtreeEnd = subtreeEnd
      self.start = start
      self.count = count
    }
  }

  /// A name and its value, which follows it in `bytes` directly.
  @usableFromInline struct AttributeRecord: Sendable {
    @usableFromInline var start: UInt32
    @usableFromInline var valueStart: UInt32
    @usableFromInline var end: UInt32

    @inlinable init(start: UInt32, valueStart: UInt32, end: UInt32) {
      self.start = start
      self.valueStart = valueStart
      self.end = end
    }
  }

  @usableFromInline let records: [Record]
  @usableFromInline let attributeRecords: [AttributeRecord]

  /// All texts, attribute names and attribute values, in document order. Valid UTF-8 if the page
  /// was.
  public let bytes: [UInt8]
  /// What was cut, in no order, each once.
  public let limitsHit: Set<HTMLLimitHit>
  /// How often the parser complained.
  public let parseErrorCount: Int
  /// Its first complaints, `HTMLLimits.keptErrors` at most.
  public let firstErrors: [HTMLParseIssue]

  /// Parses a whole page.
  ///
  /// - Parameters:
  ///   - utf8: valid UTF-8, see `CharsetDetector`. A byte order mark is skipped, NUL becomes U+FFFD.
  ///   - limits: what is cut.
  public init(
    parsing utf8: UnsafeBufferPointer<UInt8>, limits: HTMLLimits = .standard
  ) throws(HTMLParseError) {
    guard utf8.count < 1 << 30 else { throw .tooLarge(byteCount: utf8.count) }
    var builder = HTMLBuilder(byteCount: utf8.count, limits: limits)
    if let repaired = PageRepair.repair(utf8, limits: limits) {
      if repaired.cutTags > 0 { builder.limitsHit.insert(.limit) }
      let done = repaired.bytes.withUnsafeBufferPointer { builder.parse($0) }
      guard done else { throw .outOfMemory }
    } else {
      guard builder.parse(utf8) else { throw .outOfMemory }
    }
    records = builder.records
    attributeRecords = builder.attributes
    bytes = builder.bytes
    limitsHit = builder.limitsHit
    parseErrorCount = builder.errorCount
    firstErrors = builder.errors
  }

  /// Parses a whole page. See `init(parsing:limits:)` for a buffer.
  public init(parsing utf8: [UInt8], limits: HTMLLimits = .standard) throws(HTMLParseError) {
    self = try utf8.withUnsafeBufferPointer { (buffer) throws(HTMLParseError) in
      try HTMLDocument(parsing: buffer, limits: limits)
    }
  }

  /// Parses a whole page. See `init(parsing:limits:)` for a buffer.
  public init(parsing html: String, limits: HTMLLimits = .standard) throws(HTMLParseError) {
    try self.init(parsing: Array(html.utf8), limits: limits)
  }
}
