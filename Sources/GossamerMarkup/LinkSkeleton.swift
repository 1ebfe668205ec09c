import Glibc

/// The bones of a page: its tags that lead elsewhere or speak to robots, in order, without the text
/// and the other tags between them.
///
/// Where only links are wanted, parsing the bones finds the same links as parsing the page at a
/// fraction of the cost. Attributes, character references and odd nesting stay the parser's business:
/// tags are copied as they stand. Script, style and comments are stepped over as the parser does.
public enum LinkSkeleton {
  /// The skeleton of a page in clean UTF-8.
  public static func reduce(_ page: [UInt8]) -> [UInt8] {
    page.withUnsafeBufferPointer { bytes in
      var reducer = SkeletonReducer(bytes: bytes)
      reducer.run()
      return reducer.skeleton
    }
  }
}

private struct SkeletonReducer {
  let bytes: UnsafeBufferPointer<UInt8>
  var skeleton: [UInt8] = []
  private let letters = Self.firstLetters

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    skeleton.reserveCapacity(bytes.count / 4 + 64)
  }

  mutating func run() {
    var position = 0
    while let start = find(UInt8(ascii: "<"), from: position), start + 1 < bytes.count {
      switch bytes[start + 1] {
      case UInt8(ascii: "!"): position = endOfDeclaration(start)
      case UInt8(ascii: "/"): position = takeEndTag(start)
      case let byte where byte.isASCIILetter: position = takeStartTag(start)
      default: position = start + 1
      }
    }
  }

  /// Elements whose tags are kept.
  private static let kept: [StaticString] = [
    "a", "area", "base", "link", "meta", "iframe", "frame", "noscript", "html", "head", "body",
  ]

  /// Whether an element may be one of ours, by the first letter: most tags need no further look.
  private static let firstLetters: [Bool] = {
    var letters = [Bool](repeating: false, count: 256)
    for name in kept + ["script", "style", "title"] {
      letters[Int(name.utf8Start[0])] = true
      letters[Int(name.utf8Start[0] & ~0x20)] = true
    }
    return letters
  }()

  private mutating func takeStartTag(_ start: Int) -> Int {
    let name = nameRange(from: start + 1)
    let end = endOfTag(from: name.upperBound)
    guard name.count <= 8, letters[Int(bytes[start + 1])] else { return end }
    if Self.kept.contains(where: { isName(name, $0) }) {
      copy(start..<end)
    } else if isName(name, "script") || isName(name, "style") {
      return closingTag(of: name, from: end) ?? bytes.count
    } else if isName(name, "title") {
      let close = closingTag(of: name, from: end) ?? end
      copy(start..<close)
      return close
    }
    return end
  }

  private mutating func takeEndTag(_ start: Int) -> Int {
    let name = nameRange(from: start + 2)
    guard name.count <= 8, start + 2 < bytes.count, letters[Int(bytes[start + 2])] else {
      return name.upperBound
    }
    let end = find(UInt8(ascii: ">"), from: name.upperBound).map { $0 + 1 } ?? bytes.count
    if isName(name, "title") || Self.kept.contains(where: { isName(name, $0) }) {
      copy(start..<end)
    }
    return end
  }

  private mutating func copy(_ range: Range<Int>) {
    skeleton.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
  }

  private func nameRange(from start: Int) -> Range<Int> {
    var end = start
    while end < bytes.count, bytes[end].isASCIILetter || bytes[end].isNameTail { end += 1 }
    return start..<end
  }

  private func isName(_ range: Range<Int>, _ name: StaticString) -> Bool {
    guard range.count == name.utf8CodeUnitCount else { return false }
    for (offset, index) in range.enumerated()
    where bytes[index] | 0x20 != name.utf8Start[offset] {
      return false
    }
    return true
  }

  /// The place after the tag's `>`. One inside a quoted value does not count; quotes count after `=`.
  private func endOfTag(from start: Int) -> Int {
    var index = start
    var follows = false
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: ">"): return index + 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if follows {
          guard let close = find(byte, from: index + 1) else { return bytes.count }
          index = close
        }
        follows = false
      case UInt8(ascii: "="): follows = true
      case 0x20, 0x09, 0x0A, 0x0D: break
      default: follows = false
      }
      index += 1
    }
    return bytes.count
  }

  /// A comment that is never closed takes the rest of the page with it, as in a browser.
  private func endOfDeclaration(_ start: Int) -> Int {
    let isComment =
      start + 3 < bytes.count && bytes[start + 2] == 0x2D && bytes[start + 3] == 0x2D
    guard isComment else {
      return find(UInt8(ascii: ">"), from: start).map { $0 + 1 } ?? bytes.count
    }
    var index = start + 4
    while let dash = find(0x2D, from: index), dash + 2 < bytes.count {
      guard bytes[dash + 1] == 0x2D else {
        index = dash + 1
        continue
      }
      if bytes[dash + 2] == UInt8(ascii: ">") { return dash + 3 }
      if bytes[dash + 2] == UInt8(ascii: "!"), dash + 3 < bytes.count,
        bytes[dash + 3] == UInt8(ascii: ">")
      {
        return dash + 4
      }
      index = dash + 1
    }
    return bytes.count
  }

  /// Where the closing tag of a raw text element begins.
  private func closingTag(of name: Range<Int>, from start: Int) -> Int? {
    var index = start
    while let found = find(UInt8(ascii: "<"), from: index), found + 2 + name.count <= bytes.count {
      if bytes[found + 1] == UInt8(ascii: "/"),
        (0..<name.count).allSatisfy({
          bytes[found + 2 + $0] | 0x20 == bytes[name.lowerBound + $0] | 0x20
        })
      {
        return found
      }
      index = found + 1
    }
    return nil
  }

  private func find(_ byte: UInt8, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}

extension UInt8 {
  fileprivate var isNameTail: Bool {
    self &- 0x30 < 10 || self == 0x2D || self == 0x3A || self == 0x5F
  }
}
