internal import GossamerMarkup

/// Dates as pages write them, brought to the order of RFC 3339.
///
/// Month names of some twenty languages; where day and month may be either, a slash or hyphen means
/// the American order on pages in American English, else, and with a dot, the European one. Times of day are kept only where the text had the right order.
public enum ContentDate {
  /// `2025-12-03` for `Dec 3rd, 2025`; a text that begins with such a date, or holds none, stays as
  /// it is.
  ///
  /// - Parameter dayIsFirst: whether `3/2/2020` is in February.
  public static func normalized(_ text: String, dayIsFirst: Bool = false) -> String {
    guard text.utf8.contains(where: \.isDigit) else { return text }
    let words = words(of: text)
    if let first = words.first, first.digitCount == 4, words.count >= 3, words[1].digitCount == 2,
      words[2].digitCount == 2, words[1].divider == "-", words[2].divider == "-"
    {
      return String(text.drop { !$0.isNumber }.prefix { $0 != "\"" })
    }
    return date(in: words, dayIsFirst) ?? text
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
      && (time.hasSuffix("Z") || time.hasSuffix("+00:00") || time.hasSuffix("+0000")
        || time.hasSuffix("GMT"))
  }

  /// A time in UTC that is midnight in Central Europe tells of the day that begins there: so do
  /// editors write who know only days.
  static func atMidnight(_ time: String) -> String {
    let bytes = Array(time.utf8)
    guard isInUTC(time) || time.hasSuffix("Z"), bytes.count >= 16, bytes[10] == 0x54,
      isDate(time)
    else { return time }
    let clock = time.dropFirst(11)
    let isSummer = (4...10).contains(Int(time.dropFirst(5).prefix(2)) ?? 0)
    guard clock.hasPrefix(isSummer ? "22:00" : "23:00"),
      bytes.count < 19 || bytes[16] != 0x3A || clock.dropFirst(6).hasPrefix("00"),
      let days = days(of: time)
    else { return time }
    return date(ofDays: days + 1)
  }

  /// Whether two dates are one day apart.
  static func areNeighbours(_ first: String, _ second: String) -> Bool {
    guard let first = days(of: first), let second = days(of: second) else { return false }
    return abs(first - second) == 1
  }

  /// Whether a time in UTC falls, somewhere on earth, on the day before or after its own: clocks run
  /// from 12 hours behind to 14 ahead.
  static func mayBeDay(_ day: String, of time: String) -> Bool {
    guard let own = days(of: time), let day = days(of: day),
      let hour = Int(time.dropFirst(11).prefix(2))
    else { return false }
    return day == own - 1 && hour < 12 || day == own + 1 && hour >= 10
  }

  /// Days since 0000-03-01. Source: Howard Hinnant, "chrono-compatible low-level date algorithms".
  private static func days(of date: String) -> Int? {
    guard isDate(date) else { return nil }
    let parts = date.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3 else { return nil }
    let year = parts[1] > 2 ? parts[0] : parts[0] - 1
    let day = (153 * ((parts[1] + 9) % 12) + 2) / 5 + parts[2] - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + day
  }

  private static func date(ofDays days: Int) -> String {
    let era = days / 146_097
    let day = days % 146_097
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let rest = day - (365 * year + year / 4 - year / 100)
    let month = (5 * rest + 2) / 153
    let whole = year + era * 400 + (month >= 10 ? 1 : 0)
    return written(whole, month < 10 ? month + 3 : month - 9, rest - (153 * month + 2) / 5 + 1)
      ?? ""
  }

  /// Whether a word is the name of a month.
  static func isMonth(_ word: String) -> Bool {
    words(of: word).first?.namedMonth != nil
  }

  /// Whether a line tells of a change and not of publication.
  static func saysUpdated(_ text: String) -> Bool {
    let text = text.lowercased()
    return
      (["update", "modified", "edited", "aktualisiert", "stand:", "geändert", "reviewed"]
      as [StaticString]).contains(where: text.holds)
  }

  /// The day in a path such as `/2016/02/09/name`, `/2016-02-09-name`, `/2016/february/9/` or
  /// `/20160209/`.
  static func inPath(_ path: String) -> String? {
    let parts = path.lowercased().split { $0 == "/" || $0 == "-" || $0 == "_" }
    for (index, part) in parts.enumerated() {
      if part.utf8.count == 8, let number = Int(part), (1995...2100).contains(number / 10_000),
        let date = written(number / 10_000, number / 100 % 100, number % 100)
      {
        return date
      }
      guard part.utf8.count == 4, let year = Int(part), (1995...2100).contains(year),
        index + 2 < parts.count, (1...2).contains(parts[index + 2].utf8.count),
        let day = Int(parts[index + 2])
      else { continue }
      let name = String(parts[index + 1])
      let month = name.utf8.count <= 2 ? Int(name) : words(of: name).first?.namedMonth
      if let month, let date = written(year, month, day) { return date }
    }
    return nil
  }

  /// Whether year, month and day are segments of a path of their own, as `/2016/02/09/name`.
  static func isPermalink(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    return parts.indices.contains { index in
      index + 2 < parts.count && parts[index].utf8.count == 4
        && (1995...2100).contains(Int(parts[index]) ?? 0)
        && (1...12).contains(Int(parts[index + 1]) ?? 0)
        && (1...31).contains(Int(parts[index + 2]) ?? 0)
    }
  }

  /// The date of publication in the data of a page's scripts, where its JSON is broken or no
  /// JSON-LD: a known key, then a date.
  static func inScripts(of document: HTMLDocument, dayIsFirst: Bool) -> String? {
    document.bytes.withUnsafeBufferPointer { bytes in
      for node in document.elements(.script) {
        for child in document.descendants(of: node) {
          if let date = dateAfterKey(
            UnsafeBufferPointer(rebasing: bytes[document.textRange(of: child)]), dayIsFirst)
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

  private static func dateAfterKey(
    _ text: UnsafeBufferPointer<UInt8>, _ dayIsFirst: Bool
  ) -> String? {
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
        let date = normalized(
          String(value.prefix { !"\"\\'}<;".contains($0) }), dayIsFirst: dayIsFirst)
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
      "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
      "كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين نوفمبر ديسمبر",
      "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
      "január február március április május június július augusztus szeptember október november december",
      "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
      "januari februari maret april mei juni juli agustus september oktober november desember",
      "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
      "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
      "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
      "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
      "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
      "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
      "януари февруари март април май юни юли август септември октомври ноември декември",
      "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
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

  private static func date(in words: [Word], _ dayIsFirst: Bool) -> String? {
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
        let date = numeric(words[index], words[index + 1], words[index + 2], dayIsFirst)
      {
        return date
      }
    }
    return nil
  }

  private static func numeric(
    _ first: Word, _ second: Word, _ third: Word, _ dayIsFirst: Bool
  ) -> String? {
    guard ["/", "-", "."].contains(second.divider), second.isDay else { return nil }
    if first.isYear, second.isMonth, third.isDay {
      return written(first.number, second.number, third.number)
    }
    // `31.10.23`: years of two digits only with dots, and days or months that are whole.
    let isShort =
      third.digitCount == 2 && second.divider == "." && third.number <= 60
      && second.digitCount == 2
    guard third.isYear || isShort, first.isDay else { return nil }
    let year = isShort ? 2000 + third.number : third.number
    let isEuropean =
      first.number > 12 || (second.number <= 12 && (second.divider == "." || dayIsFirst))
    return isEuropean
      ? written(year, second.number, first.number)
      : written(year, first.number, second.number)
  }

  private static func written(_ year: Int, _ month: Int, _ day: Int) -> String? {
    guard (1900...2100).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(padded(month))-\(padded(day))"
  }
}
