/// The dates of sitemaps and feeds.
///
/// Taken are the profile of ISO 8601 that sitemaps and Atom use, from the year alone to fractions
/// of a second, and the dates of mail that RSS uses. A time without a zone is UTC in the former and
/// no date in the latter. What a date leaves out is its beginning: `2004` is the first of January.
///
/// Source: W3C NOTE-datetime; RFC 3339; RFC 822 §5 with years of four digits.
public enum SitemapDate {
  /// Seconds since 1970, fractions dropped; nil for what is no date.
  public static func seconds(_ text: String) -> Int? {
    var text = text
    return text.withUTF8 { bytes in
      var scanner = DateScanner(bytes: bytes)
      if let seconds = scanner.numericDate() { return seconds }
      scanner = DateScanner(bytes: bytes)
      return scanner.mailDate()
    }
  }

  /// Days since 1970 of a date of the Gregorian calendar; nil for days that are none.
  static func day(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...9999).contains(year), (1...12).contains(month), (1...lengths[month - 1]) ~= day
    else { return nil }
    let before = year - 1
    let yearStart = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
    return yearStart + lengths[..<(month - 1)].reduce(0, +) + day - 1
  }
}

private struct DateScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    skipSpaces()
  }

  /// `2004-12-23T18:00:15.4+00:00`, cut off anywhere sensible.
  mutating func numericDate() -> Int? {
    guard let year = number(digits: 4...4) else { return nil }
    var (month, date) = (1, 1)
    if take("-") {
      guard let value = number(digits: 1...2) else { return nil }
      month = value
      if take("-") {
        guard let value = number(digits: 1...2) else { return nil }
        date = value
      }
    }
    guard let day = SitemapDate.day(year, month, date) else { return nil }
    skipSpaces()
    guard position < bytes.count else { return day * 86_400 }
    _ = take("T")
    guard let time = time() else { return nil }
    skipSpaces()
    let zone = position == bytes.count ? 0 : zone()
    guard let zone, isAtEnd else { return nil }
    return day * 86_400 + time - zone
  }

  /// `Sun, 06 Sep 2009 16:20:00 +0000`, the weekday left out or not.
  mutating func mailDate() -> Int? {
    if word() != nil { _ = take(",") }
    skipSpaces()
    guard let date = number(digits: 1...2) else { return nil }
    skipDividers()
    guard let month = word().flatMap({ Self.months.firstIndex(of: String($0.prefix(3))) }) else {
      return nil
    }
    skipDividers()
    let start = position
    guard var year = number(digits: 2...4) else { return nil }
    if position - start == 2 { year += year < 70 ? 2000 : 1900 }
    guard let day = SitemapDate.day(year, month + 1, date) else { return nil }
    skipSpaces()
    guard position < bytes.count else { return day * 86_400 }
    guard let time = time() else { return nil }
    skipSpaces()
    guard let zone = zone(), isAtEnd else { return nil }
    return day * 86_400 + time - zone
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Hours east of Greenwich of the zones that mail knows by name.
  private static let zones = [
    "gmt": 0, "utc": 0, "ut": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7,
  ]

  private var isAtEnd: Bool { bytes[position...].allSatisfy(\.isHTMLSpace) }

  /// Seconds since midnight.
  private mutating func time() -> Int? {
    guard let hour = number(digits: 1...2), hour <= 24, take(":"),
      let minute = number(digits: 2...2), minute < 60
    else { return nil }
    var second = 0
    if take(":") {
      guard let value = number(digits: 2...2), value <= 60 else { return nil }
      second = value
      if take(".") || take(",") {
        while position < bytes.count, bytes[position].isASCIIDigit { position += 1 }
      }
    }
    return hour * 3600 + minute * 60 + second
  }

  /// Seconds east of Greenwich.
  private mutating func zone() -> Int? {
    if let name = word() { return Self.zones[name].map { $0 * 3600 } }
    let isWest = take("-")
    guard isWest || take("+"), let hours = number(digits: 2...2) else { return nil }
    _ = take(":")
    let minutes = number(digits: 2...2) ?? 0
    guard hours <= 24, minutes < 60 else { return nil }
    return (hours * 60 + minutes) * (isWest ? -60 : 60)
  }

  private mutating func number(digits: ClosedRange<Int>) -> Int? {
    let run = bytes[position...].prefix(digits.upperBound).prefix(while: \.isASCIIDigit)
    guard run.count >= digits.lowerBound else { return nil }
    position += run.count
    return run.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// Letters, in lower case.
  private mutating func word() -> String? {
    let run = bytes[position...].prefix(16).prefix(while: \.isASCIILetter)
    guard !run.isEmpty else { return nil }
    position += run.count
    return String(decoding: run.map(\.asciiLowercased), as: UTF8.self)
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard position < bytes.count,
      bytes[position].asciiLowercased == UInt8(ascii: mark).asciiLowercased
    else { return false }
    position += 1
    return true
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position].isHTMLSpace { position += 1 }
  }

  private mutating func skipDividers() {
    while position < bytes.count, bytes[position].isHTMLSpace || bytes[position] == 0x2D {
      position += 1
    }
  }
}
