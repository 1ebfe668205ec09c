import GossamerMarkup

/// One document of the html5lib tree-construction suite, reduced to what a crawler must not lose.
struct TreeConstructionCase {
  /// File and position in it, counted from 1.
  let name: String
  let html: String
  let expected: ReadableContent

  /// The documents in one file of the suite. Left out: fragments, for the parser reads whole pages,
  /// and what needs scripting on, for no script is ever run. Both tell in a section of their own.
  static func documents(in file: String, named name: String) -> [TreeConstructionCase] {
    var documents: [TreeConstructionCase] = []
    let parts = ("\n" + file).split(separator: "\n#data\n", omittingEmptySubsequences: false)
    for (number, part) in parts.dropFirst().enumerated() {
      guard let errors = part.firstRange(of: "#errors\n"),
        let tree = part[errors.lowerBound...].firstRange(of: "\n#document\n")
      else { continue }
      let options = part[errors.lowerBound..<tree.upperBound]
      if options.contains("\n#document-fragment\n") || options.contains("\n#script-on\n") {
        continue
      }
      let html = part[..<errors.lowerBound].dropLast()
      documents.append(
        TreeConstructionCase(
          name: "\(name)#\(number + 1)", html: String(html),
          expected: ReadableContent(dump: String(part[tree.upperBound...]))))
    }
    return documents
  }
}

/// What a reader sees of a page, and where its links lead.
struct ReadableContent: Equatable {
  /// All text in document order, without white space. The text of elements a browser does not
  /// show is left out, but the title counts.
  private(set) var text = ""
  /// Elements that load or lead to something, as `name attribute=value`.
  private(set) var links: Set<String> = []

  /// Elements whose text nobody reads. The contents of a template are written below `content`.
  private static let unread: Set = [
    "script", "style", "iframe", "noembed", "noframes", "template",
  ]
  private static let linkAttributes: [String: Set<String>] = [
    "a": ["href"], "area": ["href"], "link": ["href"], "base": ["href"], "img": ["src"],
    "iframe": ["src"], "frame": ["src"], "script": ["src"], "embed": ["src"], "source": ["src"],
    "track": ["src"], "video": ["src"], "audio": ["src"], "input": ["src"], "object": ["data"],
    "form": ["action"],
  ]

  private mutating func take(text piece: some StringProtocol) {
    for scalar in piece.unicodeScalars {
      if !" \t\n\u{C}\r".unicodeScalars.contains(scalar) {
        text.unicodeScalars.append(scalar)
      } else if !text.isEmpty, text.last != " " {
        text.append(" ")
      }
    }
  }

  private mutating func take(_ attribute: String, _ value: String, of element: String) {
    guard Self.linkAttributes[element]?.contains(attribute) == true else { return }
    links.insert("\(element) \(attribute)=\(value.filter { !$0.isWhitespace })")
  }
}

extension ReadableContent {
  /// From a parsed page.
  init(_ page: HTMLDocument) {
    var node = 0
    while node < page.count {
      if page.isText(node) {
        take(text: page.text(of: node))
      } else {
        let name = page.name(of: node)
        for (attribute, value) in page.attributes(of: node) { take(attribute, value, of: name) }
        if name == "template" {
          node = page.subtreeEnd(of: node)
          continue
        }
        if Self.unread.contains(name) {
          for inner in page.descendants(of: node) where page.isElement(inner) {
            let name = page.name(of: inner)
            for (attribute, value) in page.attributes(of: inner) {
              take(attribute, value, of: name)
            }
          }
          node = page.subtreeEnd(of: node)
          continue
        }
      }
      node += 1
    }
    if text.last == " " { text.removeLast() }
  }

  /// From the tree as the suite writes it: a node or an attribute a line, two spaces a level.
  init(dump: String) {
    var path: [String] = []
    var lines: [Substring] = []
    let tree = dump.hasSuffix("\n") ? dump.dropLast() : dump[...]
    for line in tree.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("| ") {
        lines.append(line.dropFirst(2))
      } else if let last = lines.popLast() {
        lines.append(last + "\n" + line)
      }
    }
    for line in lines {
      let depth = line.prefix { $0 == " " }.count / 2
      if path.count > depth { path.removeLast(path.count - depth) }
      take(line.dropFirst(depth * 2), &path)
    }
    if text.last == " " { text.removeLast() }
  }

  private mutating func take(_ line: Substring, _ path: inout [String]) {
    let isInTemplate = path.contains("template")
    if line.hasPrefix("\"") {
      guard !path.contains(where: Self.unread.contains) else { return }
      take(text: line.dropFirst().prefix(upTo: line.lastIndex(of: "\"") ?? line.endIndex))
    } else if line.hasPrefix("<!") || line.hasPrefix("<?") {
      return
    } else if line.hasPrefix("<") {
      path.append(String(line.dropFirst().prefix { $0 != ">" }.split(separator: " ").last ?? ""))
    } else if line == "content" {
      path.append("template")
    } else if let equals = line.firstRange(of: "=\""), let element = path.last, !isInTemplate {
      let value = line[equals.upperBound...].dropLast()
      take(String(line[..<equals.lowerBound]), String(value), of: element)
    }
  }
}
