#if Network
  import GossamerFlow
  import GossamerHTTP

  /// The head of a response as it was sent.
  struct ResponseHead: Sendable, Equatable {
    var version: String
    var status: Int
    var fields: HTTPFields
    /// Labels of what was odd but could be read.
    var oddities: [Cause] = []
  }

  /// Finds and reads response heads in a byte stream, leniently where browsers are, and within limits.
  ///
  /// Bare line feeds end lines, blanks before a colon are dropped, folded lines are joined, and lines
  /// without a name are left out. NUL and control bytes in a value are refused. Source: RFC 9112 §2.2,
  /// §4, §5.
  struct ResponseHeadParser {
    let limitInBytes: Int
    let limitInLines: Int
    /// A longer line is said to be odd, though it is within the limits: servers and proxies refuse
    /// lines of 8 KiB and more.
    private static let remarkableLine = 64 * 1024

    private var scanned = 0
    private var lineStart = 0
    private var bytesBefore = 0

    init(limitInBytes: Int, limitInLines: Int) {
      self.limitInBytes = limitInBytes
      self.limitInLines = limitInLines
    }

    /// Reads the head if it is whole.
    ///
    /// - Parameter bytes: all bytes since the head began; what was looked at in an earlier call is not
    ///   looked at again.
    /// - Returns: the head and its length, or nil when more bytes are needed.
    mutating func parse(
      _ bytes: UnsafeRawBufferPointer
    ) throws(HTTPTransportError) -> (head: ResponseHead, length: Int)? {
      try checkPrefix(bytes)
      guard let end = findEnd(bytes) else {
        guard bytesBefore + bytes.count <= limitInBytes else { throw tooLarge }
        return nil
      }
      guard bytesBefore + end <= limitInBytes else { throw tooLarge }
      let head = try read(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
      // An informational head and the one after it share the limit.
      bytesBefore = head.status < 200 ? bytesBefore + end : 0
      scanned = 0
      lineStart = 0
      return (head, end)
    }

    private var tooLarge: HTTPTransportError {
      HTTPTransportError(
        .headerTooLarge,
        detail: "response head exceeds \(limitInBytes) bytes or \(limitInLines) lines")
    }

    private func checkPrefix(_ bytes: UnsafeRawBufferPointer) throws(HTTPTransportError) {
      for (given, wanted) in zip(bytes, "HTTP/1.".utf8) where given != wanted {
        throw HTTPTransportError(
          .badStatusLine, detail: "not an HTTP/1 response: \(Self.printable(bytes))")
      }
    }

    /// The index after the empty line that ends the head.
    private mutating func findEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
      var index = scanned
      while index < bytes.count {
        if bytes[index] == 0x0A {
          let length = index - lineStart
          if length == 0 || (length == 1 && bytes[lineStart] == 0x0D) { return index + 1 }
          lineStart = index + 1
        }
        index += 1
      }
      scanned = index
      return nil
    }

    private func read(_ bytes: UnsafeRawBufferPointer) throws(HTTPTransportError) -> ResponseHead {
      var lines = HeadLines(bytes)
      guard let first = lines.next(), let start = Self.readStatusLine(first) else {
        throw HTTPTransportError(.badStatusLine, detail: Self.printable(bytes))
      }
      var names: [(String, String)] = []
      names.reserveCapacity(24)
      var counted = 0
      var isOdd = false
      var isLong = false
      while let line = lines.next(), !line.isEmpty {
        if Self.isBlank(line[line.startIndex]) {
          isOdd = true
          let more = try Self.value(of: line[...])
          if let last = names.indices.last { names[last].1 += " " + more }
          continue
        }
        guard let (name, value, isClean) = try Self.readField(line) else {
          isOdd = true
          continue
        }
        isOdd = isOdd || !isClean
        names.append((name, value))
        isLong = isLong || line.count > Self.remarkableLine
        if !Self.isSetCookie(name) { counted += 1 }
        guard counted <= limitInLines else { throw tooLarge }
      }
      return ResponseHead(
        version: start.version, status: start.status, fields: HTTPFields(names),
        oddities: (isOdd ? [.badHeader] : []) + (isLong ? [.headerTooLarge] : []))
    }

    /// Reads "HTTP/1.1 200 OK"; the reason may be missing.
    private static func readStatusLine(
      _ line: UnsafeRawBufferPointer
    ) -> (version: String, status: Int)? {
      guard line.count >= 12, line[8] == 0x20, line[7] &- 0x30 < 10 else { return nil }
      var status = 0
      for byte in line[9..<12] {
        guard byte &- 0x30 < 10 else { return nil }
        status = status * 10 + Int(byte &- 0x30)
      }
      guard status >= 100, line.count == 12 || line[12] == 0x20 else { return nil }
      return (line[7] == 0x30 ? "HTTP/1.0" : "HTTP/1.1", status)
    }

    /// Name and value of one line, and whether nothing stood between name and colon; nil for a line
    /// that names nothing.
    private static func readField(
      _ line: UnsafeRawBufferPointer
    ) throws(HTTPTransportError) -> (name: String, value: String, isClean: Bool)? {
      guard let colon = line.firstIndex(of: 0x3A) else { return nil }
      var end = colon
      while end > line.startIndex, isBlank(line[end - 1]) { end -= 1 }
      guard end > line.startIndex, line[..<end].allSatisfy(isTokenByte) else { return nil }
      let value = try value(of: line[(colon + 1)...])
      return (String(decoding: line[..<end], as: UTF8.self), value, end == colon)
    }

    private static func value(
      of bytes: Slice<UnsafeRawBufferPointer>
    ) throws(HTTPTransportError) -> String {
      var start = bytes.startIndex
      var end = bytes.endIndex
      while start < end, isBlank(bytes[start]) { start += 1 }
      while end > start, isBlank(bytes[end - 1]) { end -= 1 }
      let trimmed = bytes[start..<end]
      guard trimmed.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw HTTPTransportError(.badHeader, detail: "control byte in a response field")
      }
      return String(decoding: trimmed, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x7C,
        0x7E:
        true
      default: false
      }
    }

    private static func isSetCookie(_ name: String) -> Bool {
      name.utf8.count == 10 && name.utf8.elementsEqual("set-cookie".utf8) { $0 | 0x20 == $1 | 0x20 }
    }

    /// The first bytes for people to read, with all others than printable ASCII shown as dots.
    private static func printable(_ bytes: UnsafeRawBufferPointer) -> String {
      String(decoding: bytes.prefix(64).map { $0 >= 0x20 && $0 < 0x7F ? $0 : 0x2E }, as: UTF8.self)
    }
  }

  /// The lines of a head without their ends.
  private struct HeadLines {
    private let bytes: UnsafeRawBufferPointer
    private var start = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() -> UnsafeRawBufferPointer? {
      guard start < bytes.count else { return nil }
      var index = start
      while index < bytes.count, bytes[index] != 0x0A { index += 1 }
      let end = index > start && bytes[index - 1] == 0x0D ? index - 1 : index
      defer { start = index + 1 }
      return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
  }
#endif
