internal import Glibc

/// What is done to XML before the parser sees it, so that common slips cost nothing.
enum XMLRepair {
  /// Where the XML begins; nil for files that are none. Warnings of a server's programs may stand
  /// before a sitemap's or feed's first element.
  static func start(of text: [UInt8]) -> Int? {
    guard let first = text.firstIndex(where: { !$0.isHTMLSpace }) else { return nil }
    if text[first] == 0x3C { return first }
    return text.withUnsafeBufferPointer { bytes in
      var position = first
      let end = min(bytes.count, 64 * 1024)
      while let found = find(0x3C, in: bytes, from: position), found < end {
        let tag = bytes[(found + 1)..<min(bytes.count, found + 14)]
        if roots.contains(where: { tag.prefix($0.utf8CodeUnitCount).equalsIgnoringCase($0) }) {
          return found
        }
        position = found + 1
      }
      return nil
    }
  }

  private static let roots: [StaticString] = [
    "?xml", "urlset", "sitemapindex", "rss", "feed", "rdf:rdf",
  ]

  /// A copy in which `&` begins a reference or is `&amp;`; nil if it is so already. The parser would
  /// drop a loose one with the name behind it, and `?a=1&b=2` become another address.
  static func escapingLooseAmpersands(_ xml: ArraySlice<UInt8>) -> [UInt8]? {
    xml.withUnsafeBufferPointer { bytes in
      var result: [UInt8] = []
      var copied = 0
      // Searched for anew only once passed, as either byte may be rare.
      var nextAmpersand = find(0x26, in: bytes, from: 0)
      var nextMarkup = find(0x3C, in: bytes, from: 0)
      while let ampersand = nextAmpersand {
        if let markup = nextMarkup, markup < ampersand {
          let end = endOfLiteral(bytes, at: markup) ?? markup + 1
          nextMarkup = find(0x3C, in: bytes, from: end)
          if ampersand < end { nextAmpersand = find(0x26, in: bytes, from: end) }
          continue
        }
        if !isReference(bytes, at: ampersand) {
          result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...ampersand]))
          result += "amp;".utf8
          copied = ampersand + 1
        }
        nextAmpersand = find(0x26, in: bytes, from: ampersand + 1)
      }
      guard copied > 0 else { return nil }
      result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...]))
      return result
    }
  }

  /// The end of a CDATA section or comment that begins here, in which `&` means itself.
  private static func endOfLiteral(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    for (opening, closing): (StaticString, UInt8) in [("<![CDATA[", 0x5D), ("<!--", 0x2D)] {
      let text = start + opening.utf8CodeUnitCount
      guard text <= bytes.count, bytes[start..<text].elementsEqual(opening.bytes) else { continue }
      var position = text
      while let end = find(0x3E, in: bytes, from: position) {
        if end >= text + 2, bytes[end - 1] == closing, bytes[end - 2] == closing { return end + 1 }
        position = end + 1
      }
      return bytes.count
    }
    return nil
  }

  /// Whether `&name;` or `&#number;` stands here.
  private static func isReference(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    var index = start + 1
    let isNumber = index < bytes.count && bytes[index] == 0x23
    if isNumber { index += 1 }
    let first = index
    while index < bytes.count, index - first < 64,
      bytes[index].isASCIILetter || bytes[index].isASCIIDigit
    {
      index += 1
    }
    guard index > first, index < bytes.count, bytes[index] == 0x3B else { return false }
    return isNumber || bytes[first].isASCIILetter
  }

  private static func find(
    _ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}

extension StaticString {
  fileprivate var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}
