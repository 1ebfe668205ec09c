/// How files of known types begin.
///
/// Source: MIME Sniffing, §6 "matching a MIME type pattern" and §7.1 "identifying a resource with an
/// unknown MIME type".
enum Signature {
  /// The type that the bytes show; "text/plain" and "application/octet-stream" where they show none.
  ///
  /// - Parameter mayBeActive: false leaves out HTML, XML and PDF.
  static func type(of bytes: ArraySlice<UInt8>, mayBeActive: Bool) -> String {
    if mayBeActive {
      let start = bytes.drop(while: isSpace)
      if isHTML(start) { return "text/html" }
      if start.starts(with: "<?xml".utf8) { return "text/xml" }
      if bytes.starts(with: "%PDF-".utf8) { return "application/pdf" }
    }
    if bytes.starts(with: "%!PS-Adobe-".utf8) { return "application/postscript" }
    if isMarkedText(bytes) { return "text/plain" }
    return standardBinaryType(bytes)
      ?? (looksBinary(bytes) ? "application/octet-stream" : "text/plain")
  }

  /// The type if it is one that can be no text.
  static func binaryType(_ bytes: ArraySlice<UInt8>) -> String? {
    // Signatures that a text may begin with.
    let isWord = ["BM", "BZh", "ID3"].contains { bytes.starts(with: $0.utf8) }
    if isWord, !looksBinary(bytes) { return nil }
    return standardBinaryType(bytes) ?? others.first { bytes.starts(with: $0.bytes) }?.type
  }

  /// Whether there is a byte that no text has.
  static func looksBinary(_ bytes: ArraySlice<UInt8>) -> Bool {
    !isMarkedText(bytes)
      && bytes.contains { byte in
        byte < 0x09 || byte == 0x0B || (0x0E...0x1A).contains(byte) || (0x1C...0x1F).contains(byte)
      }
  }

  /// A byte order mark, and something behind it.
  private static func isMarkedText(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes.starts(with: [0xFE, 0xFF])
      || bytes.starts(with: [0xFF, 0xFE])
  }

  // MARK: HTML

  private static let tags = [
    "!--", "!DOCTYPE HTML", "HTML", "HEAD", "SCRIPT", "IFRAME", "H1", "DIV", "FONT", "TABLE", "A",
    "STYLE",
    "TITLE", "B", "BODY", "BR", "P",
  ].map { Array($0.utf8) }

  private static func isHTML(_ start: ArraySlice<UInt8>) -> Bool {
    guard start.first == 0x3C else { return false }
    let rest = start.dropFirst()
    return tags.contains { tag in
      let isTag = zip(rest, tag).allSatisfy { byte, letter in
        byte == letter || byte &- 0x61 < 26 && byte & 0xDF == letter
      }
      let end = rest.dropFirst(tag.count).first
      return isTag && (end == 0x20 || end == 0x3E)
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
  }

  // MARK: Images, sound, films, archives

  private static let standard: [(bytes: [UInt8], type: String)] = [
    ([0x00, 0x00, 0x01, 0x00], "image/x-icon"),
    ([0x00, 0x00, 0x02, 0x00], "image/x-icon"),
    (Array("BM".utf8), "image/bmp"),
    (Array("GIF87a".utf8), "image/gif"),
    (Array("GIF89a".utf8), "image/gif"),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
    ([0xFF, 0xD8, 0xFF], "image/jpeg"),
    (Array("ID3".utf8), "audio/mpeg"),
    (Array("OggS\0".utf8), "application/ogg"),
    (Array("MThd\0\0\0\u{6}".utf8), "audio/midi"),
    ([0x1F, 0x8B, 0x08], "application/x-gzip"),
    ([0x50, 0x4B, 0x03, 0x04], "application/zip"),
    (Array("Rar!\u{1A}\u{7}\0".utf8), "application/x-rar-compressed"),
  ]

  /// Types inside of a container: its name, four bytes of length, the name of what is in it.
  private static let contained: [(container: String, content: String, type: String)] = [
    ("RIFF", "WEBPVP", "image/webp"),
    ("RIFF", "AVI ", "video/avi"),
    ("RIFF", "WAVE", "audio/wave"),
    ("FORM", "AIFF", "audio/aiff"),
  ]

  /// Not in the standard, where they are binary without a name.
  private static let others: [(bytes: [UInt8], type: String)] = [
    (Array("%PDF-".utf8), "application/pdf"),
    (Array("%!PS-Adobe-".utf8), "application/postscript"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed"),
    ([0x42, 0x5A, 0x68], "application/x-bzip2"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "application/x-xz"),
    ([0x28, 0xB5, 0x2F, 0xFD], "application/zstd"),
    ([0x7F, 0x45, 0x4C, 0x46], "application/x-executable"),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "application/x-ole-storage"),
    ([0x49, 0x49, 0x2A, 0x00], "image/tiff"),
    ([0x4D, 0x4D, 0x00, 0x2A], "image/tiff"),
    (Array("fLaC".utf8), "audio/flac"),
    ([0x00, 0x61, 0x73, 0x6D], "application/wasm"),
    (Array("wOFF".utf8), "font/woff"),
    (Array("wOF2".utf8), "font/woff2"),
  ]

  private static func standardBinaryType(_ bytes: ArraySlice<UInt8>) -> String? {
    if let found = standard.first(where: { bytes.starts(with: $0.bytes) }) { return found.type }
    let content = bytes.dropFirst(8)
    if let found = contained.first(where: {
      bytes.starts(with: $0.container.utf8) && content.starts(with: $0.content.utf8)
    }) {
      return found.type
    }
    if isMP4(bytes) { return "video/mp4" }
    return isWebM(bytes) ? "video/webm" : nil
  }

  /// §6.2.1 "signature for MP4": a box of brands, one of which begins with "mp4".
  private static func isMP4(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 12, bytes.dropFirst(4).starts(with: "ftyp".utf8) else { return false }
    let size = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= size, size % 4 == 0 else { return false }
    return stride(from: 8, to: size, by: 4).contains { offset in
      offset != 12 && bytes.dropFirst(offset).starts(with: "mp4".utf8)
    }
  }

  /// §6.2.2 "signature for WebM": the document type in the header of an EBML file.
  private static func isWebM(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) else { return false }
    for offset in 4..<38 {
      var rest = bytes.dropFirst(offset)
      guard rest.starts(with: [0x42, 0x82]) else { continue }
      rest = rest.dropFirst(2)
      guard let length = rest.first else { return false }
      // The length is a number of as many bytes as it has leading zeros, and one.
      rest = rest.dropFirst(length.leadingZeroBitCount + 1)
      return rest.drop { $0 == 0 }.starts(with: "webm".utf8)
    }
    return false
  }
}
