/// A MIME type: "text/html", and parameters such as the charset.
///
/// Source: WHATWG MIME Sniffing Standard, "parse a MIME type" and "serialize a MIME type".
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
  /// The part before the slash, lower case.
  public let type: String
  /// The part after the slash, lower case.
  public let subtype: String
  /// Parameters in the order of their first appearance; names lower case, each name once.
  public let parameters: [Parameter]

  /// A name and a value.
  public struct Parameter: Sendable, Hashable {
    /// The name, lower case.
    public let name: String
    /// The value, unquoted.
    public let value: String
  }

  /// "text/html".
  public var essence: String { "\(type)/\(subtype)" }

  /// The `charset` parameter as sent; a label, not yet an encoding.
  public var charset: String? { self["charset"] }

  /// The value of a parameter; the name in lower case.
  public subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

  /// Parses one `Content-Type` value; nil where it is none. Bytes above 0x7F are taken for Latin-1.
  public init?(_ text: String) {
    var scanner = MediaTypeScanner(text)
    guard let (type, subtype) = scanner.essence() else { return nil }
    self.type = type
    self.subtype = subtype
    parameters = scanner.parameters()
  }

  /// The type of all `Content-Type` lines of a message, each of which may hold several: the last one
  /// that is one, with the charset of those before it that have the same essence.
  ///
  /// Source: Fetch, "extract a MIME type".
  public static func extract(from fieldValues: [String]) -> MediaType? {
    var found: MediaType?
    var charset: String?
    for value in fieldValues.flatMap(split) {
      guard let type = MediaType(value), type.essence != "*/*" else { continue }
      charset = type.charset ?? (type.essence == found?.essence ? charset : nil)
      found = type
    }
    guard let found, found.charset == nil, let charset else { return found }
    return MediaType(
      type: found.type, subtype: found.subtype,
      parameters: found.parameters + [Parameter(name: "charset", value: charset)])
  }

  private init(type: String, subtype: String, parameters: [Parameter]) {
    self.type = type
    self.subtype = subtype
    self.parameters = parameters
  }

  /// Divides at commas outside of quotes. Source: Fetch, "get, decode, and split".
  private static func split(_ value: String) -> [String] {
    var parts: [String] = [""]
    var (isQuoted, isEscaped) = (false, false)
    for scalar in value.unicodeScalars {
      if scalar == ",", !isQuoted {
        parts.append("")
        continue
      }
      if scalar == "\"", !isEscaped { isQuoted.toggle() }
      isEscaped = isQuoted && scalar == "\\" && !isEscaped
      parts[parts.count - 1].unicodeScalars.append(scalar)
    }
    return parts
  }

  /// Whether it is HTML or XHTML.
  public var isHTML: Bool { essence == "text/html" || essence == "application/xhtml+xml" }

  /// Whether it is XML by the standard's list.
  public var isXML: Bool {
    essence == "text/xml" || essence == "application/xml" || subtype.hasSuffix("+xml")
  }

  /// As serialized by the standard.
  public var description: String {
    parameters.reduce(into: essence) { text, parameter in
      text += ";\(parameter.name)=\(Self.quotedIfNeeded(parameter.value))"
    }
  }

  private static func quotedIfNeeded(_ value: String) -> String {
    if !value.isEmpty && value.unicodeScalars.allSatisfy(MediaTypeScanner.isToken) { return value }
    let escaped = value.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }
    return "\"\(escaped.joined())\""
  }
}

/// The parser, step by step as the standard has it.
struct MediaTypeScanner {
  private let input: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    let start = scalars.firstIndex { !Self.isWhitespace($0) } ?? scalars.endIndex
    let end = scalars.lastIndex { !Self.isWhitespace($0) }.map { $0 + 1 } ?? start
    input = Array(scalars[start..<end])
  }

  mutating func essence() -> (type: String, subtype: String)? {
    let type = take { $0 != "/" }
    guard !type.isEmpty, type.allSatisfy(Self.isToken), position < input.count else { return nil }
    position += 1
    let subtype = trimmingEnd(take { $0 != ";" })
    guard !subtype.isEmpty, subtype.allSatisfy(Self.isToken) else { return nil }
    return (Self.lowercased(type), Self.lowercased(subtype))
  }

  mutating func parameters() -> [MediaType.Parameter] {
    var found: [MediaType.Parameter] = []
    while position < input.count {
      position += 1  // the semicolon
      _ = take(while: Self.isWhitespace)
      let name = take { $0 != ";" && $0 != "=" }
      guard position < input.count else { break }
      if input[position] == ";" { continue }
      position += 1  // the equals sign
      guard position < input.count else { break }
      let value: [Unicode.Scalar]
      if input[position] == "\"" {
        value = quotedString()
        _ = take { $0 != ";" }
      } else {
        value = trimmingEnd(take { $0 != ";" })
        if value.isEmpty { continue }
      }
      let lowered = Self.lowercased(name)
      guard !name.isEmpty, name.allSatisfy(Self.isToken), value.allSatisfy(Self.isQuotable),
        !found.contains(where: { $0.name == lowered })
      else { continue }
      found.append(MediaType.Parameter(name: lowered, value: Self.string(value)))
    }
    return found
  }

  /// "Collect an HTTP quoted string" with the extract-value flag.
  private mutating func quotedString() -> [Unicode.Scalar] {
    var value: [Unicode.Scalar] = []
    position += 1
    while true {
      value += take { $0 != "\"" && $0 != "\\" }
      guard position < input.count else { return value }
      let isEscape = input[position] == "\\"
      position += 1
      guard isEscape else { return value }
      guard position < input.count else { return value + ["\\"] }
      value.append(input[position])
      position += 1
    }
  }

  private mutating func take(while isWanted: (Unicode.Scalar) -> Bool) -> [Unicode.Scalar] {
    let start = position
    while position < input.count, isWanted(input[position]) { position += 1 }
    return Array(input[start..<position])
  }

  private func trimmingEnd(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let end = scalars.lastIndex { !Self.isWhitespace($0) }.map { $0 + 1 } ?? 0
    return Array(scalars[..<end])
  }

  static func isToken(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "!", "#", "$", "%", "&", "'", "*", "+", "-", ".", "^",
      "_", "`", "|", "~":
      true
    default: false
    }
  }

  private static func isQuotable(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || (0x20...0x7E).contains(scalar.value) || (0x80...0xFF).contains(scalar.value)
  }

  private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }

  private static func lowercased(_ scalars: [Unicode.Scalar]) -> String {
    string(scalars).lowercased()
  }

  private static func string(_ scalars: [Unicode.Scalar]) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
