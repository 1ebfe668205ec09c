/// The language of a page: what it claims, unless its text clearly is in another.
///
/// Templates often say `en` whatever the text is in.
enum ContentLanguage {
  /// - Parameters:
  ///   - claimed: the page's own claim, a tag such as `en-GB`.
  ///   - text: the main content.
  static func of(_ text: UnsafeBufferPointer<UInt8>, claimed: String?) -> String? {
    let claim = claimed.flatMap(tag)
    guard let guess = LanguageDetector.detect(text) else { return claim }
    guard let claim else {
      return guess.confidence >= LanguageDetector.doubtful ? guess.language : nil
    }
    let primary = claim.prefix { $0 != "-" }.lowercased()
    if areAlike(primary, guess.language) { return claim }
    return guess.confidence >= 0.95 && text.count >= 200 ? guess.language : claim
  }

  /// A claim in the form of BCP 47; nil for what is no tag, such as `English` or `{{lang}}`.
  private static func tag(_ claim: String) -> String? {
    let first = claim.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == " " }).first ?? ""
    let parts = first.split(whereSeparator: { $0 == "_" || $0 == "-" })
    guard let primary = parts.first, (2...3).contains(primary.utf8.count),
      parts.count <= 4, parts.allSatisfy({ (1...8).contains($0.utf8.count) }),
      parts.allSatisfy({ $0.utf8.allSatisfy { $0.isLetter || $0.isDigit } }),
      primary.utf8.allSatisfy(\.isLetter)
    else { return nil }
    return ([primary.lowercased()] + parts.dropFirst().map(String.init)).joined(separator: "-")
  }

  /// Languages that are one to many readers, or two codes of one.
  private static func areAlike(_ claim: String, _ guess: String) -> Bool {
    claim == guess
      || families.contains { $0.contains(claim) && $0.contains(guess) }
  }

  private static let families: [Set<String>] = [
    ["no", "nb", "nn", "da"], ["sr", "hr", "bs", "sh", "me", "cnr"], ["id", "ms", "in"],
    ["tl", "fil"], ["he", "iw"], ["yi", "ji"], ["fa", "prs", "tg"], ["zh", "cmn", "yue"],
    ["bg", "mk"], ["cs", "sk"], ["gl", "pt"], ["af", "nl"], ["xh", "zu"], ["hi", "mr", "ne"],
  ]
}

/// Which way a text runs.
public enum TextDirection: String, Sendable, Hashable {
  /// As Latin and Chinese.
  case leftToRight = "ltr"
  /// As Arabic and Hebrew.
  case rightToLeft = "rtl"

  /// The direction of most letters that have one; left to right where none has.
  init(of text: UnsafeBufferPointer<UInt8>) {
    var left = 0
    var right = 0
    for byte in text.prefix(20_000) {
      if byte.isLetter || byte >= 0xE0 && byte != 0xEF || (0xC3...0xD5).contains(byte) {
        left += 1
      } else if (0xD6...0xDF).contains(byte) {
        right += 1
      }
    }
    self = right > left ? .rightToLeft : .leftToRight
  }
}
