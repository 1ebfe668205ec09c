/// What a `Retry-After` field asks for.
///
/// Source: RFC 9110 §10.2.3.
public enum RetryAfter {
  /// How long to wait, or nil where the field says nothing we understand.
  ///
  /// Whole seconds, or a date; a date in the past means zero. Fractions of a second are rounded up.
  /// Not capped here, save that a number with more than 12 digits is taken for garbage.
  ///
  /// - Parameter now: seconds since 1970, for dates.
  public static func parse(_ fieldValue: String, now: Int64) -> Duration? {
    let text = fieldValue.utf8.drop(while: isBlank)
    let trimmed = text.reversed().drop(while: isBlank).reversed()
    guard let first = trimmed.first else { return nil }
    if trimmed.allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") }) {
      return seconds(Array(trimmed))
    }
    // Dates begin with a letter or a day; a sign begins garbage.
    guard first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
    guard let date = HTTPDate.parse(fieldValue) else { return nil }
    return .seconds(max(0, date - now))
  }

  private static func seconds(_ bytes: [UInt8]) -> Duration? {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, (1...12).contains(parts[0].count) else { return nil }
    let whole = parts[0].reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    let hasFraction = parts.count == 2 && parts[1].contains { $0 != UInt8(ascii: "0") }
    return .seconds(whole + (hasFraction ? 1 : 0))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
