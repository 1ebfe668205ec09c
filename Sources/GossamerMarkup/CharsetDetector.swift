/// Finds out how a page is encoded, and decodes it.
///
/// In this order: byte order mark, the charset of Content-Type, a `meta` in the first 10 KiB,
/// whether the page is UTF-8 with characters beyond ASCII, what `LegacyDetector` makes of the bytes,
/// windows-1252. A page that is said to be UTF-8, but has no character of it and eight bytes or more
/// beyond ASCII, is judged by its bytes as well.
///
/// Source: WHATWG HTML, "determining the character encoding"; the judgement of bytes is ours.
public struct CharsetDetector: Sendable {
  /// How a verdict came about.
  public enum Source: String, Sendable, Hashable {
    /// A byte order mark, which beats all else.
    case byteOrderMark = "bom"
    /// `charset` of the Content-Type field.
    case header
    /// A `meta` element, or an XML declaration where the page has one.
    case meta
    /// Nothing said, or nothing possible: the bytes show it.
    case detected
    /// Nothing usable said, and nothing in the bytes that tells: windows-1252.
    case fallback = "default"
  }

  /// A verdict on a page's encoding.
  public struct Verdict: Sendable, Hashable {
    /// The encoding to decode with.
    public let encoding: TextEncoding
    /// How it was found.
    public let source: Source
    /// What header or page said that was unknown, overruled or impossible: the page is noted as
    /// `parse.charset`. Nil if all agree.
    public let doubt: String?
  }

  /// A page as clean UTF-8.
  public struct Decoded: Sendable {
    /// Valid UTF-8 without byte order mark and NUL.
    public let utf8: [UInt8]
    /// What was found out.
    public let verdict: Verdict
    /// Faults that became U+FFFD; NULs, which do so too, are not counted.
    public let replacedCount: Int

    /// Whether the record should say `parse.charset`.
    public var isDoubtful: Bool { verdict.doubt != nil || replacedCount > 0 }
  }

  /// A detector; it has no settings.
  public init() {}

  /// Detects and decodes in one step. Valid UTF-8 is handed back as it is, without a copy.
  ///
  /// - Parameter contentType: the whole Content-Type value, or nil; several are parted by commas.
  public func decode(_ page: [UInt8], contentType: String? = nil) -> Decoded {
    let (verdict, isClean) = page.withUnsafeBufferPointer { judge($0, contentType) }
    if isClean { return Decoded(utf8: page, verdict: verdict, replacedCount: 0) }
    let (utf8, replaced) = TextDecoder.decode(page, from: verdict.encoding)
    return Decoded(utf8: utf8, verdict: verdict, replacedCount: replaced)
  }

  /// Finds out how a page is encoded.
  ///
  /// - Parameter contentType: the whole Content-Type value, or nil; several are parted by commas.
  public func detect(_ page: [UInt8], contentType: String? = nil) -> Verdict {
    page.withUnsafeBufferPointer { judge($0, contentType).verdict }
  }

  /// The verdict, and whether the page is known to be clean UTF-8 as it is.
  private func judge(
    _ page: UnsafeBufferPointer<UInt8>, _ contentType: String?
  ) -> (verdict: Verdict, isClean: Bool) {
    let label = contentType.flatMap { ContentTypeCharset.label(in: Array($0.utf8)) }
    let header = label.flatMap { TextEncoding(label: $0) }
    if let marked = Self.byteOrderMark(page) {
      let doubt = header == nil || header == marked ? nil : "header says \(Self.shown(label))"
      return (Verdict(encoding: marked, source: .byteOrderMark, doubt: doubt), false)
    }
    let unknown = label != nil && header == nil ? "unknown charset \(Self.shown(label))" : nil
    if let header { return checked(header, .header, Self.doubt(of: header) ?? unknown, page) }
    let prescan = MetaPrescan.scan(page)
    let doubt = unknown ?? prescan.doubt
    if let meta = prescan.encoding { return checked(meta, .meta, doubt, page) }
    let census = UTF8Repair.census(page, isWhole: true)
    if census.isPlausible {
      return (Verdict(encoding: .utf8, source: .detected, doubt: doubt), census.isClean)
    }
    let verdict = byBytes(page, doubt)
    // ASCII is UTF-8, but for what has escape sequences.
    return (verdict, census.isClean && verdict.encoding != .iso2022JP)
  }

  /// What was said, unless it is UTF-8 and the bytes refuse it.
  private func checked(
    _ encoding: TextEncoding, _ source: Source, _ doubt: String?,
    _ page: UnsafeBufferPointer<UInt8>
  ) -> (verdict: Verdict, isClean: Bool) {
    let said = Verdict(encoding: encoding, source: source, doubt: doubt)
    guard encoding == .utf8 else { return (said, false) }
    let census = UTF8Repair.census(page, isWhole: false)
    guard census.multibyteCount == 0, census.faultCount >= 8 else { return (said, census.isClean) }
    return (byBytes(page, "\(source.rawValue) says UTF-8, bytes do not"), false)
  }

  private func byBytes(_ page: UnsafeBufferPointer<UInt8>, _ doubt: String?) -> Verdict {
    if let guess = LegacyDetector.guess(page) {
      return Verdict(encoding: guess, source: .detected, doubt: doubt)
    }
    return Verdict(encoding: .windows1252, source: .fallback, doubt: doubt)
  }

  /// The standard asks for UTF-8, and RFC 2781 for a mark where a page is UTF-16 all the same.
  private static func doubt(of header: TextEncoding) -> String? {
    header == .utf16LE || header == .utf16BE ? "UTF-16 without a byte order mark" : nil
  }

  private static func byteOrderMark(_ page: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    if page.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
    if page.starts(with: [0xFE, 0xFF]) { return .utf16BE }
    if page.starts(with: [0xFF, 0xFE]) { return .utf16LE }
    return nil
  }

  private static func shown(_ label: [UInt8]?) -> String {
    String(decoding: (label ?? []).prefix(40), as: UTF8.self)
  }
}
