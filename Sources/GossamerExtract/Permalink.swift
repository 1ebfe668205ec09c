internal import GossamerMarkup

/// The small sign beside a heading that links to the heading itself: no part of its text.
enum Permalink {
  /// Whether a link leads into its own page and has no letter or digit in it.
  static func isOne(_ node: Int, _ document: HTMLDocument) -> Bool {
    guard let href = document.attributeRange(node, "href"), !href.isEmpty,
      document.bytes[href].contains(0x23), document.subtreeEnd(of: node) - node <= 12
    else { return false }
    for child in document.descendants(of: node) where document.isText(child) {
      let text = document.bytes[document.textRange(of: child)]
      guard text.count <= 12, !text.contains(where: { $0.isLetter || $0.isDigit }) else {
        return false
      }
    }
    return true
  }
}
