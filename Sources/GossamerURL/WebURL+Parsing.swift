/// The standard's basic URL parser, without state override.
///
/// The functions bear the names of the standard's states, and stand in its order. Where the
/// standard walks by code point and keeps a buffer, each of ours takes a component at once and
/// writes its serialization; nothing written is read again but the path, to shorten it.
///
/// Source: https://url.spec.whatwg.org/#concept-basic-url-parser
struct URLParser {
  private let input: UnsafePointer<UInt8>
  private let end: Int
  private let base: (layout: WebURL.Layout, bytes: UnsafeBufferPointer<UInt8>)?
  private var writer: URLWriter
  private var layout = WebURL.Layout()

  /// Longer inputs are refused, as offsets are 32 bits wide.
  static let longestInput = 1 << 28

  /// What `finish` makes of layout and serialization, which are lent; nil on failure.
  @inline(__always)
  static func parse(
    _ input: UnsafeBufferPointer<UInt8>, base: WebURL?, finish: Finish
  ) -> WebURL? {
    guard let base else { return clean(input, base: nil, finish: finish) }
    return base.withUTF8 { clean(input, base: (base.layout, $0), finish: finish) }
  }

  typealias Finish = (WebURL.Layout, UnsafeBufferPointer<UInt8>) -> WebURL?

  @inline(__always)
  private static func clean(
    _ input: UnsafeBufferPointer<UInt8>,
    base: (layout: WebURL.Layout, bytes: UnsafeBufferPointer<UInt8>)?, finish: Finish
  ) -> WebURL? {
    guard input.count <= longestInput, (base?.bytes.count ?? 0) <= longestInput else { return nil }
    let trimmed = trim(input)
    guard mayHaveTabOrNewline(trimmed) else { return run(trimmed, base: base, finish: finish) }
    let cleaned = trimmed.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    return cleaned.withUnsafeBufferPointer { run($0, base: base, finish: finish) }
  }

  private static func run(
    _ input: UnsafeBufferPointer<UInt8>,
    base: (layout: WebURL.Layout, bytes: UnsafeBufferPointer<UInt8>)?, finish: Finish
  ) -> WebURL? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { scratch in
      guard let spare = scratch.baseAddress else { return nil }
      var parser = URLParser(
        input: input.baseAddress ?? UnsafePointer(spare), end: input.count, base: base,
        writer: URLWriter(scratch: scratch, fallback: spare))
      defer { parser.writer.release() }
      guard parser.schemeStart() else { return nil }
      parser.insertDotSegment()
      return finish(parser.layout, parser.writer.written(from: 0))
    }
  }

  private init(
    input: UnsafePointer<UInt8>, end: Int,
    base: (layout: WebURL.Layout, bytes: UnsafeBufferPointer<UInt8>)?, writer: URLWriter
  ) {
    self.input = input
    self.end = end
    self.base = base
    self.writer = writer
  }

  /// Keeps a path that begins with two slashes from being read as an authority.
  private mutating func insertDotSegment() {
    guard layout.host == .null, !layout.hasOpaquePath, layout.queryStart - layout.pathStart > 1,
      writer.bytes[Int(layout.pathStart)] == slash, writer.bytes[Int(layout.pathStart) + 1] == slash
    else { return }
    writer.insertDotSegment(at: Int(layout.pathStart))
    layout.pathStart += 2
    layout.queryStart += 2
    layout.fragmentStart += 2
  }
}

private let slash = UInt8(ascii: "/")
private let backslash = UInt8(ascii: "\\")
private let colon = UInt8(ascii: ":")
private let questionMark = UInt8(ascii: "?")
private let numberSign = UInt8(ascii: "#")
private let dot = UInt8(ascii: ".")

// MARK: - Input

extension URLParser {
  /// Without leading and trailing C0 controls and spaces.
  private static func trim(_ input: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = input.count
    while start < end, input[start] <= 0x20 { start += 1 }
    while end > start, input[end - 1] <= 0x20 { end -= 1 }
    return UnsafeBufferPointer(rebasing: input[start..<end])
  }

  /// Whether any byte is below 0x0E, eight at a time. Tabs and newlines are; so are some controls.
  private static func mayHaveTabOrNewline(_ input: UnsafeBufferPointer<UInt8>) -> Bool {
    let raw = UnsafeRawBufferPointer(input)
    let ones: UInt64 = 0x0101_0101_0101_0101
    var found: UInt64 = 0
    var index = 0
    while index + 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      found |= (word &- ones &* 0x0E) & ~word & (ones &* 0x80)
      index += 8
    }
    while index < raw.count {
      if raw[index] < 0x0E { return true }
      index += 1
    }
    return found != 0
  }

  private var isSpecial: Bool { layout.scheme != .none }

  @inline(__always)
  private func byte(_ index: Int) -> UInt8? { index < end ? input[index] : nil }

  /// Whether the byte separates path segments: a slash, or a backslash in special URLs.
  @inline(__always)
  private func isSlash(_ index: Int) -> Bool {
    index < end && (input[index] == slash || (input[index] == backslash && isSpecial))
  }

  private func startsWithWindowsDriveLetter(_ index: Int) -> Bool {
    guard end - index >= 2, isWindowsDriveLetter(index, index + 2) else { return false }
    guard let next = byte(index + 2) else { return true }
    return next == slash || next == backslash || next == questionMark || next == numberSign
  }

  private func isWindowsDriveLetter(_ start: Int, _ end: Int) -> Bool {
    end - start == 2 && input[start].isASCIIAlpha
      && (input[start + 1] == colon || input[start + 1] == UInt8(ascii: "|"))
  }
}

// MARK: - Scheme

extension URLParser {
  private mutating func schemeStart() -> Bool {
    guard let first = byte(0), first.isASCIIAlpha else { return noScheme() }
    var index = 1
    while index < end {
      let next = input[index]
      if next == colon { return scheme(end: index) }
      guard
        next.isASCIIAlpha || next.decimalDigit != nil || next == UInt8(ascii: "+")
          || next == UInt8(ascii: "-") || next == dot
      else { return noScheme() }
      index += 1
    }
    return noScheme()
  }

  private mutating func scheme(end schemeEnd: Int) -> Bool {
    for index in 0..<schemeEnd { writer.append(input[index].asciiLowercased) }
    layout.scheme = Self.specialScheme(
      UnsafeBufferPointer(start: writer.bytes, count: schemeEnd))
    writer.append(colon)
    layout.schemeEnd = writer.offset
    let next = schemeEnd + 1
    if layout.scheme == .file { return file(next) }
    if isSpecial {
      if let base, base.layout.scheme == layout.scheme { return specialRelativeOrAuthority(next) }
      return specialAuthorityIgnoreSlashes(next)
    }
    if byte(next) == slash { return pathOrAuthority(next + 1) }
    return opaquePath(next)
  }

  private static func specialScheme(_ name: UnsafeBufferPointer<UInt8>) -> WebURL.SpecialScheme {
    func matches(_ text: StaticString) -> Bool {
      for index in 0..<name.count where name[index] != text.utf8Start[index] { return false }
      return true
    }
    switch name.count {
    case 2: return matches("ws") ? .ws : .none
    case 3: return matches("wss") ? .wss : matches("ftp") ? .ftp : .none
    case 4: return matches("http") ? .http : matches("file") ? .file : .none
    case 5: return matches("https") ? .https : .none
    default: return .none
    }
  }

  private mutating func noScheme() -> Bool {
    guard let base else { return false }
    if base.layout.hasOpaquePath {
      guard byte(0) == numberSign else { return false }
      copyBase(upTo: base.layout.fragmentStart)
      return fragment(0)
    }
    return base.layout.scheme == .file ? file(0) : relative(0)
  }

  private mutating func specialRelativeOrAuthority(_ index: Int) -> Bool {
    if byte(index) == slash, byte(index + 1) == slash {
      return specialAuthorityIgnoreSlashes(index + 2)
    }
    return relative(index)
  }

  private mutating func pathOrAuthority(_ index: Int) -> Bool {
    if byte(index) == slash { return authority(index + 1) }
    return hostlessPath(index)
  }
}

// MARK: - Relative to a base

extension URLParser {
  /// Starts over with the bytes and the layout of the base.
  private mutating func copyBase(upTo offset: UInt32) {
    guard let base, let bytes = base.bytes.baseAddress else { return }
    writer.truncate(to: 0)
    writer.append(bytes, count: Int(offset))
    layout = base.layout
  }

  /// Everything before the path. A base without host may have `/.` there, which is not its own.
  private mutating func copyBaseAuthority() {
    guard let base else { return }
    copyBase(upTo: base.layout.host == .null ? base.layout.schemeEnd : base.layout.pathStart)
    beginPath()
  }

  private mutating func copyBasePath() {
    guard let base, let bytes = base.bytes.baseAddress else { return }
    let start = Int(base.layout.pathStart)
    writer.append(bytes + start, count: Int(base.layout.queryStart) - start)
  }

  private mutating func relative(_ index: Int) -> Bool {
    guard let base else { return false }
    layout.scheme = base.layout.scheme
    if isSlash(index) { return relativeSlash(index + 1) }
    copyBaseAuthority()
    return relativeToBasePath(index)
  }

  private mutating func relativeToBasePath(_ index: Int) -> Bool {
    guard let base else { return false }
    copyBasePath()
    switch byte(index) {
    case questionMark: return query(index)
    case numberSign, nil:
      layout.queryStart = writer.offset
      if let bytes = base.bytes.baseAddress {
        let start = Int(base.layout.queryStart)
        writer.append(bytes + start, count: Int(base.layout.fragmentStart) - start)
      }
      return fragment(index)
    default:
      if layout.scheme == .file, startsWithWindowsDriveLetter(index) {
        writer.truncate(to: Int(layout.pathStart))
      } else {
        shorten()
      }
      return path(index)
    }
  }

  private mutating func relativeSlash(_ index: Int) -> Bool {
    if isSpecial, isSlash(index) {
      beginBaseScheme()
      return specialAuthorityIgnoreSlashes(index + 1)
    }
    if byte(index) == slash {
      beginBaseScheme()
      return authority(index + 1)
    }
    copyBaseAuthority()
    return path(index)
  }

  private mutating func beginBaseScheme() {
    guard let base else { return }
    copyBase(upTo: base.layout.schemeEnd)
    layout = WebURL.Layout()
    layout.scheme = base.layout.scheme
    layout.schemeEnd = base.layout.schemeEnd
  }
}

// MARK: - Authority

extension URLParser {
  private mutating func specialAuthorityIgnoreSlashes(_ index: Int) -> Bool {
    var index = index
    while index < end, input[index] == slash || input[index] == backslash { index += 1 }
    return authority(index)
  }

  private mutating func authority(_ start: Int) -> Bool {
    writer.append("//")
    var index = start
    var at: Int?
    while index < end {
      let next = input[index]
      if next == slash || next == questionMark || next == numberSign { break }
      if next == backslash, isSpecial { break }
      if next == UInt8(ascii: "@") { at = index }
      index += 1
    }
    layout.usernameEnd = writer.offset
    if let at {
      if at + 1 == index { return false }
      credentials(start..<at)
    }
    layout.hostStart = writer.offset
    let hostStart = at.map { $0 + 1 } ?? start
    return host(hostStart..<index) && pathStart(index)
  }

  private mutating func credentials(_ range: Range<Int>) {
    let split = range.first { input[$0] == colon } ?? range.upperBound
    writer.append(input, range.lowerBound..<split, encoding: .userinfo)
    layout.usernameEnd = writer.offset
    if split + 1 < range.upperBound {
      writer.append(colon)
      writer.append(input, (split + 1)..<range.upperBound, encoding: .userinfo)
    }
    if range.lowerBound < split || split + 1 < range.upperBound { writer.append(UInt8(ascii: "@")) }
  }

  private mutating func host(_ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    var insideBrackets = false
    while index < range.upperBound {
      let next = input[index]
      if next == colon, !insideBrackets { break }
      if next == UInt8(ascii: "[") { insideBrackets = true }
      if next == UInt8(ascii: "]") { insideBrackets = false }
      index += 1
    }
    let host = range.lowerBound..<index
    if host.isEmpty, isSpecial || index < range.upperBound { return false }
    guard parseHost(host) else { return false }
    layout.hostEnd = writer.offset
    return index == range.upperBound || port((index + 1)..<range.upperBound)
  }

  private mutating func parseHost(_ range: Range<Int>) -> Bool {
    let text = UnsafeBufferPointer(start: input + range.lowerBound, count: range.count)
    guard let kind = HostParser.write(text, isOpaque: !isSpecial, to: &writer) else { return false }
    layout.host = kind
    return true
  }

  private mutating func port(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    var value: UInt32 = 0
    for index in range {
      guard let digit = input[index].decimalDigit else { return false }
      value = value * 10 + UInt32(digit)
      guard value <= 65535 else { return false }
    }
    let port = UInt16(value)
    guard port != layout.scheme.defaultPort else { return true }
    layout.port = port
    layout.hasPort = true
    writer.append(colon)
    for digit in String(port).utf8 { writer.append(digit) }
    return true
  }
}

// MARK: - File

extension URLParser {
  private mutating func file(_ index: Int) -> Bool {
    let base = self.base.flatMap { $0.layout.scheme == .file ? $0 : nil }
    if let base { layout.schemeEnd = base.layout.schemeEnd }
    layout.scheme = .file
    if isSlash(index) { return fileSlash(index + 1, hasFileBase: base != nil) }
    guard base != nil else {
      beginEmptyFileHost()
      return path(index)
    }
    copyBaseAuthority()
    return relativeToBasePath(index)
  }

  private mutating func fileSlash(_ index: Int, hasFileBase: Bool) -> Bool {
    if isSlash(index) { return fileHost(index + 1) }
    guard hasFileBase, let base else {
      beginEmptyFileHost()
      return path(index)
    }
    copyBaseAuthority()
    if !startsWithWindowsDriveLetter(index) {
      let start = Int(base.layout.pathStart)
      let path = base.bytes[start..<Int(base.layout.queryStart)]
      if path.count >= 3, path[start + 1].isASCIIAlpha, path[start + 2] == colon,
        path.count == 3 || path[start + 3] == slash
      {
        writer.append(UnsafeBufferPointer(rebasing: path.prefix(3)))
      }
    }
    return path(index)
  }

  private mutating func fileHost(_ start: Int) -> Bool {
    var index = start
    while index < end, !isSlash(index), input[index] != questionMark, input[index] != numberSign {
      index += 1
    }
    beginEmptyFileHost()
    if isWindowsDriveLetter(start, index) { return path(start) }
    if start < index {
      guard parseHost(start..<index) else { return false }
      if isLocalhost {
        writer.truncate(to: Int(layout.hostStart))
        layout.host = .empty
      }
      layout.hostEnd = writer.offset
      beginPath()
    }
    return pathStart(index)
  }

  private var isLocalhost: Bool {
    UnsafeBufferPointer(start: writer.bytes, count: writer.count).dropFirst(
      Int(layout.hostStart)
    ).elementsEqual("localhost".utf8)
  }

  private mutating func beginEmptyFileHost() {
    writer.truncate(to: 0)
    writer.append("file://")
    layout.schemeEnd = 5
    layout.usernameEnd = 7
    layout.hostStart = 7
    layout.hostEnd = 7
    layout.host = .empty
    beginPath()
  }
}

// MARK: - Path

extension URLParser {
  private mutating func beginPath() {
    layout.pathStart = writer.offset
    layout.hasOpaquePath = false
  }

  private mutating func hostlessPath(_ index: Int) -> Bool {
    layout.usernameEnd = layout.schemeEnd
    layout.hostStart = layout.schemeEnd
    layout.hostEnd = layout.schemeEnd
    beginPath()
    return path(index)
  }

  private mutating func pathStart(_ index: Int) -> Bool {
    beginPath()
    if isSlash(index) { return path(index + 1) }
    if isSpecial { return path(index) }
    guard let next = byte(index), next != questionMark, next != numberSign else {
      return query(index)
    }
    return path(index)
  }

  /// The path state. `start` is the first byte of a segment, behind the slash if there was one.
  private mutating func path(_ start: Int) -> Bool {
    var index = start
    if layout.scheme != .file, let plain = plainPathEnd(from: start) {
      writer.append(slash)
      writer.append(input + start, count: plain - start)
      return query(plain)
    }
    while true {
      let segment = index
      while index < end, !isSlash(index), input[index] != questionMark, input[index] != numberSign {
        index += 1
      }
      let goesOn = isSlash(index)
      switch dots(segment..<index) {
      case 2:
        shorten()
        if !goesOn { writer.append(slash) }
      case 1:
        if !goesOn { writer.append(slash) }
      default:
        let isFirst = writer.count == Int(layout.pathStart)
        writer.append(slash)
        if layout.scheme == .file, isFirst, isWindowsDriveLetter(segment, index) {
          writer.append(input[segment])
          writer.append(colon)
        } else {
          writer.append(input, segment..<index, encoding: .path)
        }
      }
      guard goesOn else { return query(index) }
      index += 1
    }
  }

  /// The end of a path that is its own serialization: nothing to encode, no backslash, no dot
  /// segment. Nil when there may be one.
  @inline(__always)
  private func plainPathEnd(from start: Int) -> Int? {
    var index = start
    while index < end {
      let next = input[index]
      if PercentSet.pathStop.contains(next) {
        switch next {
        case dot:
          if index == start || input[index - 1] == slash { return nil }
        case UInt8(ascii: "%"):
          if index + 2 < end, input[index + 1] == UInt8(ascii: "2"), input[index + 2] | 0x20 == 0x65
          {
            return nil
          }
        case questionMark, numberSign: return index
        default: return nil
        }
      }
      index += 1
    }
    return index
  }

  /// How many dots make up the segment, `%2e` counted as one: 1 or 2, or 0 if it is an ordinary
  /// segment.
  private func dots(_ range: Range<Int>) -> Int {
    guard range.count <= 6 else { return 0 }
    var index = range.lowerBound
    var found = 0
    while index < range.upperBound {
      if input[index] == dot {
        index += 1
      } else if range.upperBound - index >= 3, input[index] == UInt8(ascii: "%"),
        input[index + 1] == UInt8(ascii: "2"), input[index + 2] | 0x20 == UInt8(ascii: "e")
      {
        index += 3
      } else {
        return 0
      }
      found += 1
    }
    return found <= 2 ? found : 0
  }

  /// Takes the last segment off the path, but never a drive letter that stands alone.
  private mutating func shorten() {
    let start = Int(layout.pathStart)
    var count = writer.count
    if layout.scheme == .file, count - start == 3, writer.bytes[start + 1].isASCIIAlpha,
      writer.bytes[start + 2] == colon
    {
      return
    }
    while count > start {
      count -= 1
      if writer.bytes[count] == slash { break }
    }
    writer.truncate(to: count)
  }

  private mutating func opaquePath(_ start: Int) -> Bool {
    layout.usernameEnd = layout.schemeEnd
    layout.hostStart = layout.schemeEnd
    layout.hostEnd = layout.schemeEnd
    beginPath()
    layout.hasOpaquePath = true
    var index = start
    while index < end, input[index] != questionMark, input[index] != numberSign { index += 1 }
    let endsWithSpace = index > start && index < end && input[index - 1] == 0x20
    writer.append(input, start..<(endsWithSpace ? index - 1 : index), encoding: .control)
    if endsWithSpace { writer.append("%20") }
    return query(index)
  }
}

// MARK: - Query and fragment

extension URLParser {
  /// The query, if `start` is at a question mark.
  private mutating func query(_ start: Int) -> Bool {
    layout.queryStart = writer.offset
    guard byte(start) == questionMark else { return fragment(start) }
    var index = start
    while index < end, input[index] != numberSign { index += 1 }
    writer.append(questionMark)
    writer.append(
      input, (start + 1)..<index, encoding: isSpecial ? .specialQuery : .query)
    return fragment(index)
  }

  /// The fragment, if `start` is at a number sign.
  private mutating func fragment(_ start: Int) -> Bool {
    layout.fragmentStart = writer.offset
    guard byte(start) == numberSign else { return true }
    writer.append(numberSign)
    writer.append(input, (start + 1)..<end, encoding: .fragment)
    return true
  }
}
