internal import Glibc

/// Finds tags that are too long or have too many attributes and writes the page anew without the
/// attributes beyond the limit. Steps over comments, scripts and styles as the parser does.
///
/// One pass, of which ordinary pages feel little: between tags it is `memchr`, in tags a loop over
/// bytes, and attributes are counted only in tags that are long enough to have too many.
struct TagCutter {
  private let page: UnsafeBufferPointer<UInt8>
  private let base: UnsafePointer<UInt8>
  private let limits: HTMLLimits
  private var output = MarkupGuard.Repaired()
  private var copied = 0

  /// Nil if nothing had to be cut.
  static func cut(
    _ page: UnsafeBufferPointer<UInt8>, limits: HTMLLimits
  ) -> MarkupGuard.Repaired? {
    guard let base = page.baseAddress else { return nil }
    var cutter = TagCutter(page: page, base: base, limits: limits)
    cutter.scan()
    guard cutter.output.cutTags > 0 else { return nil }
    cutter.output.bytes += page[cutter.copied...]
    return cutter.output
  }

  private init(
    page: UnsafeBufferPointer<UInt8>, base: UnsafePointer<UInt8>, limits: HTMLLimits
  ) {
    self.page = page
    self.base = base
    self.limits = limits
  }

  private mutating func scan() {
    // Two bytes an attribute at least.
    let suspicious = min(limits.attributesPerTag * 2, limits.tagLengthInBytes)
    var position = 0
    while let start = find(0x3C, from: position), start + 1 < page.count {
      let next = page[start + 1]
      if next == 0x21, isComment(at: start) {
        guard let end = endOfComment(from: start + 4) else { return }
        position = end
        continue
      }
      guard next.isASCIILetter || next == 0x2F else {
        position = start + 1
        continue
      }
      let end = endOfTag(from: start + 1)
      if end - start > suspicious { cutTag(start..<end) }
      position = end
      if next | 0x20 == 0x73, let name = rawTextName(at: start + 1) {
        position = endOfRawText(name, from: end)
      }
    }
  }

  private func find(_ byte: UInt8, from start: Int) -> Int? {
    guard start < page.count,
      let found = memchr(base + start, Int32(byte), page.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private func isComment(at start: Int) -> Bool {
    start + 3 < page.count && page[start + 2] == 0x2D && page[start + 3] == 0x2D
  }

  private func endOfComment(from start: Int) -> Int? {
    var position = start
    while let end = find(0x3E, from: position) {
      if end >= start + 2, page[end - 1] == 0x2D, page[end - 2] == 0x2D { return end + 1 }
      position = end + 1
    }
    return nil
  }

  /// The index after the `>` that ends a tag; quotes count where a value may begin.
  private func endOfTag(from start: Int) -> Int {
    var position = start
    var afterEquals = false
    while position < page.count {
      let byte = base[position]
      position += 1
      if byte > 0x3E {
        afterEquals = false
        continue
      }
      switch byte {
      case 0x3E: return position
      case 0x3D: afterEquals = true
      case 0x22, 0x27:
        guard afterEquals else { continue }
        afterEquals = false
        guard let close = find(byte, from: position) else { return page.count }
        position = close + 1
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: break
      default: afterEquals = false
      }
    }
    return position
  }

  /// `script` or `style`, whose content the parser does not look into.
  private func rawTextName(at start: Int) -> StaticString? {
    for name: StaticString in ["script", "style"] {
      let end = start + name.utf8CodeUnitCount
      guard end < page.count, page[start..<end].equalsIgnoringCase(name) else { continue }
      let next = page[end]
      return next.isHTMLSpace || next == 0x3E || next == 0x2F ? name : nil
    }
    return nil
  }

  private func endOfRawText(_ name: StaticString, from start: Int) -> Int {
    var position = start
    let length = name.utf8CodeUnitCount
    while let found = find(0x3C, from: position) {
      if found + 2 + length <= page.count, page[found + 1] == 0x2F,
        page[(found + 2)..<(found + 2 + length)].equalsIgnoringCase(name)
      {
        return found
      }
      position = found + 1
    }
    return page.count
  }
}

extension TagCutter {
  /// Writes the tag anew if it breaks a limit, without the attributes that do.
  private mutating func cutTag(_ tag: Range<Int>) {
    var kept = nameEnd(of: tag) - tag.lowerBound
    var attributes = 0
    var pieces: [Range<Int>] = [tag.lowerBound..<nameEnd(of: tag)]
    var isCut = false
    let isClosed = page[tag.upperBound - 1] == 0x3E
    let end = isClosed ? tag.upperBound - 1 : tag.upperBound
    var position = nameEnd(of: tag)
    while position < end {
      let attributeStart = position
      position = endOfAttribute(from: position, end: end)
      let length = position - attributeStart
      attributes += 1
      if attributes > limits.attributesPerTag || kept + length > limits.tagLengthInBytes {
        isCut = true
      } else {
        kept += length
        if let last = pieces.last, last.upperBound == attributeStart {
          pieces[pieces.count - 1] = last.lowerBound..<position
        } else {
          pieces.append(attributeStart..<position)
        }
      }
    }
    guard isCut else { return }
    output.cutTags += 1
    output.bytes += page[copied..<tag.lowerBound]
    for piece in pieces { output.bytes += page[piece] }
    output.bytes.append(0x3E)
    // A tag that the page never closes: its text begins after the first `>`, else all is lost.
    copied =
      isClosed ? tag.upperBound : find(0x3E, from: tag.lowerBound).map { $0 + 1 } ?? tag.upperBound
  }

  private func nameEnd(of tag: Range<Int>) -> Int {
    var end = tag.lowerBound + 1
    let limit = min(tag.upperBound, end + 256)
    while end < limit, !page[end].isHTMLSpace, page[end] != 0x3E { end += 1 }
    return end
  }

  /// The index after white space, one name, and its value if there is one.
  private func endOfAttribute(from start: Int, end: Int) -> Int {
    var position = start
    while position < end, page[position].isHTMLSpace { position += 1 }
    while position < end, !page[position].isHTMLSpace, page[position] != 0x3D { position += 1 }
    var value = position
    while value < end, page[value].isHTMLSpace { value += 1 }
    guard value < end, page[value] == 0x3D else { return max(position, start + 1) }
    value += 1
    while value < end, page[value].isHTMLSpace { value += 1 }
    guard value < end else { return end }
    if page[value] == 0x22 || page[value] == 0x27 {
      return find(page[value], from: value + 1).map { min($0 + 1, end) } ?? end
    }
    while value < end, !page[value].isHTMLSpace { value += 1 }
    return value
  }
}
