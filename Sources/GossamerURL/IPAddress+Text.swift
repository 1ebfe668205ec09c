/// Dotted decimal, strict. The standard's odd forms (`0x7f.1`) are in `HostParser`.
enum IPv4Text {
  static func parseDotted(_ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    var index = 0
    for part in 0..<4 {
      if part > 0 {
        guard index < text.count, text[index] == UInt8(ascii: ".") else { return nil }
        index += 1
      }
      let start = index
      var octet: UInt32 = 0
      while index < text.count, index - start < 3, let digit = text[index].decimalDigit {
        octet = octet * 10 + UInt32(digit)
        index += 1
      }
      guard index > start, octet <= 255, index - start == 1 || text[start] != UInt8(ascii: "0")
      else { return nil }
      value = value << 8 | octet
    }
    return index == text.count ? value : nil
  }

  static func append(_ value: UInt32, to text: inout [UInt8]) {
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      text.append(contentsOf: String(value >> shift & 0xFF).utf8)
      if shift > 0 { text.append(UInt8(ascii: ".")) }
    }
  }
}

/// IPv6 text without brackets and zone.
enum IPv6Text {
  /// The standard's IPv6 parser. Source: https://url.spec.whatwg.org/#concept-ipv6-parser
  static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
    let colon = UInt8(ascii: ":")
    var high: UInt64 = 0
    var low: UInt64 = 0
    func piece(_ index: Int) -> UInt64 {
      (index < 4 ? high >> UInt64(48 - 16 * index) : low >> UInt64(112 - 16 * index)) & 0xFFFF
    }
    func set(_ index: Int, _ value: UInt64) {
      if index < 4 {
        let shift = UInt64(48 - 16 * index)
        high = high & ~(0xFFFF << shift) | value << shift
      } else {
        let shift = UInt64(112 - 16 * index)
        low = low & ~(0xFFFF << shift) | value << shift
      }
    }

    var pieceIndex = 0
    var compress: Int?
    var pointer = 0
    let end = text.count
    if end > 0, text[0] == colon {
      guard end > 1, text[1] == colon else { return nil }
      pointer = 2
      pieceIndex = 1
      compress = 1
    }
    while pointer < end {
      guard pieceIndex < 8 else { return nil }
      if text[pointer] == colon {
        guard compress == nil else { return nil }
        pointer += 1
        pieceIndex += 1
        compress = pieceIndex
        continue
      }
      var value: UInt64 = 0
      var length = 0
      while length < 4, pointer < end, let digit = text[pointer].hexDigit {
        value = value << 4 | UInt64(digit)
        pointer += 1
        length += 1
      }
      if pointer < end, text[pointer] == UInt8(ascii: ".") {
        guard length > 0, pieceIndex <= 6,
          let tail = IPv4Text.parseDotted(
            UnsafeBufferPointer(rebasing: text[(pointer - length)...]))
        else { return nil }
        set(pieceIndex, UInt64(tail >> 16))
        set(pieceIndex + 1, UInt64(tail & 0xFFFF))
        pieceIndex += 2
        break
      }
      if pointer < end {
        guard text[pointer] == colon else { return nil }
        pointer += 1
        guard pointer < end else { return nil }
      }
      set(pieceIndex, value)
      pieceIndex += 1
    }
    if let compress {
      // The pieces behind the double colon move to the end.
      var swaps = pieceIndex - compress
      var index = 7
      while index != 0, swaps > 0 {
        let other = compress + swaps - 1
        let moved = piece(other)
        set(other, piece(index))
        set(index, moved)
        index -= 1
        swaps -= 1
      }
    } else if pieceIndex != 8 {
      return nil
    }
    return (high, low)
  }

  /// RFC 5952: lower case, no leading zeros, the first longest run of zeros as `::`.
  static func append(high: UInt64, low: UInt64, to text: inout [UInt8]) {
    let pieces =
      [48, 32, 16, 0].map { high >> UInt64($0) & 0xFFFF }
      + [48, 32, 16, 0].map { low >> UInt64($0) & 0xFFFF }
    let gap = longestZeroRun(pieces)
    var index = 0
    while index < 8 {
      if let gap, index == gap.lowerBound {
        text.append(contentsOf: index == 0 ? "::".utf8 : ":".utf8)
        index = gap.upperBound
        continue
      }
      text.append(contentsOf: String(pieces[index], radix: 16).utf8)
      if index < 7 { text.append(UInt8(ascii: ":")) }
      index += 1
    }
  }

  private static func longestZeroRun(_ pieces: [UInt64]) -> Range<Int>? {
    var best: Range<Int>?
    var index = 0
    while index < pieces.count {
      let start = index
      while index < pieces.count, pieces[index] == 0 { index += 1 }
      if index - start > max(1, best?.count ?? 1) { best = start..<index }
      index += 1
    }
    return best
  }
}
