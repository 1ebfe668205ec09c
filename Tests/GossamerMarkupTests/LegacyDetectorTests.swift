import Foundation
import GossamerTestKit
import Testing

@testable import GossamerMarkup

@Suite("LegacyDetector")
struct LegacyDetectorTests {
  private func detect(_ page: [UInt8]) -> CharsetDetector.Verdict { CharsetDetector().detect(page) }

  @Test(arguments: [
    (TextEncoding.windows1251, "Все люди рождаются свободными и равными"),
    (.koi8R, "Все люди рождаются свободными и равными"),
    (.ibm866, "Все люди рождаются свободными и равными"),
    (.windows1253, "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι"),
    (.windows1254, "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar"),
    (.windows1255, "כל בני האדם נולדו בני חורין"), (.windows1256, "يولد جميع الناس أحرارا متساوين"),
    (.windows874, "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน"),
    (.windows1250, "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti"),
    (.iso8859part2, "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności"),
  ])
  func aSentenceIsEnough(encoding: TextEncoding, text: String) throws {
    let page = try #require(Self.encode(text, encoding))
    let verdict = detect(Array("<title>".utf8) + page + Array("</title>".utf8))
    #expect(verdict.encoding == encoding)
    #expect(verdict.source == .detected)
  }

  @Test(arguments: [
    "<p>café", "<p>“Don’t” × ½ ÷ 2 © 2020 – 3 €", "<p>Größe, Übermut, weiß, schön, für, später",
    "<p>Ça été déjà très français, où l’âme naïve", "<p>I’m I’m I’m I’m I’m", "§ 1 ¼ ¼ ¼ · ·",
    "þetta er íslenska, það er ágætt mál með þ og ð", "coração não é ação",
  ])
  func westernPagesAreLeftAtTheDefault(text: String) throws {
    let page = try #require(Self.encode(text, .windows1252))
    #expect(detect(page).encoding == .windows1252)
    #expect(detect(page).source == .fallback)
  }

  @Test(arguments: [
    (TextEncoding.eucJP, [0xA4, 0xB3, 0xA4, 0xF3, 0xA4, 0xCB, 0xA4, 0xC1, 0xA4, 0xCF] as [UInt8]),
    (.shiftJIS, [0x82, 0xB1, 0x82, 0xF1, 0x82, 0xC9, 0x82, 0xBF, 0x82, 0xCD]),
    (.iso2022JP, [0x1B, 0x24, 0x42, 0x24, 0x33, 0x24, 0x73, 0x1B, 0x28, 0x42]),
    (.eucKR, [0xBE, 0xC8, 0xB3, 0xE7, 0xC7, 0xCF, 0xBD, 0xCA, 0xB4, 0xCF, 0xB1, 0xEE]),
  ])
  func greetingsOfEastAsiaAreKnown(encoding: TextEncoding, bytes: [UInt8]) {
    #expect(detect(bytes).encoding == encoding)
    #expect(detect(bytes).source == .detected)
  }

  /// One text of each language, in the encodings that pages in it were written in.
  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func textsOfManyLanguagesAreToldApart() throws {
    let texts = try ConformanceData.json("langid/whatlang-examples.json", as: [String: String].self)
    var (passed, count) = (0, 0)
    for (languages, encodings) in Self.written {
      for language in languages.split(separator: " ") {
        guard let text = texts[String(language)] else { continue }
        for encoding in encodings {
          guard let page = Self.encode(text, encoding) else { continue }
          count += 1
          let made = CharsetDetector().decode(page)
          if made.utf8 == TextDecoder.decode(page, from: encoding).utf8 { passed += 1 }
        }
      }
    }
    print("legacy detection: \(passed)/\(count)")
    #expect(count > 40 && passed == count)
  }

  private static let written: [(languages: String, encodings: [TextEncoding])] = [
    ("rus ukr", [.windows1251, .koi8U, .iso8859part5]), ("bul mkd", [.windows1251, .iso8859part5]),
    ("rus", [.ibm866, .koi8R]), ("pol ces slk hun hrv slv", [.windows1250, .iso8859part2]),
    ("ell", [.windows1253, .iso8859part7]), ("tur", [.windows1254]), ("heb", [.windows1255]),
    ("ara", [.windows1256, .iso8859part6]), ("lit lav est", [.windows1257]),
    ("tha", [.windows874]), ("deu fra spa ita por nld swe dan nob fin cat eng", [.windows1252]),
    ("jpn", [.shiftJIS, .eucJP]), ("kor", [.eucKR]), ("cmn", [.big5, .gbk]),
  ]

  /// A text in a legacy encoding, without what it lacks; nil if it has nothing beyond ASCII.
  static func encode(_ text: String, _ encoding: TextEncoding) -> [UInt8]? {
    var codes: [UInt32: [UInt8]] = [:]
    for high in UInt8(0x80)...0xFF {
      for code in [[high]]
        + (EncodingIndex.singleByte(encoding) == nil ? (0x40...0xFE).map { [high, $0] } : [])
      {
        let (utf8, faults) = TextDecoder.decode(code, from: encoding)
        let scalars = Array(String(decoding: utf8, as: UTF8.self).unicodeScalars)
        if faults == 0, scalars.count == 1, codes[scalars[0].value] == nil {
          codes[scalars[0].value] = code
        }
      }
    }
    let bytes = text.unicodeScalars.flatMap { scalar -> [UInt8] in
      scalar.value < 0x80 ? [UInt8(scalar.value)] : codes[scalar.value] ?? []
    }
    return bytes.contains { $0 >= 0x80 } ? bytes : nil
  }
}
