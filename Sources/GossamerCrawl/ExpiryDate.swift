import GossamerHTTP

/// The date of an `unavailable_after` directive. Search engines take the forms of HTTP and ISO 8601.
enum ExpiryDate {
  /// Seconds since 1970, or nil where it is no date. A date without a time means its first moment,
  /// one without a zone UTC.
  static func seconds(_ text: String) -> Int64? {
    iso8601(text) ?? HTTPDate.parse(text)
  }

  /// "2026-11-24", "2026-11-24T16:08:37Z", "2026-11-24 16:08+02:00".
  private static func iso8601(_ text: String) -> Int64? {
    let form =
      /\s*(\d{4})-(\d\d)-(\d\d)(?:[Tt ]+(\d\d):(\d\d)(?::(\d\d))?(?:[.,]\d+)?)?\s*([Zz]|[+-]\d\d:?\d\d)?\s*/
    guard let match = text.wholeMatch(of: form), let month = Int(match.2), (1...12).contains(month)
    else { return nil }
    let zone = match.7.map { $0.lowercased() == "z" ? "GMT" : $0.filter { $0 != ":" } } ?? "GMT"
    let time = "\(match.4 ?? "00"):\(match.5 ?? "00"):\(match.6 ?? "00")"
    return HTTPDate.parse("\(match.3) \(months[month - 1]) \(match.1) \(time) \(zone)")
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
