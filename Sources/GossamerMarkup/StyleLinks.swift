/// Addresses in CSS: `url(…)` and `@import "…"`.
///
/// Well-formed ones are read as the standard does. Of others, which a browser drops, the address is
/// taken without the quotes around it, as other crawlers do. One that is not closed is none.
///
/// Source: CSS Syntax Module Level 3, §4.3.5 to §4.3.7.
enum StyleLinks {
  /// In the order written, escapes resolved.
  static func addresses(in css: ArraySlice<UInt8>) -> [[UInt8]] {
    css.withUnsafeBufferPointer { bytes in
      var scanner = StyleScanner(bytes: bytes)
      scanner.run()
      return scanner.addresses
    }
  }
}

private struct StyleScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var addresses: [[UInt8]] = []
  private var position = 0
  /// For each of these bytes, a place from which on there is none: no search is made twice in vain.
  private var absentFrom: [UInt8: Int] = [:]

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func run() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x2F where isNext("/*"): skipComment()
      case 0x22, 0x27: skipString()
      case 0x5C: position += 2
      case 0x40 where isNext("@import"): takeImport()
      case let byte where byte | 0x20 == 0x75 && isNext("url(") && !isNameByte(position - 1):
        position += 4
        takeURL()
      default: position += 1
      }
    }
  }

  private mutating func takeImport() {
    position += 7
    skipSpaces()
    guard position < bytes.count, bytes[position] == 0x22 || bytes[position] == 0x27,
      let close = find(bytes[position], from: position + 1)
    else { return }
    add(position + 1..<close)
    position = close + 1
  }

  private mutating func takeURL() {
    skipSpaces()
    guard position < bytes.count else { return }
    let start = position
    if bytes[start] == 0x22 || bytes[start] == 0x27, let close = endOfString(from: start) {
      var end = close + 1
      while end < bytes.count, bytes[end].isHTMLSpace { end += 1 }
      if end < bytes.count, bytes[end] == 0x29, close > start + 1 {
        add(start + 1..<close)
        position = end + 1
        return
      }
    }
    guard let close = find(0x29, from: start) else { return }
    var range = start..<close
    while let first = range.first, isQuoting(first) { range = range.dropFirst() }
    while let last = range.last, isQuoting(last) { range = range.dropLast() }
    add(range)
    position = close + 1
  }

  /// Quotes, escaped or not, and white space.
  private func isQuoting(_ index: Int) -> Bool {
    let byte = bytes[index]
    if byte == 0x5C {
      return index + 1 < bytes.count && (bytes[index + 1] == 0x22 || bytes[index + 1] == 0x27)
    }
    return byte == 0x22 || byte == 0x27 || byte.isHTMLSpace
  }

  private mutating func add(_ range: Range<Int>) {
    let address = unescaped(range)
    if !address.trimmed.isEmpty { addresses.append(address) }
  }

  private func unescaped(_ range: Range<Int>) -> [UInt8] {
    guard range.contains(where: { bytes[$0] == 0x5C }) else { return Array(bytes[range]) }
    var result: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == 0x5C, index + 1 < range.upperBound else {
        result.append(bytes[index])
        index += 1
        continue
      }
      index += 1
      let digits = bytes[index..<range.upperBound].prefix(6).prefix { $0.hexDigit != nil }
      guard !digits.isEmpty else {
        if bytes[index] != 0x0A { result.append(bytes[index]) }
        index += 1
        continue
      }
      let value = digits.reduce(0 as UInt32) { $0 << 4 | UInt32($1.hexDigit ?? 0) }
      let scalar = value == 0 ? nil : Unicode.Scalar(value)
      result += String(scalar ?? "\u{FFFD}").utf8
      index += digits.count
      if index < range.upperBound, bytes[index].isHTMLSpace { index += 1 }
    }
    return result
  }

  private mutating func skipComment() {
    var from = position + 2
    while let slash = find(0x2F, from: from) {
      if slash > position + 2, bytes[slash - 1] == 0x2A {
        position = slash + 1
        return
      }
      from = slash + 1
    }
    position = bytes.count
  }

  private mutating func skipString() {
    position = (endOfString(from: position) ?? position) + 1
  }

  /// The closing quote; nil where the line or the text ends before.
  private func endOfString(from start: Int) -> Int? {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] == bytes[start] { return index }
      if bytes[index] == 0x0A { return nil }
      index += bytes[index] == 0x5C ? 2 : 1
    }
    return nil
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position].isHTMLSpace { position += 1 }
  }

  private mutating func find(_ byte: UInt8, from start: Int) -> Int? {
    if let absent = absentFrom[byte], start >= absent { return nil }
    guard start < bytes.count else { return nil }
    if let found = bytes[start...].firstIndex(of: byte) { return found }
    absentFrom[byte] = start
    return nil
  }

  private func isNext(_ text: StaticString) -> Bool {
    let end = position + text.utf8CodeUnitCount
    return end <= bytes.count && bytes[position..<end].equalsIgnoringCase(text)
  }

  private func isNameByte(_ index: Int) -> Bool {
    guard index >= 0 else { return false }
    let byte = bytes[index]
    return byte.isASCIILetter || byte.isASCIIDigit || byte == 0x2D || byte == 0x5F || byte > 0x7F
  }
}

extension UInt8 {
  fileprivate var hexDigit: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x37
    case 0x61...0x66: self - 0x57
    default: nil
    }
  }
}
