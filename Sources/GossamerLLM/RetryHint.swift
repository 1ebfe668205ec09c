import GossamerHTTP

/// What an answer says about waiting, in any provider's words. See the fields' names for sources.
enum RetryHint {
  /// The wait asked for, or nil if nothing usable is said.
  static func wait(_ fields: HTTPFields, body: JSONValue?, message: String) -> Duration? {
    if let text = fields["retry-after-ms"], let milliseconds = positive(text) {
      return .seconds(milliseconds / 1000)
    }
    if let text = fields["retry-after"] {
      if let seconds = positive(text) { return .seconds(seconds) }
      if let wait = span(from: fields["date"].flatMap(HTTPDate.parse), to: HTTPDate.parse(text)) {
        return wait
      }
    }
    return resetFields(fields) ?? retryInfo(body) ?? inWords(message)
  }

  /// False or true if the provider says whether to try again, nil if it does not.
  static func shouldRetry(_ fields: HTTPFields) -> Bool? {
    switch fields["x-should-retry"] {
    case "true"?: true
    case "false"?: false
    default: nil
    }
  }

  /// The longest reset of those budgets that are used up.
  private static func resetFields(_ fields: HTTPFields) -> Duration? {
    let date = fields["date"].flatMap(HTTPDate.parse)
    var longest: Duration?
    for line in fields.lines {
      let name = line.name.lowercased()
      guard name.contains("ratelimit"), name.contains("remaining"), line.value == "0",
        let value = fields[name.replacing("remaining", with: "reset")]
      else { continue }
      guard let wait = duration(value) ?? span(from: date, to: rfc3339(value)), wait > .zero else {
        continue
      }
      longest = max(longest ?? .zero, wait)
    }
    return longest
  }

  /// `google.rpc.RetryInfo.retryDelay`.
  private static func retryInfo(_ body: JSONValue?) -> Duration? {
    let whole = body?.array?.first ?? body
    let details = whole?["error"]?["details"]?.array ?? []
    for detail in details {
      if let delay = detail["retryDelay"]?.string, let wait = duration(delay) { return wait }
    }
    return nil
  }

  /// "Please try again in 424ms."
  private static func inWords(_ message: String) -> Duration? {
    guard let range = message.firstRange(of: "try again in ") else { return nil }
    let word = message[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "." }
    let trimmed = word.last == "." ? word.dropLast() : word
    guard trimmed.last?.isLetter == true else { return nil }
    return duration(String(trimmed))
  }

  /// A span like `12ms`, `1s`, `6m0s`, `1h2m3.5s`, or plain seconds. nil for zero and below.
  static func duration(_ text: String) -> Duration? {
    if let seconds = Double(text) {
      return seconds.isFinite && seconds > 0 && seconds < 1e9 ? .seconds(seconds) : nil
    }
    var rest = text[...]
    var seconds = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let number = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      switch unit {
      case "d": seconds += number * 86_400
      case "h": seconds += number * 3_600
      case "m": seconds += number * 60
      case "s": seconds += number
      case "ms": seconds += number / 1_000
      case "us", "µs": seconds += number / 1e6
      case "ns": seconds += number / 1e9
      default: return nil
      }
    }
    return seconds > 0 && seconds < 1e9 ? .seconds(seconds) : nil
  }

  private static func positive(_ text: String) -> Double? {
    guard let number = Double(text), number.isFinite, number >= 0, number < 1e9 else { return nil }
    return number
  }

  static func span(from start: Int64?, to end: Int64?) -> Duration? {
    guard let start, let end, end >= start else { return nil }
    return .seconds(end - start)
  }

  /// Seconds since 1970 of a time in UTC; fractions are cut. Source: RFC 3339.
  static func rfc3339(_ text: String) -> Int64? {
    guard text.hasSuffix("Z") else { return nil }
    let whole = text.dropLast().prefix { $0 != "." }
    let numbers = whole.split { "-T:".contains($0) }.compactMap { Int64($0) }
    guard numbers.count == 6 else { return nil }
    return seconds(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
  }

  private static func seconds(
    _ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64, _ minute: Int64, _ second: Int64
  ) -> Int64? {
    guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    // Days from 1 March of year 0, so that the leap day is the last of a year.
    let y = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days = y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468
    return days * 86_400 + hour * 3_600 + minute * 60 + second
  }
}
