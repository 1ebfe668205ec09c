extension HTMLDocument {
  /// How many attributes an element has; 0 for texts.
  @inlinable public func attributeCount(of node: Int) -> Int {
    records[node].kind == .element ? Int(records[node].count) : 0
  }

  /// Where the value of an attribute is in `bytes`; nil if the element has no such attribute or
  /// the node is a text. Empty where the attribute has no value.
  ///
  /// - Parameter name: in lower case, ASCII. No string is made: fit for inner loops.
  @inlinable public func attributeRange(_ node: Int, _ name: StaticString) -> Range<Int>? {
    let record = records[node]
    guard record.kind == .element, record.count > 0 else { return nil }
    let length = name.utf8CodeUnitCount
    let start = Int(record.start)
    for index in start..<start + Int(record.count) {
      let attribute = attributeRecords[index]
      guard Int(attribute.valueStart) - Int(attribute.start) == length else { continue }
      if matches(name, at: Int(attribute.start)) {
        return Int(attribute.valueStart)..<Int(attribute.end)
      }
    }
    return nil
  }

  @inlinable func matches(_ name: StaticString, at start: Int) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      let wanted = name.utf8Start
      for offset in 0..<name.utf8CodeUnitCount where bytes[start + offset] != wanted[offset] {
        return false
      }
      return true
    }
  }

  /// The value of an attribute.
  ///
  /// - Parameter name: in lower case.
  @inlinable public func attribute(_ node: Int, _ name: StaticString) -> String? {
    attributeRange(node, name).map(string)
  }

  /// Whether an element has an attribute, with or without value.
  @inlinable public func hasAttribute(_ node: Int, _ name: StaticString) -> Bool {
    attributeRange(node, name) != nil
  }

  /// The value of an attribute whose name is only known at run time.
  public func attribute(_ node: Int, named name: String) -> String? {
    attributes(of: node).first { $0.name == name }?.value
  }

  /// All attributes of an element in the order written, names in lower case; of equal names the
  /// first. For display and tests; in inner loops use `attributeRange`.
  public func attributes(of node: Int) -> [(name: String, value: String)] {
    guard isElement(node) else { return [] }
    let start = Int(records[node].start)
    return attributeRecords[start..<start + Int(records[node].count)].map {
      (
        string(Int($0.start)..<Int($0.valueStart)),
        string(Int($0.valueStart)..<Int($0.end))
      )
    }
  }
}

extension HTMLDocument {
  /// The text of a node and all below it as written, including that of scripts and styles.
  public func rawText(of node: Int) -> String {
    var text: [UInt8] = []
    for index in subtree(of: node) where isText(index) { text += bytes[textRange(of: index)] }
    return String(decoding: text, as: UTF8.self)
  }

  /// The text of a node and all below it, runs of white space as one space, none at the ends.
  /// Scripts, styles and templates are left out; a block or `br` separates words.
  ///
  /// - Parameter limit: bytes, after which the text is cut between characters.
  public func text(under node: Int, limit: Int = .max) -> String {
    var text: [UInt8] = []
    var index = node
    let end = subtreeEnd(of: node)
    var isPending = false
    while index < end, text.count <= limit {
      if isElement(index) {
        let tag = tag(of: index)
        if tag.isRawText, index != node {
          index = subtreeEnd(of: index)
          continue
        }
        if tag.isBlock || tag == .br || tag == .td || tag == .th { isPending = true }
      } else {
        appendFolded(textRange(of: index), to: &text, isPending: &isPending)
      }
      index += 1
    }
    return String(decoding: text.cut(at: limit), as: UTF8.self)
  }

  /// Appends bytes with their white space folded. `isPending`: a space is due before the next word.
  func appendFolded(_ range: Range<Int>, to text: inout [UInt8], isPending: inout Bool) {
    var wordStart = range.lowerBound
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index].isHTMLSpace {
        if wordStart < index { appendWord(wordStart..<index, to: &text, isPending: &isPending) }
        isPending = true
        wordStart = index + 1
      }
      index += 1
    }
    if wordStart < index { appendWord(wordStart..<index, to: &text, isPending: &isPending) }
  }

  private func appendWord(_ word: Range<Int>, to text: inout [UInt8], isPending: inout Bool) {
    if isPending, !text.isEmpty { text.append(0x20) }
    isPending = false
    text += bytes[word]
  }
}
