/// One line of Markdown while it grows: text with escapes, and marks such as strong or a link.
///
/// Marks open with the first character inside them and close before the white space at their end,
/// as CommonMark wants; a mark without text leaves nothing. At a line's end marks are closed and
/// opened again in the next, but for links: of a link around several blocks only the first is one.
struct MarkdownLine {
  enum Mark: Equatable {
    case strong, emphasis, strike
    case link([UInt8])
    /// An element that leaves no mark.
    case plain

    var isEmphatic: Bool { self == .strong || self == .emphasis || self == .strike }
  }

  private(set) var bytes: [UInt8] = []
  private var marks: [(mark: Mark, isOpen: Bool)] = []
  private var isSpacePending = false
  /// A heading stands after its own mark, where lists and quotes cannot begin.
  var isInHeading = false
  /// Escapes bars too, as in cells of tables.
  var isInTable = false
  /// Where the mark that was closed last begins, if it hangs on the text before it: no mark closes
  /// between a sign and a letter.
  private var closedAfterSign: Int?

  var isEmpty: Bool { bytes.isEmpty }

  var isInLink: Bool {
    marks.contains { if case .link = $0.mark { true } else { false } }
  }

  /// Opens a mark; one already in force, or a link in a link, leaves nothing.
  mutating func begin(_ mark: Mark) {
    var mark = mark
    if case .link = mark, isInLink { mark = .plain }
    if marks.contains(where: { $0.mark == mark }) { mark = .plain }
    marks.append((mark, false))
  }

  mutating func end() {
    guard let last = marks.popLast(), last.isOpen else { return }
    close(last.mark)
  }

  mutating func space() { if !bytes.isEmpty { isSpacePending = true } }

  /// Whether nothing came after a line break.
  var isAfterBreak: Bool { bytes.last == 0x0A }

  /// A line break inside a block.
  mutating func lineBreak() {
    guard !bytes.isEmpty else { return }
    guard !isInTable else { return space() }
    suspendMarks(isLinkKept: true)
    bytes += [0x20, 0x20, 0x0A]
    isSpacePending = false
  }

  /// Closes all marks; they open again with the next text.
  private mutating func suspendMarks(isLinkKept: Bool) {
    for index in marks.indices.reversed() where marks[index].isOpen {
      close(marks[index].mark)
      marks[index].isOpen = false
      if case .link = marks[index].mark, !isLinkKept { marks[index].mark = .plain }
    }
  }

  /// Appends text as written in HTML: white space is folded, what Markdown would read is escaped.
  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    var skipped = 0
    for index in text.indices {
      let byte = text[index]
      if byte >= 0x80 {
        if skipped == 0 { skipped = InvisibleText.length(text, at: index, end: text.count) }
        if skipped > 0 {
          skipped -= 1
          continue
        }
      }
      if byte.isHTMLSpace {
        if !bytes.isEmpty, bytes.last != 0x0A { isSpacePending = true }
        continue
      }
      // Non-breaking spaces before a line are its indent.
      if bytes.isEmpty || bytes.last == 0x0A, byte == 0xC2 || byte == 0xA0,
        Self.isInNoBreakSpace(text, index)
      {
        continue
      }
      separate(from: byte)
      if !isBetweenWordAndSign(byte) { prepare() }
      if needsEscape(byte, text, index) { bytes.append(0x5C) }
      bytes.append(byte)
    }
  }

  /// Appends finished Markdown.
  mutating func appendRaw(_ markdown: some Collection<UInt8>) {
    guard !markdown.isEmpty else { return }
    prepare()
    bytes += markdown
  }

  /// Appends code between as many backticks as it needs.
  mutating func appendCode(_ code: [UInt8]) {
    guard !code.isEmpty else { return }
    let fence = [UInt8](repeating: 0x60, count: code.longestRun(of: 0x60) + 1)
    let isPadded = code.first == 0x60 || code.last == 0x60
    prepare()
    bytes += fence
    if isPadded { bytes.append(0x20) }
    for byte in code {
      if isInTable, byte == 0x7C { bytes.append(0x5C) }
      bytes.append(byte)
    }
    if isPadded { bytes.append(0x20) }
    bytes += fence
  }

  /// Hands the line over and begins the next one, marks kept.
  mutating func take() -> [UInt8] {
    suspendMarks(isLinkKept: false)
    while let last = bytes.last, last.isHTMLSpace { bytes.removeLast() }
    while bytes.suffix(2).elementsEqual([0xC2, 0xA0]) { bytes.removeLast(2) }
    isSpacePending = false
    closedAfterSign = nil
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  private static func isInNoBreakSpace(
    _ text: UnsafeBufferPointer<UInt8>, _ index: Int
  ) -> Bool {
    text[index] == 0xC2
      ? index + 1 < text.count && text[index + 1] == 0xA0
      : index > 0 && text[index - 1] == 0xC2
  }

  /// Keeps marks readable where no space parts them from a word: `**Note:**text` would not close.
  private mutating func separate(from byte: UInt8) {
    defer { closedAfterSign = nil }
    guard !isSpacePending else { return }
    let isWord = byte.isLetter || byte.isDigit || byte >= 0x80
    if let start = closedAfterSign, isWord {
      let mark = Array(bytes[start...])
      bytes.removeLast(mark.count)
      guard let sign = bytes.popLast() else { return }
      bytes += mark
      bytes.append(sign)
    }
  }

  /// A mark does not open between a letter and a sign: the sign goes before it.
  private func isBetweenWordAndSign(_ byte: UInt8) -> Bool {
    guard !isSpacePending, Self.isSign(byte) || byte == 0x28, let last = bytes.last,
      last.isLetter || last.isDigit || last >= 0x80
    else { return false }
    return marks.contains { !$0.isOpen && $0.mark.isEmphatic }
  }

  private mutating func prepare() {
    if isSpacePending, !bytes.isEmpty, bytes.last != 0x0A { bytes.append(0x20) }
    isSpacePending = false
    for index in marks.indices where !marks[index].isOpen && marks[index].mark != .plain {
      marks[index].isOpen = true
      switch marks[index].mark {
      case .strong: bytes += [0x2A, 0x2A]
      case .emphasis: bytes.append(0x2A)
      case .strike: bytes += [0x7E, 0x7E]
      case .link: bytes.append(0x5B)
      case .plain: break
      }
    }
  }

  private mutating func close(_ mark: Mark) {
    while bytes.last?.isHTMLSpace == true {
      bytes.removeLast()
      isSpacePending = true
    }
    if mark.isEmphatic, let last = bytes.last, Self.isSign(last), bytes.count > 1,
      !Self.isSign(bytes[bytes.count - 2]), bytes[bytes.count - 2] != 0x5C
    {
      closedAfterSign = bytes.count
    }
    switch mark {
    case .strong: bytes += [0x2A, 0x2A]
    case .emphasis: bytes.append(0x2A)
    case .strike: bytes += [0x7E, 0x7E]
    case .link(let target):
      bytes += [0x5D, 0x28]
      bytes += target
      bytes.append(0x29)
    case .plain: break
    }
  }

  /// Signs that may stand outside of a mark as well as inside.
  private static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21, 0x22, 0x27, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x25, 0x2F: true
    default: false
    }
  }

  private func needsEscape(
    _ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>, _ index: Int
  ) -> Bool {
    let next = index + 1 < text.count ? text[index + 1] : 0x20
    let isFirst = !isInHeading && !isInTable && (bytes.isEmpty || bytes.last == 0x0A)
    switch byte {
    case 0x5C, 0x2A, 0x60, 0x5B, 0x5D: return true
    case 0x5F:
      // Inside a word an underscore is only itself.
      let before = bytes.last ?? 0x20
      return
        !((before.isLetter || before.isDigit || before >= 0x80 || before == 0x5F)
        && (next.isLetter || next.isDigit || next >= 0x80 || next == 0x5F))
    case 0x3C: return next.isLetter || next == 0x2F || next == 0x21 || next == 0x3F
    case 0x7C: return isInTable
    case 0x7E: return next == 0x7E || bytes.last == 0x7E
    case 0x23, 0x3E: return isFirst
    case 0x2B, 0x2D: return isFirst && (next.isHTMLSpace || next == byte)
    case 0x3D: return isFirst && next == byte
    case 0x2E, 0x29:
      let start = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
      let number = bytes[start...]
      return next.isHTMLSpace && !isInHeading && !isInTable && !number.isEmpty && number.count < 10
        && number.allSatisfy(\.isDigit)
    default: return false
    }
  }
}

extension Collection<UInt8> {
  /// The most of one byte in a row.
  func longestRun(of byte: UInt8) -> Int {
    var longest = 0
    var run = 0
    for other in self {
      run = other == byte ? run + 1 : 0
      longest = Swift.max(longest, run)
    }
    return longest
  }
}
