internal import Glibc

/// Cuts a page into tags, texts and what else there is, as the HTML standard's tokenizer does.
///
/// Only finds the borders, in one pass and without copies; what stands in between is left to the
/// parser. `isOdd` marks the pieces that libxml2 would cut otherwise.
struct MarkupTokenizer {
  /// One piece of a page.
  struct Token {
    enum Kind {
      case startTag, endTag
      /// Text with character references.
      case text
      /// The text of `title` or `textarea`: with references, but `<` means nothing.
      case escapableText
      /// The text of elements in which nothing is markup.
      case rawText
      /// The same of `script` and `style`, which libxml2 knows to be so.
      case code
      case comment
      /// A CDATA section in SVG or MathML, with its brackets.
      case cdata
      case doctype
      /// What browsers drop or do not show: declarations, instructions, an end tag without name, a
      /// tag that the page ends in, the content of `template`.
      case dropped
    }

    var kind: Kind
    var range: Range<Int>
    /// The name of a tag.
    var name: Range<Int>
    /// libxml2 would read it otherwise.
    var isOdd = false
    /// It is SVG or MathML, or stands in it.
    var isForeign = false
    /// An element that has to be closed at once, or libxml2 would take what follows for code.
    var isEmptied = false
    /// What follows a start tag, if it is no ordinary content: `code`, `rawText`, `escapableText`
    /// or `dropped`.
    var content: Kind?

    init(_ kind: Kind, _ range: Range<Int>) {
      self.kind = kind
      self.range = range
      name = range.lowerBound..<range.lowerBound
    }
  }

  let base: UnsafePointer<UInt8>
  let count: Int
  var position = 0
  var foreign = ForeignContent()
  /// The element whose content comes next, if it is no ordinary one.
  private var opened: Token?
  var isInTemplate = false
  private var frames = FramesetState.unknown
  /// Up to where no `style` or `script` in SVG is closed.
  var openUntil = (style: 0, script: 0)

  init(_ base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  /// The next piece; nil at the end of the page.
  mutating func next() -> Token? {
    if let tag = opened {
      opened = nil
      if let content = content(of: tag) { return content }
    }
    guard position < count else { return nil }
    if base[position] == UInt8(ascii: "<"), let token = markup() {
      position = token.range.upperBound
      return frames == .shown ? onlyFrames(token) : token
    }
    return frames == .shown ? onlyFrames(text()) : text()
  }

  /// Up to the next `<` that begins something.
  private mutating func text() -> Token {
    let start = position
    var end = count
    var search = start
    var isOdd = false
    while let found = find("<", from: search) {
      if beginsMarkup(found) {
        end = found
        break
      }
      search = found + 1
      // Before a space or a digit it is text to libxml2 as well.
      if search == count || !(base[search].isHTMLSpace || base[search].isASCIIDigit) {
        isOdd = true
      }
    }
    position = end
    var token = Token(.text, start..<end)
    token.isOdd = isOdd
    token.isForeign = foreign.isForeign
    return token
  }

  private func beginsMarkup(_ start: Int) -> Bool {
    guard start + 1 < count else { return false }
    let next = base[start + 1]
    return next.isASCIILetter || next == UInt8(ascii: "!") || next == UInt8(ascii: "?")
      || next == UInt8(ascii: "/") && start + 2 < count
  }

  /// What begins with the `<` here; nil if that is text.
  private mutating func markup() -> Token? {
    guard beginsMarkup(position) else { return nil }
    switch base[position + 1] {
    case UInt8(ascii: "/"): return base[position + 2].isASCIILetter ? endTag() : dropped()
    case UInt8(ascii: "!"): return declaration()
    case UInt8(ascii: "?"): return dropped()
    default: return startTag()
    }
  }

  private mutating func startTag() -> Token {
    let start = position
    let beginning = TagScanner(base, count: count, nameStart: start + 1)
    var tag = beginning
    while tag.next() != nil {}
    guard !tag.isUnfinished else { return Token(.dropped, start..<count) }
    var token = Token(.startTag, start..<tag.position)
    token.name = tag.name
    token.isOdd = tag.isOdd
    if tag.name.count == 8, frames == .unknown, isName(tag.name, "frameset") {
      frames = .init(before: start, of: base)
    }
    if foreign.isEmpty ? mayBeForeign(tag.name) : true, foreign.open(beginning) {
      token.isForeign = true
      if !tag.isSelfClosing, contentKind(tag.name) == .code {
        token.content = isClosedCode(tag) ? .code : nil
        token.isEmptied = token.content == nil
      }
    } else {
      token.content = contentKind(tag.name)
      if token.content == .dropped, isInTemplate || beginning.hasShadowRoot { token.content = nil }
      // In HTML the slash means nothing; libxml2 would take the element for closed.
      if token.content != nil, tag.isSelfClosing { token.isOdd = true }
    }
    if token.content != nil { opened = token }
    return token
  }

  private mutating func endTag() -> Token {
    let start = position
    var tag = TagScanner(base, count: count, nameStart: start + 2)
    while tag.next() != nil {}
    guard !tag.isUnfinished else { return Token(.dropped, start..<count) }
    var token = Token(.endTag, start..<tag.position)
    token.name = tag.name
    // Up to the next `>`, whatever stands before, is libxml2's rule.
    token.isOdd = tag.isOdd || tag.position > tag.name.upperBound + 1
    token.isForeign = foreign.isForeign
    if !foreign.isEmpty { foreign.close(tag.nameBytes) }
    return token
  }

  /// Up to the next `>`.
  private func dropped() -> Token {
    Token(.dropped, position..<(find(">", from: position + 1).map { $0 + 1 } ?? count))
  }

  private func declaration() -> Token {
    let rest = UnsafeBufferPointer(start: base + position, count: count - position)
    if rest.starts(with: "<!--") { return comment() }
    if rest.count >= 9, UnsafeBufferPointer(rebasing: rest[..<9]).equalsIgnoringCase("<!doctype") {
      var token = dropped()
      token.kind = .doctype
      return token
    }
    guard foreign.isForeign, rest.starts(with: "<![CDATA[") else { return dropped() }
    var end = position + 9
    while let bracket = find("]", from: end) {
      if bracket + 2 < count, base[bracket + 1] == UInt8(ascii: "]"),
        base[bracket + 2] == UInt8(ascii: ">")
      {
        return Token(.cdata, position..<bracket + 3)
      }
      end = bracket + 1
    }
    return Token(.cdata, position..<count)
  }

  /// Closed by `-->` or `--!>`, or at once by `<!-->` or `<!--->`, or by the page's end.
  private func comment() -> Token {
    let content = position + 4
    var close = find(">", from: content)
    while let end = close {
      let dashes = end - position >= 5 && base[end - 1] == 0x2D && base[end - 2] == 0x2D
      if dashes || end == content {
        var token = Token(.comment, position..<end + 1)
        token.isOdd = end < content + 2
        return token
      }
      if end >= content + 3, base[end - 1] == UInt8(ascii: "!"), base[end - 2] == 0x2D,
        base[end - 3] == 0x2D
      {
        return Token(.dropped, position..<end + 1)
      }
      close = find(">", from: end + 1)
    }
    return Token(.dropped, position..<count)
  }

  func find(_ byte: Unicode.Scalar, from start: Int) -> Int? {
    guard start < count, let found = memchr(base + start, Int32(byte.value), count - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  func isName(_ name: Range<Int>, _ wanted: StaticString) -> Bool {
    UnsafeBufferPointer(start: base + name.lowerBound, count: name.count)
      .equalsIgnoringCase(wanted)
  }
}

extension MarkupTokenizer {
  /// A page of frames has no other content.
  private mutating func onlyFrames(_ token: Token) -> Token {
    let isTag = token.kind == .startTag || token.kind == .endTag
    let names: [StaticString] = ["frameset", "frame", "noframes"]
    if isTag ? names.contains(where: { isName(token.name, $0) }) : token.kind != .text {
      return token
    }
    opened = nil
    return Token(.dropped, token.range)
  }
}

extension TagScanner {
  /// A template of this kind is shown: it holds the inside of the element around it.
  fileprivate var hasShadowRoot: Bool {
    var rest = self
    while let attribute = rest.next() {
      if bytes(attribute.name).equalsIgnoringCase("shadowrootmode") { return true }
    }
    return false
  }
}
