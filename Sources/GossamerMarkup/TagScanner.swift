internal import Glibc

/// Goes over one tag, attribute by attribute, as the HTML standard's tokenizer does.
///
/// Notes on the way whether libxml2 would read the tag otherwise: it knows fewer characters in
/// names, takes a form feed for text, and loses its way at a stray slash.
struct TagScanner {
  let base: UnsafePointer<UInt8>
  let count: Int
  /// The name of the element as written.
  let name: Range<Int>
  /// Where the scan is; after the tag's `>` in the end.
  private(set) var position: Int
  /// The page ended within the tag.
  private(set) var isUnfinished = false
  private(set) var isSelfClosing = false
  /// libxml2 would read the tag otherwise.
  private(set) var isOdd = false

  /// An attribute; its value is empty where it has none.
  struct Attribute {
    var name: Range<Int>
    var value: Range<Int>
    /// libxml2 knows names like that.
    var hasPlainName: Bool
  }

  /// A scan that begins at the first letter of the name.
  init(_ base: UnsafePointer<UInt8>, count: Int, nameStart: Int) {
    self.base = base
    self.count = count
    var end = nameStart
    while end < count, base[end].isPlainNameByte { end += 1 }
    if end < count, !base[end].endsTagName {
      isOdd = true
      while end < count, !base[end].endsTagName { end += 1 }
    }
    if end - nameStart > Self.longestName { isOdd = true }
    name = nameStart..<end
    position = end
  }

  /// libxml2 cuts names at 100 bytes.
  static let longestName = 96

  var nameBytes: UnsafeBufferPointer<UInt8> { bytes(name) }

  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// The next attribute; nil at the end of the tag.
  @inline(__always) mutating func next() -> Attribute? {
    guard skipToAttribute() else { return nil }
    let start = position
    var isPlain =
      base[start].isASCIILetter || base[start] == UInt8(ascii: "_")
      || base[start] == UInt8(ascii: ":")
    position += 1  // An equals sign in front is part of the name.
    while position < count, base[position].isPlainNameByte { position += 1 }
    if position < count, !base[position].endsAttributeName {
      isPlain = false
      while position < count, !base[position].endsAttributeName { position += 1 }
    }
    let name = start..<position
    if name.count > Self.longestName { isPlain = false }
    if !isPlain { isOdd = true }
    return Attribute(name: name, value: scanValue(), hasPlainName: isPlain)
  }

  /// Whether there is one. If not, the scan stands after the tag, or the page is at its end.
  @inline(__always) private mutating func skipToAttribute() -> Bool {
    while position < count {
      let byte = base[position]
      if byte == UInt8(ascii: ">") {
        position += 1
        return false
      }
      if byte == UInt8(ascii: "/") {
        if position + 1 < count, base[position + 1] == UInt8(ascii: ">") {
          isSelfClosing = true
          position += 2
          return false
        }
        isOdd = true
      } else if !byte.isHTMLSpace {
        return true
      } else if byte == 0x0C {
        isOdd = true
      }
      position += 1
    }
    isUnfinished = true
    return false
  }

  @inline(__always) private mutating func skipSpace() {
    while position < count, base[position].isHTMLSpace {
      if base[position] == 0x0C { isOdd = true }
      position += 1
    }
  }

  @inline(__always) private mutating func scanValue() -> Range<Int> {
    skipSpace()
    guard position < count, base[position] == UInt8(ascii: "=") else { return position..<position }
    position += 1
    skipSpace()
    guard position < count else { return position..<position }
    let quote = base[position]
    let start = position + 1
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      guard start < count, let found = memchr(base + start, Int32(quote), count - start) else {
        position = count
        return start..<max(start, count)
      }
      let end = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      position = end + 1
      return start..<end
    }
    while position < count, base[position] != UInt8(ascii: ">"), !base[position].isHTMLSpace {
      position += 1
    }
    if position < count, base[position] == 0x0C { isOdd = true }
    return start - 1..<position
  }
}

extension UInt8 {
  /// What libxml2 takes for part of a name.
  @inline(__always) var isPlainNameByte: Bool {
    isASCIILetter || self &- 0x30 < 11 || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
      || self == UInt8(ascii: ".")
  }

  @inline(__always) var endsTagName: Bool {
    isHTMLSpace || self == UInt8(ascii: ">") || self == UInt8(ascii: "/")
  }

  @inline(__always) fileprivate var endsAttributeName: Bool {
    endsTagName || self == UInt8(ascii: "=")
  }
}
