/// What `&name;` and `&#number;` stand for.
///
/// Source: HTML, "Character reference state" and the states after it; "Named character references".
enum CharacterReferences {
  /// A reference and the one or two characters it stands for.
  struct Resolved {
    /// Bytes from the `&` on, the semicolon included if there is one.
    var length: Int
    var first: UInt32
    /// 0 if there is none.
    var second: UInt32 = 0
  }

  /// The reference that begins at `start`; nil if there is none.
  ///
  /// - Parameter isInAttribute: there, a name without semicolon is text if more of a word or an
  ///   equals sign follows, for addresses such as `?a=1&copy=2`.
  static func resolve(
    _ page: UnsafeBufferPointer<UInt8>, at start: Int, isInAttribute: Bool
  ) -> Resolved? {
    let next = start + 1
    guard next < page.count, page[start] == UInt8(ascii: "&") else { return nil }
    if page[next] == UInt8(ascii: "#") { return resolveNumber(page, at: start) }
    var end = next
    while end < page.count, end - next < NameTable.longestName, page[end].isASCIIAlphanumeric {
      end += 1
    }
    if end < page.count, page[end] == UInt8(ascii: ";"), end > next,
      let entry = NameTable.shared.entry(page[next..<end])
    {
      return Resolved(length: end + 1 - start, first: entry.first, second: entry.second)
    }
    return resolveUnfinished(page, next..<end, isInAttribute: isInAttribute)
  }

  /// The longest name that counts without semicolon.
  private static func resolveUnfinished(
    _ page: UnsafeBufferPointer<UInt8>, _ run: Range<Int>, isInAttribute: Bool
  ) -> Resolved? {
    var end = run.lowerBound + min(run.count, NameTable.longestUnfinishedName)
    while end > run.lowerBound + 1 {
      if let entry = NameTable.shared.entry(page[run.lowerBound..<end]), entry.endsAnywhere {
        if isInAttribute, end < page.count,
          page[end] == UInt8(ascii: "=") || page[end].isASCIIAlphanumeric
        {
          return nil
        }
        return Resolved(
          length: end - run.lowerBound + 1, first: entry.first, second: entry.second)
      }
      end -= 1
    }
    return nil
  }

  private static func resolveNumber(
    _ page: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Resolved? {
    var index = start + 2
    let isHex = index < page.count && page[index] | 0x20 == UInt8(ascii: "x")
    if isHex { index += 1 }
    let firstDigit = index
    var value: UInt32 = 0
    while index < page.count, let digit = page[index].digitValue(isHex: isHex) {
      value = min(value * (isHex ? 16 : 10) + digit, 0x11_0000)
      index += 1
    }
    guard index > firstDigit else { return nil }
    if index < page.count, page[index] == UInt8(ascii: ";") { index += 1 }
    return Resolved(length: index - start, first: scalar(of: value))
  }

  /// The character a number means: what is none becomes U+FFFD, and the control characters from
  /// 0x80 on are taken for windows-1252, as authors meant them.
  private static func scalar(of value: UInt32) -> UInt32 {
    if value == 0 || value > 0x10_FFFF || value &- 0xD800 < 0x800 { return 0xFFFD }
    guard value &- 0x80 < 0x20 else { return value }
    return UInt32(windows1252[Int(value) - 0x80])
  }

  /// What windows-1252 has at 0x80 to 0x9F; its gaps stand for themselves.
  private static let windows1252: [UInt16] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
  ]
}

/// The names, hashed; built once from the table.
private struct NameTable {
  struct Entry {
    var name: Range<Int>
    var endsAnywhere: Bool
    var first: UInt32
    var second: UInt32
  }

  static let shared = NameTable()
  static let longestName = 32
  static let longestUnfinishedName = 6
  private static let slotCount = 8192

  private var entries: [Entry] = []
  /// Index of an entry plus one; 0 is free.
  private var slots = [UInt16](repeating: 0, count: slotCount)

  private init() {
    var index = 0
    while let entry = Self.read(&index) {
      var slot = Self.records { Self.hash($0[entry.name]) }
      while slots[slot] != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
      entries.append(entry)
      slots[slot] = UInt16(entries.count)
    }
  }

  func entry(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Entry? {
    var slot = Self.hash(name)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.name.count == name.count, Self.records({ $0[entry.name].elementsEqual(name) }) {
        return entry
      }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    return nil
  }

  private static func records<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    CharacterReferenceTable.records.withUTF8Buffer(body)
  }

  private static func hash(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var hash: UInt32 = 2_166_136_261
    for byte in name { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int((hash ^ (hash >> 13)) & UInt32(slotCount - 1))
  }

  /// The record at `index`, which is moved behind it.
  private static func read(_ index: inout Int) -> Entry? {
    records { table in
      while index < table.count, table[index].isHTMLSpace { index += 1 }
      let start = index
      while index < table.count, table[index].isASCIIAlphanumeric { index += 1 }
      guard index < table.count else { return nil }
      var entry = Entry(
        name: start..<index, endsAnywhere: table[index] == UInt8(ascii: "!"), first: 0, second: 0)
      index += 1
      entry.first = readHex(table, &index)
      if index < table.count, table[index] == UInt8(ascii: ",") {
        index += 1
        entry.second = readHex(table, &index)
      }
      return entry
    }
  }

  private static func readHex(_ table: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
    var value: UInt32 = 0
    while index < table.count, let digit = table[index].digitValue(isHex: true) {
      value = value * 16 + digit
      index += 1
    }
    return value
  }
}

extension UInt8 {
  @inline(__always) var isASCIIAlphanumeric: Bool { isASCIILetter || isASCIIDigit }

  /// The value of a decimal or hexadecimal digit.
  fileprivate func digitValue(isHex: Bool) -> UInt32? {
    if isASCIIDigit { return UInt32(self - 0x30) }
    let letter = self | 0x20
    return isHex && letter &- 0x61 < 6 ? UInt32(letter - 0x61 + 10) : nil
  }
}
