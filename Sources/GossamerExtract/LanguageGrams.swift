/// The letter triples of the languages of one script: for each, what it speaks for.
final class LanguageGrams: Sendable {
  /// Languages in the order of the scores.
  let languages: [String]
  /// Open addressing: the triple at a slot, 0 for none, and its row.
  private let keys: [UInt64]
  private let rows: [UInt16]
  /// For each row the bits a triple speaks for a language, against a triple the language lacks.
  let bits: [SIMD64<UInt8>]
  private let mask: Int

  /// What a triple costs that a language does not have, in bits.
  private static let unknown = 14

  init(_ table: [(language: String, tiers: String)]) {
    precondition(table.count <= 64, "a row holds 64 languages")
    languages = table.map(\.language)
    var rowOf: [UInt64: Int] = [:]
    var bits: [SIMD64<UInt8>] = []
    for (index, entry) in table.enumerated() {
      var worth: UInt8 = 0
      var triple: [UInt16] = []
      for unit in entry.tiers.utf16 {
        if triple.isEmpty, (0x41...0x5A).contains(unit) {
          worth = UInt8(Self.unknown) &- UInt8(unit - 0x41)
          continue
        }
        triple.append(unit)
        guard triple.count == 3 else { continue }
        let key = Self.key(triple[0], triple[1], triple[2])
        triple.removeAll(keepingCapacity: true)
        let row = rowOf[key] ?? bits.count
        if row == bits.count {
          rowOf[key] = row
          bits.append(SIMD64(repeating: 0))
        }
        bits[row][index] = worth
      }
    }
    var size = 1_024
    while size < bits.count * 2 { size *= 2 }
    mask = size - 1
    var keys = [UInt64](repeating: 0, count: size)
    var rows = [UInt16](repeating: 0, count: size)
    for (key, row) in rowOf {
      var slot = Self.slot(key) & mask
      while keys[slot] != 0 { slot = (slot + 1) & mask }
      keys[slot] = key
      rows[slot] = UInt16(row)
    }
    (self.keys, self.rows, self.bits) = (keys, rows, bits)
  }

  private static func key(_ a: UInt16, _ b: UInt16, _ c: UInt16) -> UInt64 {
    UInt64(a) << 32 | UInt64(b) << 16 | UInt64(c)
  }

  @inline(__always) private static func slot(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 40)
  }

  /// The row of a triple, -1 if no language has it often.
  @inline(__always) func row(_ a: UInt16, _ b: UInt16, _ c: UInt16) -> Int {
    let key = Self.key(a, b, c)
    var slot = Self.slot(key) & mask
    while keys[slot] != 0 {
      if keys[slot] == key { return Int(rows[slot]) }
      slot = (slot + 1) & mask
    }
    return -1
  }
}

/// What the triples of a text speak for, summed up.
struct GramScore {
  private let table: LanguageGrams
  private var sums = [Int](repeating: 0, count: 64)
  /// What is not yet in the sums, no more than 25 triples of ten bits each.
  private var recent = SIMD64<UInt8>(repeating: 0)
  private var recentCount = 0
  private var count = 0

  init(table: LanguageGrams) { self.table = table }

  /// Adds a triple.
  @inline(__always) mutating func add(_ a: UInt16, _ b: UInt16, _ c: UInt16) {
    count += 1
    let row = table.row(a, b, c)
    guard row >= 0 else { return }
    recent &+= table.bits[row]
    recentCount += 1
    if recentCount == 25 { flush() }
  }

  /// To be called before `best` is asked for.
  mutating func flush() {
    for language in table.languages.indices { sums[language] += Int(recent[language]) }
    recent = SIMD64(repeating: 0)
    recentCount = 0
  }

  /// The language with the highest sum. Triples of a word depend on each other, so that a bit of
  /// difference counts for a quarter.
  var best: (language: String, confidence: Double)? {
    guard count >= 5 else { return nil }
    let scores = sums.prefix(table.languages.count)
    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > count
    else { return nil }
    var others = 0.0
    for (index, score) in scores.enumerated() where index != best {
      others += Self.power(-0.25 * Double(scores[best] - score))
    }
    // Text of a language that is not known has few frequent triples.
    let fit = min(1, Double(scores[best]) / (2 * Double(count)))
    return (table.languages[best], fit / (1 + others))
  }

  /// 2 to the power of a number that is not above 0.
  private static func power(_ exponent: Double) -> Double {
    guard exponent > -60 else { return 0 }
    let whole = exponent.rounded(.down)
    let x = (exponent - whole) * 0.693_147_18
    return Double(sign: .plus, exponent: Int(whole), significand: 1)
      * (1 + x * (1 + x * (0.5 + x * (1.0 / 6 + x / 24))))
  }
}
