/// Scripts as far as they tell languages apart. The first four are shared by many languages.
enum LetterScript: UInt8 {
  case latin, cyrillic, arabic, devanagari
  case greek, hebrew, yiddish, armenian, georgian, ethiopic, thai, lao, khmer, burmese, tibetan
  case bengali, gurmukhi, gujarati, oriya, tamil, telugu, kannada, malayalam, sinhala, thaana
  case hangul, han, kana
  case none

  static let count = Int(LetterScript.none.rawValue) + 1
  /// From here on a sign is a syllable or word.
  static let firstDense = Int(LetterScript.hangul.rawValue)
  /// What stands for the edge of a word.
  static let edge: UInt16 = 0x5F

  /// The tables of the scripts that are shared, in their order.
  static let families = [
    LanguageGrams(LanguageGramTable.latin), LanguageGrams(LanguageGramTable.cyrillic),
    LanguageGrams(LanguageGramTable.arabic), LanguageGrams(LanguageGramTable.devanagari),
  ]

  /// The language that the script gives away.
  var language: String? {
    switch self {
    case .greek: "el"
    case .hebrew: "he"
    case .yiddish: "yi"
    case .armenian: "hy"
    case .georgian: "ka"
    case .ethiopic: "am"
    case .thai: "th"
    case .lao: "lo"
    case .khmer: "km"
    case .burmese: "my"
    case .tibetan: "bo"
    case .bengali: "bn"
    case .gurmukhi: "pa"
    case .gujarati: "gu"
    case .oriya: "or"
    case .tamil: "ta"
    case .telugu: "te"
    case .kannada: "kn"
    case .malayalam: "ml"
    case .sinhala: "si"
    case .thaana: "dv"
    case .hangul: "ko"
    default: nil
    }
  }

  /// The script of a letter, by its block in Unicode; `none` for all that is no letter.
  static func of(_ letter: UInt16) -> LetterScript {
    if letter < 0x80 { return letter | 0x20 &- 0x61 < 26 ? .latin : .none }
    switch letter {
    case 0xAA, 0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x250...0x2AF, 0x1E00...0x1EFF:
      return .latin
    case 0x370...0x3FF, 0x1F00...0x1FFF: return .greek
    case 0x400...0x52F: return .cyrillic
    case 0x531...0x587: return .armenian
    case 0x5D0...0x5EA: return .hebrew
    case 0x5F0...0x5F2: return .yiddish
    case 0x620...0x64A, 0x66E...0x6D3, 0x6D5, 0x6EE...0x6FF, 0x750...0x77F, 0xFB50...0xFDFB,
      0xFE70...0xFEFC:
      return .arabic
    case 0x780...0x7BF: return .thaana
    case 0x900...0x963, 0x971...0x97F: return .devanagari
    case 0x980...0x9E3, 0x9F0, 0x9F1: return .bengali
    case 0xA01...0xA5E, 0xA70...0xA75: return .gurmukhi
    case 0xA81...0xAE3: return .gujarati
    case 0xB01...0xB63: return .oriya
    case 0xB82...0xBD7: return .tamil
    case 0xC00...0xC63: return .telugu
    case 0xC80...0xCE3: return .kannada
    case 0xD00...0xD63: return .malayalam
    case 0xD81...0xDF3: return .sinhala
    case 0xE01...0xE4E: return .thai
    case 0xE81...0xEDF: return .lao
    case 0xF40...0xFBC: return .tibetan
    case 0x1000...0x109F: return .burmese
    case 0x10A0...0x10FF: return .georgian
    case 0x1200...0x135A, 0x1380...0x138F: return .ethiopic
    case 0x1780...0x17D3: return .khmer
    case 0x1100...0x11FF, 0x3131...0x318E, 0xAC00...0xD7A3: return .hangul
    case 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC, 0x31F0...0x31FF, 0xFF66...0xFF9D: return .kana
    case 0x3005, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF: return .han
    default: return .none
    }
  }

  /// Signs that a word may have inside and that its letters skip: joiners and vowel points.
  static func isInsideWord(_ sign: UInt16) -> Bool {
    switch sign {
    case 0x200C, 0x200D, 0x300...0x36F, 0x591...0x5C7, 0x64B...0x65F, 0x670: true
    default: false
    }
  }

  /// The points of Yiddish letters: pasekh, komets, rafe.
  static func isYiddishPoint(_ sign: UInt16) -> Bool {
    sign == 0x5B7 || sign == 0x5B8 || sign == 0x5BF
  }

  /// Lower case of the scripts that have it, a letter for a letter.
  static func lowerCase(_ letter: UInt16) -> UInt16 {
    switch letter {
    case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x410...0x42F: return letter + 0x20
    case 0x130: return 0x69
    case 0x178: return 0xFF
    case 0x18F: return 0x259
    case 0x139...0x148, 0x179...0x17E: return letter % 2 == 1 ? letter + 1 : letter
    case 0x100...0x137, 0x14A...0x177, 0x1A0...0x1A5, 0x1DE...0x1EF, 0x1F8...0x233,
      0x1E00...0x1E95, 0x1EA0...0x1EFF, 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F:
      return letter | 1
    case 0x1AF: return 0x1B0
    case 0x400...0x40F: return letter + 0x50
    case 0x4C1...0x4CE: return letter % 2 == 1 ? letter + 1 : letter
    default: return letter
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The character at an index as far as 16 bits go, 0 beyond; and its bytes. Valid UTF-8 only.
  @inline(__always) func letter(at index: Int) -> (UInt16, Int) {
    let first = self[index]
    if first < 0x80 { return (UInt16(first), 1) }
    func next(_ offset: Int) -> UInt16 {
      index + offset < count ? UInt16(self[index + offset] & 0x3F) : 0
    }
    if first < 0xE0 { return (UInt16(first & 0x1F) << 6 | next(1), 2) }
    if first < 0xF0 { return (UInt16(first & 0x0F) << 12 | next(1) << 6 | next(2), 3) }
    return (0, 4)
  }
}
