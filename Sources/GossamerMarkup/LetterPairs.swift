/// How often letters beyond ASCII stand beside others in a language.
struct LetterPairs: Sendable {
  /// The edge of a word: every character that is no letter.
  static let edge: UInt16 = 0x5F
  /// What a pair costs that the language does not have.
  static let unknownCost: UInt8 = 15

  private let costs: [UInt32: UInt8]

  /// In bits, the logarithm of the pair's share of all such pairs. Letters in lower case.
  func cost(_ first: UInt16, _ second: UInt16) -> UInt8 {
    costs[UInt32(first) << 16 | UInt32(second)] ?? Self.unknownCost
  }

  /// The languages of `LetterPairTable`, by code.
  static let byLanguage: [String: LetterPairs] = LetterPairTable.pairs.mapValues(LetterPairs.init)

  private init(_ table: StaticString) {
    var costs: [UInt32: UInt8] = [:]
    var cost: UInt8 = 0
    var first: UInt16?
    for unit in table.description.utf16 {
      if let letter = first {
        costs[UInt32(letter) << 16 | UInt32(unit)] = cost
        first = nil
      } else if (0x41...0x5A).contains(unit) {
        cost = UInt8(unit - 0x41)
      } else {
        first = unit
      }
    }
    self.costs = costs
  }
}
