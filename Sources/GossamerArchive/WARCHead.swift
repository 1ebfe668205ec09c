/// The head of a record as read: version and fields.
struct WARCHead {
  var version: String
  var fields: [(name: String, value: String)] = []
  var size = 0

  /// The head of a WARC record; nil where its first line is none. Lines that are no fields are left
  /// out, continued lines are joined. Source: WARC/1.1 §4.
  init?(lines: [[UInt8]], size: Int) {
    guard let first = lines.first else { return nil }
    version = String(decoding: first, as: UTF8.self)
    self.size = size
    for line in lines.dropFirst() {
      let text = String(decoding: line, as: UTF8.self)
      if (line.first == 0x20 || line.first == 0x09) && !fields.isEmpty {
        fields[fields.count - 1].value += " " + Self.trimmed(text[...])
      } else if let colon = text.firstIndex(of: ":") {
        let value = Self.trimmed(text[text.index(after: colon)...])
        fields.append((Self.trimmed(text[..<colon]), value))
      }
    }
  }

  /// The head of an ARC record: URL, address, date, type, length. The URL may hold blanks.
  init?(arcLine: [UInt8]) {
    let words = arcLine.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 5, words[0].contains(":") else { return nil }
    let tail = words.suffix(4)
    guard tail.dropFirst().first?.utf8.allSatisfy({ $0 &- 0x30 < 10 }) ?? false else { return nil }
    let url = words.dropLast(4).joined(separator: " ")
    version = "ARC/1.0"
    let isHeader = url.hasPrefix("filedesc://")
    let names = ["WARC-IP-Address", "WARC-Date", "Content-Type", "Content-Length"]
    fields = [("WARC-Type", isHeader ? "arc_header" : "response"), ("WARC-Target-URI", url)]
    fields += zip(names, tail).map { ($0, $1) }
  }

  /// Whether it begins an ARC file without saying how long its own lines are.
  var isOpenARCHeader: Bool {
    version.hasPrefix("ARC") && fields[0].value == "arc_header" && contentLengths.contains(nil)
  }

  /// The lengths the head states; nil where one is no number.
  var contentLengths: [Int?] {
    fields.filter { $0.name.lowercased() == "content-length" }.map { field in
      guard field.value.utf8.count <= 18, field.value.utf8.allSatisfy({ $0 &- 0x30 < 10 })
      else { return nil }
      return Int(field.value)
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(start[...last])
  }
}
