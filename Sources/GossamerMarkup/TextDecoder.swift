internal import Glibc

/// Decodes the web's encodings to clean UTF-8: valid, without NUL and byte order mark.
///
/// UTF-8 and UTF-16 are decoded here; single-byte encodings by tables that iconv fills once, with
/// the standard's deviations laid over; the East Asian ones by iconv directly, which differs from
/// the standard in rare characters.
public enum TextDecoder {
  /// Decodes a whole page. Faults become U+FFFD and are counted, NUL becomes U+FFFD silently.
  /// Clean UTF-8, and ASCII in any single-byte encoding, is handed back without a copy.
  public static func decode(
    _ page: [UInt8], from encoding: TextEncoding
  ) -> (utf8: [UInt8], replaced: Int) {
    switch encoding {
    case .utf8: return decodeUTF8(page)
    case .utf16BE: return decodeUTF16(page, bigEndian: true)
    case .utf16LE: return decodeUTF16(page, bigEndian: false)
    case .replacement: return (page.isEmpty ? [] : UTF8Repair.replacement, page.isEmpty ? 0 : 1)
    case .gbk, .gb18030, .big5, .eucJP, .eucKR, .shiftJIS, .iso2022JP:
      return IconvDecoder.decode(page, from: encoding)
    default: return decodeSingleBytes(page, encoding)
    }
  }

  private static func decodeUTF8(_ page: [UInt8]) -> (utf8: [UInt8], replaced: Int) {
    page.withUnsafeBufferPointer { bytes -> (utf8: [UInt8], replaced: Int)? in
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      if start == 0, UTF8Repair.firstFault(in: bytes) == nil { return nil }
      return UTF8Repair.repair(UnsafeBufferPointer(rebasing: bytes[start...]))
    } ?? (page, 0)
  }

  private static func decodeUTF16(
    _ page: [UInt8], bigEndian: Bool
  ) -> (utf8: [UInt8], replaced: Int) {
    var units: [UInt16] = []
    units.reserveCapacity(page.count / 2)
    for index in stride(from: 0, to: page.count - 1, by: 2) {
      let (first, second) = (UInt16(page[index]), UInt16(page[index + 1]))
      units.append(bigEndian ? first << 8 | second : second << 8 | first)
    }
    var utf8: [UInt8] = []
    utf8.reserveCapacity(page.count)
    var replaced = 0
    let start = units.first == 0xFEFF ? 1 : 0
    let hadFault = transcode(
      units[start...].makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: false
    ) { utf8.append($0) }
    if hadFault { replaced += 1 }
    if page.count % 2 == 1 {
      utf8 += UTF8Repair.replacement
      replaced += 1
    }
    return withoutNULs(utf8, replaced)
  }

  private static func decodeSingleBytes(
    _ page: [UInt8], _ encoding: TextEncoding
  ) -> (utf8: [UInt8], replaced: Int) {
    if page.allSatisfy({ $0 &- 1 < 0x7F }) { return (page, 0) }
    let table = SingleByteTable.table(of: encoding)
    var utf8: [UInt8] = []
    utf8.reserveCapacity(page.count + page.count / 8 + 16)
    var replaced = 0
    for byte in page {
      if byte &- 1 < 0x7F {
        utf8.append(byte)
        continue
      }
      let scalar = byte == 0 ? 0xFFFD : table[Int(byte) - 128]
      if scalar == 0xFFFD, byte != 0 { replaced += 1 }
      utf8.append(scalar: scalar)
    }
    return (utf8, replaced)
  }

  static func withoutNULs(_ utf8: [UInt8], _ replaced: Int) -> (utf8: [UInt8], replaced: Int) {
    guard utf8.contains(0) else { return (utf8, replaced) }
    return (utf8.flatMap { $0 == 0 ? UTF8Repair.replacement : [$0] }, replaced)
  }
}

extension Array<UInt8> {
  /// Appends a character of the Basic Multilingual Plane.
  fileprivate mutating func append(scalar: UInt16) {
    if scalar < 0x80 {
      append(UInt8(scalar))
    } else if scalar < 0x800 {
      append(UInt8(0xC0 | scalar >> 6))
      append(UInt8(0x80 | scalar & 0x3F))
    } else {
      append(UInt8(0xE0 | scalar >> 12))
      append(UInt8(0x80 | scalar >> 6 & 0x3F))
      append(UInt8(0x80 | scalar & 0x3F))
    }
  }
}
