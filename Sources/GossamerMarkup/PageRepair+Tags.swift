internal import Glibc

extension PageRepair {
  /// Whether a tag has a NUL, or a reference that libxml2 would not resolve or resolve otherwise.
  func hasOddValue(_ tag: Range<Int>) -> Bool {
    if hasNUL(tag) { return true }
    var index = tag.lowerBound
    while index < tag.upperBound,
      let found = memchr(base + index, Int32(UInt8(ascii: "&")), tag.upperBound - index)
    {
      let start = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      index = start + 1
      if let length = plainReference(start) {
        index = start + length
      } else if start + 1 < page.count, base[start + 1] == UInt8(ascii: "#") {
        return true
      } else if CharacterReferences.resolve(page, at: start, isInAttribute: true) != nil {
        return true
      }
    }
    return false
  }

  mutating func rewrite(_ token: MarkupTokenizer.Token) {
    copy(to: token.range.lowerBound)
    copied = token.range.upperBound
    output.append(UInt8(ascii: "<"))
    appendName(token.name)
    var tag = TagScanner(base, count: page.count, nameStart: token.name.lowerBound)
    var kept = 0
    var length = token.name.count
    var isCut = false
    while let attribute = tag.next() {
      guard attribute.hasPlainName else { continue }
      length += attribute.name.count + attribute.value.count + 4
      guard kept < limits.attributesPerTag, length <= limits.tagLengthInBytes else {
        length -= attribute.name.count + attribute.value.count + 4
        isCut = true
        continue
      }
      kept += 1
      append(attribute)
    }
    if isCut { cutTags += 1 }
    if token.isEmptied || tag.isSelfClosing && token.content == nil {
      output.append(UInt8(ascii: "/"))
    }
    output.append(UInt8(ascii: ">"))
  }

  /// `</div<` means `</div>` to everyone but the standard.
  mutating func rewriteEndTag(_ token: MarkupTokenizer.Token) {
    copy(to: token.range.lowerBound)
    copied = token.range.upperBound
    let end = page[token.name].firstIndex(of: UInt8(ascii: "<")) ?? token.name.upperBound
    output += [UInt8(ascii: "<"), UInt8(ascii: "/")]
    appendName(token.name.lowerBound..<end)
    output.append(UInt8(ascii: ">"))
  }

  /// What libxml2 does not take for part of a name becomes `_`.
  private mutating func appendName(_ name: Range<Int>) {
    for byte in page[name].prefix(TagScanner.longestName) {
      output.append(byte.isPlainNameByte ? byte : UInt8(ascii: "_"))
    }
  }

  private mutating func append(_ attribute: TagScanner.Attribute) {
    output.append(UInt8(ascii: " "))
    output.append(contentsOf: page[attribute.name])
    output += [UInt8(ascii: "="), UInt8(ascii: "\"")]
    let end = attribute.value.upperBound
    var index = attribute.value.lowerBound
    while index < end {
      let run = index
      while index < end, !base[index].isSpecialInValue { index += 1 }
      output.append(contentsOf: UnsafeBufferPointer(start: base + run, count: index - run))
      guard index < end else { break }
      if let resolved = CharacterReferences.resolve(page, at: index, isInAttribute: true) {
        append(resolved)
        index += resolved.length
      } else {
        appendEscaped(UInt32(base[index]))
        index += 1
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// The characters of a reference.
  mutating func append(_ resolved: CharacterReferences.Resolved) {
    appendEscaped(resolved.first)
    if resolved.second != 0 { appendEscaped(resolved.second) }
  }

  private mutating func appendEscaped(_ scalar: UInt32) {
    switch scalar {
    case 0x22: output += Array("&quot;".utf8)
    case 0x26: output += Array("&amp;".utf8)
    case 0x3C: output += Array("&lt;".utf8)
    default:
      let scalar = scalar == 0 ? nil : Unicode.Scalar(scalar)
      output.append(
        contentsOf: UTF8.encode(scalar ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
    }
  }
}

extension UInt8 {
  @inline(__always) fileprivate var isSpecialInValue: Bool {
    self == UInt8(ascii: "\"") || self == UInt8(ascii: "&") || self == 0
  }
}
