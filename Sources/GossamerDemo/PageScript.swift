/// A page as it is written down in `Content/`: a head line, then a block a line.
///
/// The head line is `== /path | Title | flags`; flags are words and `name=value`. A block is known by
/// its first characters: `##` heading, `-` list, `|` table row, `$` code, `>` quotation, `^` byline,
/// else a paragraph. `[[target|text]]` is a link; a target may begin with another host's key and a
/// colon.
struct PageScript: Sendable {
  var path: String
  var title: String
  var flags: Set<String> = []
  var values: [String: String] = [:]
  var blocks: [Substring] = []

  /// The pages of a text in their order.
  static func pages(of text: String) -> [PageScript] {
    var pages: [PageScript] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("== ") {
        pages.append(PageScript(head: line.dropFirst(3)))
      } else if !pages.isEmpty {
        pages[pages.count - 1].blocks.append(line)
      }
    }
    return pages
  }

  init(path: String, title: String, blocks: [String]) {
    self.path = path
    self.title = title
    self.blocks = blocks.map { Substring($0) }
  }

  private init(head: Substring) {
    let parts = head.split(separator: " | ")
    path = String(parts.first ?? "/")
    title = String(parts.count > 1 ? parts[1] : "")
    for word in parts.count > 2 ? parts[2].split(separator: " ") : [] {
      let pair = word.split(separator: "=", maxSplits: 1)
      if pair.count == 2 {
        values[String(pair[0])] = String(pair[1])
      } else {
        flags.insert(String(word))
      }
    }
  }

  /// The folder of the path: `/recipes/` of `/recipes/rye`; nil at the top.
  var section: String? {
    guard let slash = path.dropFirst().firstIndex(of: "/") else { return nil }
    return String(path[...slash])
  }

  /// The first paragraph without its links, cut at a sentence.
  var description: String {
    let prose = blocks.first { !"#-|$>^".contains($0.first ?? "#") } ?? ""
    let plain = Self.withoutLinks(prose)
    guard let end = plain.range(of: ". ") else { return plain }
    return String(plain[..<end.lowerBound]) + "."
  }

  private static func withoutLinks(_ text: Substring) -> String {
    var result = ""
    var rest = text
    while let open = rest.range(of: "[["), let close = rest[open.upperBound...].range(of: "]]") {
      result += rest[..<open.lowerBound]
      let inner = rest[open.upperBound..<close.lowerBound]
      result += inner.split(separator: "|", maxSplits: 1).last.map(String.init) ?? ""
      rest = rest[close.upperBound...]
    }
    return result + rest
  }
}

extension Substring {
  /// The first occurrence of a text, without Foundation.
  func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}

extension String {
  /// The first occurrence of a text, without Foundation.
  func range(of text: String) -> Range<Index>? { firstRange(of: text) }

  /// Safe in element content and in quoted attributes.
  var escaped: String {
    var result = ""
    result.reserveCapacity(utf8.count + 16)
    for character in unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
