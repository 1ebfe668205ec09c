/// Lines of a CDXJ index: key, time and a JSON object that tells where a record lies.
///
/// A line is made in two steps, since where a record will lie is known last and told by one task for
/// all. Lines are not sorted here: an index is sorted as a whole, by bytes.
/// Source: pywb and the IIPC outline of CDXJ.
public enum CDXJIndex {
  /// What a line tells of a capture.
  public struct Capture: Sendable {
    /// The sortable key of the URL: "org,example)/path".
    public var surt: String
    /// 14 digits.
    public var timestamp: String
    /// The URL.
    public var url: String
    /// The media type, without parameters; "warc/revisit" for a revisit.
    public var mime: String?
    /// The HTTP status.
    public var status: Int?
    /// The payload digest without its label, or with it: "sha1:…".
    public var digest: String?

    /// A capture.
    public init(
      surt: String, timestamp: String, url: String, mime: String?, status: Int?, digest: String?
    ) {
      self.surt = surt
      self.timestamp = timestamp
      self.url = url
      self.mime = mime
      self.status = status
      self.digest = digest
    }
  }

  /// The beginning of a line. Values are strings, as the tools of the field expect.
  public static func open(_ capture: Capture) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(capture.surt.utf8.count + capture.url.utf8.count + 240)
    // No blank may stand in the first two fields.
    line += WARCFields.uri(capture.surt).utf8
    line.append(UInt8(ascii: " "))
    line += WARCFields.uri(capture.timestamp).utf8
    line += " {".utf8
    append("url", capture.url, to: &line)
    if let mime = capture.mime { append("mime", mime, to: &line) }
    if let status = capture.status { append("status", String(status), to: &line) }
    if let digest = capture.digest {
      let start = digest.firstIndex(of: ":").map { digest.index(after: $0) }
      append("digest", String(digest[(start ?? digest.startIndex)...]), to: &line)
    }
    return line
  }

  /// The line with its line feed.
  ///
  /// - Parameters:
  ///   - line: its beginning.
  ///   - offset: where the record begins in the file, in bytes.
  ///   - length: bytes of the record in the file.
  public static func finish(
    _ line: [UInt8], fileName: String, offset: Int, length: Int
  ) -> [UInt8] {
    var line = line
    append("length", String(length), to: &line)
    append("offset", String(offset), to: &line)
    append("filename", fileName, to: &line)
    line += "}\n".utf8
    return line
  }

  private static func append(_ name: StaticString, _ value: String, to line: inout [UInt8]) {
    if line.last != UInt8(ascii: "{") { line += ", ".utf8 }
    line.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { line.append(contentsOf: $0) }
    line += "\": \"".utf8
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7F:
        let digits = Array("0123456789abcdef".utf8)
        line += "\\u00".utf8
        line += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: line.append(byte)
      }
    }
    line.append(UInt8(ascii: "\""))
  }
}
