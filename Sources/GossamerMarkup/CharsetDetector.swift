/// Finds out how a page is encoded, and decodes it.
///
/// In this order: byte order mark, the charset of Content-Type, a `meta` in the first 10 KiB,
/// whether the whole page is valid UTF-8 with characters beyond ASCII, windows-1252. A page said to
/// be UTF-8 in which not one character of more than one byte is valid is taken as windows-1252 as
/// well.
///
/// Source: WHATWG HTML, "Determining the character encoding"; the check for UTF-8 is ours.
public struct CharsetDetector: Sendable {
  /// How a verdict came about.
  public enum Source: String, Sendable, Hashable {
    /// A byte order mark, which beats all else.
    case byteOrderMark = "bom"
    /// `charset` of the Content-Type field.
    case header
    /// A `meta` element, or an XML declaration where the page has one.
    case meta
    /// Nothing said, but the bytes are valid UTF-8, and not ASCII alone.
    case validUTF8 = "valid-utf-8"
    /// Nothing usable said, and nothing in the bytes that tells UTF-8 from windows-1252.
    case fallback
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
  /// - Parameter contentType: the whole Content-Type value, or nil.
  public func decode(_ page: [UInt8], contentType: String? = nil) -> Decoded {
    let verdict = detect(page, contentType: contentType)
    let (utf8, replaced) = TextDecoder.decode(page, from: verdict.encoding)
    return Decoded(utf8: utf8, verdict: verdict, replacedCount: replaced)
  }

  /// Finds out how a page is encoded.
  ///
  /// - Parameter contentType: the whole Content-Type value, or nil.
  public func detect(_ page: [UInt8], contentType: String? = nil) -> Verdict {
    page.withUnsafeBufferPointer { detect($0, contentType: contentType) }
  }

  private func detect(_ page: UnsafeBufferPointer<UInt8>, contentType: String?) -> Verdict {
    let label = contentType.flatMap { ContentTypeCharset.label(in: Array($0.utf8)) }
    let header = label.flatMap { TextEncoding(label: $0) }
    if let marked = Self.byteOrderMark(page) {
      let doubt = header == nil || header == marked ? nil : "header says \(Self.shown(label))"
      return Verdict(encoding: marked, source: .byteOrderMark, doubt: doubt)
    }
    let unknown = label != nil && header == nil ? "unknown charset \(Self.shown(label))" : nil
    if let header { return checked(header, .header, unknown, page) }
    let prescan = MetaPrescan.scan(page)
    if let meta = prescan.encoding {
      return checked(meta, .meta, unknown ?? prescan.doubt, page)
    }
    let isUTF8 =
      (UTF8Repair.firstFault(in: page).map { page[$0] == 0 } ?? true)
      && UTF8Repair.hasMultibyte(page)
    return Verdict(
      encoding: isUTF8 ? .utf8 : .windows1252, source: isUTF8 ? .validUTF8 : .fallback,
      doubt: unknown ?? prescan.doubt)
  }

  private func checked(
    _ encoding: TextEncoding, _ source: Source, _ doubt: String?,
    _ page: UnsafeBufferPointer<UInt8>
  ) -> Verdict {
    guard encoding == .utf8, let fault = UTF8Repair.firstFault(in: page), page[fault] != 0,
      !UTF8Repair.hasMultibyte(page)
    else { return Verdict(encoding: encoding, source: source, doubt: doubt) }
    return Verdict(
      encoding: .windows1252, source: .fallback,
      doubt: "\(source.rawValue) says UTF-8, bytes do not")
  }

  private static func byteOrderMark(_ page: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    if page.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
    if page.starts(with: [0xFE, 0xFF]) { return .utf16BE }
    if page.starts(with: [0xFF, 0xFE]) { return .utf16LE }
    return nil
  }

  private static func shown(_ label: ArraySlice<UInt8>?) -> String {
    String(decoding: (label ?? []).prefix(40), as: UTF8.self)
  }
}
