internal import Glibc

/// Looks at a page before the parser does, for what the parser cannot bear: NUL bytes (all after
/// one inside a tag is lost) and tags with very many attributes (quadratic time).
enum MarkupGuard {
  /// A repaired copy of a page.
  struct Repaired {
    var bytes: [UInt8] = []
    var cutTags = 0
  }

  /// Nil if the page may go to the parser as it is, which is the rule.
  static func check(_ page: UnsafeBufferPointer<UInt8>, limits: HTMLLimits) -> Repaired? {
    guard let base = page.baseAddress, memchr(base, 0, page.count) != nil else {
      return TagCutter.cut(page, limits: limits)
    }
    let clean = replaceNULs(page)
    return clean.withUnsafeBufferPointer { TagCutter.cut($0, limits: limits) }
      ?? Repaired(bytes: clean)
  }

  private static func replaceNULs(_ page: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var clean: [UInt8] = []
    clean.reserveCapacity(page.count + 64)
    for byte in page {
      if byte == 0 { clean += [0xEF, 0xBF, 0xBD] } else { clean.append(byte) }
    }
    return clean
  }
}
