import GossamerBytes

/// A record as read from a file.
public struct WARCEntry: Sendable {
  /// Where it begins in the file.
  public let offset: Int
  /// Its length there: head and block, or the whole gzip member.
  public let length: Int
  /// "WARC/1.1", or "ARC/1.0" for old files.
  public let version: String
  /// The fields in order.
  public let fields: [(name: String, value: String)]
  /// The block, or as much of it as there is.
  public let block: [UInt8]
  /// What is wrong with it, or nil.
  public let problem: String?

  /// The value of the first field with this name, without regard to case.
  public subscript(name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }

  /// "response", or what else the file says.
  public var kind: String { self["WARC-Type"] ?? "" }

  /// The URL it is about, without the angle brackets that some writers put around it. Blanks in a
  /// WARC file are encoded; those of an ARC file stay.
  public var targetURI: String? {
    let uri = self["WARC-Target-URI"].map(Self.unbracketed)
    return version.hasPrefix("ARC") ? uri : uri.map(WARCFields.uri)
  }

  /// Its name without angle brackets.
  public var id: String? { self["WARC-Record-ID"].map(Self.unbracketed) }

  /// The date as 14 digits, or nil where it cannot be read.
  public var timestamp: String? { self["WARC-Date"].flatMap(WARCDate.timestamp(of:)) }

  /// The block split into HTTP head and body; nil where it is no HTTP message.
  public var message: WARCMessage? {
    let isHTTP =
      self["Content-Type"]?.lowercased().hasPrefix("application/http") ?? false
      || (version.hasPrefix("ARC") && block.starts(with: Array("HTTP/".utf8)))
    return isHTTP ? WARCMessage(block: block) : nil
  }

  /// Whether the block fits its digest; nil where there is none that we can make.
  public var blockDigestFits: Bool? {
    self["WARC-Block-Digest"].flatMap { Self.fits(block, $0) }
  }

  /// Whether the payload fits its digest; nil where there is none, or none that we can make.
  ///
  /// Some writers digest the body with its transfer coding, some without: both count. A revisit has
  /// no payload of its own.
  public var payloadDigestFits: Bool? {
    guard kind != "revisit", let digest = self["WARC-Payload-Digest"] else { return nil }
    guard let message else { return Self.fits(block, digest) }
    let asStored = Self.fits(message.body, digest)
    guard asStored == false, let decoded = message.dechunkedBody else { return asStored }
    return Self.fits(decoded, digest)
  }

  private static func fits(_ bytes: [UInt8], _ label: String) -> Bool? {
    guard let colon = label.firstIndex(of: ":") else { return nil }
    let algorithm = Digest.Algorithm(
      rawValue: label[..<colon].lowercased().filter { $0 != "-" })
    guard let algorithm else { return nil }
    let stated = label[label.index(after: colon)...]
    let made = Digest.of([bytes], algorithm)
    return stated.uppercased() == made.base32 || stated.lowercased() == made.hex
      || base64Text(stated) == base64(made.bytes)
  }

  /// The plain alphabet for the one made for URLs, and no padding.
  private static func base64Text(_ text: Substring) -> String {
    String(text.filter { $0 != "=" }.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
  }

  /// Base 64 without padding: some writers label their digests so. Source: RFC 4648 §4.
  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    var pending = 0
    var bits = 0
    for byte in bytes {
      pending = (pending << 8 | Int(byte)) & 0xFFFF
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(alphabet[pending >> bits & 63])
      }
    }
    if bits > 0 { text.append(alphabet[pending << (6 - bits) & 63]) }
    return text
  }

  private static func unbracketed(_ text: String) -> String {
    text.hasPrefix("<") && text.hasSuffix(">") ? String(text.dropFirst().dropLast()) : text
  }
}

/// An HTTP message as it stands in a block.
public struct WARCMessage: Sendable {
  /// "HTTP/1.1 200 OK" or "GET / HTTP/1.1".
  public let startLine: String
  /// The fields in order.
  public let fields: [(name: String, value: String)]
  /// What follows the head, as stored.
  public let body: [UInt8]

  init(block: [UInt8]) {
    var lines: [[UInt8]] = []
    var start = block.startIndex
    while let end = block[start...].firstIndex(of: 0x0A) {
      var line = block[start..<end]
      if line.last == 0x0D { line.removeLast() }
      start = end + 1
      if line.isEmpty { break }
      lines.append(Array(line))
    }
    let head = WARCHead(lines: lines, size: start)
    startLine = head?.version ?? ""
    fields = head?.fields ?? []
    body = Array(block[start...])
  }

  /// The status, or nil where it is a request.
  public var status: Int? {
    let words = startLine.split(separator: " ")
    return startLine.hasPrefix("HTTP/") && words.count > 1 ? Int(words[1]) : nil
  }

  /// The value of the first field with this name, without regard to case.
  public subscript(name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }

  /// The body without chunked coding; nil where it has none or its chunks cannot be read.
  public var dechunkedBody: [UInt8]? {
    guard self["Transfer-Encoding"]?.lowercased().contains("chunked") ?? false else { return nil }
    var result: [UInt8] = []
    var rest = body[...]
    while let end = rest.firstIndex(of: 0x0A) {
      let digits = rest[..<end].prefix { $0 != 0x0D && $0 != UInt8(ascii: ";") }
      guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0,
        size <= rest.count
      else { return nil }
      rest = rest[(end + 1)...]
      if size == 0 { return result }
      result += rest.prefix(size)
      rest = rest.dropFirst(size)
      if rest.first == 0x0D { rest = rest.dropFirst() }
      if rest.first == 0x0A { rest = rest.dropFirst() }
    }
    return nil
  }
}
