/// The name of an element as a small number. Elements with other names are `unknown`; their
/// names stay with the node, see `HTMLDocument.name(of:)`.
public enum HTMLTag: UInt8, Sendable, CaseIterable {
  /// Any name not listed below.
  case unknown = 0
  // The names of HTML, today's and yesterday's, and the few of SVG and MathML that pages abound in.
  case a, abbr, acronym, address, applet, area, article, aside, audio, b, base, basefont, bdi,
    bdo, bgsound, big, blink, blockquote, body, br, button, canvas, caption, center, cite, code,
    col, colgroup, command, data, datalist, dd, del, details, dfn, dialog, dir, div, dl, dt, em,
    embed, fieldset, figcaption, figure, font, footer, form, frame, frameset, g, h1, h2, h3, h4,
    h5, h6, head, header, hgroup, hr, html, i, iframe, image, img, input, ins, isindex, kbd,
    keygen, label, legend, li, link, listing, main, map, mark, marquee, math, menu, menuitem,
    meta, meter, nav, nobr, noembed, noframes, noscript, object, ol, optgroup, option, output, p,
    param, path, picture, plaintext, pre, progress, q, rb, rp, rt, rtc, ruby, s, samp, script,
    search, section, select, slot, small, source, span, strike, strong, style, sub, summary, sup,
    svg, table, tbody, td, template, textarea, tfoot, th, thead, time, title, tr, track, tt, u,
    ul, use, `var`, video, wbr, xmp
}

extension HTMLTag {
  /// The name in lower case; empty for `unknown`.
  public var name: String { self == .unknown ? "" : Self.names[Int(rawValue)] }

  /// The tag with this name in lower case, `unknown` if there is none.
  public init(name: String) {
    var name = name
    self = name.withUTF8 { HTMLTag(utf8: $0) }
  }

  /// h1 to h6.
  public var isHeading: Bool { headingLevel != nil }

  /// 1 for h1 … 6 for h6.
  public var headingLevel: Int? {
    switch self {
    case .h1: 1
    case .h2: 2
    case .h3: 3
    case .h4: 4
    case .h5: 5
    case .h6: 6
    default: nil
    }
  }

  /// Elements that never have content.
  public var isVoid: Bool {
    switch self {
    case .area, .base, .basefont, .bgsound, .br, .col, .command, .embed, .frame, .hr, .img,
      .input, .keygen, .link, .meta, .param, .source, .track, .wbr:
      true
    default: false
    }
  }

  /// Elements whose text is code or markup and never read by people.
  public var isRawText: Bool {
    switch self {
    case .script, .style, .template, .iframe, .noembed, .noframes: true
    default: false
    }
  }

  /// Elements that begin and end a line of their own in a browser's default style.
  public var isBlock: Bool {
    switch self {
    case .address, .article, .aside, .blockquote, .body, .caption, .center, .dd, .details, .dialog,
      .dir, .div, .dl, .dt, .fieldset, .figcaption, .figure, .footer, .form, .frameset, .h1, .h2,
      .h3, .h4, .h5, .h6, .header, .hgroup, .hr, .html, .legend, .li, .listing, .main, .menu, .nav,
      .ol, .optgroup, .option, .p, .plaintext, .pre, .search, .section, .summary, .table, .tbody,
      .td, .tfoot, .th, .thead, .tr, .ul, .xmp:
      true
    default: false
    }
  }

  /// Elements that a page's head consists of; none of their text is shown in the page.
  public var isMetadata: Bool {
    switch self {
    case .base, .basefont, .bgsound, .head, .link, .meta, .script, .style, .template, .title: true
    default: false
    }
  }

  /// Parts of tables, from `table` down to the cell.
  public var isTablePart: Bool {
    switch self {
    case .table, .thead, .tbody, .tfoot, .tr, .td, .th, .caption, .col, .colgroup: true
    default: false
    }
  }

  /// ul, ol, dl and their old relatives.
  public var isList: Bool {
    switch self {
    case .ul, .ol, .dl, .menu, .dir: true
    default: false
    }
  }

  /// Form controls.
  public var isControl: Bool {
    switch self {
    case .button, .input, .select, .textarea, .option, .optgroup, .datalist, .output, .keygen: true
    default: false
    }
  }

  /// Elements in which white space is shown as written.
  public var isPreformatted: Bool {
    switch self {
    case .pre, .textarea, .listing, .xmp, .plaintext: true
    default: false
    }
  }
}

extension HTMLTag {
  private static let names = allCases.map { "\($0)" }

  /// Open addressing over 512 slots; built once from the cases.
  private static let slots: [HTMLTag] = {
    var slots = [HTMLTag](repeating: .unknown, count: 512)
    for tag in allCases where tag != .unknown {
      var slot = Array(names[Int(tag.rawValue)].utf8).withUnsafeBufferPointer { Self.hash($0) }
      while slots[slot] != .unknown { slot = (slot + 1) & 511 }
      slots[slot] = tag
    }
    return slots
  }()

  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt32 = 2_166_136_261
    for byte in name { hash = (hash ^ UInt32(byte.asciiLowercased)) &* 16_777_619 }
    return Int((hash ^ (hash >> 15)) & 511)
  }

  /// Looks a name up, in any case.
  init(utf8 name: UnsafeBufferPointer<UInt8>) {
    self = .unknown
    guard !name.isEmpty, name.count <= 10 else { return }
    var slot = Self.hash(name)
    while Self.slots[slot] != .unknown {
      let known = Self.names[Int(Self.slots[slot].rawValue)].utf8
      if known.count == name.count, zip(name, known).allSatisfy({ $0.asciiLowercased == $1 }) {
        self = Self.slots[slot]
        return
      }
      slot = (slot + 1) & 511
    }
  }
}
