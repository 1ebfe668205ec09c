extension RecordFormat {
  /// A Markdown file a page.
  public static let markdown = RecordFormat(name: "markdown", fileExtension: "md", layout: .pages) {
    _ in MarkdownEncoder()
  }
}

/// The main content as Markdown, below a head of YAML that says what it is and where it is from.
///
/// Values in the head are strings in double quotes, so that a title is never a list, a date, a second key
/// or the end of the head. Pages without content have no file. Source: YAML 1.2.2 §5.1, §7.3.1.
public struct MarkdownEncoder: RecordEncoder {
  /// An encoder.
  public init() {}

  /// What is in the head and below it.
  public var keys: Set<String>? {
    [
      "url", "title", "author", "published", "modified", "fetched_at", "language", "digest", "text",
      "markdown",
    ]
  }

  /// The page's file.
  public func encode(_ record: PageRecord) -> [UInt8] {
    let body = record.markdown ?? record.text ?? ""
    guard body.utf8.contains(where: { $0 > 0x20 }) else { return [] }
    let head: [(String, String?)] = [
      ("url", record.url), ("title", record.title), ("author", record.author),
      ("published", record.published), ("modified", record.modified),
      ("fetched_at", record.fetchedAt), ("language", record.language), ("digest", record.digest),
    ]
    var text = "---\n"
    for (key, value) in head {
      guard let value else { continue }
      text += "\(key): \"\(Self.escaped(value))\"\n"
    }
    text += "---\n\n" + body
    return Array(text.utf8) + (body.utf8.last == 0x0A ? [] : [0x0A])
  }

  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar.value {
      case 0x22: text += "\\\""
      case 0x5C: text += "\\\\"
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
