/// What elements hold: markup, text without markup, or nothing that is shown.
extension MarkupTokenizer {
  func mayBeForeign(_ name: Range<Int>) -> Bool {
    switch name.count {
    case 3: isName(name, "svg")
    case 4: isName(name, "math")
    default: false
    }
  }

  /// What the content of an HTML element is, if it is no ordinary one. Scripts are off: what stands
  /// in `noscript` is for us.
  func contentKind(_ name: Range<Int>) -> Token.Kind? {
    let first = base[name.lowerBound] | 0x20
    switch (name.count, first) {
    case (6, UInt8(ascii: "s")): return isName(name, "script") ? .code : nil
    case (5, UInt8(ascii: "s")): return isName(name, "style") ? .code : nil
    case (5, UInt8(ascii: "t")): return isName(name, "title") ? .escapableText : nil
    case (8, UInt8(ascii: "t")):
      return isName(name, "textarea") ? .escapableText : isName(name, "template") ? .dropped : nil
    case (3, UInt8(ascii: "x")): return isName(name, "xmp") ? .rawText : nil
    case (6, UInt8(ascii: "i")): return isName(name, "iframe") ? .rawText : nil
    case (7, UInt8(ascii: "n")): return isName(name, "noembed") ? .rawText : nil
    case (8, UInt8(ascii: "n")): return isName(name, "noframes") ? .rawText : nil
    case (9, UInt8(ascii: "p")): return isName(name, "plaintext") ? .rawText : nil
    default: return nil
    }
  }

  /// libxml2 takes the text of `script` and `style` as code in SVG too. As nobody reads it, that may
  /// be so where the element is closed, which it nearly always is.
  mutating func isClosedCode(_ tag: TagScanner) -> Bool {
    let isStyle = tag.name.count == 5
    guard tag.position >= (isStyle ? openUntil.style : openUntil.script) else { return false }
    var position = tag.position
    while let found = find("<", from: position) {
      if endTag(tag.name, at: found).ends { return true }
      if isEndTag("svg", at: found) || isEndTag("math", at: found) { break }
      position = found + 1
    }
    // So that this stretch is not searched for the next one again.
    if isStyle { openUntil.style = position } else { openUntil.script = position }
    return false
  }

  private func isEndTag(_ name: StaticString, at start: Int) -> Bool {
    let end = start + 2 + name.utf8CodeUnitCount
    return end <= count && base[start + 1] == UInt8(ascii: "/") && isName(start + 2..<end, name)
  }

  /// The content of an element that has no ordinary one; nil if it is empty.
  mutating func content(of tag: Token) -> Token? {
    guard let kind = tag.content else { return nil }
    let start = position
    var isOdd = false
    if kind == .dropped {
      position = endOfTemplate()
    } else if isName(tag.name, "plaintext") {
      position = count
    } else if isName(tag.name, "script") {
      (position, isOdd) = endOfScript(tag.name, from: start)
    } else {
      (position, _, isOdd) = endOfRawText(tag.name, from: start)
    }
    guard position > start else { return nil }
    var token = Token(kind, start..<position)
    token.name = tag.name
    token.isOdd = isOdd
    return token
  }

  /// Where the end tag of the template begins that has just been opened, else the page's end.
  private mutating func endOfTemplate() -> Int {
    let outside = foreign
    isInTemplate = true
    defer {
      foreign = outside
      isInTemplate = false
    }
    var depth = 1
    while let token = next() {
      guard token.name.count == 8, !token.isForeign, isName(token.name, "template") else {
        continue
      }
      if token.kind == .startTag { depth += 1 }
      if token.kind == .endTag { depth -= 1 }
      if depth == 0 { return token.range.lowerBound }
    }
    return count
  }

  /// Whether `</name` stands here, and whether it is the whole name of an end tag.
  private func endTag(_ name: Range<Int>, at start: Int) -> (begins: Bool, ends: Bool) {
    let nameStart = start + 2
    let nameEnd = nameStart + name.count
    guard nameEnd <= count, base[start + 1] == UInt8(ascii: "/"),
      (0..<name.count).allSatisfy({
        base[nameStart + $0].asciiLowercased == base[name.lowerBound + $0].asciiLowercased
      })
    else { return (false, false) }
    return (true, nameEnd < count && base[nameEnd].endsTagName)
  }

  /// Where the end tag begins, else the page's end. Odd if there is one that libxml2 would take.
  private func endOfRawText(
    _ name: Range<Int>, from start: Int
  ) -> (end: Int, isClosed: Bool, isOdd: Bool) {
    var position = start
    var isOdd = false
    while let found = find("<", from: position) {
      let tag = endTag(name, at: found)
      if tag.ends { return (found, true, isOdd) }
      if tag.begins { isOdd = true }
      position = found + 1
    }
    return (count, false, isOdd)
  }

  /// Scripts may hold scripts: after `<!--` an end tag counts only if no start tag stands before it.
  ///
  /// Source: HTML, "Script data escaped state" and "Script data double escaped state".
  private func endOfScript(_ name: Range<Int>, from start: Int) -> (end: Int, isOdd: Bool) {
    enum State { case data, escaped, doubleEscaped }
    var state = State.data
    var position = start
    var isOdd = false
    while let found = state == .data ? find("<", from: position) : mark(from: position) {
      position = found + 1
      if base[found] == UInt8(ascii: "-") {
        if let close = endOfDashes(found) {
          position = close
          if base[close - 1] == UInt8(ascii: ">") { state = .data }
        }
        continue
      }
      let tag = endTag(name, at: found)
      if tag.ends, state != .doubleEscaped { return (found, isOdd) }
      if tag.begins { isOdd = true }
      switch state {
      case .data:
        let rest = UnsafeBufferPointer(start: base + found, count: count - found)
        if rest.starts(with: "<!--") {
          state = .escaped
          position = found + 2
        }
      case .escaped: if beginsScript(found, name) { state = .doubleEscaped }
      case .doubleEscaped: if tag.ends { state = .escaped }
      }
    }
    return (count, isOdd)
  }

  private func mark(from start: Int) -> Int? {
    var index = start
    while index < count {
      if base[index] == UInt8(ascii: "<") || base[index] == UInt8(ascii: "-") { return index }
      index += 1
    }
    return nil
  }

  /// After two dashes or more, and the `>` if one follows; nil if there is a single dash.
  private func endOfDashes(_ start: Int) -> Int? {
    var end = start
    while end < count, base[end] == UInt8(ascii: "-") { end += 1 }
    guard end - start >= 2 else { return nil }
    return end < count && base[end] == UInt8(ascii: ">") ? end + 1 : end
  }

  private func beginsScript(_ start: Int, _ name: Range<Int>) -> Bool {
    let end = start + 1 + name.count
    return end < count && base[end].endsTagName && isName(start + 1..<end, "script")
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether these bytes begin with a text.
  func starts(with text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount
      && (0..<text.utf8CodeUnitCount).allSatisfy { self[$0] == text.utf8Start[$0] }
  }
}
