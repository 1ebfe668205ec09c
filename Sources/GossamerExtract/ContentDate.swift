/// Dates as pages write them, brought to the order of RFC 3339.
///
/// English month names only; where day and month may be either, a slash or hyphen means the American
/// order, a dot the European one. Times of day are kept only where the text had the right order.
public enum ContentDate {
  /// `2025-12-03` for `Dec 3rd, 2025`; a text that begins with such a date, or holds none, stays as
  /// it is.
  public static func normalized(_ text: String) -> String {
    let words = words(of: text)
    if let first = words.first, first.digitCount == 4, words.count >= 3, words[1].digitCount == 2,
      words[2].digitCount == 2, words[1].divider == "-", words[2].divider == "-"
    {
      return String(text.drop { !$0.isNumber }.prefix { $0 != "\"" })
    }
    return date(in: words) ?? text
  }

  /// A run of digits or of letters, and the sign before it.
  private struct Word {
    var divider: Character
    var text: String
    var digitCount: Int
    var number: Int { digitCount > 0 ? Int(text) ?? -1 : -1 }
    var isYear: Bool { digitCount == 4 && (1900...2100).contains(number) }
    var isDay: Bool { digitCount <= 2 && (1...31).contains(number) }
    var isMonth: Bool { digitCount <= 2 && (1...12).contains(number) }
    /// The month by its English name or the start of it.
    var namedMonth: Int? {
      guard digitCount == 0, text.count >= 3 else { return nil }
      return ContentDate.months.firstIndex { $0.hasPrefix(text) }.map { $0 + 1 }
    }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  private static func words(of text: String) -> [Word] {
    var words: [Word] = []
    var divider: Character = " "
    var isOpen = false
    for character in text.prefix(100).lowercased() {
      let isDigit = character.isASCII && character.isNumber
      guard isDigit || character.isLetter else {
        divider = character
        isOpen = false
        continue
      }
      let continues = isOpen && (words.last.map { ($0.digitCount > 0) == isDigit } ?? false)
      if continues {
        words[words.count - 1].text.append(character)
        words[words.count - 1].digitCount += isDigit ? 1 : 0
      } else {
        let before: Character = isOpen ? " " : divider
        words.append(Word(divider: before, text: String(character), digitCount: isDigit ? 1 : 0))
      }
      isOpen = true
    }
    return words
  }

  private static func date(in words: [Word]) -> String? {
    if let first = words.first, first.digitCount == 8 {
      let (year, rest) = (first.number / 10_000, first.number % 10_000)
      return written(year, rest / 100, rest % 100)
    }
    for index in words.indices {
      if let month = words[index].namedMonth {
        guard let year = words.first(where: \.isYear)?.number else { return nil }
        if index + 1 < words.count, words[index + 1].isDay {
          return written(year, month, words[index + 1].number)
        }
        if index > 0, words[index - 1].isDay {
          return written(year, month, words[index - 1].number)
        }
      } else if index + 2 < words.count, words[index + 1].divider == words[index + 2].divider,
        let date = numeric(words[index], words[index + 1], words[index + 2])
      {
        return date
      }
    }
    return nil
  }

  private static func numeric(_ first: Word, _ second: Word, _ third: Word) -> String? {
    guard ["/", "-", "."].contains(second.divider), second.isDay else { return nil }
    if first.isYear, second.isMonth, third.isDay {
      return written(first.number, second.number, third.number)
    }
    guard third.isYear, first.isDay else { return nil }
    let dayIsFirst = first.number > 12 || (second.number <= 12 && second.divider == ".")
    return dayIsFirst
      ? written(third.number, second.number, first.number)
      : written(third.number, first.number, second.number)
  }

  private static func written(_ year: Int, _ month: Int, _ day: Int) -> String? {
    guard (1900...2100).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(padded(month))-\(padded(day))"
  }
}
