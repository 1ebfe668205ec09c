import GossamerHTTP

/// Tells what bytes are from how they begin. No more than a crawler needs: text, HTML, XML, JSON,
/// and the usual binary formats.
///
/// Source: WHATWG MIME Sniffing, §6 and §7, much reduced.
enum MediaTypeSniffer {
  /// How many bytes are enough.
  static let sampleSize = 4096

  /// The type that `Content-Type` lines declare, without parameters; nil for none, or one that says
  /// nothing.
  static func declared(_ values: [String]) -> String? {
    guard let essence = MediaType.extract(from: values)?.essence else { return nil }
    switch essence {
    case "application/octet-stream", "unknown/unknown", "application/unknown",
      "binary/octet-stream", "*/*":
      return nil
    default: return essence
    }
  }

  /// The type as the bytes look.
  static func sniff(_ bytes: ArraySlice<UInt8>) -> String {
    if let binary = binaryType(bytes) { return binary }
    let text = bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    let start = text.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    if start.starts(with: "<?xml".utf8) { return xmlType(start) }
    if looksLikeHTML(start) { return "text/html" }
    return bytes.contains(where: isBinary) ? "application/octet-stream" : "text/plain"
  }

  /// The type that the bytes show beyond doubt when it is not the declared one.
  static func contradiction(of declared: String, _ bytes: ArraySlice<UInt8>) -> String? {
    guard declared.hasPrefix("text/") || declared.hasSuffix("xml") else { return nil }
    if let binary = binaryType(bytes) { return binary }
    return declared == "text/html" && looksLikeJSON(bytes) ? "application/json" : nil
  }

  private static let signatures: [(bytes: [UInt8], type: String)] = [
    (Array("%PDF-".utf8), "application/pdf"),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
    ([0xFF, 0xD8, 0xFF], "image/jpeg"),
    (Array("GIF87a".utf8), "image/gif"),
    (Array("GIF89a".utf8), "image/gif"),
    ([0x50, 0x4B, 0x03, 0x04], "application/zip"),
    ([0x1F, 0x8B, 0x08], "application/gzip"),
    (Array("Rar!".utf8), "application/vnd.rar"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed"),
    ([0x7F, 0x45, 0x4C, 0x46], "application/x-executable"),
    (Array("OggS".utf8), "application/ogg"),
    (Array("ID3".utf8), "audio/mpeg"),
    ([0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
    (Array("%!PS-Adobe-".utf8), "application/postscript"),
    (Array("wOFF".utf8), "font/woff"),
    (Array("wOF2".utf8), "font/woff2"),
  ]

  private static func binaryType(_ bytes: ArraySlice<UInt8>) -> String? {
    signatures.first { bytes.starts(with: $0.bytes) }?.type
  }

  private static func xmlType(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes.prefix(1024), as: UTF8.self).lowercased()
    return text.contains("<html") ? "application/xhtml+xml" : "text/xml"
  }

  private static func looksLikeHTML(_ start: ArraySlice<UInt8>) -> Bool {
    guard start.first == 0x3C else { return false }
    let text = String(decoding: start.prefix(16), as: UTF8.self).lowercased()
    let openings = [
      "<!doctype html", "<html", "<head", "<body", "<title", "<script", "<style", "<meta", "<link",
      "<h1", "<h2", "<div", "<p", "<a", "<table", "<br", "<b", "<iframe", "<font", "<!--", "<main",
      "<article", "<section", "<nav", "<header", "<ul", "<span", "<center",
    ]
    return openings.contains { opening in
      guard text.hasPrefix(opening) else { return false }
      let next = text.dropFirst(opening.count).first
      return opening == "<!--" || next.map { !$0.isLetter } ?? true
    }
  }

  /// An object, or an array of objects, strings or numbers: nothing a page begins with.
  private static func looksLikeJSON(_ bytes: ArraySlice<UInt8>) -> Bool {
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

  private static func isBinary(_ byte: UInt8) -> Bool {
    byte < 0x09 || byte == 0x0B || (0x0E...0x1A).contains(byte) || (0x1C...0x1F).contains(byte)
  }
}
