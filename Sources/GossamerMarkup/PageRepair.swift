internal import Glibc

/// Rewrites what libxml2 reads otherwise than browsers do, and what it cannot bear, before it sees
/// the page: character references, text of `title` and the like, odd tags, comments and
/// declarations, NUL, ends of elements, and tags with very many attributes (quadratic time).
///
/// One pass by the standard's rules, `MarkupTokenizer`. What libxml2 reads rightly is copied as it
/// stands; a page that needs no repair is not copied at all.
struct PageRepair {
  let page: UnsafeBufferPointer<UInt8>
  let base: UnsafePointer<UInt8>
  let limits: HTMLLimits
  let hasNUL: Bool
  private let hasControls: Bool
  var output: [UInt8] = []
  /// What of the page has gone to the output.
  var copied = 0
  var cutTags = 0
  private var isAtStart = true
  private var blocks = OpenBlocks()
  /// Something came that no head holds.
  private var hasBody = false

  /// Nil if the page may go to the parser as it is.
  static func repair(
    _ page: UnsafeBufferPointer<UInt8>, limits: HTMLLimits
  ) -> (bytes: [UInt8], cutTags: Int)? {
    guard let base = page.baseAddress else { return nil }
    var repair = PageRepair(page: page, base: base, limits: limits)
    repair.run()
    guard repair.copied > 0 else { return nil }
    repair.output.append(contentsOf: page[repair.copied...])
    return (repair.output, repair.cutTags)
  }

  private init(
    page: UnsafeBufferPointer<UInt8>, base: UnsafePointer<UInt8>, limits: HTMLLimits
  ) {
    self.page = page
    self.base = base
    self.limits = limits
    hasNUL = memchr(base, 0, page.count) != nil
    hasControls = hasNUL || memchr(base, 0x0C, page.count) != nil
  }

  private mutating func run() {
    // Two bytes an attribute at least.
    let suspicious = min(limits.attributesPerTag * 2, limits.tagLengthInBytes)
    var tokenizer = MarkupTokenizer(base, count: page.count)
    while let token = tokenizer.next() {
      switch token.kind {
      case .text:
        if token.isOdd || hasControls {
          repairText(token.range, nul: token.isForeign ? Self.replacement : [])
        } else {
          repairReferences(token.range)
        }
      case .startTag:
        if !token.isForeign { start(token) }
        if token.isOdd || token.isEmptied || token.range.count > suspicious
          || hasOddValue(token.range)
        {
          rewrite(token)
        }
      case .endTag:
        if !token.isForeign { endBlocks(before: token) }
        if token.isOdd || hasNUL(token.range) { rewriteEndTag(token) }
      case .escapableText: repairText(token.range, nul: Self.replacement, escaping: true)
      case .rawText: escape(token.range)
      case .code:
        if beginsLikeTag(token.range) {
          replace(token.range.lowerBound..<token.range.lowerBound, with: [0x20])
        }
        if token.isOdd || hasControls { repairCode(token) }
      case .comment: if token.isOdd || hasNUL(token.range) { replace(token.range, with: []) }
      case .cdata: replaceSection(token.range)
      case .doctype:
        if !isAtStart || !isPlainDoctype(token.range) { replace(token.range, with: []) }
      case .dropped: replace(token.range, with: [])
      }
      if token.kind != .comment { isAtStart = false }
    }
  }

  private func tag(_ token: MarkupTokenizer.Token) -> HTMLTag {
    // `a`, `p` and the like are not asked for.
    token.name.count < 2 ? .unknown : HTMLTag(utf8: UnsafeBufferPointer(rebasing: page[token.name]))
  }

  private mutating func start(_ token: MarkupTokenizer.Token) {
    let tag = tag(token)
    blocks.start(tag)
    guard !hasBody, !tag.isMetadata, tag != .html, tag != .noscript else { return }
    hasBody = true
    // What libxml2 does not know it takes for a part of the head.
    if tag == .unknown ? token.name.count > 1 : OpenBlocks.isNew(tag) {
      copy(to: token.range.lowerBound)
      output += "<body>".utf8
    }
  }

  private mutating func endBlocks(before token: MarkupTokenizer.Token) {
    for tag in blocks.end(tag(token)) {
      copy(to: token.range.lowerBound)
      output += "</\(tag.name)>".utf8
    }
  }

  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  mutating func copy(to end: Int) {
    output.append(
      contentsOf: UnsafeBufferPointer(start: base + copied, count: end - copied))
    copied = end
  }

  private mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
    copy(to: range.lowerBound)
    output += bytes
    copied = range.upperBound
  }

  func hasNUL(_ range: Range<Int>) -> Bool {
    hasNUL && memchr(base + range.lowerBound, 0, range.count) != nil
  }

  /// The doctype has no meaning here; what libxml2 might stumble over is left out.
  private func isPlainDoctype(_ range: Range<Int>) -> Bool {
    UnsafeBufferPointer(rebasing: page[range]).equalsIgnoringCase("<!doctype html>")
  }
}

extension PageRepair {
  private mutating func repairReferences(_ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound,
      let found = memchr(base + index, Int32(UInt8(ascii: "&")), range.upperBound - index)
    {
      let start = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      index = start + 1
      repairReference(start, &index)
    }
  }

  /// References, NULs and form feeds; with `escaping`, `<` as well.
  private mutating func repairText(
    _ range: Range<Int>, nul: [UInt8], escaping: Bool = false
  ) {
    var index = range.lowerBound
    while let found = nextSpecial(from: index, to: range.upperBound) {
      index = found + 1
      switch base[found] {
      case UInt8(ascii: "&"): repairReference(found, &index)
      case 0: replace(found..<index, with: nul)
      case 0x0C: replace(found..<index, with: [0x20])
      default: if escaping || !isLoneAngle(found) { replace(found..<index, with: Self.lessThan) }
      }
    }
  }

  private static let lessThan = Array("&lt;".utf8)

  /// `<` before a space or a digit is text to libxml2 as well.
  private func isLoneAngle(_ index: Int) -> Bool {
    index + 1 < page.count && (base[index + 1].isHTMLSpace || base[index + 1].isASCIIDigit)
  }

  /// The next `<`, `&`, NUL or form feed.
  private func nextSpecial(from start: Int, to end: Int) -> Int? {
    var index = start
    while index < end {
      let byte = base[index]
      if byte == 0x26 || byte == 0x3C || byte == 0 || byte == 0x0C { return index }
      index += 1
    }
    return nil
  }

  private mutating func repairReference(_ start: Int, _ next: inout Int) {
    if let length = plainReference(start) {
      next = start + length
    } else if let resolved = CharacterReferences.resolve(page, at: start, isInAttribute: false) {
      copy(to: start)
      append(resolved)
      next = start + resolved.length
      copied = next
    } else if start + 1 < page.count, base[start + 1] == UInt8(ascii: "#") {
      replace(start..<start + 1, with: Array("&amp;".utf8))
    }
  }

  /// The length of a reference that libxml2 may resolve: the commonest. Its search for others
  /// is slow and knows the names of HTML 4 only.
  func plainReference(_ start: Int) -> Int? {
    func stands(_ name: StaticString) -> Bool {
      let length = name.utf8CodeUnitCount
      return start + length <= page.count && memcmp(base + start, name.utf8Start, length) == 0
    }
    guard start + 1 < page.count else { return nil }
    switch base[start + 1] {
    case UInt8(ascii: "a"): return stands("&amp;") ? 5 : nil
    case UInt8(ascii: "l"): return stands("&lt;") ? 4 : nil
    case UInt8(ascii: "g"): return stands("&gt;") ? 4 : nil
    case UInt8(ascii: "n"): return stands("&nbsp;") ? 6 : nil
    case UInt8(ascii: "q"): return stands("&quot;") ? 6 : nil
    default: return nil
    }
  }

  /// Text in which nothing is markup.
  private mutating func escape(_ range: Range<Int>) {
    var index = range.lowerBound
    while let found = nextSpecial(from: index, to: range.upperBound) {
      index = found + 1
      switch base[found] {
      case UInt8(ascii: "&"): replace(found..<index, with: Array("&amp;".utf8))
      case 0: replace(found..<index, with: Self.replacement)
      case 0x0C: replace(found..<index, with: [0x20])
      default: replace(found..<index, with: Self.lessThan)
      }
    }
  }

  private mutating func replaceSection(_ range: Range<Int>) {
    let content = range.lowerBound + 9
    replace(range.lowerBound..<content, with: [])
    var end = range.upperBound
    if end >= content + 3, base[end - 1] == UInt8(ascii: ">"), base[end - 2] == UInt8(ascii: "]"),
      base[end - 3] == UInt8(ascii: "]")
    {
      end -= 3
    }
    escape(content..<end)
    replace(end..<range.upperBound, with: [])
  }

  /// Right behind the start tag of `script` or `style`, libxml2 takes even there a tag for a tag.
  private func beginsLikeTag(_ range: Range<Int>) -> Bool {
    guard base[range.lowerBound] == UInt8(ascii: "<"), range.count > 1 else { return false }
    let next = base[range.lowerBound + 1]
    return next.isASCIILetter || next == UInt8(ascii: "/")
  }

  /// In a script `<\/` means `</`, in a style sheet it means nothing.
  private mutating func repairCode(_ token: MarkupTokenizer.Token) {
    var index = token.range.lowerBound
    while index < token.range.upperBound {
      if base[index] == 0 {
        replace(index..<index + 1, with: Self.replacement)
      } else if base[index] == 0x0C {
        replace(index..<index + 1, with: [0x20])
      } else if token.isOdd, base[index] == UInt8(ascii: "<"), index + 1 < token.range.upperBound,
        base[index + 1] == UInt8(ascii: "/")
      {
        replace(index..<index + 1, with: Array("<\\".utf8))
      }
      index += 1
    }
  }
}
