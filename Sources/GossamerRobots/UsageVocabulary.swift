/// A `Content-Usage` value read as preferences.
///
/// Labels of the current drafts are `search`, `ai-use` and `train-ai`. Labels of earlier drafts that
/// sites may have copied are read as their nearest heirs. The widest ones (`bots`, `tdm`) count where
/// no nearer label says anything.
///
/// Source: draft-ietf-aipref-vocab, sections on labels and processing.
struct UsageVocabulary {
  /// Labels of one use, nearest first; labels of one step are combined by the strictest.
  struct Labels {
    var search: [[String]] = [["search"], ["bots"]]
    var aiInput: [[String]] = [["ai-use", "ai-input", "ai-output"], ["tdm"], ["bots"]]
    var aiTrain: [[String]] = [
      ["train-ai", "train-genai", "ai-train", "genai"], ["tdm"], ["bots"],
    ]
  }

  typealias Answer = UsagePreferences.Answer

  private var answers: [String: Answer] = [:]

  init(_ value: String) {
    for (key, token) in StructuredDictionary.tokens(of: value) ?? [:] {
      switch token {
      case "y": answers[key] = .yes
      case "n": answers[key] = .no
      default: break
      }
    }
    for (key, answer) in PreferencePairs(value).answers where answer == .no && answers[key] == nil {
      answers[key] = .no
    }
  }

  func answer(for use: KeyPath<Labels, [[String]]>) -> Answer {
    for step in Labels()[keyPath: use] {
      let answer = step.compactMap { answers[$0] }
        .reduce(Answer.unknown) { $0.combined(with: $1) }
      if answer != .unknown { return answer }
    }
    return .unknown
  }
}

/// "key=value" pairs between commas or semicolons, in any case, blanks passed over.
struct PreferencePairs {
  /// What each key says, the stricter where it stands twice. Keys in lower case; values that are
  /// neither a yes nor a no are left out.
  private(set) var answers: [String: UsagePreferences.Answer] = [:]

  init(_ text: String) {
    for pair in text.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      let sides = pair.split(separator: "=", maxSplits: 1).map {
        String($0.filter { !$0.isWhitespace && $0 != "\"" }).lowercased()
      }
      guard sides.count == 2, let answer = Self.words[sides[1]] else { continue }
      answers[sides[0]] = (answers[sides[0]] ?? .unknown).combined(with: answer)
    }
  }

  private static let words: [String: UsagePreferences.Answer] = [
    "yes": .yes, "y": .yes, "no": .no, "n": .no, "?0": .no, "false": .no,
  ]
}

/// A dictionary of RFC 9651, of which only members with a token as their value are wanted.
///
/// Source: RFC 9651 §4.2.2.
enum StructuredDictionary {
  /// Tokens by key, of members that have one, the last of equal keys; nil where the text is no
  /// dictionary.
  static func tokens(of text: String) -> [String: String]? {
    var scanner = StructuredFieldScanner(text)
    return scanner.dictionary()
  }
}

private struct StructuredFieldScanner {
  private let input: [UInt8]
  private var position = 0

  init(_ text: String) { input = Array(text.utf8) }

  private var byte: UInt8? { position < input.count ? input[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skip(_ isBlank: (UInt8) -> Bool) {
    while let byte, isBlank(byte) { position += 1 }
  }

  mutating func dictionary() -> [String: String]? {
    var members: [String: String] = [:]
    skip { $0 == 0x20 }
    while byte != nil {
      guard let key = key() else { return nil }
      members[key] = nil
      if take("=") {
        guard let value = value() else { return nil }
        if case .token(let token) = value { members[key] = token }
      }
      guard parameters() else { return nil }
      skip { $0 == 0x20 || $0 == 0x09 }
      if byte == nil { return members }
      guard take(",") else { return nil }
      skip { $0 == 0x20 || $0 == 0x09 }
      // A comma at the end is an error.
      if byte == nil { return nil }
    }
    return members
  }

  private enum Value {
    case token(String)
    case other
  }

  private mutating func key() -> String? {
    guard let first = byte, Self.isLower(first) || first == UInt8(ascii: "*") else { return nil }
    return text {
      Self.isLower($0) || Self.isDigit($0) || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E || $0 == 0x2A
    }
  }

  private mutating func parameters() -> Bool {
    while take(";") {
      skip { $0 == 0x20 }
      guard key() != nil else { return false }
      if take("=") { guard item() != nil else { return false } }
    }
    return true
  }

  private mutating func value() -> Value? {
    guard take("(") else { return item() }
    while true {
      skip { $0 == 0x20 }
      if take(")") { return .other }
      guard item() != nil, parameters(), byte == 0x20 || byte == UInt8(ascii: ")") else {
        return nil
      }
    }
  }

  private mutating func item() -> Value? {
    guard let first = byte else { return nil }
    switch first {
    case UInt8(ascii: "\""): return string() ? .other : nil
    case UInt8(ascii: "?"):
      position += 1
      return take("0") || take("1") ? .other : nil
    case UInt8(ascii: ":"):
      position += 1
      skip { Self.isAlpha($0) || Self.isDigit($0) || $0 == 0x2B || $0 == 0x2F || $0 == 0x3D }
      return take(":") ? .other : nil
    case UInt8(ascii: "@"):
      position += 1
      return number() ? .other : nil
    case UInt8(ascii: "%"):
      position += 1
      return string() ? .other : nil
    case _ where first == UInt8(ascii: "*") || Self.isAlpha(first):
      return .token(text { Self.isTokenByte($0) })
    default: return number() ? .other : nil
    }
  }

  private mutating func number() -> Bool {
    _ = take("-")
    guard let first = byte, Self.isDigit(first) else { return false }
    skip { Self.isDigit($0) }
    guard take(".") else { return true }
    guard let first = byte, Self.isDigit(first) else { return false }
    skip { Self.isDigit($0) }
    return true
  }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while let next = byte {
      position += 1
      switch next {
      case UInt8(ascii: "\""): return true
      case UInt8(ascii: "\\"): position += 1
      case 0x20...0x7E: continue
      default: return false
      }
    }
    return false
  }

  private mutating func text(_ isWanted: (UInt8) -> Bool) -> String {
    let start = position
    skip(isWanted)
    return String(decoding: input[start..<position], as: UTF8.self)
  }

  private static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
  private static func isAlpha(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// tchar of RFC 9110, and ":" and "/".
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    isAlpha(byte) || isDigit(byte) || "!#$%&'*+-.^_`|~:/".utf8.contains(byte)
  }
}
