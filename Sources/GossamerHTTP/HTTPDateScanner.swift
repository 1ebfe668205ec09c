/// Reads a date word by word: each word says by its looks what it is.
struct HTTPDateScanner {
  private let bytes: [UInt8]
  private var position = 0

  private var day: Int64?
  private var month: Int64?
  private var year: Int64?
  private var secondsInDay: Int64?
  private var zone: Int64?  // seconds east of Greenwich
  private var hasWeekday = false

  /// Longest text that is looked at; longer ones are no dates.
  private static let lengthLimit = 128
  /// Words read; what stands behind them is ignored.
  private static let wordLimit = 6

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  mutating func scan() -> Int64? {
    guard bytes.count <= Self.lengthLimit else { return nil }
    var words = 0
    while words < Self.wordLimit {
      skipSeparators()
      guard position < bytes.count else { break }
      let isKnown = isLetter(bytes[position]) ? takeWord() : takeNumber()
      guard isKnown else { return nil }
      words += 1
    }
    return value
  }

  private var value: Int64? {
    guard let day, let month, let year, year >= 1583 else { return nil }
    let days = CivilDate.days(year: year, month: month, day: day)
    return days * 86_400 + (secondsInDay ?? 0) - (zone ?? 0)
  }

  private mutating func skipSeparators() {
    while position < bytes.count, !isLetter(bytes[position]), !isDigit(bytes[position]) {
      // A sign stands at a number: it is kept for `takeNumber`, which knows zones.
      position += 1
    }
  }

  // MARK: Names

  private mutating func takeWord() -> Bool {
    let start = position
    while position < bytes.count, isLetter(bytes[position]) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    if !hasWeekday && isWeekday(word) {
      hasWeekday = true
      return true
    }
    if month == nil, let index = HTTPDate.months.firstIndex(where: { equal($0, word) }) {
      month = Int64(index + 1)
      return true
    }
    if zone == nil, let hours = Self.zones[word] {
      zone = Int64(hours * 3600)
      return true
    }
    return false
  }

  private func isWeekday(_ word: String) -> Bool {
    let long = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    return (HTTPDate.weekdays + long).contains { equal($0, word) }
  }

  private func equal(_ name: String, _ word: String) -> Bool {
    name.utf8.count == word.utf8.count && name.lowercased() == word.lowercased()
  }

  /// Hours east of Greenwich. The letters are those of RFC 822 as the military uses them.
  private static let zones: [String: Int] = {
    var zones = [
      "GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "MET": 1, "MEZ": 1,
      "CEST": 2, "MEST": 2, "MESZ": 2, "EET": 2, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
      "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9,
    ]
    for (index, letter) in "ABCDEFGHIKLM".enumerated() { zones[String(letter)] = index + 1 }
    for (index, letter) in "NOPQRSTUVWXY".enumerated() { zones[String(letter)] = -(index + 1) }
    return zones
  }()

  // MARK: Numbers

  private mutating func takeNumber() -> Bool {
    if secondsInDay == nil, let seconds = time() {
      secondsInDay = seconds
      return true
    }
    let start = position
    var number: Int64 = 0
    while position < bytes.count, isDigit(bytes[position]) {
      number = number * 10 + Int64(bytes[position] - 0x30)
      position += 1
      if position - start > 8 { return false }
    }
    return place(number, digits: position - start, after: start > 0 ? bytes[start - 1] : 0)
  }

  /// Decides what a bare number is: zone, packed date, day or year.
  private mutating func place(_ number: Int64, digits: Int, after sign: UInt8) -> Bool {
    let isSigned = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
    if zone == nil, isSigned, digits == 4, number <= 1400, number % 100 < 60,
      year != nil || secondsInDay != nil
    {
      let seconds = (number / 100 * 60 + number % 100) * 60
      zone = sign == UInt8(ascii: "+") ? seconds : -seconds
      return true
    }
    if digits == 8, day == nil, month == nil, year == nil {
      (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
      return (1...12).contains(month ?? 0) && (1...31).contains(day ?? 0)
    }
    if day == nil, (1...31).contains(number) {
      day = number
      return true
    }
    guard year == nil, digits <= 4 else { return false }
    // Two digits: 70 and above are of the last century. Source: RFC 6265 §5.1.1.
    year = number > 99 ? number : number + (number >= 70 ? 1900 : 2000)
    return true
  }

  /// A time at the current position: hours and minutes, and seconds if they are there.
  private mutating func time() -> Int64? {
    var cursor = position
    var fields: [Int64] = []
    while fields.count < 3 {
      let start = cursor
      var number: Int64 = 0
      while cursor < bytes.count, isDigit(bytes[cursor]), cursor - start < 2 {
        number = number * 10 + Int64(bytes[cursor] - 0x30)
        cursor += 1
      }
      guard cursor > start else { return nil }
      fields.append(number)
      let hasMore = cursor < bytes.count && bytes[cursor] == UInt8(ascii: ":")
      if fields.count < 3 && hasMore { cursor += 1 } else { break }
    }
    guard fields.count >= 2 else { return nil }
    let seconds = fields.count == 3 ? fields[2] : 0
    // The 60th second is a leap second and counts as the first of the next minute.
    guard fields[0] < 24, fields[1] < 60, seconds <= 60 else { return nil }
    if cursor < bytes.count, isDigit(bytes[cursor]) { return nil }
    position = cursor
    return fields[0] * 3600 + fields[1] * 60 + seconds
  }

  private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
