/// Unicode Normalization Form C. Source: UAX #15; The Unicode Standard §3.11 and §3.12.
enum Normalization {
  static func nfc(_ scalars: [UInt32]) -> [UInt32] {
    // Nothing below U+0300 composes or decomposes into something else when it stands alone.
    if scalars.allSatisfy({ $0 < 0x0300 }) { return scalars }
    var decomposed: [UInt32] = []
    for scalar in scalars { decompose(scalar, into: &decomposed) }
    order(&decomposed)
    return compose(decomposed)
  }

  private static func decompose(_ scalar: UInt32, into result: inout [UInt32]) {
    if (Hangul.base..<(Hangul.base + Hangul.count)).contains(scalar) {
      let index = scalar - Hangul.base
      result.append(Hangul.lead + index / Hangul.perLead)
      result.append(Hangul.vowel + index % Hangul.perLead / Hangul.tails)
      if index % Hangul.tails != 0 { result.append(Hangul.tail + index % Hangul.tails) }
      return
    }
    guard let parts = IDNAData.shared.decompositions[scalar] else { return result.append(scalar) }
    // The table is of single steps, at most four deep, and only first parts decompose further.
    for part in parts { decompose(part, into: &result) }
  }

  /// Sorts each run of combining marks by class, stably.
  private static func order(_ scalars: inout [UInt32]) {
    let classes = scalars.map { combiningClass($0) }
    var start = 0
    while start < scalars.count {
      guard classes[start] != 0 else {
        start += 1
        continue
      }
      let end = classes[start...].firstIndex(of: 0) ?? scalars.count
      let run = (start..<end).sorted { (classes[$0], $0) < (classes[$1], $1) }.map { scalars[$0] }
      scalars.replaceSubrange(start..<end, with: run)
      start = end
    }
  }

  private static func compose(_ scalars: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    var starter: Int?
    var lastClass: UInt32 = 0
    for scalar in scalars {
      let thisClass = combiningClass(scalar)
      if let starter {
        let isBlocked = result.count - 1 > starter && (lastClass == 0 || lastClass >= thisClass)
        if !isBlocked, let composite = composite(result[starter], scalar) {
          result[starter] = composite
          continue
        }
      }
      if thisClass == 0 { starter = result.count }
      lastClass = thisClass
      result.append(scalar)
    }
    return result
  }

  private static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if (Hangul.lead..<(Hangul.lead + 19)).contains(first),
      (Hangul.vowel..<(Hangul.vowel + 21)).contains(second)
    {
      return Hangul.base + (first - Hangul.lead) * Hangul.perLead
        + (second - Hangul.vowel) * Hangul.tails
    }
    if (Hangul.base..<(Hangul.base + Hangul.count)).contains(first),
      (first - Hangul.base) % Hangul.tails == 0,
      (Hangul.tail + 1..<Hangul.tail + Hangul.tails).contains(second)
    {
      return first + second - Hangul.tail
    }
    return IDNAData.shared.compositions[UInt64(first) << 32 | UInt64(second)]
  }

  private static func combiningClass(_ scalar: UInt32) -> UInt32 {
    scalar < 0x0300 ? 0 : IDNAData.shared.combiningClasses[scalar] ?? 0
  }

  private enum Hangul {
    static let base: UInt32 = 0xAC00
    static let lead: UInt32 = 0x1100
    static let vowel: UInt32 = 0x1161
    static let tail: UInt32 = 0x11A7
    static let tails: UInt32 = 28
    static let perLead: UInt32 = 588
    static let count: UInt32 = 11172
  }
}
