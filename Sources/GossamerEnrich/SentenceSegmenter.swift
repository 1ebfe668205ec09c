/// Cuts a text into sentences by rules that need no model and no language, with offsets.
///
/// Knows the full stops of most scripts; keeps abbreviations of titles, initials, decimals and
/// list numbers together; takes lines as borders unless the next goes on in lower case. Does not
/// find sentences in scripts without stops (Thai): there, long runs are cut at blanks.
/// Source: the spirit of UAX #29 SB6–SB11, with the exceptions that web text needs.
struct SentenceSegmenter {
  struct Sentence: Equatable {
    /// UTF-8 bytes in the text, blanks around not counted.
    var range: Range<Int>
    /// Whether it ends with a mark that ends sentences.
    var isClosed: Bool
    /// Whether it is the first of its line.
    var startsLine: Bool
  }

  /// Sentences longer than this are cut at the next blank, and at four times this anywhere.
  static let longest = 1_200

  private let text: UTF8Cursor
  private let ordinalsHaveDots: Bool
  private var sentences: [Sentence] = []
  private var start = 0
  private var startsLine = true

  init(_ bytes: [UInt8], language: String? = nil) {
    text = UTF8Cursor(bytes: bytes)
    let code = language?.prefix { $0 != "-" }.lowercased() ?? ""
    ordinalsHaveDots = ["de", "da", "fi", "nb", "nn", "no", "cs", "sk", "hu", "pl", "et"]
      .contains(code)
  }

  /// The sentences in order, at most so many.
  static func sentences(
    in bytes: [UInt8], language: String? = nil, limit: Int = .max
  ) -> [Sentence] {
    var segmenter = SentenceSegmenter(bytes, language: language)
    segmenter.run(limit: limit)
    return segmenter.sentences
  }

  private mutating func run(limit: Int) {
    let end = text.bytes.count
    var offset = 0
    while offset < end, sentences.count < limit {
      let (value, length) = text.scalar(at: offset)
      let next = offset + length
      if value == 0x0A || value == 0x2029 {
        if isLineBorder(after: next) {
          close(at: offset, isClosed: false)
          startsLine = true
        }
      } else if Self.isTerminator(value) {
        offset = afterTerminator(value, from: offset, next: next)
        continue
      } else if next - start > Self.longest,
        ScalarClass.isBlank(value) || next - start > 4 * Self.longest
      {
        close(at: offset, isClosed: false)
      }
      offset = next
    }
    if sentences.count < limit { close(at: end, isClosed: false) }
  }

  /// Handles a terminator; gives the offset to go on at.
  private mutating func afterTerminator(_ value: UInt32, from offset: Int, next: Int) -> Int {
    var border = next
    var sawBlankFree = true
    // Marks in a row and closing quotes belong to the sentence.
    while border < text.bytes.count {
      let (value, length) = text.scalar(at: border)
      guard Self.isTerminator(value) || Self.isCloser(value) else {
        sawBlankFree = !ScalarClass.isBlank(value)
        break
      }
      border += length
    }
    if border == text.bytes.count { sawBlankFree = false }
    let needsBlank = value < 0x80 || value == 0x2026
    if needsBlank, sawBlankFree { return border }
    if needsBlank, goesOn(at: border) { return border }
    if value == 0x2E, border == next, isAbbreviation(dotAt: offset) { return border }
    close(at: border, isClosed: true)
    return border
  }

  /// Whether the text after a mark goes on in lower case, on the same line.
  private func goesOn(at offset: Int) -> Bool {
    var offset = offset
    while offset < text.bytes.count {
      let (value, length) = text.scalar(at: offset)
      if value == 0x0A { return false }
      guard ScalarClass.isBlank(value) else { return ScalarClass.isLowercase(value) }
      offset += length
    }
    return false
  }

  private func isLineBorder(after offset: Int) -> Bool {
    var offset = offset
    while offset < text.bytes.count {
      let (value, length) = text.scalar(at: offset)
      if value == 0x0A { return true }
      guard ScalarClass.isBlank(value) else { return !ScalarClass.isLowercase(value) }
      offset += length
    }
    return true
  }

  private func isAbbreviation(dotAt dot: Int) -> Bool {
    var from = dot
    while from > start, !Self.endsToken(text.bytes[from - 1]) { from -= 1 }
    let token = text.bytes[from..<dot]
    guard let first = token.first else { return false }
    if token.allSatisfy({ $0 &- 0x30 < 10 }) {
      let isFirst = !text.bytes[start..<from].contains { $0 > 0x20 }
      return token.count <= 3 && isFirst || token.count <= 2 && ordinalsHaveDots
    }
    // Initials: "J. Smith", "U.S. Army", "н. э.".
    let letters = String(decoding: token, as: UTF8.self)
    if letters.unicodeScalars.count == 1 { return first >= 0x41 }
    if letters.count <= 8, letters.contains("."),
      letters.split(separator: ".").allSatisfy({ $0.count <= 2 })
    {
      return true
    }
    guard letters.count <= 5 else { return false }
    let word = letters.lowercased()
    if Self.beforeNames.contains(word) { return true }
    return Self.beforeNumbers.contains(word) && isDigit(after: dot + 1)
  }

  private func isDigit(after offset: Int) -> Bool {
    let rest = text.bytes[min(offset, text.bytes.count)...]
    return rest.first { $0 != 0x20 }.map { $0 &- 0x30 < 10 } ?? false
  }

  private mutating func close(at end: Int, isClosed: Bool) {
    var from = start
    while from < end {
      let (value, length) = text.scalar(at: from)
      guard ScalarClass.isBlank(value) else { break }
      from += length
    }
    var to = end
    while to > from, text.bytes[to - 1] <= 0x20 { to -= 1 }
    start = end
    guard from < to else { return }
    sentences.append(Sentence(range: from..<to, isClosed: isClosed, startsLine: startsLine))
    startsLine = false
  }

  private static func endsToken(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x28 || byte == 0x22 || byte == 0x5B
  }

  @inline(__always)
  private static func isTerminator(_ value: UInt32) -> Bool {
    switch value {
    case 0x21, 0x2E, 0x3F: true
    case 0..<0x80: false
    case 0x2026, 0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61, 0x061F, 0x06D4, 0x0964, 0x0965, 0x0589,
      0x1362, 0x1367, 0x104A, 0x104B, 0x17D4, 0x17D5, 0x203C, 0x203D, 0x2047, 0x2048, 0x2049:
      true
    default: false
    }
  }

  private static func isCloser(_ value: UInt32) -> Bool {
    switch value {
    case 0x22, 0x27, 0x29, 0x5D, 0x7D, 0xBB, 0x2019, 0x201D, 0x203A, 0x300D, 0x300F, 0x3011,
      0x3015, 0xFF09, 0xFF3D, 0xFF5D:
      true
    default: false
    }
  }

  private static let beforeNames: Set<String> = [
    "mr", "mrs", "ms", "mx", "dr", "prof", "st", "gen", "col", "sgt", "capt", "lt", "cmdr", "rev",
    "hon", "gov", "sen", "rep", "pres", "messrs", "mme", "mlle", "hr", "fr", "sra", "srta", "sr",
    "vs", "cf", "bzw", "vgl", "dott", "ing", "ул", "им", "проф", "акад",
  ]
  private static let beforeNumbers: Set<String> = [
    "no", "nr", "fig", "figs", "eq", "vol", "pp", "art", "abs", "abb", "ch", "sec", "p", "ca",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
  ]
}
