extension Passage {
  /// The most bytes of a passage: about 300 tokens.
  static let limitInBytes = 1_200
  /// A heading ends a passage that has at least this many bytes; shorter ones go on below it.
  static let leastBytes = 200

  /// Cuts a text, a block a line, into passages: before headings, between blocks, and inside only those
  /// blocks that are too long. Every letter is in exactly one passage.
  package static func cut(_ text: String, headings: [PageRecord.Heading]) -> [Passage] {
    var cutter = PassageCutter(bytes: Array(text.utf8), headings: Set(headings.map(\.text)))
    return cutter.cut()
  }
}

private struct PassageCutter {
  let bytes: [UInt8]
  let headings: Set<String>
  private var passages: [Passage] = []
  private var start = 0
  /// The heading that the open passage stands under.
  private var heading: String?
  /// The last heading that was seen: the open passage may have begun under another one.
  private var latest: String?

  init(bytes: [UInt8], headings: Set<String>) {
    self.bytes = bytes
    self.headings = headings
  }

  mutating func cut() -> [Passage] {
    let longest = headings.map(\.utf8.count).max() ?? 0
    var line = 0
    while line < bytes.count {
      let end = bytes[line...].firstIndex(of: 0x0A) ?? bytes.count
      let title = end - line <= longest ? text(line..<end) : nil
      let isHeading = title.map(headings.contains) ?? false
      if end - start > Passage.limitInBytes || (isHeading && line - start >= Passage.leastBytes) {
        close(at: line)
      }
      if isHeading {
        latest = title
        if start == line || heading == nil { heading = title }
      }
      while end - start > Passage.limitInBytes { close(at: innerCut()) }
      line = end + 1
    }
    close(at: bytes.count)
    return passages
  }

  private mutating func close(at end: Int) {
    var range = start..<end
    while let byte = bytes[range].first, byte <= 0x20 { range = range.lowerBound + 1..<end }
    while let byte = bytes[range].last, byte <= 0x20 {
      range = range.lowerBound..<range.upperBound - 1
    }
    if !range.isEmpty {
      passages.append(
        Passage(number: passages.count, heading: heading, range: range, text: text(range)))
    }
    start = end
    heading = latest
  }

  /// Where a block that is too long is cut: after the last sentence that fits, else at a blank, else
  /// between two characters.
  private func innerCut() -> Int {
    let limit = start + Passage.limitInBytes
    let least = start + Passage.limitInBytes / 3
    var blank: Int?
    var index = limit
    while index > least {
      if bytes[index] == 0x20, blank == nil { blank = index + 1 }
      if endsSentence(before: index) { return index }
      index -= 1
    }
    if let blank { return blank }
    index = limit
    while index > least, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return index
  }

  /// A blank after `.`, `!` or `?`, or the place right after 。！ or ？.
  private func endsSentence(before index: Int) -> Bool {
    switch bytes[index - 1] {
    case 0x2E, 0x21, 0x3F: return bytes[index] == 0x20
    case 0x82: return bytes[index - 3] == 0xE3 && bytes[index - 2] == 0x80
    case 0x81, 0x9F: return bytes[index - 3] == 0xEF && bytes[index - 2] == 0xBC
    default: return false
    }
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}
