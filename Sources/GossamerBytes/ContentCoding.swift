/// A content coding of a response body.
///
/// Source: RFC 9110 §8.4.1, RFC 7932 (br), RFC 8878 and 9659 (zstd).
public enum ContentCoding: String, Sendable, CaseIterable {
  /// Gzip members, one after the other.
  case gzip
  /// A zlib stream, or the bare deflate stream that old servers send.
  case deflate
  /// Brotli.
  case brotli = "br"
  /// Zstandard frames.
  case zstd

  /// How many codings may be stacked on one body; more are refused.
  public static let stackLimit = 2

  /// The codings a `Content-Encoding` field names, in the order in which they were applied.
  ///
  /// `identity` and empty elements are left out. nil when a coding is unknown, or more than
  /// `stackLimit` remain: such a body cannot be read.
  public static func parse(_ fieldValue: String) -> [ContentCoding]? {
    var codings: [ContentCoding] = []
    for element in fieldValue.split(separator: ",") {
      let name = element.drop(while: isBlank)
      let token = name.prefix { !isBlank($0) && $0 != ";" }.lowercased()
      switch token {
      case "", "identity": continue
      case "x-gzip": codings.append(.gzip)
      default:
        guard let coding = ContentCoding(rawValue: token) else { return nil }
        codings.append(coding)
      }
    }
    return codings.count <= stackLimit ? codings : nil
  }

  private static func isBlank(_ character: Character) -> Bool {
    character == " " || character == "\t"
  }
}

/// Why a body could not be decoded to its end. What was decoded before stays in the output.
public enum ContentDecodingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The body ended inside the coded stream.
  case truncated(ContentCoding)
  /// The stream is damaged at this point.
  case corrupt(ContentCoding, reason: String)
  /// Everything was decoded, but the check sum at the end does not fit.
  case checksumMismatch(ContentCoding)
  /// The body does not begin like this coding at all; most likely it was never coded, and the bytes
  /// as received are the content.
  case notCoded(ContentCoding)
  /// The stream wants more memory for its window than we allow.
  case windowTooLarge(ContentCoding)
  /// Decoding gave more than the limit; the output holds exactly the limit, and no more was made.
  case limitExceeded(limit: Int)
  /// The decoder could not be set up for want of memory.
  case outOfMemory

  /// A short description for logs.
  public var description: String {
    switch self {
    case .truncated(let coding): "\(coding.rawValue) stream ends too early"
    case .corrupt(let coding, let reason): "\(coding.rawValue) stream is damaged: \(reason)"
    case .checksumMismatch(let coding): "\(coding.rawValue) check sum does not fit"
    case .notCoded(let coding): "body is not \(coding.rawValue), although it says so"
    case .windowTooLarge(let coding): "\(coding.rawValue) stream wants too large a window"
    case .limitExceeded(let limit): "decoded body is larger than \(limit) bytes"
    case .outOfMemory: "no memory for a decoder"
    }
  }
}
