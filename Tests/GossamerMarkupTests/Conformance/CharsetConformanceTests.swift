import Foundation
import GossamerMarkup
import GossamerTestKit
import Testing

/// The encoding suites of the world.
@Suite(
  "Encodings: conformance", .enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
struct CharsetConformanceTests {
  @Test func allLabelsOfTheStandardAreKnown() throws {
    let labels = try Self.standardLabels()
    let passed = labels.count { TextEncoding(label: " \($0.uppercased())\n")?.name == $1 }
    print("encoding labels: \(passed)/\(labels.count)")
    #expect(passed == labels.count && !labels.isEmpty)
  }

  private static func standardLabels() throws -> [String: String] {
    struct Group: Decodable {
      struct Encoding: Decodable {
        let name: String
        let labels: [String]
      }
      let encodings: [Encoding]
    }
    var names: [String: String] = [:]
    for group in try ConformanceData.json("encoding/encodings.json", as: [Group].self) {
      for encoding in group.encodings {
        for label in encoding.labels { names[label] = encoding.name }
      }
    }
    return names
  }

  @Test(arguments: ["tests1", "tests2", "test-yahoo-jp"])
  func thePrescanAgreesWithHTML5Lib(file: String) throws {
    let data = Array(try ConformanceData.bytes("html5lib/encoding/\(file).dat"))
    var failures: [String] = []
    var count = 0
    for part in data.parts(after: Array("#data\n".utf8)) {
      guard let border = part.firstRange(of: Array("\n#encoding\n".utf8)) else { continue }
      let expected =
        String(decoding: part[border.upperBound...], as: UTF8.self)
        .split(separator: "\n").first.map(String.init) ?? ""
      let found = CharsetDetector().detect(Array(part[..<border.lowerBound])).encoding
      count += 1
      if found != TextEncoding(label: expected) {
        failures.append("\(expected) but \(found): \(String(decoding: part, as: UTF8.self))")
      }
    }
    print("html5lib encoding \(file): \(count - failures.count)/\(count)")
    #expect(count > 0 && failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test(arguments: [
    (TextEncoding.eucJP, "euc_jp"), (.shiftJIS, "shift_jis"), (.eucKR, "euc_kr"), (.big5, "big5"),
    (.gb18030, "gb18030"), (.gbk, "gb18030"), (.iso2022JP, "iso_2022_jp"),
  ])
  func eastAsianDecodersGiveEachLineOfTheirFiles(encoding: TextEncoding, file: String) throws {
    let input = Array(try ConformanceData.bytes("encoding/decode-\(file)_in.txt"))
    let wanted = Array(try ConformanceData.bytes("encoding/decode-\(file)_in_ref.txt"))
    let made = TextDecoder.decode(input, from: encoding).utf8
    let wantedLines = wanted.split(separator: 0x0A, omittingEmptySubsequences: false)
    let madeLines = made.split(separator: 0x0A, omittingEmptySubsequences: false)
    let passed = zip(wantedLines, madeLines).count { $0 == $1 }
    print("\(encoding.name) decoder: \(passed)/\(wantedLines.count)")
    #expect(made == wanted)
  }

  @Test func theCharsetOfAMIMETypeIsWhatABrowserTakes() throws {
    let entries = try JSONSerialization.jsonObject(
      with: try ConformanceData.bytes("mime/mime-types.json"))
    var (passed, count) = (0, 0)
    for case let item as [String: Any] in entries as? [Any] ?? [] {
      guard let input = item["input"] as? String, item["encoding"] != nil else { continue }
      let verdict = CharsetDetector().detect([0x61], contentType: input)
      let found = verdict.source == .header ? verdict.encoding.name : nil
      count += 1
      if found == item["encoding"] as? String { passed += 1 } else { Issue.record("\(input)") }
    }
    print("charsets of MIME types: \(passed)/\(count)")
    #expect(count > 0)
  }

  // MARK: w3lib

  struct Case: Decodable {
    let id: String
    let function: String
    let body: String?
    let body_base64: Data?
    let content_type: String?
    let content_type_header: String?
    let label: String?
    let encoding: String?
    let text: String?

    var bytes: [UInt8] { body_base64.map(Array.init) ?? Array((body ?? "").utf8) }
    var page: String { String(decoding: bytes, as: UTF8.self) }
    var header: String { content_type ?? content_type_header ?? "" }
  }

  @Test func w3libAgreesWhereItFollowsTheStandard() throws {
    let labels = try Self.standardLabels()
    let cases = try ConformanceData.json("encoding/w3lib-detect.json", as: [Case].self)
    var passed = 0
    var exceptions: [String: Int] = [:]
    for item in cases {
      if Self.passes(item) {
        passed += 1
      } else if let reason = Self.deviation(of: item, labels) {
        exceptions[reason, default: 0] += 1
      } else {
        Issue.record("\(item.id) \(item.header) \(item.page) wants \(item.encoding ?? "none")")
      }
    }
    print("w3lib detect: \(passed)/\(cases.count); against the standard: \(exceptions)")
    #expect(passed > 0)
  }

  private static func passes(_ item: Case) -> Bool {
    let detector = CharsetDetector()
    let expected = item.encoding.flatMap(whatwgName)
    switch item.function {
    case "read_bom", "http_content_type_encoding", "html_body_declared_encoding":
      let sources: [String: CharsetDetector.Source] = [
        "read_bom": .byteOrderMark, "http_content_type_encoding": .header,
        "html_body_declared_encoding": .meta,
      ]
      let verdict = detector.detect(item.bytes, contentType: item.header)
      return (verdict.source == sources[item.function] ? verdict.encoding : nil) == expected
    case "resolve_encoding":
      return item.label.flatMap { TextEncoding(label: $0) } == expected
    default:
      let page = detector.decode(item.bytes, contentType: item.header)
      return page.verdict.encoding == expected
        && String(decoding: page.utf8, as: UTF8.self) == item.text
    }
  }

  /// The encoding of a Python codec; w3lib reads GBK as gb18030, as the standard's decoder does.
  private static func whatwgName(_ codec: String) -> TextEncoding? {
    switch codec {
    case "gb18030": .gbk
    case "big5hkscs": .big5
    case "utf-16-be": .utf16BE
    case "utf-16-le": .utf16LE
    default: TextEncoding(label: codec)
    }
  }

  /// In what the standard differs from w3lib.
  private static func deviation(of item: Case, _ labels: [String: String]) -> String? {
    let header = item.header.lowercased()
    let page = item.page.lowercased()
    if item.encoding?.hasPrefix("utf-32") == true { return "UTF-32 is no encoding of the web" }
    if let label = item.label?.trimmingCharacters(in: .whitespaces).lowercased(),
      labels[label] == nil
    {
      return "only labels of the standard are known"
    }
    if header.contains("charset=utf-16"), item.encoding == "utf-16-be" {
      return "UTF-16 means little-endian"
    }
    if header.contains("charset=\"\"") { return "the first charset counts, even an empty one" }
    if header.contains(", text/plain") { return "of several types the last counts" }
    if header.contains("charset=\"utf-8"), item.encoding == nil {
      return "what follows a quoted value, or its missing end, is forgiven"
    }
    if page.contains("< meta") { return "a tag begins with a letter" }
    if page.contains("equiv=\"fake") || page.contains("httpequiv") {
      return "content counts only with http-equiv of content-type"
    }
    if page.contains("<body>"), item.encoding == nil { return "the prescan knows no body" }
    if item.function == "html_to_unicode", item.bytes.allSatisfy({ $0 < 0x80 }) {
      return "the default is windows-1252"
    }
    return nil
  }
}

extension [UInt8] {
  /// The pieces that follow each marker.
  fileprivate func parts(after marker: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var rest = self[...]
    while let begin = rest.firstRange(of: marker) {
      rest = rest[begin.upperBound...]
      let end = rest.firstRange(of: [0x0A] + marker)?.lowerBound ?? rest.endIndex
      parts.append(Array(rest[..<end]))
      rest = rest[end...]
    }
    return parts
  }
}
