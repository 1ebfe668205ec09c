/// The block elements that are open while a page is read, as far as their ends are in question.
///
/// `</header>` ends all that is open inside of the header. libxml2 ignores it where a `div` inside is
/// still open, and takes the rest of the page for the header's: a `div` weighs more there than the
/// elements that HTML 5 added, or than lists and headings. So its end is written where it is implied.
/// Source: HTML, "any other end tag" and the end tags before it; `htmlEndPriority` of libxml2.
struct OpenBlocks {
  /// Innermost last.
  private var open: [HTMLTag] = []
  /// How far an end tag looks for its element: else many that match nothing take quadratic time.
  private static let reach = 64

  /// Takes in a start tag.
  mutating func start(_ tag: HTMLTag) {
    switch tag {
    case .table, .div: open.append(tag)
    case .td, .th, .caption:
      clearToTable()
      open.append(tag)
    case .tr: clearToTable()
    default: if Self.isEnded(tag) { open.append(tag) }
    }
  }

  /// Takes in an end tag; what it ends that libxml2 would leave open, innermost first.
  mutating func end(_ tag: HTMLTag) -> ArraySlice<HTMLTag> {
    guard tag == .div || tag == .table || Self.isCell(tag) || Self.isEnded(tag) else { return [] }
    var hasDivision = false
    for (distance, index) in open.indices.reversed().enumerated() {
      guard distance < Self.reach else { return [] }
      let other = open[index]
      if other == tag {
        let ended = open[(index + 1)...].reversed()
        open.removeSubrange(index...)
        return hasDivision && Self.isEnded(tag) ? ArraySlice(ended) : []
      }
      // Nothing inside of a table ends what is around it.
      if other == .table || Self.isCell(other) && tag != .table { return [] }
      hasDivision = hasDivision || other == .div
    }
    return []
  }

  private mutating func clearToTable() {
    guard let table = open.suffix(Self.reach).lastIndex(of: .table) else { return }
    open.removeSubrange((table + 1)...)
  }

  /// Elements of HTML 5 that may begin a page's body.
  static func isNew(_ tag: HTMLTag) -> Bool {
    switch tag {
    case .article, .aside, .details, .dialog, .figure, .footer, .header, .hgroup, .main, .nav,
      .search, .section:
      true
    default: false
    }
  }

  private static func isCell(_ tag: HTMLTag) -> Bool {
    tag == .td || tag == .th || tag == .caption
  }

  /// Elements whose end tags end what is open inside, and weigh less than those of a `div`.
  private static func isEnded(_ tag: HTMLTag) -> Bool {
    switch tag {
    case .article, .aside, .section, .nav, .main, .header, .footer, .figure, .figcaption, .ul, .ol,
      .li, .blockquote, .h1, .h2, .h3, .h4, .h5, .h6:
      true
    default: false
    }
  }
}
