internal import Glibc

/// The candidates of a `srcset` attribute.
///
/// Source: WHATWG HTML, "parse a srcset attribute".
enum SourceSet {
  /// One image and what it is for.
  struct Candidate: Equatable {
    /// Where in the text the address stands.
    var url: Range<Int>
    var width: Int?
    var density: Double?
    var height: Int?
    /// Whether its descriptors make sense; a browser drops it if not.
    var isValid = true
  }

  /// All, also those a browser drops.
  static func candidates(in text: ArraySlice<UInt8>) -> [Candidate] {
    var candidates: [Candidate] = []
    var position = text.startIndex
    while true {
      while position < text.endIndex, text[position].isHTMLSpace || text[position] == 0x2C {
        position += 1
      }
      guard position < text.endIndex else { return candidates }
      let start = position
      while position < text.endIndex, !text[position].isHTMLSpace { position += 1 }
      var end = position
      var descriptors: [Range<Int>] = []
      if text[end - 1] == 0x2C {
        while end > start, text[end - 1] == 0x2C { end -= 1 }
      } else {
        descriptors = tokenize(text, from: &position)
      }
      candidates.append(
        candidate(start..<end, descriptors, text)
          ?? Candidate(url: start..<end, isValid: false))
    }
  }

  /// The standard's descriptor tokenizer: "in descriptor", "in parens", "after descriptor" in one.
  private static func tokenize(
    _ text: ArraySlice<UInt8>, from position: inout Int
  ) -> [Range<Int>] {
    var tokens: [Range<Int>] = []
    var start: Int?
    var isInParens = false
    while position < text.endIndex {
      let byte = text[position]
      if isInParens {
        if byte == 0x29 { isInParens = false }
      } else if byte.isHTMLSpace || byte == 0x2C {
        if let begun = start { tokens.append(begun..<position) }
        start = nil
        if byte == 0x2C {
          position += 1
          return tokens
        }
      } else {
        if byte == 0x28 { isInParens = true }
        start = start ?? position
      }
      position += 1
    }
    if let start { tokens.append(start..<position) }
    return tokens
  }

  private static func candidate(
    _ url: Range<Int>, _ descriptors: [Range<Int>], _ text: ArraySlice<UInt8>
  ) -> Candidate? {
    var made = Candidate(url: url)
    for descriptor in descriptors {
      let number = text[descriptor.dropLast()]
      switch text[descriptor.upperBound - 1] {
      case 0x77:  // w
        guard made.width == nil, made.density == nil, let value = integer(number), value > 0 else {
          return nil
        }
        made.width = value
      case 0x78:  // x
        guard made.width == nil, made.density == nil, made.height == nil,
          let value = float(number), value >= 0
        else { return nil }
        made.density = value
      case 0x68:  // h
        guard made.height == nil, made.density == nil, let value = integer(number), value > 0 else {
          return nil
        }
        made.height = value
      default: return nil
      }
    }
    return made.height != nil && made.width == nil ? nil : made
  }

  private static func integer(_ text: ArraySlice<UInt8>) -> Int? {
    guard !text.isEmpty, text.allSatisfy(\.isASCIIDigit) else { return nil }
    return Int(String(decoding: text, as: UTF8.self))
  }

  /// The standard's "valid floating-point number": no plus sign, no dot at the end, no words.
  private static func float(_ text: ArraySlice<UInt8>) -> Double? {
    var rest = text
    if rest.first == 0x2D { rest = rest.dropFirst() }
    let whole = rest.prefix(while: \.isASCIIDigit)
    rest = rest.dropFirst(whole.count)
    if rest.first == 0x2E {
      let fraction = rest.dropFirst().prefix(while: \.isASCIIDigit)
      guard !fraction.isEmpty else { return nil }
      rest = rest.dropFirst(fraction.count + 1)
    } else if whole.isEmpty {
      return nil
    }
    if let mark = rest.first {
      guard mark | 0x20 == 0x65 else { return nil }
      rest = rest.dropFirst()
      if let sign = rest.first, sign == 0x2B || sign == 0x2D { rest = rest.dropFirst() }
      guard !rest.isEmpty, rest.allSatisfy(\.isASCIIDigit) else { return nil }
    }
    return strtod(String(decoding: text, as: UTF8.self), nil)
  }
}
