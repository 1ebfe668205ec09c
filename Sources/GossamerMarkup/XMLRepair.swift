internal import Glibc

/// What is done to XML before the parser sees it, so that common slips cost nothing, and hostile
/// files no more than others.
enum XMLRepair {
  /// More attributes than this in one tag are an attack: the parser compares each with each.
  static let attributesPerTag = 256

  /// Where the XML begins; nil for files that are none. Warnings of a server's programs may stand
  /// before a sitemap's or feed's first element.
  static func start(of text: [UInt8]) -> Int? {
    guard let first = text.firstIndex(where: { !$0.isHTMLSpace }) else { return nil }
    if text[first] == 0x3C { return first }
    return text[first...].prefix(64 * 1024).indices.first { index in
      guard text[index] == 0x3C else { return false }
      let tag = text[(index + 1)...].prefix(13)
      return roots.contains { tag.prefix($0.utf8CodeUnitCount).equalsIgnoringCase($0) }
    }
  }

  private static let roots: [StaticString] = [
    "?xml", "urlset", "sitemapindex", "rss", "feed", "rdf:rdf",
  ]

  /// The XML without a document type, which means nothing to us and much to a parser, and with loose
  /// ampersands as `&amp;`: a parser would drop one with the name behind it, and `?a=1&b=2` become
  /// another address. Cut at the first tag with too many attributes. Without a copy where nothing is
  /// to be done.
  static func repair(_ xml: ArraySlice<UInt8>) -> (xml: ArraySlice<UInt8>, isCut: Bool) {
    let (repaired, end) = xml.withUnsafeBufferPointer { bytes in
      var repairer = Repairer(bytes: bytes)
      repairer.run()
      return (repairer.result, repairer.end)
    }
    if let repaired { return (repaired[...], end != xml.count) }
    return (xml.prefix(end), end != xml.count)
  }
}

private struct Repairer {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Where the usable part ends.
  private(set) var end: Int
  private var output: [UInt8] = []
  private var copied = 0

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    end = bytes.count
  }

  /// The repaired copy, nil if there was nothing to repair.
  var result: [UInt8]? {
    copied == 0 ? nil : output + bytes[copied..<max(copied, end)]
  }

  mutating func run() {
    // Each is searched for anew only once passed, as either byte may be rare.
    var ampersand = find(0x26, from: 0)
    var markup = find(0x3C, from: 0)
    while ampersand != nil || markup != nil {
      if let start = markup, start < ampersand ?? .max {
        let next = takeMarkup(at: start)
        guard next <= end, end == bytes.count else { return }
        markup = find(0x3C, from: next)
        if let old = ampersand, old < next { ampersand = find(0x26, from: next) }
      } else if let start = ampersand {
        if !isReference(at: start) { replace(start..<start + 1, with: "&amp;") }
        ampersand = find(0x26, from: start + 1)
      }
    }
  }

  private mutating func replace(_ range: Range<Int>, with text: StaticString) {
    output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<range.lowerBound]))
    output.append(contentsOf: text.bytes)
    copied = range.upperBound
  }

  /// Looks at what begins with this `<`, and says where to go on.
  private mutating func takeMarkup(at start: Int) -> Int {
    let next = start + 1 < bytes.count ? bytes[start + 1] : 0
    switch next {
    case 0x21 where isNext("<![CDATA[", at: start): return endOf(0x5D, from: start + 9)
    case 0x21 where isNext("<!--", at: start): return endOf(0x2D, from: start + 4)
    case 0x21 where isNext("<!doctype", at: start):
      let end = endOfDocumentType(from: start + 9)
      replace(start..<end, with: " ")
      return end
    case let byte where byte.isASCIILetter || byte > 0x7F || byte == 0x5F:
      if hasTooManyAttributes(at: start) { end = start }
      return start + 1
    default: return start + 1
    }
  }

  /// The end of a CDATA section or comment, in which `&` means itself: two of these bytes and `>`.
  private func endOf(_ closing: UInt8, from start: Int) -> Int {
    var position = start
    while let found = find(0x3E, from: position) {
      if found >= start + 2, bytes[found - 1] == closing, bytes[found - 2] == closing {
        return found + 1
      }
      position = found + 1
    }
    return bytes.count
  }

  /// Quotes, comments and the brackets around declarations may hold a `>`.
  private func endOfDocumentType(from start: Int) -> Int {
    var depth = 0
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case 0x22, 0x27:
        guard let close = find(bytes[index], from: index + 1) else { return bytes.count }
        index = close
      case 0x3C where isNext("<!--", at: index): index = endOf(0x2D, from: index + 4) - 1
      case 0x5B: depth += 1
      case 0x5D: depth -= 1
      case 0x3E where depth <= 0: return index + 1
      default: break
      }
      index += 1
    }
    return bytes.count
  }

  private func hasTooManyAttributes(at start: Int) -> Bool {
    // An attribute takes four bytes and a space.
    let room = XMLRepair.attributesPerTag * 5
    let next = find(0x3C, from: start + 1) ?? bytes.count
    guard next - start > room else { return false }
    var count = 0
    var quote: UInt8?
    for byte in bytes[start..<next] {
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
        count += 1
        if count > XMLRepair.attributesPerTag { return true }
      } else if byte == 0x3E {
        return false
      }
    }
    return false
  }

  /// Whether `&name;` or `&#number;` stands here.
  private func isReference(at start: Int) -> Bool {
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

  private func isNext(_ text: StaticString, at start: Int) -> Bool {
    let end = start + text.utf8CodeUnitCount
    return end <= bytes.count
      && zip(bytes[start..<end], text.bytes).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
  }

  private func find(_ byte: UInt8, from start: Int) -> Int? {
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
