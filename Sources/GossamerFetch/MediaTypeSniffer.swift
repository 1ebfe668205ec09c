import GossamerHTTP

/// Tells what a body is from what its head declares and from how it begins.
///
/// A missing or meaningless declaration is replaced by the standard's reading of the bytes. Where a
/// text is declared and the bytes are of another kind beyond doubt, `contradiction` says so. With
/// `X-Content-Type-Options: nosniff` nothing becomes HTML that was not declared as such, but a body
/// that no reader of text can use is still told.
///
/// Source: MIME Sniffing, §5 "handling of resources", §7 "determining the computed MIME type".
struct MediaTypeSniffer {
  /// How many bytes are looked at: the standard's resource header.
  static let sampleSize = 1445

  /// The type that is declared, without parameters; nil for none, or for one that says nothing.
  let declared: String?
  /// Whether the server forbids to take a body for something else.
  private let isStrict: Bool
  /// Whether the declaration is one that Apache made up for files it did not know.
  private let isDefaultOfApache: Bool

  init(_ fields: HTTPFields) {
    let types = fields.values("Content-Type")
    let options = fields["X-Content-Type-Options"] ?? ""
    isStrict = options.prefix { $0 != "," }.lowercased().filter { !$0.isWhitespace } == "nosniff"
    isDefaultOfApache = types.last.map(Self.defaultsOfApache.contains) ?? false
    declared = Self.meaningful(MediaType.extract(from: types)?.essence, isStrict: isStrict)
  }

  private static let defaultsOfApache: Set<String> = [
    "text/plain", "text/plain; charset=ISO-8859-1", "text/plain; charset=iso-8859-1",
    "text/plain; charset=UTF-8",
  ]

  private static func meaningful(_ essence: String?, isStrict: Bool) -> String? {
    switch essence {
    case "unknown/unknown", "application/unknown", "*/*": nil
    // Not so in the standard, where these are downloads; many servers send pages so.
    case "application/octet-stream", "binary/octet-stream": isStrict ? essence : nil
    default: essence
    }
  }

  /// The type of a body whose declaration says nothing.
  func undeclaredType(_ sample: ArraySlice<UInt8>) -> String {
    Signature.type(of: sample, mayBeActive: !isStrict)
  }

  /// The type that the bytes show beyond doubt when it is not the declared one.
  func contradiction(_ sample: ArraySlice<UInt8>) -> String? {
    guard let declared, declared.hasPrefix("text/") || declared.hasSuffix("xml") else { return nil }
    if let binary = Signature.binaryType(sample) { return binary }
    if isStrict { return nil }
    if isDefaultOfApache, Signature.looksBinary(sample) { return "application/octet-stream" }
    return declared == "text/html" && looksLikeJSON(sample) ? "application/json" : nil
  }

  /// An object, or an array of objects or strings: nothing a page begins with.
  private func looksLikeJSON(_ bytes: ArraySlice<UInt8>) -> Bool {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let start = bytes.drop(while: isSpace)
    guard let first = start.first, let second = start.dropFirst().drop(while: isSpace).first else {
      return false
    }
    switch first {
    case UInt8(ascii: "{"): return second == UInt8(ascii: "\"") || second == UInt8(ascii: "}")
    case UInt8(ascii: "["): return second == UInt8(ascii: "{") || second == UInt8(ascii: "\"")
    default: return false
    }
  }
}
