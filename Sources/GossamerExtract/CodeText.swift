internal import GossamerMarkup

/// Code as its author wrote it, and the language it is said to be in.
enum CodeText {
  /// All text below a node, white space kept, buttons and columns of line numbers left out: code of
  /// which parts are missing is no code.
  static func of(_ node: Int, _ document: HTMLDocument) -> [UInt8] {
    var text: [UInt8] = []
    var index = node
    while index < document.subtreeEnd(of: node) {
      if document.isText(index) {
        text += document.bytes[document.textRange(of: index)]
      } else if document.tag(of: index) == .br {
        text.append(0x0A)
      } else if index != node,
        OutlineBuilder.isSkipped(document.tag(of: index)) || isGutter(index, document)
      {
        index = document.subtreeEnd(of: index)
        continue
      }
      index += 1
    }
    return text
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
