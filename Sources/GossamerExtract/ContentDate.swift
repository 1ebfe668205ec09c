internal import GossamerMarkup

/// Dates as pages write them, brought to the order of RFC 3339.
///
/// Month names of twelve languages; where day and month may be either, a slash or hyphen means the American
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

  /// Whether a text begins with a date as RFC 3339 writes it, between 1990 and 2100.
  static func isDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(10))
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return false }
    func number(_ range: Range<Int>) -> Int {
      range.reduce(0) { $0 * 10 + (bytes[$1] &- 0x30 < 10 ? Int(bytes[$1] - 0x30) : 10_000) }
    }
    return (1990...2100).contains(number(0..<4)) && (1...12).contains(number(5..<7))
      && (1...31).contains(number(8..<10))
  }

  /// Whether a time is given in UTC, where its day may be another than in the place it is told of.
  static func isInUTC(_ time: String) -> Bool {
    time.utf8.count > 16
      && (time.hasSuffix("Z") || time.hasSuffix("+00:00") || time.hasSuffix("+0000"))
  }

  /// Whether two dates are one day apart.
  static func areNeighbours(_ first: String, _ second: String) -> Bool {
    guard isDate(first), isDate(second) else { return false }
    func number(_ text: String) -> Int {
      let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
      // Days since 0000-03-01. Source: Howard Hinnant, "chrono-compatible low-level date algorithms".
      let year = parts[1] > 2 ? parts[0] : parts[0] - 1
      let day = (153 * ((parts[1] + 9) % 12) + 2) / 5 + parts[2] - 1
      return year * 365 + year / 4 - year / 100 + year / 400 + day
    }
    return abs(number(first) - number(second)) == 1
  }

  /// Whether a word is the name of a month.
  static func isMonth(_ word: String) -> Bool {
    words(of: word).first?.namedMonth != nil
  }

  /// Whether a line tells of a change and not of publication.
  static func saysUpdated(_ text: String) -> Bool {
    let text = text.lowercased()
    return ["update", "modified", "edited", "aktualisiert", "stand:", "geändert", "reviewed"]
      .contains { text.contains($0) }
  }

  /// The day in a path such as `/2016/02/09/name` or `/2016-02-09-name`.
  static func inPath(_ path: String) -> String? {
    let bytes = Array(path.utf8)
    func number(_ start: Int, _ length: Int) -> Int? {
      guard start + length <= bytes.count else { return nil }
      return bytes[start..<start + length].reduce(Optional(0)) { sum, byte in
        byte &- 0x30 < 10 ? sum.map { $0 * 10 + Int(byte - 0x30) } : nil
      }
    }
    for start in bytes.indices where bytes[start] == 0x2F || bytes[start] == 0x5F {
      guard start + 11 <= bytes.count, bytes[start + 5] == bytes[start + 8],
        bytes[start + 5] == 0x2F || bytes[start + 5] == 0x2D,
        start + 11 == bytes.count || bytes[start + 11] &- 0x30 >= 10,
        let year = number(start + 1, 4), (1995...2100).contains(year),
        let month = number(start + 6, 2), let day = number(start + 9, 2)
      else { continue }
      return written(year, month, day)
    }
    return nil
  }

  /// The date of publication in the data of a page's scripts, where its JSON is broken or no
  /// JSON-LD: a known key, then a date.
  static func inScripts(of document: HTMLDocument) -> String? {
    document.bytes.withUnsafeBufferPointer { bytes in
      for node in document.elements(.script) {
        for child in document.descendants(of: node) {
          if let date = dateAfterKey(
            UnsafeBufferPointer(rebasing: bytes[document.textRange(of: child)]))
          {
            return date
          }
        }
      }
      return nil
    }
  }

  private static let scriptKeys: [StaticString] = [
    "datePublished", "date_published", "publishedDate", "published_date", "publishDate",
    "publish_date", "publishedAt", "published_at", "post_date", "publication_date",
    "publicationDate", "pubDate", "firstPublished", "datePosted", "dateCreated", "createdAt",
    "content_publication_date", "created-timestamp",
  ]

  private static func isBetween(_ byte: UInt8) -> Bool {
    byte == 0x22 || byte == 0x27 || byte == 0x5C || byte == 0x3A || byte == 0x3D || byte == 0x20
  }

  private static func dateAfterKey(_ text: UnsafeBufferPointer<UInt8>) -> String? {
    guard text.count > 20 else { return nil }
    var index = 0
    while index < text.count - 20 {
      defer { index += 1 }
      guard text[index] == 0x70 || text[index] == 0x64 || text[index] == 0x66 || text[index] == 0x63
      else { continue }
      for key in scriptKeys {
        let length = key.utf8CodeUnitCount
        guard index + length + 14 < text.count, text[index + length] | 0x04 >= 0x20,
          (0..<length).allSatisfy({ text[index + $0] == key.utf8Start[$0] })
        else { continue }
        // Quotes, perhaps escaped, a colon and blanks stand between key and date.
        var at = index + length
        while at < min(index + length + 8, text.count - 10), isBetween(text[at]) { at += 1 }
        let value = String(decoding: text[at..<min(at + 25, text.count)], as: UTF8.self)
        let date = normalized(String(value.prefix { !"\"\\'}<;".contains($0) }))
        if isDate(date) { return date }
      }
    }
    return nil
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
    /// The month by its name, or the first three letters or more of it.
    var namedMonth: Int? {
      guard digitCount == 0, text.count >= 3 else { return nil }
      if let month = ContentDate.months[text] { return month }
      return ContentDate.english.firstIndex { $0.hasPrefix(text) }.map { $0 + 1 }
    }
  }

  private static let english = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  /// Twelve names in order for each language, and usual short forms; English begins with its own.
  /// Source: Unicode CLDR, wide and abbreviated month names.
  private static let months: [String: Int] = {
    let lists = [
      "januar februar märz april mai juni juli august september oktober november dezember",
      "jänner feber mär apr mai jun jul aug sept okt nov dez",
      "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
      "janv févr mars avr mai juin juil aout sept oct nov déc",
      "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
      "ene feb mar abr may jun jul ago sep oct nov dic",
      "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
      "gen feb mar apr mag giu lug ago set ott nov dic",
      "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
      "jan fev mar abr mai jun jul ago set out nov dez",
      "januari februari maart april mei juni juli augustus september oktober november december",
      "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
      "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
      "ledna února března dubna května června července srpna září října listopadu prosince",
      "januari februari mars april maj juni juli augusti september oktober november december",
      "januar februar marts april maj juni juli august september oktober november december",
      "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
      "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    ]
    var months: [String: Int] = [:]
    for list in lists {
      for (index, name) in list.split(separator: " ").enumerated() where months[String(name)] == nil
      {
        months[String(name)] = index + 1
      }
    }
    return months
  }()

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
      if index + 4 < words.count, words[index].isYear, ["年", "년"].contains(words[index + 1].text),
        ["月", "월"].contains(words[index + 3].text)
      {
        return written(words[index].number, words[index + 2].number, words[index + 4].number)
      }
      if let month = words[index].namedMonth {
        let following = words[(index + 1)...].prefix(3)
        guard let year = (following.first(where: \.isYear) ?? words.first(where: \.isYear))?.number
        else { continue }
        if index > 0, words[index - 1].isDay, following.first?.isYear ?? false {
          return written(year, month, words[index - 1].number)
        }
        if index > 1, ["de", "of"].contains(words[index - 1].text), words[index - 2].isDay {
          return written(year, month, words[index - 2].number)
        }
        if let day = following.first, day.isDay { return written(year, month, day.number) }
        // "3rd of", "1er", "2nd": the sign of the ordinal stands between.
        if index > 0, words[index - 1].isDay {
          return written(year, month, words[index - 1].number)
        }
        if index > 1, words[index - 2].isDay, words[index - 1].text.count <= 2 {
          return written(year, month, words[index - 2].number)
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
