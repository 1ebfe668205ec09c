/// Dates as WARC and CDX files write them, without Foundation.
public enum WARCDate {
  /// "2026-03-01T12:00:00.250Z"; whole seconds without a fraction. Years 0 to 9999.
  public static func format(_ seconds: Double) -> String {
    let (parts, milliseconds) = components(seconds)
    return String(unsafeUninitializedCapacity: 24) { text in
      var at = 0
      func put(_ mark: UInt8) {
        text[at] = mark
        at += 1
      }
      func put(_ number: Int, width: Int) {
        var rest = number
        for place in stride(from: at + width - 1, through: at, by: -1) {
          text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        at += width
      }
      put(parts[0], width: 4)
      for (mark, part) in zip("--T::".utf8, parts.dropFirst()) {
        put(mark)
        put(part, width: 2)
      }
      if milliseconds != 0 {
        put(UInt8(ascii: "."))
        put(milliseconds, width: 3)
      }
      put(UInt8(ascii: "Z"))
      return at
    }
  }

  /// "20260301120000", for CDX.
  public static func timestamp(_ seconds: Double) -> String {
    let (parts, _) = components(seconds)
    return padded(parts[0], 4) + parts[1...].map { padded($0, 2) }.joined()
  }

  /// The 14 digits of a date as a record has it; nil where it is no such date.
  public static func timestamp(of text: String) -> String? {
    let digits = text.utf8.prefix { $0 != UInt8(ascii: ".") }.filter { $0 &- 0x30 < 10 }
    return digits.count == 14 ? String(decoding: digits, as: UTF8.self) : nil
  }

  /// Year, month, day, hour, minute, second; and milliseconds.
  private static func components(_ seconds: Double) -> ([Int], Int) {
    let bounded = seconds.isFinite ? min(253_402_300_799, max(-62_167_219_200, seconds)) : 0
    let milliseconds = Int((bounded * 1000).rounded(.down))
    let day = floorDivide(milliseconds, 86_400_000)
    let inDay = milliseconds - day * 86_400_000
    let (year, month, dayOfMonth) = civil(day)
    let second = inDay / 1000
    return ([year, month, dayOfMonth, second / 3600, second / 60 % 60, second % 60], inDay % 1000)
  }

  /// Source: Howard Hinnant, "chrono-compatible low-level date algorithms", as formulas.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int {
    a % b < 0 ? a / b - 1 : a / b
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
