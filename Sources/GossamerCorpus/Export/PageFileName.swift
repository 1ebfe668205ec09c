import GossamerBytes

/// Names of files for pages, made of their URLs, that every file system takes.
///
/// Only `a` to `z`, digits, `-`, `_` and, in hosts, `.`; at most 64 and 85 bytes; no name of a device. The
/// digest makes the names of two URLs differ, so the readable part may lose as much as it has to.
enum PageFileName {
  /// "example.org/docs-guide-1f0c5c3ad2ec61b7.md".
  static func path(of record: PageRecord, fileExtension: String) -> (folder: String, file: String) {
    let rest = afterScheme(record.url)
    let start = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    let digest = Digest.sha256(of: record.url).hex.prefix(16)
    let words = slug(rest[start...], limit: 64)
    return (
      folder(record.host ?? String(rest[..<start])),
      (words.isEmpty ? "index" : words) + "-\(digest).\(fileExtension)"
    )
  }

  private static func afterScheme(_ url: String) -> Substring {
    guard let colon = url.firstIndex(of: ":") else { return url[...] }
    return url[url.index(after: colon)...].drop { $0 == "/" }
  }

  private static func folder(_ host: String) -> String {
    var name: [UInt8] = []
    for byte in host.lowercased().utf8.prefix(64) {
      let isDot = byte == UInt8(ascii: ".")
      let isInner = isDot && name.last.map { $0 != byte } == true
      name.append(isPlain(byte) || isInner ? byte : UInt8(ascii: "_"))
    }
    if name.last == UInt8(ascii: ".") { name[name.count - 1] = UInt8(ascii: "_") }
    let text = String(decoding: name, as: UTF8.self)
    let isDevice = devices.contains(text.prefix { $0 != "." })
    return text.isEmpty || isDevice ? "_" + text : text
  }

  private static func slug(_ text: Substring, limit: Int) -> String {
    var slug: [UInt8] = []
    for byte in text.lowercased().utf8 {
      guard slug.count < limit else { break }
      let dash = UInt8(ascii: "-")
      if isPlain(byte), byte != dash {
        slug.append(byte)
      } else if slug.last.map({ $0 != dash }) == true {
        slug.append(dash)
      }
    }
    while slug.last == UInt8(ascii: "-") { slug.removeLast() }
    return String(decoding: slug, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-")
  }

  /// Source: Microsoft, "Naming Files, Paths, and Namespaces".
  private static let devices: Set<Substring> = Set(
    ["con", "prn", "aux", "nul"]
      + ["com", "lpt"].flatMap { name in (0...9).map { "\(name)\($0)"[...] } })
}
