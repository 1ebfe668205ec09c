/// What the class and id of an element say about its part in the page.
struct NameCategories: OptionSet, Hashable {
  let rawValue: UInt32

  static let navigation = NameCategories(rawValue: 1 << 0)
  static let footer = NameCategories(rawValue: 1 << 1)
  static let header = NameCategories(rawValue: 1 << 2)
  static let side = NameCategories(rawValue: 1 << 3)
  static let related = NameCategories(rawValue: 1 << 4)
  static let share = NameCategories(rawValue: 1 << 5)
  static let comment = NameCategories(rawValue: 1 << 6)
  static let advertisement = NameCategories(rawValue: 1 << 7)
  static let cookie = NameCategories(rawValue: 1 << 8)
  static let meta = NameCategories(rawValue: 1 << 9)
  static let newsletter = NameCategories(rawValue: 1 << 10)
  static let content = NameCategories(rawValue: 1 << 11)
  /// Names that only bodies of articles bear, such as `entry-content`.
  static let body = NameCategories(rawValue: 1 << 12)
  static let hidden = NameCategories(rawValue: 1 << 13)
  static let forum = NameCategories(rawValue: 1 << 14)
  static let product = NameCategories(rawValue: 1 << 15)
  static let card = NameCategories(rawValue: 1 << 16)
  static let code = NameCategories(rawValue: 1 << 17)

  static let caption = NameCategories(rawValue: 1 << 18)
  /// Who wrote it, as a box of its own.
  static let author = NameCategories(rawValue: 1 << 19)

  /// What opens where its reader asks for it.
  static let fold = NameCategories(rawValue: 1 << 20)

  static let count = 21
  static let good: NameCategories = [.content, .body]
  static let bad: NameCategories = [
    .navigation, .footer, .side, .related, .share, .comment, .advertisement, .cookie, .meta,
    .newsletter,
  ]
}

/// Names to categories: a table of words over the tokens of a name, which end at case changes,
/// digits and signs, so that "shadow" is no "ad". No regular expressions; each distinct name is
/// judged once a page.
struct NameMatcher {
  private var known: [UInt64: NameCategories] = [:]

  /// The categories of one class or id attribute.
  mutating func categories(of name: UnsafeBufferPointer<UInt8>) -> NameCategories {
    let name = UnsafeBufferPointer(rebasing: name.prefix(400))
    var hash = WordHash()
    for byte in name { hash.add(byte) }
    let key = UInt64(hash.value) << 32 | UInt64(name.count)
    if let found = known[key] { return found }
    let found = Self.judge(name)
    known[key] = found
    return found
  }

  /// The categories without the cache.
  static func judge(_ name: UnsafeBufferPointer<UInt8>) -> NameCategories {
    var found: NameCategories = []
    var token = WordHash()
    var pair = WordHash()
    var length = 0
    var before: UInt8 = 0
    func end() {
      guard length > 0 else { return }
      found.formUnion(words[token.value] ?? [])
      found.formUnion(pairs[pair.value] ?? [])
      pair = token
      token = WordHash()
      length = 0
    }
    for byte in name {
      let isUpper = byte &- 0x41 < 26
      let isLetter = (byte | 0x20) &- 0x61 < 26
      if !isLetter || (isUpper && before &- 0x61 < 26) { end() }
      if byte == 0x20 { pair = WordHash() }
      before = byte
      guard isLetter else { continue }
      token.add(byte | 0x20)
      pair.add(byte | 0x20)
      length += 1
    }
    end()
    return found
  }

  private static let words: [UInt32: NameCategories] = table([
    (
      .navigation,
      """
      nav navi navbar navigation menu menus submenu dropdown breadcrumb breadcrumbs crumb crumbs
      pagination pager paging toc skip tabs navlinks mainnav topnav subnav sitenav megamenu
      menubar
      """
    ),
    (
      .footer,
      """
      foot footer footers sitefooter pagefooter footnav colophon copyright legal imprint impressum
      disclaimer
      """
    ),
    (.header, "header headers masthead banner topbar logo hero siteheader pageheader brand"),
    (
      .side,
      "side sidebar sidebars aside rail widget widgets secondary rightcol leftcol sidecol infobox"
    ),
    (
      .related,
      """
      relat related relatedposts recommend recommended recommendation recommendations suggest
      suggested suggestions more popular trending also next prev previous latest teaser teasers
      featured readmore promo promos outbrain taboola similar upsell carousel slider slideshow
      mostread ticker recirc recirculation
      """
    ),
    (
      .share,
      """
      share sharing shares sharebar sharedaddy addthis social socials facebook twitter follow
      syndicate addtoany like likes whatsapp pinterest linkedin
      """
    ),
    (
      .comment,
      """
      comment comments commentlist commentary disqus respond reply replies discussion discussions
      kommentar kommentare
      """
    ),
    (
      .advertisement,
      """
      ad ads adv advert adverts advertisement advertising sponsor sponsored sponsors adsense dfp
      adslot adbox affiliate donate donation anzeige werbung publicite gpt
      """
    ),
    (
      .cookie,
      """
      cookie cookies consent gdpr privacy overlay modal modals popup popups dialog paywall gate
      lightbox cmp onetrust notice
      """
    ),
    (
      .meta,
      """
      meta metadata postmeta byline bylines author authors date dates time timestamp posted info
      infos tag tags tagcloud taglist category categories label labels credit credits bio caption
      captions source sources views rating ratings stars dateline
      """
    ),
    (
      .newsletter,
      """
      newsletter newsletters subscribe subscription subscriptions signup signin login register
      registration account form search searchform cta optin mailchimp
      """
    ),
    (
      .content,
      """
      content contents article articles post posts entry entries story body text main prose
      markdown rich wysiwyg rte copy blog page maincontent singlepost paragraph inhalt contenu
      contenido
      """
    ),
    (
      .body,
      """
      articlebody entrycontent postcontent postbody storybody articlecontent articletext
      maincontent richtext storycontent bodytext posttext newsbody
      """
    ),
    (
      .hidden,
      """
      hidden hide invisible collapsed noprint tooltip visuallyhidden sronly screenreader offscreen
      """
    ),
    (
      .forum,
      """
      message messages thread threads topic topics forum forums question questions answer answers
      postbody bbcode usertext reply replies bbs
      """
    ),
    (
      .product,
      """
      product products price prices pricing cart sku spec specs specification specifications
      variant variants review reviews buy shop basket checkout
      """
    ),
    (
      .card,
      "card cards tile tiles grid item items list listing listings teaser thumb thumbs result results"
    ),
    (.caption, "caption captions figcaption credit credits legend bildunterschrift legende"),
    (.author, "author authors bio biography authorbox authorbio byline autor contributor profile"),
    (
      .fold, "accordion accordions collapse collapsible faq faqs expandable toggle tabpanel panel"
    ),
    (.code, "code highlight highlighter syntax prettyprint hljs prism codehilite sourcecode"),
  ])

  /// Two tokens in a row inside one name, written together.
  private static let pairs: [UInt32: NameCategories] = table([
    (
      .body,
      """
      articlebody entrycontent postcontent postbody storybody articlecontent articletext
      maincontent markdownbody richtext storycontent bodytext posttext parseroutput blogcontent
      contentbody bodycontent fieldbody pagecontent singlecontent newscontent
      """
    ),
    (.side, "rightcolumn columnright rightcol leftcol sidecolumn"),
    (.related, "morefrom readmore seealso readnext mostread alsolike youmay"),
    (.hidden, "sronly dnone printonly visuallyhidden screenreader displaynone ishidden"),
    (.newsletter, "signup signin login"),
    (.header, "topbar"),
    (.fold, "tabpane tabcontent tabpanel"),
    (.product, "addto"),
    (.advertisement, "adslot adunit adcontainer adwrapper googlead"),
  ])

  private static func table(_ lists: [(NameCategories, String)]) -> [UInt32: NameCategories] {
    var table: [UInt32: NameCategories] = [:]
    for (category, list) in lists {
      for word in list.split(whereSeparator: \.isWhitespace) {
        table[WordHash.of(word), default: []].formUnion(category)
      }
    }
    return table
  }
}
