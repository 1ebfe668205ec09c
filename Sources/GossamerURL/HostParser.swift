/// The standard's host parser; writes the serialized host.
///
/// Source: https://url.spec.whatwg.org/#host-parsing
enum HostParser {
  /// What kind of host was written; nil on failure, with the writer left in any state.
  static func write(
    _ text: UnsafeBufferPointer<UInt8>, isOpaque: Bool, to writer: inout URLWriter
  ) -> WebURL.HostKind? {
    if text.first == UInt8(ascii: "[") { return writeIPv6(text, to: &writer) }
    if isOpaque { return writeOpaque(text, to: &writer) }
    return writeDomain(text, to: &writer)
  }

  private static func writeIPv6(
    _ text: UnsafeBufferPointer<UInt8>, to writer: inout URLWriter
  ) -> WebURL.HostKind? {
    guard text.count > 2, text.last == UInt8(ascii: "]"),
      let address = IPv6Text.parse(UnsafeBufferPointer(rebasing: text[1..<(text.count - 1)]))
    else { return nil }
    var serialized = [UInt8(ascii: "[")]
    IPv6Text.append(high: address.high, low: address.low, to: &serialized)
    serialized.append(UInt8(ascii: "]"))
    writer.append(serialized)
    return .ipv6
  }

  private static func writeOpaque(
    _ text: UnsafeBufferPointer<UInt8>, to writer: inout URLWriter
  ) -> WebURL.HostKind? {
    guard let start = text.baseAddress, !text.isEmpty else { return .empty }
    for byte in text where byte < 0x80 && PercentSet.forbiddenHost.contains(byte) { return nil }
    writer.append(start, 0..<text.count, encoding: .control)
    return .opaque
  }

  /// Domains in ASCII take the short way: lower case is all that the standard asks of them.
  @inline(__always)
  private static func writeDomain(
    _ text: UnsafeBufferPointer<UInt8>, to writer: inout URLWriter
  ) -> WebURL.HostKind? {
    let start = writer.count
    for byte in text {
      if PercentSet.forbiddenDomain.contains(byte) {
        writer.truncate(to: start)
        return writeMappedDomain(text, to: &writer)
      }
      writer.append(byte.asciiLowercased)
    }
    return finishDomain(from: start, in: &writer)
  }

  private static func writeMappedDomain(
    _ text: UnsafeBufferPointer<UInt8>, to writer: inout URLWriter
  ) -> WebURL.HostKind? {
    let decoded = percentDecode(text)
    let start = writer.count
    if decoded.allSatisfy({ $0 < 0x80 }) {
      for byte in decoded { writer.append(byte.asciiLowercased) }
    } else {
      guard let ascii = IDNA.domainToASCII(decoded) else { return nil }
      writer.append(ascii)
    }
    for index in start..<writer.count
    where PercentSet.forbiddenDomain.contains(writer.bytes[index]) {
      return nil
    }
    return finishDomain(from: start, in: &writer)
  }

  private static func finishDomain(
    from start: Int, in writer: inout URLWriter
  ) -> WebURL.HostKind? {
    guard writer.count > start else { return nil }
    let domain = UnsafeBufferPointer(start: writer.bytes + start, count: writer.count - start)
    guard endsInNumber(domain) else { return .domain }
    guard let address = parseIPv4(domain) else { return nil }
    writer.truncate(to: start)
    var serialized: [UInt8] = []
    IPv4Text.append(address, to: &serialized)
    writer.append(serialized)
    return .ipv4
  }

  static func percentDecode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
        let high = text[index + 1].hexDigit, let low = text[index + 2].hexDigit
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(text[index])
        index += 1
      }
    }
    return decoded
  }
}

// MARK: - IPv4

extension HostParser {
  /// The standard's "ends in a number" checker.
  @inline(__always)
  private static func endsInNumber(_ domain: UnsafeBufferPointer<UInt8>) -> Bool {
    let dot = UInt8(ascii: ".")
    var end = domain.count
    if domain[end - 1] == dot { end -= 1 }
    var start = end
    while start > 0, domain[start - 1] != dot { start -= 1 }
    guard start < end, domain[start].decimalDigit != nil else { return false }
    let last = domain[start..<end]
    return last.allSatisfy { $0.decimalDigit != nil } || parseIPv4Number(last) != nil
  }

  private static func parseIPv4(_ domain: UnsafeBufferPointer<UInt8>) -> UInt32? {
    var parts = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
    guard parts.count <= 4 else { return nil }
    var address: UInt64 = 0
    for (index, part) in parts.enumerated() {
      guard let number = parseIPv4Number(part) else { return nil }
      if index == parts.count - 1 {
        guard number < 1 << UInt64(8 * (5 - parts.count)) else { return nil }
        address |= number
      } else {
        guard number <= 255 else { return nil }
        address |= number << UInt64(8 * (3 - index))
      }
    }
    return UInt32(truncatingIfNeeded: address)
  }

  /// Decimal, octal with a leading 0, or hexadecimal with a leading 0x. Numbers beyond 32 bits come
  /// out as 2^32, which no caller accepts.
  private static func parseIPv4Number(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    guard var digits = Optional(text), !digits.isEmpty else { return nil }
    var radix: UInt64 = 10
    if digits.count > 1, digits.first == UInt8(ascii: "0") {
      digits = digits.dropFirst()
      radix = 8
      if let next = digits.first, next | 0x20 == UInt8(ascii: "x") {
        digits = digits.dropFirst()
        radix = 16
      }
    }
    var value: UInt64 = 0
    for byte in digits {
      guard let digit = byte.hexDigit, UInt64(digit) < radix else { return nil }
      value = min(value * radix + UInt64(digit), 1 << 32)
    }
    return value
  }
}
