/// Named fields as lines, made so that no value can begin a new line or end a head.
enum WARCFields {
  /// "Name: value" lines. Fields whose name is no token are left out.
  static func encode(_ fields: [(name: String, value: String)]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 })
    for field in fields where isToken(field.name) {
      bytes += field.name.utf8
      bytes.append(0x3A)
      bytes.append(0x20)
      bytes += value(field.value).utf8
      bytes.append(0x0D)
      bytes.append(0x0A)
    }
    return bytes
  }

  /// A value with every control character and line separator turned into a blank.
  static func value(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isBreak = scalar.value == 0x2028 || scalar.value == 0x2029
      scalars.append(isBreak || scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return String(scalars)
  }

  /// A URI with everything encoded that may not stand in one: blanks, control characters, non-ASCII.
  static func uri(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else { return text }
    let encoded = text.utf8.flatMap { byte -> [UInt8] in
      guard byte <= 0x20 || byte >= 0x7F else { return [byte] }
      let digits = String(byte, radix: 16, uppercase: true)
      return Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// The token characters of a text, for methods.
  static func token(_ text: String) -> String { text.filter { isToken(String($0)) } }

  /// Source: RFC 9110 §5.6.2.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || tokenMarks.contains(byte)
      }
  }

  private static let tokenMarks = Array("!#$%&'*+-.^_`|~".utf8)
}
