/// The rules of `CanonicalURL`.
enum URLNormalizer {
  /// No rule makes more than that short enough, but for long runs of session ids.
  private static let longestInput = 1 << 16

  static func normalize(_ url: WebURL) -> WebURL? {
    guard url.isHTTP, url.layout.fragmentStart <= longestInput else { return nil }
    return url.withUTF8 { bytes in
      let host = hostEnd(url.layout, bytes)
      guard let host else { return nil }
      if host == Int(url.layout.hostEnd), !url.hasCredentials, isNormal(url.layout, bytes) {
        return url.withoutFragment
      }
      return rebuild(url.layout, bytes, hostEnd: host)
    }
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
    guard end > start, bytes[end - 1] != dot else { return nil }
    return end
  }
}

private let dot = UInt8(ascii: ".")
private let percent = UInt8(ascii: "%")
private let slash = UInt8(ascii: "/")
private let semicolon = UInt8(ascii: ";")
private let ampersand = UInt8(ascii: "&")

// MARK: - What is normal already

extension URLNormalizer {
  /// Whether path and query are normal. May say no where the rules then change nothing.
  private static func isNormal(
    _ layout: WebURL.Layout, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let path = Int(layout.pathStart)..<Int(layout.queryStart)
    let query = Int(layout.queryStart)..<Int(layout.fragmentStart)
    var index = path.lowerBound
    while index < path.upperBound {
      let byte = bytes[index]
      if PercentSet.worthALook.contains(byte) {
        guard byte != semicolon, byte != UInt8(ascii: "("), isNormal(bytes, index, path.upperBound)
        else { return false }
      }
      index += 1
    }
    guard !query.isEmpty else { return true }
    guard query.count > 1 else { return false }
    index = query.lowerBound + 1
    var parameter = index
    while index < query.upperBound {
      let byte = bytes[index]
      if byte == ampersand {
        if DroppedParameters.contains(bytes, parameter..<index) { return false }
        parameter = index + 1
      } else if PercentSet.worthALook.contains(byte), !isNormal(bytes, index, query.upperBound) {
        return false
      }
      index += 1
    }
    return !DroppedParameters.contains(bytes, parameter..<query.upperBound)
  }

  @inline(__always)
  private static func isNormal(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int
  ) -> Bool {
    switch bytes[index] {
    case percent:
      guard index + 2 < end, let high = bytes[index + 1].hexDigit,
        let low = bytes[index + 2].hexDigit
      else { return true }
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
    _ old: WebURL.Layout, _ bytes: UnsafeBufferPointer<UInt8>, hostEnd: Int
  ) -> WebURL? {
    var layout = old
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + 16)
    output.append(contentsOf: bytes[..<Int(old.schemeEnd)])
    output.append(contentsOf: "//".utf8)
    layout.usernameEnd = UInt32(output.count)
    layout.hostStart = UInt32(output.count)
    output.append(contentsOf: bytes[Int(old.hostStart)..<hostEnd])
    layout.hostEnd = UInt32(output.count)
    output.append(contentsOf: bytes[Int(old.hostEnd)..<Int(old.pathStart)])
    layout.pathStart = UInt32(output.count)
    appendPath(bytes, Int(old.pathStart)..<Int(old.queryStart), to: &output)
    layout.queryStart = UInt32(output.count)
    appendQuery(bytes, Int(old.queryStart)..<Int(old.fragmentStart), to: &output)
    layout.fragmentStart = UInt32(output.count)
    return WebURL(href: String(decoding: output, as: UTF8.self), layout: layout)
  }

  /// Appends segment by segment, every segment with its leading slash.
  private static func appendPath(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to output: inout [UInt8]
  ) {
    var index = range.lowerBound
    while index < range.upperBound {
      let end = bytes[(index + 1)..<range.upperBound].firstIndex(of: slash) ?? range.upperBound
      let start = output.count
      appendNormalized(bytes, index..<end, to: &output)
      dropSessionParameters(from: start + 1, in: &output)
      if end < range.upperBound, isCookielessSession(output[(start + 1)...]) {
        output.removeLast(output.count - start)
      }
      index = end
    }
  }

  private static func appendQuery(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to output: inout [UInt8]
  ) {
    guard range.count > 1 else { return }
    let queryStart = output.count
    output.append(UInt8(ascii: "?"))
    var isFirst = true
    var index = range.lowerBound + 1
    while index <= range.upperBound {
      let end = bytes[index..<range.upperBound].firstIndex(of: ampersand) ?? range.upperBound
      let start = output.count
      if !isFirst { output.append(ampersand) }
      let parameter = output.count
      appendNormalized(bytes, index..<end, to: &output)
      let isDropped = output.withUnsafeBufferPointer {
        DroppedParameters.contains($0, parameter..<$0.count)
      }
      if isDropped {
        output.removeLast(output.count - start)
      } else {
        isFirst = false
      }
      index = end + 1
    }
    if output.count == queryStart + 1 { output.removeLast() }
  }

  private static func appendNormalized(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to output: inout [UInt8]
  ) {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == percent, index + 2 < range.upperBound, let high = bytes[index + 1].hexDigit,
        let low = bytes[index + 2].hexDigit
      {
        appendDecodedOrUpperCase(high << 4 | low, to: &output)
        index += 3
        continue
      }
      if PercentSet.notInRFC3986.contains(byte) {
        appendEncoded(byte, to: &output)
      } else {
        output.append(byte)
      }
      index += 1
    }
  }

  private static func appendDecodedOrUpperCase(_ byte: UInt8, to output: inout [UInt8]) {
    if !PercentSet.unreserved.contains(byte) { return appendEncoded(byte, to: &output) }
    // A decoded digit could complete an encoding with a stray `%` before it: `%2%35`.
    let tail = output.suffix(2)
    let completes = tail.contains(percent) && byte.hexDigit != nil
    completes ? appendEncoded(byte, to: &output) : output.append(byte)
  }

  private static func appendEncoded(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(percent)
    output.append(URLWriter.hexDigit(byte >> 4))
    output.append(URLWriter.hexDigit(byte & 15))
  }

  /// Takes `;jsessionid=…` off the segment that begins at `start`, up to the next semicolon. Leaves
  /// it where a dot segment would remain.
  private static func dropSessionParameters(from start: Int, in output: inout [UInt8]) {
    var index = start
    while let begin = output[index...].firstIndex(of: semicolon) {
      let end = output[(begin + 1)...].firstIndex(of: semicolon) ?? output.count
      guard output[(begin + 1)..<end].hasASCIIPrefix("jsessionid=") else {
        index = begin + 1
        continue
      }
      let rest = output[start..<begin] + output[end...]
      if rest.allSatisfy({ $0 == dot }), (1...2).contains(rest.count) { return }
      output.removeSubrange(begin..<end)
      index = begin
    }
  }

  /// ASP.NET's `(S(` and 24 letters or digits and `))`.
  private static func isCookielessSession(_ segment: ArraySlice<UInt8>) -> Bool {
    guard segment.count == 29, segment.hasASCIIPrefix("(s("),
      segment.suffix(2).elementsEqual("))".utf8)
    else { return false }
    return segment.dropFirst(3).dropLast(2).allSatisfy {
      $0.isASCIIAlpha || $0.decimalDigit != nil
    }
  }
}

extension ArraySlice<UInt8> {
  /// Whether the bytes begin with `prefix`, which is in lower case, whatever their case.
  fileprivate func hasASCIIPrefix(_ prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    return (0..<prefix.utf8CodeUnitCount).allSatisfy {
      self[startIndex + $0].asciiLowercased == prefix.utf8Start[$0]
    }
  }
}
