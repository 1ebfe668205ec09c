import Foundation
import GossamerMarkup
import GossamerTestKit
import Testing

@Suite("CharsetDetector: mark, header, meta, UTF-8, windows-1252")
struct CharsetDetectorTests {
  private func decode(_ text: [UInt8], _ type: String? = nil) -> CharsetDetector.Decoded {
    CharsetDetector().decode(text, contentType: type)
  }

  @Test func theHeaderBeatsTheMeta() {
    let page = decode(Array("<meta charset=windows-1251>x".utf8), "text/html; charset=\"KOI8-R\"")
    #expect(page.verdict.encoding == .koi8R)
    #expect(page.verdict.source == .header)
  }

  @Test func aByteOrderMarkBeatsTheHeader() {
    let page = decode([0xEF, 0xBB, 0xBF] + Array("<p>é".utf8), "text/html; charset=iso-8859-1")
    #expect(page.verdict.encoding == .utf8)
    #expect(page.isDoubtful)
    #expect(String(decoding: page.utf8, as: UTF8.self) == "<p>é")
  }

  @Test func aHeaderThatSaysUTF8OverLatin1IsOverruled() {
    let page = decode(Array("<p>caf".utf8) + [0xE9, 0x2E], "text/html; charset=utf-8")
    #expect(String(decoding: page.utf8, as: UTF8.self) == "<p>café.")
    #expect(page.isDoubtful)
  }

  @Test func someBrokenBytesInUTF8AreReplacedAndCounted() {
    let page = decode(Array("é".utf8) + [0xFF, 0x61, 0xED, 0xA0, 0x80], "text/html; charset=utf-8")
    #expect(page.verdict.encoding == .utf8)
    #expect(String(decoding: page.utf8, as: UTF8.self) == "é\u{FFFD}a\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(page.replacedCount == 4)
  }

  @Test func aMetaThatSaysUTF16MeansUTF8() {
    let page = decode(Array("<meta charset=utf-16>é".utf8))
    #expect(page.verdict.encoding == .utf8)
    #expect(page.verdict.source == .meta)
    #expect(page.isDoubtful)
  }

  @Test func unknownLabelsAreNotedAndPassedOver() {
    let page = decode(Array("<meta charset=windows-1251>".utf8) + [0xCF], "text/html;charset=x-foo")
    #expect(page.verdict.encoding == .windows1251)
    #expect(page.verdict.doubt == "unknown charset x-foo")
    #expect(page.utf8.suffix(2) == Array("П".utf8)[...])
  }

  @Test(arguments: [TextEncoding.utf16LE, .utf16BE])
  func utf16IsDecodedWithAndWithoutMark(encoding: TextEncoding) {
    let units = "<p>Ünï😀".utf16.flatMap { unit -> [UInt8] in
      let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return encoding == .utf16LE ? bytes : bytes.reversed()
    }
    let page = decode(units, "text/html; charset=\(encoding.name)")
    #expect(String(decoding: page.utf8, as: UTF8.self) == "<p>Ünï😀")
    let mark: [UInt8] = encoding == .utf16LE ? [0xFF, 0xFE] : [0xFE, 0xFF]
    #expect(String(decoding: decode(mark + units).utf8, as: UTF8.self) == "<p>Ünï😀")
  }

  @Test(arguments: [
    (TextEncoding.windows1252, [0x80, 0x81, 0xE9] as [UInt8], "€\u{81}é"),
    (.windows1251, [0xCF, 0xF0], "Пр"),
    (.koi8U, [0xAE, 0xBE, 0xA4], "ўЎє"),
    (.macintosh, [0xDB, 0x80], "€Ä"),
    (.windows874, [0x80, 0xA1], "€ก"),
    (.shiftJIS, [0x83, 0x65, 0x83, 0x58, 0xB1], "テスｱ"),
    (.eucJP, [0xA5, 0xC6], "テ"),
    (.iso2022JP, [0x1B, 0x24, 0x42, 0x25, 0x46, 0x1B, 0x28, 0x42, 0x61], "テa"),
    (.gbk, [0xC4, 0xE3], "你"),
    (.big5, [0xA7, 0x41], "你"),
    (.eucKR, [0xB0, 0xA1], "가"),
    (.userDefined, [0x80], "\u{F780}"),
    (.utf8, [0x61, 0x00, 0x62], "a\u{FFFD}b"),
    (.replacement, [0x61], "\u{FFFD}"),
  ])
  func encodingsDecode(encoding: TextEncoding, bytes: [UInt8], expected: String) {
    let made = TextDecoder.decode(bytes, from: encoding).utf8
    #expect(String(decoding: made, as: UTF8.self) == expected, "\(encoding)")
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func allLabelsOfTheStandardAreKnown() throws {
    struct Group: Decodable {
      struct Encoding: Decodable {
        let name: String
        let labels: [String]
      }
      let encodings: [Encoding]
    }
    for group in try ConformanceData.json("encoding/encodings.json", as: [Group].self) {
      for encoding in group.encodings {
        for label in encoding.labels {
          #expect(
            TextEncoding(label: " \(label.uppercased())\n")?.name == encoding.name, "\(label)")
        }
      }
    }
  }

  @Test(
    .enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"),
    arguments: ["tests1", "tests2", "test-yahoo-jp"])
  func prescanAgreesWithHTML5Lib(file: String) throws {
    let data = Array(try ConformanceData.bytes("html5lib/encoding/\(file).dat"))
    var failures: [String] = []
    var count = 0
    for part in data.parts(after: Array("#data\n".utf8)) {
      guard let border = part.firstRange(of: Array("\n#encoding\n".utf8)) else { continue }
      let expected =
        String(decoding: part[border.upperBound...], as: UTF8.self)
        .split(separator: "\n").first.map(String.init) ?? ""
      let verdict = CharsetDetector().detect(Array(part[..<border.lowerBound]))
      count += 1
      let found = verdict.encoding.name
      if found.lowercased() != TextEncoding(label: expected)?.name.lowercased() {
        failures.append("\(expected) but \(found): \(String(decoding: part, as: UTF8.self))")
      }
    }
    #expect(count > 0)
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func labelsInContentTypesAreFound() throws {
    struct Case: Decodable {
      let id: String
      let function: String
      let content_type: String?
      let encoding: String?
    }
    for item in try ConformanceData.json("encoding/w3lib-detect.json", as: [Case].self)
    where item.function == "http_content_type_encoding" {
      let type = item.content_type ?? ""
      // More is forgiven here than there: white space around `=`, unbalanced quotes.
      if item.encoding == nil, type.contains("; charset"), !type.contains("foo=") { continue }
      let verdict = CharsetDetector().detect(Array("é".utf8), contentType: type)
      #expect((verdict.source == .header) == (item.encoding != nil), "\(item.id) \(type)")
    }
  }

  @Test(
    .enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"),
    arguments: [
      (TextEncoding.eucJP, "euc_jp"), (.shiftJIS, "shift_jis"), (.eucKR, "euc_kr"),
      (.big5, "big5"), (.gb18030, "gb18030"),
    ])
  func eastAsianTablesMostlyAgree(encoding: TextEncoding, file: String) throws {
    let input = Array(try ConformanceData.bytes("encoding/decode-\(file)_in.txt"))
    let wanted = String(
      decoding: try ConformanceData.bytes("encoding/decode-\(file)_in_ref.txt"), as: UTF8.self)
    let made = String(decoding: TextDecoder.decode(input, from: encoding).utf8, as: UTF8.self)
    let wantedLines = wanted.split(separator: "\n", omittingEmptySubsequences: false)
    let madeLines = made.split(separator: "\n", omittingEmptySubsequences: false)
    let changes = madeLines.difference(from: wantedLines).insertions.count
    #expect(changes < wantedLines.count / 8, "\(changes) of \(wantedLines.count) \(file)")
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
