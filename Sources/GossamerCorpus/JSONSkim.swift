import Glibc

/// Picks some top-level values out of one JSON object without decoding the rest.
///
/// A page record is mostly text and links; who needs little of it skims, which skips the rest at the
/// speed of a search for quotes. It checks nesting and strings, not the grammar inside skipped values.
package struct JSONSkim {
  private var values: [Range<Int>?]
  private let bytes: UnsafeBufferPointer<UInt8>

  /// - Parameters:
  ///   - bytes: one line, valid as long as this value is used.
  ///   - keys: the wanted keys in UTF-8; `string(_:)` and the like take an index into them.
  /// - Returns: nil when the line is not one whole object.
  package init?(_ bytes: UnsafeBufferPointer<UInt8>, keys: [[UInt8]]) {
    self.bytes = bytes
    values = Array(repeating: nil, count: keys.count)
    var position = 0
    guard take(0x7B, &position) else { return nil }
    if take(0x7D, &position) { return }
    repeat {
      skipBlanks(&position)
      guard let key = skipString(&position), take(0x3A, &position) else { return nil }
      skipBlanks(&position)
      guard let value = skipValue(&position) else { return nil }
      if let index = keys.firstIndex(where: { equals(key, $0) }) { values[index] = value }
    } while take(0x2C, &position)
    guard take(0x7D, &position) else { return nil }
    skipBlanks(&position)
    guard position == bytes.count else { return nil }
  }

  /// The value as a string; nil when absent or of another type.
  package func string(_ index: Int) -> String? {
    text(index).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The value as a number; nil when absent or of another type.
  package func number(_ index: Int) -> Double? {
    guard let range = values[index], bytes[range.lowerBound] < 0x3A, bytes[range.lowerBound] != 0x22
    else { return nil }
    guard let number = Double(String(decoding: bytes[range], as: UTF8.self)), number.isFinite else {
      return nil
    }
    return number
  }

  /// The value's own bytes, for an object inside; nil when absent.
  package func raw(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
    values[index].map { UnsafeBufferPointer(rebasing: bytes[$0]) }
  }

  private func equals(_ range: Range<Int>, _ key: [UInt8]) -> Bool {
    range.count == key.count + 2 && bytes[range].dropFirst().dropLast().elementsEqual(key)
  }

  private func skipBlanks(_ position: inout Int) {
    while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
  }

  private func take(_ byte: UInt8, _ position: inout Int) -> Bool {
    skipBlanks(&position)
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Steps over a string and returns its range with the quotes.
  private func skipString(_ position: inout Int) -> Range<Int>? {
    guard position < bytes.count, bytes[position] == 0x22, let base = bytes.baseAddress else {
      return nil
    }
    let start = position
    var from = start + 1
    while from < bytes.count, let found = memchr(base + from, 0x22, bytes.count - from) {
      let quote = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      var slashes = 0
      while bytes[quote - 1 - slashes] == 0x5C { slashes += 1 }
      from = quote + 1
      if slashes.isMultiple(of: 2) {
        position = from
        return start..<from
      }
    }
    return nil
  }

  private func skipValue(_ position: inout Int) -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    switch bytes[position] {
    case 0x22: return skipString(&position)
    case 0x7B, 0x5B: return skipNested(&position)
    default:
      while position < bytes.count, !Self.endsScalar(bytes[position]) { position += 1 }
      return position > start ? start..<position : nil
    }
  }

  private func skipNested(_ position: inout Int) -> Range<Int>? {
    let start = position
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case 0x22:
        guard skipString(&position) != nil else { return nil }
        continue
      case 0x7B, 0x5B: depth += 1
      case 0x7D, 0x5D: depth -= 1
      default: break
      }
      position += 1
      if depth == 0 { return start..<position }
    }
    return nil
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    byte == 0x2C || byte == 0x7D || byte == 0x5D || byte <= 0x20
  }

  /// The value as the bytes of a string; nil when absent or of another type.
  package func text(_ index: Int) -> [UInt8]? {
    guard let range = values[index], bytes[range.lowerBound] == 0x22 else { return nil }
    return Self.decode(UnsafeBufferPointer(rebasing: bytes[range].dropFirst().dropLast()))
  }

  /// Undoes escapes; copies what is between them at once.
  private static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard let base = bytes.baseAddress else { return [] }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var high: UInt16?
    var position = 0
    while let found = memchr(base + position, 0x5C, bytes.count - position) {
      let slash = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if slash > position, high != nil { append(nil, &high, &result) }
      result.append(contentsOf: bytes[position..<slash])
      position = slash
      guard slash + 1 < bytes.count else { break }
      append(unit(bytes, &position), &high, &result)
    }
    append(nil, &high, &result)
    result.append(contentsOf: bytes[min(position, bytes.count)...])
    return result
  }

  /// Joins the halves of a pair; half of one alone is no character.
  private static func append(_ unit: UInt16?, _ high: inout UInt16?, _ result: inout [UInt8]) {
    if let first = high {
      high = nil
      if let unit, UTF16.isTrailSurrogate(unit) {
        let value = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(unit & 0x3FF))
        result.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        return
      }
      result.append(contentsOf: "\u{FFFD}".utf8)
    }
    guard let unit else { return }
    if UTF16.isLeadSurrogate(unit) {
      high = unit
    } else if unit < 0x80 {
      result.append(UInt8(unit))
    } else {
      result.append(contentsOf: String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
    }
  }

  /// The UTF-16 unit of an escape; steps over it.
  private static func unit(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> UInt16 {
    let letter = bytes[position + 1]
    position += 2
    switch letter {
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "u"):
      let end = min(position + 4, bytes.count)
      let digits = String(decoding: bytes[position..<end], as: UTF8.self)
      position = end
      return UInt16(digits, radix: 16) ?? 0xFFFD
    default: return UInt16(letter)
    }
  }
}
