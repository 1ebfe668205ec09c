/// The UTF-8 that a decoder makes, and the faults it met.
struct DecodedText {
  private(set) var utf8: [UInt8] = []
  /// Errors of the decoder, each one U+FFFD.
  private(set) var faultCount = 0

  init(capacity: Int) { utf8.reserveCapacity(capacity) }

  /// U+FFFD for something that the decoder takes for an error.
  @inline(__always)
  mutating func appendFault() {
    utf8 += UTF8Repair.replacement
    faultCount += 1
  }

  /// Bytes that are ASCII.
  @inline(__always)
  mutating func append(ascii bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    utf8.append(contentsOf: UnsafeBufferPointer(rebasing: bytes))
  }

  /// A code point that is no surrogate. NUL becomes U+FFFD, and is no fault: the tree builder of
  /// HTML does so, and libxml2 would stop.
  @inline(__always)
  mutating func append(_ scalar: UInt32) {
    switch scalar {
    case 0: utf8 += UTF8Repair.replacement
    case ..<0x80: utf8.append(UInt8(scalar))
    case ..<0x800:
      utf8.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
      utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    case ..<0x10000:
      utf8.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    default:
      utf8.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
      utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
      utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }
  }
}
