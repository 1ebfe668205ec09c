import Foundation
import GossamerMarkup
import GossamerTestKit
import Testing

/// The suite's tokens are compared with what becomes of them in a document: its text, its elements
/// and their attributes. Comments and doctypes leave no trace there.
@Suite("html5lib tokenizer: texts and tags")
struct HTML5LibTokenizerTests {
  /// What stands before the input, so that the parser is in the state that the test names.
  private static func opening(_ state: String, lastStartTag: String?) -> String? {
    switch state {
    case "Data state": "<body>"
    case "PLAINTEXT state": "<plaintext>"
    case "CDATA section state": "<svg><![CDATA["
    case "RAWTEXT state": lastStartTag == "xmp" ? "<xmp>" : nil
    case "RCDATA state": lastStartTag == nil ? "<title>" : nil
    case "Script data state": lastStartTag == nil || lastStartTag == "script" ? "<script>" : nil
    default: nil
    }
  }

  private struct Vector {
    var name: String
    var html: String
    var opening: String
    var tokens: [[Any]]
  }

  private static func vectors(in file: URL) throws -> [Vector] {
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    let tests = root?["tests"] as? [[String: Any]] ?? []
    return tests.flatMap { test -> [Vector] in
      let isEscaped = test["doubleEscaped"] as? Bool == true
      guard let input = (test["input"] as? String).flatMap({ unescaped($0, isEscaped) }),
        let output = test["output"] as? [[Any]]
      else { return [] }
      let tokens = output.map { token in
        token.map { part in (part as? String).flatMap { unescaped($0, isEscaped) } ?? part }
      }
      return (test["initialStates"] as? [String] ?? ["Data state"]).compactMap { state in
        opening(state, lastStartTag: test["lastStartTag"] as? String).map {
          Vector(
            name: "\(file.lastPathComponent): \(test["description"] ?? "") (\(state))",
            html: $0 + input, opening: $0, tokens: tokens)
        }
      }
    }
  }

  /// Resolves `\uXXXX`; nil where that leaves half a character, which no UTF-8 has.
  private static func unescaped(_ text: String, _ isEscaped: Bool) -> String? {
    guard isEscaped else { return text }
    var units: [UInt16] = []
    var rest = Array(text.utf16)[...]
    while let unit = rest.popFirst() {
      if unit == 0x5C, rest.first == 0x75,
        let value = UInt16(String(decoding: rest.dropFirst().prefix(4), as: UTF16.self), radix: 16)
      {
        units.append(value)
        rest = rest.dropFirst(5)
      } else {
        units.append(unit)
      }
    }
    return String(validating: units, as: UTF16.self)
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func textsAndTagsAreThoseOfTheTokens() throws {
    let folder = try #require(ConformanceData.directory).appending(path: "html5lib/tokenizer")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    var (passed, total) = (0, 0)
    for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "test" {
      for vector in try Self.vectors(in: file) {
        total += 1
        let expected = Shown(vector.tokens, inSection: vector.opening.hasPrefix("<svg>"))
        let found = Shown(try HTMLDocument(parsing: vector.html), after: vector.opening)
        if expected == found {
          passed += 1
        } else {
          print(vector.name, vector.html.debugDescription, found, "instead of", expected)
        }
      }
    }
    print("html5lib tokenizer: \(passed)/\(total)")
    #expect(passed == total)
  }
}

/// What of a token stream a document shows.
private struct Shown: Equatable {
  var text = ""
  var tags: [String] = []

  /// - Parameter inSection: in CDATA sections the tree shows NUL, elsewhere it has none.
  init(_ tokens: [[Any]], inSection: Bool) {
    for token in tokens {
      switch token.first as? String {
      case "Character":
        let text = token[1] as? String ?? ""
        take(inSection ? text.replacing("\0", with: "\u{FFFD}") : text)
      case "StartTag":
        take(token[1] as? String ?? "", token[2] as? [String: String] ?? [:])
      default: break
      }
    }
  }

  init(_ page: HTMLDocument, after opening: String) {
    var isFirst = true
    for node in 0..<page.count {
      if page.isText(node) {
        var text = page.text(of: node).replacing("\r\n", with: "\n")
        if opening == "<script>" {
          // A script may be written a little otherwise, with the same meaning.
          text = text.replacing("<\\/", with: "</")
          if text.hasPrefix(" <") { text.removeFirst() }
        }
        take(text)
        continue
      }
      let name = page.name(of: node)
      if ["html", "head", "body", "p"].contains(name) { continue }
      if isFirst, opening.hasPrefix("<\(name)>") {
        isFirst = false
        continue
      }
      take(
        name,
        Dictionary(page.attributes(of: node).map { ($0.name, $0.value) }) { first, _ in first })
    }
  }

  /// Control characters are lost, and white space may become other white space.
  private mutating func take(_ piece: String) {
    for scalar in piece.unicodeScalars {
      switch scalar.value {
      case 9, 10, 12, 13: text.append(" ")
      case 0..<32, 0xFFFE, 0xFFFF: break
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  /// Names that libxml2 does not know: in elements the odd characters are replaced, attributes are
  /// left out.
  private mutating func take(_ name: String, _ attributes: [String: String]) {
    if name == "p" { return }  // The parser may add it.
    let element = String(
      decoding: name.replacing("\u{FFFD}", with: "_").utf8.map {
        Self.isPlain(Character(Unicode.Scalar($0))) ? $0 : 0x5F
      },
      as: UTF8.self)
    let pairs = attributes.filter { name, _ in
      name.allSatisfy(Self.isPlain)
        && name.first.map { $0.isLetter || $0 == "_" || $0 == ":" } ?? false
    }
    tags.append(
      element
        + pairs.map { name, value in
          " \(name)="
            + String(String.UnicodeScalarView(value.unicodeScalars.filter { $0.value > 31 }))
        }
        .sorted().joined())
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_.:".contains(character))
  }
}
