/// The Encoding Standard's indexes: pointer to code point, 0 where there is none.
///
/// Unpacked when first used, then shared by all tasks.
enum EncodingIndex {
  static let big5 = unpacked(EncodingTable.big5)
  static let eucKR = unpacked(EncodingTable.eucKr)
  static let gb18030 = unpacked(EncodingTable.gb18030)
  static let jis0208 = unpacked(EncodingTable.jis0208)
  static let jis0212 = unpacked(EncodingTable.jis0212)

  /// Where a range of pointers begins, and its first code point; in ascending order.
  static let gb18030Ranges: [(pointer: UInt32, scalar: UInt32)] = {
    var numbers = PackedNumbers(EncodingTable.gb18030Ranges)
    var ranges: [(pointer: UInt32, scalar: UInt32)] = []
    var last = (pointer: UInt32(0), scalar: UInt32(0))
    while let pointer = numbers.next(), let scalar = numbers.next() {
      last = (last.pointer + pointer, last.scalar + scalar)
      ranges.append(last)
    }
    return ranges
  }()

  /// The code points of bytes 128 to 255 in a single-byte encoding; nil for other encodings.
  static func singleByte(_ encoding: TextEncoding) -> [UInt32]? { singleBytes[encoding] }

  private static let singleBytes: [TextEncoding: [UInt32]] = {
    var indexes: [TextEncoding: [UInt32]] = [:]
    for encoding in TextEncoding.allCases {
      // The two differ in the direction of their text alone, which a decoder does not see.
      let owner = encoding == .iso8859part8I ? .iso8859part8 : encoding
      guard let table = EncodingTable.singleByte(owner.name.lowercased()) else { continue }
      let index = unpacked(table)
      indexes[encoding] = index + [UInt32](repeating: 0, count: 128 - index.count)
    }
    indexes[.userDefined] = (0..<128).map { 0xF780 + $0 }
    return indexes
  }()

  /// Unpacks what `generate_encodings.py` packed.
  private static func unpacked(_ table: StaticString) -> [UInt32] {
    var numbers = PackedNumbers(table)
    var index: [UInt32] = []
    var expected: UInt32 = 0
    while let number = numbers.next() {
      switch number {
      case 0:
        let count = numbers.next() ?? 0
        index += expected..<(expected + count)
        expected += count
      case 1:
        index += repeatElement(0, count: Int(numbers.next() ?? 0))
      default:
        let zigzag = number - 1
        expected = zigzag & 1 == 0 ? expected + zigzag / 2 : expected - (zigzag + 1) / 2
        index.append(expected)
        expected += 1
      }
    }
    return index
  }
}

/// Numbers in little-endian digits of five bits, whose sixth bit says that more follow.
private struct PackedNumbers {
  private let text: StaticString
  private var position = 0

  init(_ text: StaticString) { self.text = text }

  mutating func next() -> UInt32? {
    text.withUTF8Buffer { digits in
      guard position < digits.count else { return nil }
      var number: UInt32 = 0
      var shift: UInt32 = 0
      while position < digits.count {
        let digit = Self.value(digits[position])
        position += 1
        number |= (digit & 31) << shift
        shift += 5
        if digit < 32 { break }
      }
      return number
    }
  }

  private static func value(_ digit: UInt8) -> UInt32 {
    switch digit {
    case 0x30...0x39: UInt32(digit - 0x30)
    case 0x41...0x5A: UInt32(digit - 0x41 + 10)
    case 0x61...0x7A: UInt32(digit - 0x61 + 36)
    case UInt8(ascii: "+"): 62
    default: 63
    }
  }
}
