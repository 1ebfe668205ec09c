/// The rules of `CanonicalURL`.
enum URLNormalizer {
  /// No rule makes more than that short enough, but for long runs of session ids.
  private static let longestInput = 1 << 16

  /// Nil for what is refused; the URL itself, not copied, when it is normal already.
  static func normalize(_ url: WebURL) -> WebURL? {
    url.withUTF8 { bytes in
      normalize(url.layout, bytes) { url.withoutFragment }
    }
  }

  /// The same for a serialization that no string holds yet.
  static func normalize(
    _ layout: WebURL.Layout, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> WebURL? {
    normalize(layout, bytes) {
      let normal = UnsafeBufferPointer(rebasing: bytes[..<Int(layout.fragmentStart)])
      return WebURL(href: String(decoding: normal, as: UTF8.self), layout: layout)
    }
  }

  @inline(__always)
  private static func normalize(
    _ layout: WebURL.Layout, _ bytes: UnsafeBufferPointer<UInt8>, unchanged: () -> WebURL
  ) -> WebURL? {
    guard layout.scheme == .http || layout.scheme == .https, layout.fragmentStart <= longestInput,
      let host = hostEnd(layout, bytes)
    else { return nil }
    let hasCredentials = layout.hostStart > layout.schemeEnd + 2
    let isNormalPath = isNormalPath(layout, bytes)
    if isNormalPath, host == Int(layout.hostEnd), !hasCredentials, isNormalQuery(layout, bytes) {
      return unchanged()
    }
    return rebuild(layout, bytes, hostEnd: host, isNormalPath: isNormalPath)
  }

  /// The end of the host without its trailing dot; nil when the host is no good.
  @inline(__always)
  private static func hostEnd(
    _ layout: WebURL.Layout, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    let start = Int(layout.hostStart)
    var end = Int(layout.hostEnd)
    guard end > start else { return nil }
    if bytes[end - 1] == dot { end -= 1 }
    guard end > start, end - start <= longestName else { return nil }
    guard layout.host == .domain else { return end }
    var label = start
    for index in start..<end where bytes[index] == dot {
      guard (1...longestLabel).contains(index - label) else { return nil }
      label = index + 1
    }
    return (1...longestLabel).contains(end - label) ? end : nil
  }

  // RFC 1035 §2.3.4, in text.
  private static let longestLabel = 63
  private static let longestName = 253
}

private let dot = UInt8(ascii: ".")
private let percent = UInt8(ascii: "%")
private let slash = UInt8(ascii: "/")
private let semicolon = UInt8(ascii: ";")
private let ampersand = UInt8(ascii: "&")
private let colon = UInt8(ascii: ":")

// MARK: - What is normal already

extension URLNormalizer {
  /// Whether the path is normal. May say no where the rules then change nothing.
  @inline(__always)
  private static func isNormalPath(
    _ layout: WebURL.Layout, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let path = Int(layout.pathStart)..<Int(layout.queryStart)
    var index = path.lowerBound
    while index < path.upperBound {
      let byte = bytes[index]
      if byte == slash, index > path.lowerBound, bytes[index - 1] == slash { return false }
      if PercentSet.worthALook.contains(byte) {
        guard byte != semicolon, byte != UInt8(ascii: "("), isNormal(bytes, index, path.upperBound)
        else { return false }
      }
      index += 1
    }
    return true
  }

  /// Whether the query is normal. May say no where the rules then change nothing.
  @inline(__always)
  private static func isNormalQuery(
    _ layout: WebURL.Layout, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let query = Int(layout.queryStart)..<Int(layout.fragmentStart)
    guard !query.isEmpty else { return true }
    guard query.count > 1 else { return false }
    var index = query.lowerBound + 1
    var parameter = index
    while index < query.upperBound {
      let byte = bytes[index]
      if byte == ampersand {
        if DroppedParameters.contains(bytes, parameter..<index) { return false }
        if parameter == index { return false }
        parameter = index + 1
      } else if PercentSet.worthALook.contains(byte), !isNormal(bytes, index, query.upperBound) {
        return false
      }
      index += 1
    }
    let last = parameter..<query.upperBound
    return !last.isEmpty && !DroppedParameters.contains(bytes, last)
  }

  @inline(__always)
  private static func isNormal(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int
  ) -> Bool {
    switch bytes[index] {
    case percent:
      guard index + 2 < end, let high = bytes[index + 1].hexDigit,
        let low = bytes[index + 2].hexDigit
      else { return false }
      return bytes[index + 1] < 0x61 && bytes[index + 2] < 0x61
        && !PercentSet.unreserved.contains(high << 4 | low)
    case semicolon, UInt8(ascii: "("): return true
    default: return false
    }
  }
}

extension PercentSet {
  /// What rules 4 to 6 may touch: `%;(` and `[]\^|{}` and the grave accent.
  fileprivate static var worthALook: PercentSet {
    PercentSet(low: 0x0800_0120_0000_0000, high: 0x3800_0001_7800_0000)
  }

  /// `[]\^|{}` and the grave accent.
  fileprivate static var notInRFC3986: PercentSet {
    PercentSet(low: 0, high: 0x3800_0001_7800_0000)
  }

  private static var unreservedASCII: PercentSet {
    PercentSet(low: 0x03FF_6000_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
  }

  /// Letters, digits and `-._~`. Unlike other sets this one is without the bytes beyond ASCII.
  fileprivate enum unreserved {
    static func contains(_ byte: UInt8) -> Bool {
      byte < 0x80 && PercentSet.unreservedASCII.contains(byte)
    }
  }
}

// MARK: - Making it normal

extension URLNormalizer {
  private static func rebuild(
    _ old: WebURL.Layout, _ bytes: UnsafeBufferPointer<UInt8>, hostEnd: Int, isNormalPath: Bool
  ) -> WebURL? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { scratch in
      guard let spare = scratch.baseAddress else { return nil }
      var writer = URLWriter(scratch: scratch, fallback: spare)
      defer { writer.release() }
      var layout = old
      writer.append(bytes, 0..<Int(old.schemeEnd))
      writer.append("//")
      layout.usernameEnd = writer.offset
      layout.hostStart = writer.offset
      writer.append(bytes, Int(old.hostStart)..<hostEnd)
      layout.hostEnd = writer.offset
      writer.append(bytes, Int(old.hostEnd)..<Int(old.pathStart))
      layout.pathStart = writer.offset
      let path = Int(old.pathStart)..<Int(old.queryStart)
      if isNormalPath { writer.append(bytes, path) } else { appendPath(bytes, path, to: &writer) }
      layout.queryStart = writer.offset
      appendQuery(bytes, Int(old.queryStart)..<Int(old.fragmentStart), to: &writer)
      layout.fragmentStart = writer.offset
      return WebURL(href: writer.string(), layout: layout)
    }
  }

  /// Appends segment by segment, every segment with its leading slash.
  private static func appendPath(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to writer: inout URLWriter
  ) {
    var index = range.lowerBound
    while index < range.upperBound {
      var end = index + 1
      while end < range.upperBound, bytes[end] != slash { end += 1 }
      let start = writer.count
      appendNormalized(bytes, index..<end, to: &writer)
      dropSessionParameters(from: start + 1, in: &writer)
      if end < range.upperBound,
        writer.count == start + 1 && !isBehindColon(start, writer)
          || isCookielessSession(writer.written(from: start + 1))
      {
        writer.truncate(to: start)
      }
      index = end
    }
  }

  /// Whether the slash at `index` is the first of a `://`.
  private static func isBehindColon(_ index: Int, _ writer: URLWriter) -> Bool {
    guard index > 0 else { return false }
    if writer.bytes[index - 1] == colon { return true }
    return index >= 3 && writer.written(from: index - 3).prefix(3).elementsEqual("%3A".utf8)
  }

  private static func appendQuery(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to writer: inout URLWriter
  ) {
    guard range.count > 1 else { return }
    let queryStart = writer.count
    writer.append(UInt8(ascii: "?"))
    var isFirst = true
    var isForm = true
    var index = range.lowerBound + 1
    while index <= range.upperBound {
      var end = index
      while end < range.upperBound, bytes[end] != ampersand { end += 1 }
      let start = writer.count
      if !isFirst { writer.append(ampersand) }
      let parameter = writer.count
      appendNormalized(bytes, index..<end, to: &writer)
      if DroppedParameters.contains(writer.written(from: 0), parameter..<writer.count) {
        writer.truncate(to: start)
      } else {
        isForm = isForm && FormQuery.isPart(writer.written(from: parameter))
        isFirst = false
      }
      index = end + 1
    }
    if isForm { FormQuery.dropEmptyParts(from: queryStart + 1, in: &writer) }
    if writer.count == queryStart + 1 { writer.truncate(to: queryStart) }
  }

  private static func appendNormalized(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to writer: inout URLWriter
  ) {
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      let byte = bytes[index]
      guard byte == percent || PercentSet.notInRFC3986.contains(byte) else {
        index += 1
        continue
      }
      writer.append(bytes, start..<index)
      if byte == percent, index + 2 < range.upperBound, let high = bytes[index + 1].hexDigit,
        let low = bytes[index + 2].hexDigit
      {
        appendDecodedOrUpperCase(high << 4 | low, to: &writer)
        index += 3
      } else {
        writer.appendEncoded(byte)
        index += 1
      }
      start = index
    }
    writer.append(bytes, start..<index)
  }

  private static func appendDecodedOrUpperCase(_ byte: UInt8, to writer: inout URLWriter) {
    guard PercentSet.unreserved.contains(byte) else { return writer.appendEncoded(byte) }
    writer.append(byte)
  }

  /// Takes `;jsessionid=…` off the segment that begins at `start`, up to the next semicolon. Leaves
  /// it where a dot segment would remain.
  private static func dropSessionParameters(from start: Int, in writer: inout URLWriter) {
    var index = start
    while let begin = writer.firstIndex(of: semicolon, from: index) {
      let end = writer.firstIndex(of: semicolon, from: begin + 1) ?? writer.count
      guard hasPrefix(writer.written(from: begin + 1), "jsessionid=") else {
        index = begin + 1
        continue
      }
      let before = writer.written(from: start).prefix(begin - start)
      if end == writer.count, (1...2).contains(before.count), before.allSatisfy({ $0 == dot }) {
        return
      }
      writer.remove(begin..<end)
      index = begin
    }
  }

  /// ASP.NET's `(S(` and 24 letters or digits and `))`.
  private static func isCookielessSession(_ segment: UnsafeBufferPointer<UInt8>) -> Bool {
    guard segment.count == 29, hasPrefix(segment, "(s("), segment.suffix(2).elementsEqual("))".utf8)
    else { return false }
    return segment.dropFirst(3).dropLast(2).allSatisfy {
      $0.isASCIIAlpha || $0.decimalDigit != nil
    }
  }

  /// Whether the bytes begin with `prefix`, which is in lower case, whatever their case.
  private static func hasPrefix(
    _ bytes: UnsafeBufferPointer<UInt8>, _ prefix: StaticString
  ) -> Bool {
    guard bytes.count >= prefix.utf8CodeUnitCount else { return false }
    for index in 0..<prefix.utf8CodeUnitCount
    where bytes[index].asciiLowercased != prefix.utf8Start[index] {
      return false
    }
    return true
  }
}
