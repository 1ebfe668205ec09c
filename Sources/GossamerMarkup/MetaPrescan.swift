/// Looks for a charset in the first 10 KiB of a page that has not been decoded yet.
///
/// Source: WHATWG HTML, "prescan a byte stream to determine its encoding"; the names of its steps.
struct MetaPrescan {
  private let page: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// How far to look. The standard asks for 1,024 bytes at least; pages with long comments need more.
  private static let length = 10 * 1024

  /// The encoding to use, and what was strange about it.
  struct Finding {
    var encoding: TextEncoding?
    var doubt: String?
  }

  static func scan(_ page: UnsafeBufferPointer<UInt8>) -> Finding {
    var prescan = MetaPrescan(page: UnsafeBufferPointer(rebasing: page.prefix(length)))
    return prescan.run()
  }

  private init(page: UnsafeBufferPointer<UInt8>) { self.page = page }

  private mutating func run() -> Finding {
    var finding = Finding(encoding: xmlDeclaration(), doubt: nil)
    while position < page.count {
      if page[position] == 0x3C {
        if matches("<!--") {
          skipComment()
        } else if matches("<meta"), position + 5 < page.count, isSlashOrSpace(page[position + 5]) {
          position += 6
          let meta = readMeta()
          if let encoding = meta.encoding { return Finding(encoding: encoding, doubt: meta.doubt) }
          finding.doubt = finding.doubt ?? meta.doubt
          continue
        } else if isTagStart {
          skipTag()
          continue
        } else if matches("<!") || matches("</") || matches("<?") {
          while position < page.count, page[position] != 0x3E { position += 1 }
        }
      }
      position += 1
    }
    return finding
  }

  /// The encoding of an XML declaration, which counts where no meta speaks. Where the declaration
  /// itself is in UTF-16, that is what it says.
  ///
  /// Source: WHATWG HTML, "get an XML encoding".
  private func xmlDeclaration() -> TextEncoding? {
    if page.starts(with: [0x3C, 0, 0x3F, 0, 0x78, 0]) { return .utf16LE }
    if page.starts(with: [0, 0x3C, 0, 0x3F, 0, 0x78]) { return .utf16BE }
    guard page.starts(with: "<?xml".utf8), let end = page.firstIndex(of: 0x3E) else { return nil }
    let declaration = Array(page[..<end])
    guard let name = declaration.firstRange(of: "encoding".utf8) else { return nil }
    let rest = declaration[name.upperBound...].drop { $0 <= 0x20 }
    guard rest.first == 0x3D else { return nil }
    let value = rest.dropFirst().drop { $0 <= 0x20 }
    guard let quote = value.first, quote == 0x22 || quote == 0x27,
      let closing = value.dropFirst().firstIndex(of: quote)
    else { return nil }
    let label = value[..<closing].dropFirst()
    return label.contains { $0 <= 0x20 } ? nil : Self.usable(TextEncoding(label: label))
  }

  private func matches(_ text: StaticString) -> Bool {
    let end = position + text.utf8CodeUnitCount
    return end <= page.count && page[position..<end].equalsIgnoringCase(text)
  }

  private func isSlashOrSpace(_ byte: UInt8) -> Bool { byte.isHTMLSpace || byte == 0x2F }

  private var isTagStart: Bool {
    let next = position + 1
    guard next < page.count else { return false }
    if page[next] == 0x2F { return next + 1 < page.count && page[next + 1].isASCIILetter }
    return page[next].isASCIILetter
  }

  private mutating func skipComment() {
    position += 4
    while position < page.count {
      if page[position] == 0x3E, page[position - 1] == 0x2D, page[position - 2] == 0x2D { return }
      position += 1
    }
  }

  private mutating func skipTag() {
    while position < page.count, !page[position].isHTMLSpace, page[position] != 0x3E {
      position += 1
    }
    while nextAttribute() != nil {}
    if position < page.count, page[position] == 0x3E { position += 1 }
  }

  private mutating func readMeta() -> Finding {
    var names: Set<[UInt8]> = []
    var gotPragma = false
    var needsPragma: Bool?
    var charset: TextEncoding?
    var label: ArraySlice<UInt8> = []
    var isDecided = false
    while let (name, value) = nextAttribute() {
      guard names.insert(name).inserted else { continue }
      if name.equalsIgnoringCase("http-equiv") {
        gotPragma = value.equalsIgnoringCase("content-type")
      } else if name.equalsIgnoringCase("content"), !isDecided {
        guard let found = Self.charset(in: value[...]) else { continue }
        label = found
        charset = TextEncoding(label: found)
        isDecided = charset != nil
        if isDecided { needsPragma = true }
      } else if name.equalsIgnoringCase("charset") {
        label = value[...]
        charset = TextEncoding(label: value)
        isDecided = true
        needsPragma = false
      }
    }
    guard let needsPragma, !needsPragma || gotPragma else { return Finding() }
    let shown = String(decoding: label.prefix(40), as: UTF8.self)
    guard let charset else { return Finding(doubt: "unknown charset \(shown)") }
    let used = Self.usable(charset)
    return Finding(encoding: used, doubt: used == charset ? nil : "meta says \(shown)")
  }

  /// UTF-16 cannot be true if a meta could be read; x-user-defined is windows-1252.
  private static func usable(_ encoding: TextEncoding?) -> TextEncoding? {
    switch encoding {
    case .utf16BE, .utf16LE: .utf8
    case .userDefined: .windows1252
    default: encoding
    }
  }

  /// The standard's "get an attribute"; names and values in lower case.
  private mutating func nextAttribute() -> (name: [UInt8], value: [UInt8])? {
    while position < page.count, isSlashOrSpace(page[position]) { position += 1 }
    guard position < page.count, page[position] != 0x3E else { return nil }
    var name: [UInt8] = []
    while position < page.count {
      let byte = page[position]
      if byte == 0x3D, !name.isEmpty { break }
      if byte.isHTMLSpace { break }
      if byte == 0x2F || byte == 0x3E { return (name, []) }
      name.append(byte.asciiLowercased)
      position += 1
    }
    skipSpaces()
    guard position < page.count, page[position] == 0x3D else {
      return position < page.count ? (name, []) : nil
    }
    position += 1
    skipSpaces()
    return readValue().map { (name, $0) }
  }

  private mutating func skipSpaces() {
    while position < page.count, page[position].isHTMLSpace { position += 1 }
  }

  private mutating func readValue() -> [UInt8]? {
    guard position < page.count else { return nil }
    var value: [UInt8] = []
    let quote = page[position]
    if quote == 0x22 || quote == 0x27 {
      position += 1
      while position < page.count {
        let byte = page[position]
        position += 1
        if byte == quote { return value }
        value.append(byte.asciiLowercased)
      }
      return nil
    }
    while position < page.count {
      if page[position].isHTMLSpace || page[position] == 0x3E { return value }
      value.append(page[position].asciiLowercased)
      position += 1
    }
    return nil
  }

  /// The label after `charset=` in a Content-Type value, quoted or not.
  ///
  /// Source: WHATWG HTML, "extracting a character encoding from a meta element".
  static func charset(in value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var rest = value
    while let found = rest.firstRange(ofLowercase: "charset") {
      rest = rest[found.upperBound...].drop(while: \.isHTMLSpace)
      guard rest.first == 0x3D else { continue }
      let label = rest.dropFirst().drop(while: \.isHTMLSpace)
      guard let quote = label.first else { return nil }
      if quote == 0x22 || quote == 0x27 {
        guard let end = label.dropFirst().firstIndex(of: quote) else { return nil }
        return label[(label.startIndex + 1)..<end]
      }
      return label.prefix { !$0.isHTMLSpace && $0 != 0x3B }
    }
    return nil
  }
}

extension ArraySlice<UInt8> {
  /// The first place where an ASCII text in lower case stands, in any case.
  func firstRange(ofLowercase text: StaticString) -> Range<Int>? {
    let length = text.utf8CodeUnitCount
    guard count >= length else { return nil }
    for start in startIndex...(endIndex - length)
    where self[start..<(start + length)].equalsIgnoringCase(text) {
      return start..<(start + length)
    }
    return nil
  }
}
