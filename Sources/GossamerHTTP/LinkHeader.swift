/// One link of a `Link` field.
///
/// A field folded in the middle of a reference or a quoted string is joined again without the blanks
/// of the fold.
///
/// Source: RFC 8288 §3.
public struct LinkHeader: Sendable, Equatable {
  /// The reference between the angle brackets, unresolved.
  public let target: String
  /// The parameters in order, names in lower case, values unquoted; extended values (`title*`) as sent.
  public let parameters: [MediaType.Parameter]

  /// The value of the first parameter with this name, in lower case.
  public subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

  /// The relation types, in lower case.
  public var relations: [String] {
    (self["rel"] ?? "").split { $0 == " " || $0 == "\t" }.map { $0.lowercased() }
  }

  /// A parameter whose name ends in `*`, such as `title*`, decoded; nil if there is none, or it is
  /// not in UTF-8. The language is empty where none is given.
  ///
  /// Source: RFC 8187 §3.2.
  public func extendedValue(_ name: String) -> (text: String, language: String)? {
    guard let parts = self[name]?.split(separator: "'", omittingEmptySubsequences: false),
      parts.count == 3, parts[0].lowercased() == "utf-8", let bytes = Self.decode(parts[2].utf8),
      let text = String(validating: bytes, as: UTF8.self)
    else { return nil }
    return (text, String(parts[1]))
  }

  /// Nil where a `%` begins no byte.
  private static func decode(_ text: Substring.UTF8View) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.prefix(2).allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.count >= 2
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  /// The links of a field value. What is no link is passed over.
  public static func parse(_ fieldValue: String) -> [LinkHeader] {
    var scanner = LinkHeaderScanner(fieldValue)
    var links: [LinkHeader] = []
    while let link = scanner.next() { links.append(link) }
    return links
  }
}

/// Reads links one by one. Quoted strings and references may hold commas and semicolons.
private struct LinkHeaderScanner {
  private let input: [UInt8]
  private var position = 0

  init(_ text: String) {
    input = Array(text.utf8)
  }

  mutating func next() -> LinkHeader? {
    _ = take { $0 != UInt8(ascii: "<") }
    guard position < input.count else { return nil }
    position += 1
    let target = trimmed(Self.unfolded(take { $0 != UInt8(ascii: ">") })[...])
    guard position < input.count else { return nil }
    position += 1
    var parameters: [MediaType.Parameter] = []
    while let parameter = parameter() {
      if !parameter.name.isEmpty { parameters.append(parameter) }
    }
    return LinkHeader(target: target, parameters: parameters)
  }

  /// The next parameter of this link, with an empty name where there is none between two
  /// semicolons; nil at the end of the link.
  private mutating func parameter() -> MediaType.Parameter? {
    _ = take { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
    guard position < input.count, input[position] == UInt8(ascii: ";") else { return nil }
    position += 1
    let name = trimmed(take { !"=;,".utf8.contains($0) }).lowercased()
    guard position < input.count, input[position] == UInt8(ascii: "=") else {
      return MediaType.Parameter(name: name, value: "")
    }
    position += 1
    _ = take { Self.isBlank($0) }
    let isQuoted = position < input.count && input[position] == UInt8(ascii: "\"")
    let value = isQuoted ? quotedString() : trimmed(take { $0 != 0x3B && $0 != 0x2C })
    return MediaType.Parameter(name: name, value: value)
  }

  private mutating func quotedString() -> String {
    var value: [UInt8] = []
    position += 1
    while position < input.count, input[position] != UInt8(ascii: "\"") {
      if input[position] == UInt8(ascii: "\\"), position + 1 < input.count { position += 1 }
      value.append(input[position])
      position += 1
    }
    position += 1
    return String(decoding: Self.unfolded(value[...]), as: UTF8.self)
  }

  /// Without line ends and the blanks behind them.
  private static func unfolded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard bytes.contains(where: { $0 == 0x0D || $0 == 0x0A }) else { return Array(bytes) }
    var result: [UInt8] = []
    var isFold = false
    for byte in bytes {
      isFold = byte == 0x0D || byte == 0x0A || (isFold && isBlank(byte))
      if !isFold { result.append(byte) }
    }
    return result
  }

  private mutating func take(while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = min(position, input.count)
    while position < input.count, isWanted(input[position]) { position += 1 }
    return input[start..<min(position, input.count)]
  }

  private func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let start = bytes.drop(while: Self.isBlank)
    let end = start.lastIndex { !Self.isBlank($0) }.map { $0 + 1 } ?? start.startIndex
    return String(decoding: start[..<end], as: UTF8.self)
  }

  /// Blanks, and the line ends of folded fields.
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}
