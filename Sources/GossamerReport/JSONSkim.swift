import Foundation

/// Picks some top-level values out of one JSON object without decoding the rest.
///
/// A page record is mostly text and links that the report does not need: skimming skips them at the
/// speed of a search for quotes. It checks nesting and strings, not the grammar inside skipped values.
struct JSONSkim {
  private var values: [Range<Int>?]
  private let bytes: UnsafeBufferPointer<UInt8>

  /// - Parameters:
  ///   - bytes: one line, valid as long as this value is used.
  ///   - keys: the wanted keys in UTF-8; `string(_:)` and the like take an index into them.
  /// - Returns: nil when the line is not one whole object.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, keys: [[UInt8]]) {
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
  func string(_ index: Int) -> String? {
    guard let range = values[index], bytes[range.lowerBound] == 0x22 else { return nil }
    return Self.decode(UnsafeBufferPointer(rebasing: bytes[range].dropFirst().dropLast()))
  }

  /// The value as a number; nil when absent or of another type.
  func number(_ index: Int) -> Double? {
    guard let range = values[index], bytes[range.lowerBound] < 0x3A, bytes[range.lowerBound] != 0x22
    else { return nil }
    guard let number = Double(String(decoding: bytes[range], as: UTF8.self)), number.isFinite else {
      return nil
    }
    return number
  }

  /// The value's own bytes, for an object inside; nil when absent.
  func raw(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
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

  private static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.contains(0x5C) else { return String(decoding: bytes, as: UTF8.self) }
    var units: [UInt16] = []
    var result = ""
    var position = 0
    var plain = 0
    func flushUnits() {
      if !units.isEmpty { result += String(decoding: units, as: UTF16.self) }
      units.removeAll()
    }
    while position < bytes.count {
      guard bytes[position] == 0x5C, position + 1 < bytes.count else {
        position += 1
        continue
      }
      if plain < position {
        flushUnits()
        result += String(decoding: bytes[plain..<position], as: UTF8.self)
      }
      units.append(unit(bytes, &position))
      plain = position
    }
    flushUnits()
    return result + String(decoding: bytes[min(plain, bytes.count)...], as: UTF8.self)
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

/// RFC 3339 times as seconds since 1970.
enum ReportTime {
  static func seconds(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == 0x2D, bytes[10] == 0x54 || bytes[10] == 0x20 else {
      return nil
    }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
    else { return nil }
    let fraction =
      bytes[19] == 0x2E
      ? Double(
        "0." + String(decoding: bytes[20...].prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
      : 0
    let whole = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    return Double(whole) + (fraction ?? 0)
  }

  /// Days since 1970 in the Gregorian calendar; eras of 400 years, years that begin in March.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
