extension UInt8 {
  /// Space, tab, line feed, form feed, carriage return.
  @inline(__always) var isHTMLSpace: Bool {
    self == 0x20 || (self >= 0x09 && self <= 0x0D && self != 0x0B)
  }

  @inline(__always) var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

  @inline(__always) var isASCIIDigit: Bool { self &- 0x30 < 10 }

  @inline(__always) var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}

extension Collection where Element == UInt8 {
  /// Compares with an ASCII text in lower case, ignoring the case of ASCII letters.
  func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
    guard count == lowercase.utf8CodeUnitCount else { return false }
    return lowercase.withUTF8Buffer { wanted in
      zip(self, wanted).allSatisfy { $0.asciiLowercased == $1 }
    }
  }
}

extension BidirectionalCollection where Element == UInt8 {
  /// Without white space at the ends.
  var trimmed: SubSequence {
    guard let first = firstIndex(where: { !$0.isHTMLSpace }),
      let last = lastIndex(where: { !$0.isHTMLSpace })
    else { return self[startIndex..<startIndex] }
    return self[first...last]
  }
}

extension Array<UInt8> {
  /// At most `limit` bytes of valid UTF-8, cut between characters.
  func cut(at limit: Int) -> ArraySlice<UInt8> {
    guard count > limit else { return self[...] }
    var end = limit
    while end > 0, self[end] & 0xC0 == 0x80 { end -= 1 }
    return self[..<end]
  }
}
