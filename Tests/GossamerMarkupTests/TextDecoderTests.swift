import Glibc
import GossamerMarkup
import Testing

@Suite("Encoding Standard: decoders")
struct TextDecoderTests {
  private func decode(_ bytes: [UInt8], _ encoding: TextEncoding) -> String {
    String(decoding: TextDecoder.decode(bytes, from: encoding).utf8, as: UTF8.self)
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

  @Test(arguments: [
    // An error never takes an ASCII byte with it, another byte it does.
    (TextEncoding.gbk, [0x81, 0x20, 0xFF, 0x61] as [UInt8], "\u{FFFD} \u{FFFD}a"),
    (.gb18030, [0x81, 0x30, 0x81], "\u{FFFD}"),
    (.gb18030, [0x81, 0x30, 0x81, 0x61], "\u{FFFD}0乤"),
    (.gb18030, [0x81, 0x35, 0xF4, 0x37], "\u{E7C7}"),
    (.gb18030, [0x90, 0x30, 0x81, 0x30], "\u{10000}"),
    (.gb18030, [0xE3, 0x32, 0x9A, 0x36], "\u{FFFD}"), (.gbk, [0x80, 0xA6, 0xD9], "€︐"),
    (.big5, [0x88, 0x62, 0x88, 0xA5], "Ê\u{304}ê\u{30C}"),
    (.big5, [0x81, 0x7A, 0x87], "\u{FFFD}z\u{FFFD}"),
    (.big5, [0x87, 0x45], "\u{27267}"),
    (.eucJP, [0x8E, 0xB1, 0x8F, 0xA2, 0xAF, 0x8F, 0xA1, 0xA1], "ｱ˘\u{FFFD}"),
    (.eucJP, [0x8F, 0xA1, 0x3C, 0xA4, 0x3C], "\u{FFFD}<\u{FFFD}<"),
    (.shiftJIS, [0x80, 0x5C, 0x7E, 0xF0, 0x40, 0xA0, 0xFD], "\u{80}\\~\u{E000}\u{FFFD}\u{FFFD}"),
    (.eucKR, [0x81, 0x5B, 0x81, 0x41], "\u{FFFD}[갂"),
    (.iso2022JP, [0x1B, 0x28, 0x4A, 0x5C, 0x7E, 0x1B, 0x28, 0x49, 0x31], "¥‾ｱ"),
    (.iso2022JP, [0x1B, 0x28, 0x42, 0x1B, 0x28, 0x42, 0x61], "\u{FFFD}a"),
    (.iso2022JP, [0x1B, 0x24, 0x42, 0x25, 0x1B, 0x28, 0x42, 0x1B, 0x24], "\u{FFFD}\u{FFFD}$"),
    (.iso2022JP, [0x0E, 0xE9], "\u{FFFD}\u{FFFD}"),
    (.utf16LE, [0x00, 0xD8, 0x61, 0x00, 0x00, 0xDC, 0x00, 0xD8], "\u{FFFD}a\u{FFFD}\u{FFFD}"),
    (.utf16BE, [0xD8, 0x3D, 0xDE, 0x00, 0xD8, 0x00, 0x61], "😀\u{FFFD}"),
    (.utf16BE, [0xFE, 0xFF], ""),
    (
      .utf8, [0xF0, 0x9F, 0x98, 0x61, 0xC0, 0x80, 0xE0, 0x80],
      "\u{FFFD}a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"
    ),
    (.iso8859part3, [0xA5, 0xA6], "\u{FFFD}Ĥ"), (.windows1253, [0xAA, 0xD2], "\u{FFFD}\u{FFFD}"),
    (.replacement, [], ""),
  ])
  func errorsBecomeAsManySignsAsTheStandardSays(
    encoding: TextEncoding, bytes: [UInt8], expected: String
  ) {
    #expect(decode(bytes, encoding) == expected, "\(encoding)")
    let errors = expected.unicodeScalars.count { $0 == "\u{FFFD}" }
    #expect(TextDecoder.decode(bytes, from: encoding).replaced == errors)
  }

  @Test(arguments: TextEncoding.allCases)
  func noBytesMakeInvalidUTF8(encoding: TextEncoding) {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for length in 0..<300 {
      let bytes = (0..<length).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      let made = TextDecoder.decode(bytes, from: encoding).utf8
      #expect(String(validating: made, as: UTF8.self) != nil && !made.contains(0))
    }
  }

  /// Where the sets of the C library are another edition than the standard's.
  private static let elsewhere: [TextEncoding: Set<UInt8>] = [
    .koi8U: [0xAE, 0xBE], .windows1255: [0xCA], .macintosh: [0xC6, 0xDB, 0xF0],
  ]

  @Test(arguments: [
    (TextEncoding.ibm866, "CP866"), (.iso8859part2, "ISO-8859-2"), (.iso8859part3, "ISO-8859-3"),
    (.iso8859part4, "ISO-8859-4"), (.iso8859part5, "ISO-8859-5"), (.iso8859part6, "ISO-8859-6"),
    (.iso8859part7, "ISO-8859-7"), (.iso8859part8, "ISO-8859-8"), (.iso8859part8I, "ISO-8859-8"),
    (.iso8859part10, "ISO-8859-10"), (.iso8859part13, "ISO-8859-13"),
    (.iso8859part14, "ISO-8859-14"), (.iso8859part15, "ISO-8859-15"),
    (.iso8859part16, "ISO-8859-16"), (.koi8R, "KOI8-R"), (.koi8U, "KOI8-U"),
    (.macintosh, "MACINTOSH"), (.windows874, "CP874"), (.windows1250, "CP1250"),
    (.windows1251, "CP1251"), (.windows1252, "CP1252"), (.windows1253, "CP1253"),
    (.windows1254, "CP1254"), (.windows1255, "CP1255"), (.windows1256, "CP1256"),
    (.windows1257, "CP1257"), (.windows1258, "CP1258"),
  ])
  func singleByteTablesAgreeWithTheCLibrary(encoding: TextEncoding, name: String) throws {
    guard let converter = iconv_open("UTF-8", name), converter != iconv_t(bitPattern: -1) else {
      return  // A C library without this set proves nothing.
    }
    defer { iconv_close(converter) }
    for byte in UInt8(0x80)...0xFF where Self.elsewhere[encoding]?.contains(byte) != true {
      guard let expected = Self.convert(byte, by: converter) else { continue }
      #expect(decode([byte], encoding) == expected, "\(name) \(byte)")
    }
  }

  private static func convert(_ byte: UInt8, by converter: iconv_t) -> String? {
    var input = [CChar(bitPattern: byte)]
    var output = [CChar](repeating: 0, count: 16)
    let count = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target -> Int? in
        var (from, fromLeft) = (source.baseAddress, source.count)
        var (to, toLeft) = (target.baseAddress, target.count)
        iconv(converter, nil, nil, nil, nil)
        guard iconv(converter, &from, &fromLeft, &to, &toLeft) != -1 else { return nil }
        iconv(converter, nil, nil, &to, &toLeft)
        return target.count - toLeft
      }
    }
    return count.map {
      String(decoding: output.prefix($0).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
