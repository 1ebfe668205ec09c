/// One line of Markdown while it grows: text with escapes, and marks such as strong or a link.
///
/// Marks open with the first character inside them and close before the white space at their end,
/// as CommonMark wants; a mark without text leaves nothing. At a line's end marks are closed and
/// opened again in the next.
struct MarkdownLine {
  enum Mark: Equatable {
    case strong, emphasis, strike
    case link([UInt8])
    /// An element that leaves no mark.
    case plain
  }

  private(set) var bytes: [UInt8] = []
  private var marks: [(mark: Mark, isOpen: Bool)] = []
  private var isSpacePending = false
  /// Escapes bars too, as in cells of tables.
  var isInTable = false

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

  /// A line break inside a block.
  mutating func lineBreak() {
    guard !bytes.isEmpty else { return }
    guard !isInTable else { return space() }
    bytes += [0x20, 0x20, 0x0A]
    isSpacePending = false
  }

  /// Appends text as written in HTML: white space is folded, what Markdown would read is escaped.
  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    for index in text.indices {
      let byte = text[index]
      if byte.isHTMLSpace {
        if !bytes.isEmpty, bytes.last != 0x0A { isSpacePending = true }
        continue
      }
      prepare()
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
    for index in marks.indices.reversed() where marks[index].isOpen {
      close(marks[index].mark)
      marks[index].isOpen = false
    }
    while let last = bytes.last, last.isHTMLSpace { bytes.removeLast() }
    isSpacePending = false
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
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

  private func needsEscape(
    _ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>, _ index: Int
  ) -> Bool {
    let next = index + 1 < text.count ? text[index + 1] : 0x20
    let isFirst = bytes.isEmpty || bytes.last == 0x0A
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
      return next.isHTMLSpace && bytes.count < 10 && bytes.allSatisfy(\.isDigit)
        && !bytes.isEmpty
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
