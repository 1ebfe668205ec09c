/// A date of an HTTP field, as whole seconds since 1970-01-01T00:00:00Z (negative before).
///
/// Reads the three forms of the standard and, since servers send much else, any order of day, month,
/// year, time and zone that can be told apart. Month and day names are English, in any case.
/// A named day is not checked against the date. Days past the end of a short month run over into the
/// next one. ISO 8601 with a `T` is not read.
///
/// Source: RFC 9110 §5.6.7; leniency measured against `conformance/http/dates.json`.
public enum HTTPDate {
  /// The seconds a date stands for, or nil where it is none.
  public static func parse(_ text: String) -> Int64? {
    var scanner = HTTPDateScanner(text)
    return scanner.scan()
  }

  /// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that is sent.
  public static func format(_ seconds: Int64) -> String {
    let day = seconds.flooringDivision(by: 86_400)
    let inDay = seconds - day * 86_400
    let (year, month, dayOfMonth) = CivilDate.fromDays(day)
    let weekday = Int((day + 4) - (day + 4).flooringDivision(by: 7) * 7)
    let time = [inDay / 3600, inDay / 60 % 60, inDay % 60].map { padded($0, to: 2) }
    let date = "\(padded(dayOfMonth, to: 2)) \(months[Int(month) - 1]) \(padded(year, to: 4))"
    return "\(weekdays[weekday]), \(date) \(time.joined(separator: ":")) GMT"
  }

  static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func padded(_ number: Int64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// The Gregorian calendar, without a time zone, in both directions.
///
/// Source: Howard Hinnant, "chrono-compatible low-level date algorithms", as formulas.
enum CivilDate {
  /// Days from 1970-01-01 to a date; `day` may lie outside the month.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year  // years begin in March
    let era = shifted.flooringDivision(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The date so many days after 1970-01-01.
  static func fromDays(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted.flooringDivision(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension Int64 {
  /// Division that rounds down, also below zero.
  func flooringDivision(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
