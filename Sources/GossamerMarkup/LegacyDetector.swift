internal import Glibc

/// Guesses a legacy encoding from the bytes of a page that nothing is said about and that is not
/// UTF-8.
///
/// East Asian encodings are known by their structure, and by how many of the characters are among the
/// most frequent of a language. Of the single-byte encodings the one wins in which the pairs of
/// letters are the likeliest in some language, if it beats windows-1252 by enough: with little
/// evidence there is no guess. Not told: UTF-16 without mark, windows-1258, Macintosh sets, visual
/// Hebrew.
enum LegacyDetector {
  /// The encoding, or nil where it should be taken as windows-1252.
  static func guess(_ page: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    if let encoding = iso2022JP(page) { return encoding }
    let sample = sample(of: page)
    guard !sample.isEmpty else { return nil }
    return sample.withUnsafeBufferPointer { eastAsian($0) } ?? singleByte(sample)
  }

  /// Bytes of a page that are looked at, without most of its ASCII.
  private static let sampleLength = 16 * 1024

  /// The places around bytes beyond ASCII, parted by spaces.
  private static func sample(of page: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var sample: [UInt8] = []
    var position = 0
    while position < page.count, sample.count < sampleLength {
      let end = UTF8Repair.endOfASCII(page, from: position)
      guard end < page.count else { break }
      if page[end] == 0 {
        position = end + 1
        continue
      }
      // The letter before, then all up to two ASCII bytes in a row.
      if end > position { sample.append(page[end - 1]) }
      position = end
      while position < page.count, page[position] != 0 {
        sample.append(page[position])
        position += 1
        if page[position - 1] < 0x80, position < page.count, page[position] < 0x80 { break }
      }
      sample.append(0x20)
    }
    return sample
  }

  // MARK: East Asia

  /// Escape sequences that make sense throughout.
  private static func iso2022JP(_ page: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    guard let start = page.baseAddress, let found = memchr(start, 0x1B, page.count) else {
      return nil
    }
    let escape = UnsafeRawPointer(found) - UnsafeRawPointer(start)
    guard escape + 2 < page.count, page[escape + 1] == 0x24,
      page[escape + 2] == 0x42 || page[escape + 2] == 0x40,
      UTF8Repair.endOfASCII(page, from: 0) == page.count
    else { return nil }
    var text = DecodedText(capacity: page.count)
    ISO2022JPDecoder.decode(page, into: &text)
    return text.faultCount == 0 ? .iso2022JP : nil
  }

  private static let frequentCharacters: [(encoding: TextEncoding, characters: Set<UInt32>)] = {
    func set(_ texts: StaticString...) -> Set<UInt32> {
      Set(texts.flatMap { $0.description.unicodeScalars.map(\.value) })
    }
    let kana = Set(UInt32(0x3041)...0x3093).union(0x30A1...0x30F4).union([0x30FC])
    let japanese = set(LetterPairTable.japaneseHan).union(kana)
    return [
      (.gbk, set(LetterPairTable.simplifiedHan, LetterPairTable.traditionalHan)),
      (.big5, set(LetterPairTable.traditionalHan)),
      (.shiftJIS, japanese), (.eucJP, japanese), (.eucKR, set(LetterPairTable.hangul)),
    ]
  }()

  private static func eastAsian(_ sample: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    var best: (encoding: TextEncoding, share: Double)?
    for (encoding, frequent) in frequentCharacters {
      var text = DecodedText(capacity: sample.count * 2)
      DoubleByteDecoder.decode(sample, from: encoding, into: &text)
      var (all, known) = (0, 0)
      var distinct: Set<UInt32> = []
      for scalar in String(decoding: text.utf8, as: UTF8.self).unicodeScalars {
        switch scalar.value {
        // Punctuation, and letters and digits in full width, tell no language.
        case ..<0x80, 0x2000...0x206F, 0x3000...0x303F, 0xFF00...0xFF5E: continue
        default:
          all += 1
          guard frequent.contains(scalar.value) else { continue }
          known += 1
          distinct.insert(scalar.value)
        }
      }
      guard distinct.count >= 3, text.faultCount * 50 <= all else { continue }
      let share = Double(known) / Double(all)
      if share >= 0.5, share > best?.share ?? 0 { best = (encoding, share) }
    }
    return best?.encoding
  }

  // MARK: Single bytes

  /// An encoding and the languages that are written in it.
  private struct Candidate {
    let encoding: TextEncoding
    let languages: [LetterPairs]
    /// What each byte is: a letter in lower case, an edge, or one of the costs of `Sign`.
    let meanings: [UInt16]

    init(_ encoding: TextEncoding, _ languages: String) {
      self.encoding = encoding
      self.languages = languages.split(separator: " ").compactMap {
        LetterPairs.byLanguage[String($0)]
      }
      let upper = EncodingIndex.singleByte(encoding) ?? []
      meanings = (0..<256).map { byte in
        Self.meaning(of: byte < 128 ? UInt32(byte) : upper[byte - 128])
      }
    }

    private static func meaning(of scalar: UInt32) -> UInt16 {
      guard scalar != 0, let character = Unicode.Scalar(scalar) else { return Sign.impossible }
      switch character.properties.generalCategory {
      case .control where scalar >= 0x80: return Sign.impossible
      case .uppercaseLetter, .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark,
        .spacingMark:
        let lower = character.properties.lowercaseMapping.unicodeScalars.first ?? character
        return UInt16(truncatingIfNeeded: lower.value)
      case .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
        .dashPunctuation, .otherPunctuation, .spaceSeparator, .format:
        return LetterPairs.edge
      default: return scalar < 0x80 || Sign.usual.contains(scalar) ? LetterPairs.edge : Sign.rare
      }
    }
  }

  /// Bytes that are not letters, in the numbers of surrogates, which no letter has.
  private enum Sign {
    static let impossible: UInt16 = 0xD800
    static let rare: UInt16 = 0xD801
    static let neutralCost: UInt8 = 6
    static let usual: Set<UInt32> = [0xA3, 0xA9, 0xAB, 0xAE, 0xB0, 0xBB, 0x20AC, 0x2116, 0x2122]

    /// In bits, of a pair with such a byte, or of one that tells no language.
    static func cost(_ first: UInt16, _ second: UInt16) -> UInt8? {
      if first == impossible || second == impossible { return 30 }
      if first == rare || second == rare { return 14 }
      return first < 0x80 && second < 0x80 ? neutralCost : nil
    }
  }

  /// windows-1252 first; of two that read a page alike the first wins.
  private static let candidates: [Candidate] = [
    Candidate(.windows1252, "de fr es pt it nl sv no da fi ca is"),
    Candidate(.windows1251, "ru uk bg mk"),
    Candidate(.windows1250, "pl cs sk hu hr sl ro"),
    Candidate(.windows1254, "tr"),
    Candidate(.windows1253, "el"),
    Candidate(.windows1255, "he"),
    Candidate(.windows1256, "ar fa ur"),
    Candidate(.windows1257, "lt lv et"),
    Candidate(.windows874, "th"),
    Candidate(.koi8R, "ru bg"),
    Candidate(.koi8U, "uk"),
    Candidate(.iso8859part2, "pl cs sk hu hr sl ro"),
    Candidate(.iso8859part7, "el"),
    Candidate(.iso8859part6, "ar"),
    Candidate(.iso8859part5, "ru uk bg mk"),
    Candidate(.ibm866, "ru uk bg"),
    Candidate(.iso8859part4, "lt lv et"),
  ]

  /// By how many bits an encoding must be likelier than windows-1252.
  private static let leastLead = 24

  private static func singleByte(_ sample: [UInt8]) -> TextEncoding? {
    var pairs: [UInt16: Int] = [:]
    for (first, second) in zip(sample, sample.dropFirst()) where first | second >= 0x80 {
      pairs[UInt16(first) << 8 | UInt16(second), default: 0] += 1
    }
    let scores = candidates.map { score(of: pairs, in: $0) }
    guard let western = scores.first, let best = scores.map(\.cost).min(),
      western.cost - best >= leastLead,
      let winner = scores.firstIndex(where: { $0.cost == best }), scores[winner].isConvincing
    else { return nil }
    return candidates[winner].encoding
  }

  /// How well a page fits a language.
  private struct Score {
    /// In bits.
    var cost = 0
    /// Pairs within words with a letter beyond ASCII, or with a strange sign.
    var pairCount = 0
    /// Those of them that the language has.
    var knownCount = 0

    /// Signs and single letters alone, however strange in windows-1252, make no language.
    var isConvincing: Bool { knownCount >= 4 && knownCount * 3 >= pairCount * 2 }
  }

  /// In the language that fits best.
  private static func score(of pairs: [UInt16: Int], in candidate: Candidate) -> Score {
    var scores = [Score](repeating: Score(), count: candidate.languages.count)
    for (pair, count) in pairs {
      let first = candidate.meanings[Int(pair >> 8)]
      let second = candidate.meanings[Int(pair & 0xFF)]
      let sign = Sign.cost(first, second)
      for (index, language) in candidate.languages.enumerated() {
        let cost = sign ?? language.cost(first, second)
        scores[index].cost += count * Int(cost)
        guard sign != Sign.neutralCost, first != LetterPairs.edge, second != LetterPairs.edge
        else { continue }
        scores[index].pairCount += count
        if cost < LetterPairs.unknownCost { scores[index].knownCount += count }
      }
    }
    return scores.min { $0.cost < $1.cost } ?? Score()
  }
}
