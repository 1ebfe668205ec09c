/// Makes valid UTF-8 out of anything.
enum UTF8Repair {
  /// What a whole page shows of UTF-8; NULs count for nothing here.
  struct Census: Sendable {
    /// Whether there is neither a fault nor a NUL: the page can be used as it is.
    var isClean = true
    /// Characters of more than one byte.
    var multibyteCount = 0
    /// Faults, each of which would become one U+FFFD.
    var faultCount = 0

    /// Whether a page of which nothing is known is UTF-8: a stray fault does not speak against it, as
    /// a page may be cut within a character.
    var isPlausible: Bool { multibyteCount > faultCount * 16 }
  }

  /// Counts.
  ///
  /// - Parameter isWhole: false to end where it is certain that both faults and characters of more
  ///   than one byte are in the page.
  static func census(_ bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> Census {
    var census = Census()
    var index = 0
    while index < bytes.count {
      index = endOfASCII(bytes, from: index)
      while index < bytes.count, bytes[index] &- 1 >= 0x7F {
        let length = sequenceLength(bytes, at: index)
        if length > 0 {
          census.multibyteCount += 1
          index += length
          continue
        }
        census.isClean = false
        if bytes[index] != 0 { census.faultCount += 1 }
        index += max(1, -length)
      }
      if !isWhole, census.faultCount > 0, census.multibyteCount > 0 { break }
    }
    return census
  }

  /// The index of the first byte that is not part of valid UTF-8, or is NUL; nil if there is none.
  static func firstFault(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
    var index = start
    while index < bytes.count {
      index = endOfASCII(bytes, from: index)
      guard index < bytes.count else { return nil }
      let length = sequenceLength(bytes, at: index)
      guard length > 0 else { return index }
      index += length
    }
    return nil
  }

  /// A copy in which each NUL and each maximal part of a broken sequence is one U+FFFD, as the
  /// Encoding Standard's decoder does. The count leaves NULs out.
  static func repair(_ bytes: UnsafeBufferPointer<UInt8>) -> (utf8: [UInt8], replaced: Int) {
    var clean: [UInt8] = []
    clean.reserveCapacity(bytes.count + 64)
    var replaced = 0
    var index = 0
    while index < bytes.count {
      let fault = firstFault(in: bytes, from: index) ?? bytes.count
      clean.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[index..<fault]))
      guard fault < bytes.count else { break }
      clean += replacement
      if bytes[fault] != 0 { replaced += 1 }
      index = fault + max(1, -sequenceLength(bytes, at: fault))
    }
    return (clean, replaced)
  }

  static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// The index of the next byte that is NUL or not ASCII.
  static func endOfASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    var index = start
    while index + 16 <= bytes.count {
      let block = raw.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
      // NUL wraps to 255, so one comparison finds both.
      guard (block &- 1).max() < 0x7F else { break }
      index += 16
    }
    while index < bytes.count, bytes[index] &- 1 < 0x7F { index += 1 }
    return index
  }

  /// Bytes of the valid sequence that begins here; else minus the bytes of its valid beginning.
  private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let lead = bytes[index]
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    switch lead {
    case 0x01...0x7F: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { lowest = 0xA0 }
      if lead == 0xED { highest = 0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { lowest = 0x90 }
      if lead == 0xF4 { highest = 0x8F }
    default: return 0
    }
    for offset in 1..<length {
      guard index + offset < bytes.count, bytes[index + offset] >= lowest,
        bytes[index + offset] <= highest
      else { return -offset }
      lowest = 0x80
      highest = 0xBF
    }
    return length
  }
}
