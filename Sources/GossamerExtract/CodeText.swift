internal import GossamerMarkup

/// Code as its author wrote it, and the language it is said to be in.
enum CodeText {
  /// All text below a node, white space kept, buttons and columns of line numbers left out: code of
  /// which parts are missing is no code.
  static func of(_ node: Int, _ document: HTMLDocument) -> [UInt8] {
    let isPreformatted = document.tag(of: node).isPreformatted
    var text: [UInt8] = []
    var index = node
    while index < document.subtreeEnd(of: node) {
      let tag = document.tag(of: index)
      if document.isText(index) {
        text += document.bytes[document.textRange(of: index)]
      } else if tag == .br {
        text.append(0x0A)
      } else if index != node, OutlineBuilder.isSkipped(tag) || isGutter(index, document) {
        index = document.subtreeEnd(of: index)
        continue
      } else if index != node, tag == .div {
        // Highlighters that write a line as an element.
        if !isPreformatted { text.removeLast(text.count - text.withoutSpacesAtEnd) }
        if !text.isEmpty, text.last != 0x0A { text.append(0x0A) }
      }
      index += 1
    }
    return text
  }

  /// Whether code between words has line breaks of its own: then it is a block.
  static func hasLines(_ node: Int, _ document: HTMLDocument) -> Bool {
    document.descendants(of: node).prefix(2_000).count { document.tag(of: $0) == .br } >= 1
  }

  /// Whether an element holds code line by line without `pre`: the cell of a highlighter.
  static func isListing(_ node: Int, _ tag: HTMLTag, _ document: HTMLDocument) -> Bool {
    guard tag == .td, document.attribute(node, "class") == "code" else { return false }
    return !document.descendants(of: node).contains { document.tag(of: $0) == .pre }
      && document.descendants(of: node).contains { document.tag(of: $0) == .code }
  }

  /// Whether a cell or block of code is nothing but the numbers of lines.
  static func isGutterColumn(_ node: Int, _ document: HTMLDocument) -> Bool {
    if document.tag(of: node) == .td {
      return document.attributeCount(of: node) > 0 && isGutter(node, document)
    }
    var next = 1
    for child in document.descendants(of: node) where document.isText(child) {
      for word in document.bytes[document.textRange(of: child)].split(whereSeparator: \.isHTMLSpace)
      {
        guard Int(String(decoding: word, as: UTF8.self)) == next else { return false }
        next += 1
      }
    }
    return next > 3
  }

  private static func isGutter(_ node: Int, _ document: HTMLDocument) -> Bool {
    guard let name = document.attribute(node, "class") else { return false }
    return name.split(separator: " ").contains {
      switch $0 {
      case "gutter", "linenos", "lineno", "line-number", "line-numbers", "line-numbers-rows",
        "hljs-ln-numbers", "blob-num":
        true
      default: false
      }
    }
  }

  /// The language named by classes of the code, its `code` child, or up to two elements above.
  static func language(of node: Int, _ document: HTMLDocument) -> [UInt8] {
    var places = [node]
    for child in document.descendants(of: node).prefix(6) where document.tag(of: child) == .code {
      places.append(child)
    }
    places += document.ancestors(of: node).prefix(2)
    for place in places {
      for name in ["data-language", "data-lang", "lang-name"] {
        if let value = document.attribute(place, named: name), isName(value) {
          return Array(value.lowercased().utf8)
        }
      }
      guard let classes = document.attribute(place, "class") else { continue }
      for token in classes.split(whereSeparator: { $0 == " " || $0 == ";" }) {
        for prefix in ["language-", "lang-", "highlight-source-", "sourceCode-", "brush:"]
        where token.hasPrefix(prefix) {
          let value = String(token.dropFirst(prefix.count))
          if isName(value) { return Array(value.lowercased().utf8) }
        }
      }
    }
    return []
  }

  private static func isName(_ value: String) -> Bool {
    (1...24).contains(value.utf8.count)
      && value.utf8.allSatisfy {
        $0.isLetter || $0.isDigit || $0 == 0x2B || $0 == 0x23 || $0 == 0x2D || $0 == 0x2E
      }
  }
}

extension [UInt8] {
  /// The count up to the white space at the end.
  fileprivate var withoutSpacesAtEnd: Int {
    (lastIndex { !$0.isHTMLSpace } ?? -1) + 1
  }
}
