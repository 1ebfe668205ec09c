/// Whether a page consists of frames.
///
/// Source: HTML, the frameset-ok flag, and the insertion mode "in frameset".
enum FramesetState {
  /// No `frameset` was seen.
  case unknown
  /// Nothing else is shown.
  case shown
  /// The first `frameset` came after content, and means nothing; nor do others.
  case refused

  /// Looks at what stands before the first `frameset`.
  init(before end: Int, of base: UnsafePointer<UInt8>) {
    var tokenizer = MarkupTokenizer(base, count: end)
    self = .shown
    while self == .shown, let token = tokenizer.next() {
      let isContent =
        switch token.kind {
        case .text, .cdata: token.range.contains { !base[$0].isHTMLSpace && base[$0] != 0 }
        case .startTag: Self.isContent(token, tokenizer)
        case .endTag: tokenizer.isName(token.name, "br")
        default: false
        }
      if isContent { self = .refused }
    }
  }

  private static func isContent(
    _ token: MarkupTokenizer.Token, _ tokenizer: MarkupTokenizer
  ) -> Bool {
    let name = UnsafeBufferPointer(
      start: tokenizer.base + token.name.lowerBound, count: token.name.count)
    switch HTMLTag(utf8: name) {
    case .body, .pre, .listing, .li, .dd, .dt, .plaintext, .button, .applet, .marquee, .object,
      .table, .area, .br, .embed, .img, .keygen, .wbr, .input, .hr, .textarea, .xmp, .iframe,
      .select, .image:
      return true
    default: return false
    }
  }
}
