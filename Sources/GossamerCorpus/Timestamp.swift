import Glibc

/// Wall-clock times as they stand in records: RFC 3339 in UTC with milliseconds.
public enum Timestamp {
  /// Seconds since 1970 now.
  public static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// "2026-11-24T16:08:37.125Z".
  ///
  /// - Parameter seconds: seconds since 1970; years 1 to 9999.
  public static func rfc3339(_ seconds: Double) -> String {
    let milliseconds = Int((seconds * 1000).rounded(.down))
    let day = floorDivide(milliseconds, 86_400_000)
    let rest = milliseconds - day * 86_400_000
    let (year, month, date) = civil(fromDay: day)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    append(year, 4, to: &text)
    text.append(UInt8(ascii: "-"))
    append(month, 2, to: &text)
    text.append(UInt8(ascii: "-"))
    append(date, 2, to: &text)
    text.append(UInt8(ascii: "T"))
    append(rest / 3_600_000, 2, to: &text)
    text.append(UInt8(ascii: ":"))
    append(rest / 60_000 % 60, 2, to: &text)
    text.append(UInt8(ascii: ":"))
    append(rest / 1000 % 60, 2, to: &text)
    text.append(UInt8(ascii: "."))
    append(rest % 1000, 3, to: &text)
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ value: Int, _ width: Int, to text: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }

  /// The proleptic Gregorian date of a day counted from 1970-01-01.
  private static func civil(fromDay day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int {
    a >= 0 ? a / b : (a - b + 1) / b
  }
}
