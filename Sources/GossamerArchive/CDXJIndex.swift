/// Lines of a CDXJ index: key, time and a JSON object that tells where a record lies.
///
/// Lines are not sorted here: an index is sorted as a whole, by bytes.
/// Source: pywb and the IIPC outline of CDXJ.
public enum CDXJIndex {
  /// What a line tells.
  public struct Entry: Sendable {
    /// The sortable key of the URL: "org,example)/path".
    public var surt: String
    /// 14 digits.
    public var timestamp: String
    /// The URL.
    public var url: String
    /// The media type, without parameters.
    public var mime: String?
    /// The HTTP status.
    public var status: Int?
    /// The payload digest without its label, or with it: "sha1:…".
    public var digest: String?
    /// Bytes of the record in the file.
    public var length: Int
    /// Where it begins.
    public var offset: Int
    /// The file's name.
    public var fileName: String

    /// An entry.
    public init(
      surt: String, timestamp: String, url: String, mime: String?, status: Int?, digest: String?,
      length: Int, offset: Int, fileName: String
    ) {
      self.surt = surt
      self.timestamp = timestamp
      self.url = url
      self.mime = mime
      self.status = status
      self.digest = digest
      self.length = length
      self.offset = offset
      self.fileName = fileName
    }
  }

  /// The line with its line feed. Values are strings, as the tools of the field expect.
  public static func line(_ entry: Entry) -> [UInt8] {
    var pairs = [("url", entry.url)]
    if let mime = entry.mime { pairs.append(("mime", mime)) }
    if let status = entry.status { pairs.append(("status", String(status))) }
    if let digest = entry.digest {
      let start = digest.firstIndex(of: ":").map { digest.index(after: $0) }
      pairs.append(("digest", String(digest[(start ?? digest.startIndex)...])))
    }
    pairs.append(("length", String(entry.length)))
    pairs.append(("offset", String(entry.offset)))
    pairs.append(("filename", entry.fileName))
    let object = pairs.map { "\(quoted($0)): \(quoted($1))" }.joined(separator: ", ")
    return Array("\(key(entry.surt)) \(key(entry.timestamp)) {\(object)}\n".utf8)
  }

  /// No blank may stand in the first two fields.
  private static func key(_ text: String) -> String { WARCFields.uri(text) }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
