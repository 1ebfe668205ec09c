/// Cuts a sentence into words and numbers, and knows English words for numbers and months.
enum ClaimTokens {
  struct Token: Sendable {
    /// In lower case; of a number its digits, without signs.
    var word: String
    var isWord = true
    /// A number in digits.
    var isDigits = false
    /// With separators of thousands, as no year is written.
    var isGrouped = false
    var isClock = false
    /// `%`, or a sign of money.
    var sign: String?
    /// What is written at the number: the "km" of "5km".
    var unit: String?
    fileprivate var value = 0.0
  }

  static func tokens(in sentence: String) -> [Token] {
    let text = sentence.lowercased().replacing("\u{2019}", with: "'")
    var tokens: [Token] = []
    for piece in text.split(whereSeparator: {
      !$0.isLetter && !$0.isNumber && !".,:%€$£¥'".contains($0)
    }) {
      if let token = token(piece) {
        tokens.append(token)
      } else if "%€$£¥".contains(piece), tokens.last?.isDigits == true {
        // "34 %"
        tokens[tokens.count - 1].sign = String(piece)
      }
    }
    return tokens
  }

  private static func token(_ piece: Substring) -> Token? {
    var piece = piece
    var sign: String?
    while let first = piece.first, !first.isLetter, !first.isNumber {
      if "€$£¥".contains(first) { sign = String(first) }
      piece = piece.dropFirst()
    }
    while let last = piece.last, !last.isLetter, !last.isNumber {
      if "%€$£¥".contains(last) { sign = String(last) }
      piece = piece.dropLast()
    }
    guard let first = piece.first else { return nil }
    guard first.isASCII, first.isNumber else {
      return Token(word: String(piece).replacing("'s", with: ""))
    }
    let digits = piece.prefix { ($0.isASCII && $0.isNumber) || ".,:".contains($0) }
    let rest = String(piece.dropFirst(digits.count))
    var token = Token(word: String(digits), isWord: false, isDigits: true, sign: sign)
    let parts = digits.split { ".,:".contains($0) }.map { String($0) }
    if digits.contains(":") {
      guard parts.count >= 2, let hour = Double(parts[0]), let minute = Double(parts[1]) else {
        return nil
      }
      token.isClock = true
      token.value = hour * 60 + minute
    } else {
      token.isGrouped = parts.count > 1 && parts.dropFirst().allSatisfy { $0.count == 3 }
      let written = token.isGrouped ? parts.joined() : parts.prefix(2).joined(separator: ".")
      guard let value = Double(written) else { return nil }
      token.value = value
    }
    if !rest.isEmpty, !["st", "nd", "rd", "th"].contains(rest) { token.unit = rest }
    return token
  }

  /// The number that begins at a token, in digits or words, and how many tokens it takes.
  static func number(_ tokens: [Token], at index: Int) -> (value: Double, used: Int)? {
    let token = tokens[index]
    if token.isDigits {
      // "2.5 million"
      let next = index + 1 < tokens.count ? tokens[index + 1].word : ""
      if token.unit == nil, let scale = scales[next] { return (token.value * scale, 2) }
      return (token.value, 1)
    }
    var total = 0.0
    var part: Double?
    var place = index
    while place < tokens.count {
      let word = tokens[place].word
      if let value = small[word] {
        // "nineteen ten" is no sum; "forty two" is.
        if let before = part,
          !(before.truncatingRemainder(dividingBy: 100) == 0
            || (before >= 20 && before.truncatingRemainder(dividingBy: 10) == 0 && value < 10))
        {
          break
        }
        part = (part ?? 0) + value
      } else if let scale = scales[word], part != nil {
        if scale == 100 {
          part = (part ?? 1) * scale
        } else {
          total += (part ?? 1) * scale
          part = 0
        }
      } else if word == "and", part != nil, place + 1 < tokens.count,
        small[tokens[place + 1].word] != nil, (part ?? 0) >= 100 || total > 0
      {
        // "two hundred and six"
      } else {
        break
      }
      place += 1
    }
    guard let part, place > index else { return nil }
    return (total + part, place - index)
  }

  /// The number of a month.
  static func month(_ word: String) -> Double? {
    months.firstIndex { $0 == word || (word.count == 3 && $0.hasPrefix(word)) }
      .map { Double($0 + 1) }
  }

  /// What is counted, in one form: "km" and "kilometres", "time" and "times".
  static func unit(_ word: String) -> String {
    units[word] ?? String(word.prefix(4))
  }

  static func isPassing(_ word: String) -> Bool {
    word.count < 3 ? units[word] == nil : ContentTerms.terms(in: word).isEmpty
  }

  static let denials: Set<String> = [
    "not", "no", "never", "none", "neither", "nor", "without", "cannot", "nothing", "nobody",
    "nicht", "kein", "keine", "keinen", "keiner", "keinem", "nie", "niemals", "ohne", "pas",
    "jamais", "aucun", "aucune", "sans", "nunca", "ningún", "ninguna", "jamás", "не", "нет",
    "niet", "geen", "inte", "ikke", "non", "mai",
  ]
  static let yearWords: Set<String> = [
    "in", "since", "by", "from", "until", "till", "of", "year", "early", "late", "before", "after",
    "seit", "jahr", "bis", "en", "depuis", "desde", "año", "im", "um",
  ]
  static let approximations: Set<String> = [
    "about", "around", "some", "nearly", "almost", "roughly", "approximately", "circa", "ca",
    "etwa",
    "rund", "fast", "environ", "unos", "unas", "casi", "presque",
  ]
  static let bounds: Set<String> = ["over", "under", "above", "below", "between", "exceeding"]
  static let hedges: Set<String> = approximations.union(bounds).union([
    "more", "less", "fewer", "least", "most", "than", "only", "just", "already", "still", "also",
  ])

  private static let scales: [String: Double] = [
    "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
  ]
  private static let small: [String: Double] = {
    let ones = """
      zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
      sixteen seventeen eighteen nineteen
      """.split(separator: " ").enumerated().map { (String($1), Double($0)) }
    let tens = "twenty thirty forty fifty sixty seventy eighty ninety"
      .split(separator: " ").enumerated().map { (String($1), Double(($0 + 2) * 10)) }
    // "second" is also a span of time.
    let ordinals = """
      first third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
      """.split(separator: " ").enumerated().map { (String($1), Double($0 == 0 ? 1 : $0 + 2)) }
    let more = [("once", 1.0), ("twice", 2), ("thrice", 3), ("dozen", 12)]
    return Dictionary(ones + tens + ordinals + more) { first, _ in first }
  }()
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  private static let units: [String: String] = {
    var units: [String: String] = [:]
    for (name, words) in [
      ("km", "km kilometre kilometres kilometer kilometers"), ("m", "m metre metres meter meters"),
      ("cm", "cm centimetre centimetres centimeter centimeters"),
      ("mm", "mm millimetre millimetres millimeter millimeters"), ("kg", "kg kilogram kilograms"),
      ("g", "g gram grams gramme grammes"), ("l", "l litre litres liter liters"),
      ("s", "s sec second seconds"), ("min", "min mins minute minutes"),
      ("h", "h hr hrs hour hours"),
      ("day", "day days"), ("dollar", "dollar dollars usd"), ("euro", "euro euros eur"),
    ] {
      for word in words.split(separator: " ") { units[String(word)] = name }
    }
    return units
  }()
}
