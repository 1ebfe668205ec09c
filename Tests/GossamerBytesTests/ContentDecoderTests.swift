import Foundation
import GossamerBytes
import GossamerTestKit
import Testing

@Suite("RFC 9110 §8.4: content codings")
struct ContentDecoderTests {
  static let page = Array(String(repeating: "<p>gossamer &amp; dew</p>\n", count: 400).utf8)
  static let coded = GzipEncoder().member(of: [page])

  @Test func whatWasEncodedIsDecodedByteByByte() throws {
    var decoder = ContentDecoder(codings: [.gzip], limit: 1 << 20)
    var output: [UInt8] = []
    for byte in Self.coded { try decoder.decode([byte], into: &output) }
    try decoder.finish(into: &output)
    #expect(output == Self.page)
    let count = decoder.decodedCount
    #expect(count == Self.page.count)
  }

  @Test func partsAreJoinedAndStatesUsedAgain() {
    let encoder = GzipEncoder(level: 6)
    let half = Self.page.count / 2
    let whole = encoder.member(of: [Self.page])
    let parts = [Array(Self.page[..<half]), [], Array(Self.page[half...])]
    #expect(encoder.member(of: parts) == whole)
    let none = ContentDecoder.decode(encoder.member(of: []), codings: [.gzip], limit: 10)
    #expect(none.bytes.isEmpty && none.error == nil)
  }

  @Test(arguments: [0, 1, 1000, 70_000, 3_000_000])
  func whatIsCompressedAlreadyIsStored(size: Int) {
    let encoder = GzipEncoder(level: 2)
    let noise = (0..<size).map { _ in UInt8.random(in: 0...255) }
    let parts = [Self.page, noise, Self.page]
    let whole = parts.flatMap(\.self)
    for isCompressed in [true, false] {
      let member = encoder.member(of: parts, isCompressed: isCompressed)
      let decoded = ContentDecoder.decode(member, codings: [.gzip], limit: 1 << 24)
      #expect(decoded.error == nil)
      #expect(decoded.bytes == whole)
      if isCompressed { #expect(member.count >= whole.count) }
    }
  }

  @Test func twoMembersAreOneBodyAndGarbageAfterThemIsIgnored() {
    let body = Self.coded + Self.coded + Array("\u{1F}garbage".utf8)
    let decoded = ContentDecoder.decode(body, codings: [.gzip], limit: 1 << 20)
    #expect(decoded.error == nil)
    #expect(decoded.bytes == Self.page + Self.page)
  }

  @Test func aCutStreamKeepsWhatWasDecoded() {
    let cut = Array(Self.coded.dropLast(9))
    let decoded = ContentDecoder.decode(cut, codings: [.gzip], limit: 1 << 20)
    #expect(decoded.error == .truncated(.gzip))
    #expect(Self.page.starts(with: decoded.bytes) && decoded.bytes.count > 1000)
  }

  @Test func aWrongCheckSumIsToldApart() {
    var body = Self.coded
    body[body.count - 8] ^= 1
    let decoded = ContentDecoder.decode(body, codings: [.gzip], limit: 1 << 20)
    #expect(decoded.error == .checksumMismatch(.gzip))
    #expect(decoded.bytes == Self.page)
  }

  @Test(arguments: ContentCoding.allCases)
  func plainHTMLIsNoticed(coding: ContentCoding) {
    let decoded = ContentDecoder.decode(
      Array("<!DOCTYPE html><p>plain".utf8), codings: [coding], limit: 1 << 20)
    #expect(decoded.error == .notCoded(coding))
    #expect(decoded.bytes.isEmpty)
  }

  @Test func aBombStopsAtTheLimitInEveryLayer() {
    let zeros = [UInt8](repeating: 0, count: 8 << 20)
    let bomb = GzipEncoder().member(of: [zeros])
    let single = ContentDecoder.decode(bomb, codings: [.gzip], limit: 1000)
    #expect(single.error == .limitExceeded(limit: 1000))
    #expect(single.bytes.count == 1000)
    let double = ContentDecoder.decode(
      GzipEncoder().member(of: [bomb]), codings: [.gzip, .gzip], limit: 20_000)
    #expect(double.error == .limitExceeded(limit: 20_000))
    #expect(double.bytes.count == 20_000)
  }

  @Test func theLimitItselfIsAllowed() {
    let decoded = ContentDecoder.decode(Self.coded, codings: [.gzip], limit: Self.page.count)
    #expect(decoded.error == nil)
    let plain = ContentDecoder.decode([1, 2, 3], codings: [], limit: 2)
    #expect(plain.bytes == [1, 2] && plain.error == .limitExceeded(limit: 2))
  }

  @Test(arguments: ContentCoding.allCases)
  func anyBytesEndWithinTheLimit(coding: ContentCoding) {
    let starts: [ContentCoding: [UInt8]] = [
      .gzip: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], .deflate: [0x78, 0x9C],
      .zstd: [0x28, 0xB5, 0x2F, 0xFD], .brotli: [],
    ]
    for _ in 0..<500 {
      let noise = (0..<Int.random(in: 0...200)).map { _ in UInt8.random(in: 0...255) }
      let body = Bool.random() ? (starts[coding] ?? []) + noise : noise
      let decoded = ContentDecoder.decode(body, codings: [coding, coding], limit: 10_000)
      #expect(decoded.bytes.count <= 10_000)
    }
  }

  @Test func anErrorIsFinal() {
    var decoder = ContentDecoder(codings: [.zstd], limit: 10)
    var output: [UInt8] = []
    #expect(throws: ContentDecodingError.notCoded(.zstd)) {
      try decoder.decode(Array("<html>".utf8), into: &output)
    }
    #expect(throws: ContentDecodingError.notCoded(.zstd)) { try decoder.finish(into: &output) }
  }

  @Test func aGreedyWindowIsRefused() {
    // A frame header alone: window descriptor 0xF8 asks for 2 TB.
    let decoded = ContentDecoder.decode(
      [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xF8, 0x01, 0x00, 0x00], codings: [.zstd], limit: 1 << 20)
    #expect(decoded.error == .windowTooLarge(.zstd))
  }

  @Test(
    arguments: [
      ("gzip", [ContentCoding.gzip]), ("X-GZIP", [.gzip]), ("", []), ("identity", []),
      (" br , ,gzip ", [.brotli, .gzip]), ("gzip, gzip", [.gzip, .gzip]),
      ("gzip, gzip, gzip", nil), ("sdch", nil), ("gzip, rot13", nil), ("deflate;q=1", [.deflate]),
    ] as [(String, [ContentCoding]?)])
  func fieldValuesAreRead(value: String, expected: [ContentCoding]?) {
    #expect(ContentCoding.parse(value) == expected)
  }
}

@Suite("Streams of the world", .enabled(if: ConformanceData.isPresent))
struct DecodingConformanceTests {
  struct Case: Decodable {
    var id: String
    var coding: String
    var outcome: String
    var file: String?
    var hex: String?
    var decoded_size: Int?
    var decoded_sha256: String?
    var optional: Bool?
    var lenient: Bool?
    var libzstd_says: String?
  }

  /// Decided otherwise: bytes after a gzip stream are ignored, as browsers do. The two pages differ
  /// from the stated digest in the name of the coding that they mention.
  static let decidedOtherwise: Set<String> = [
    "gzip-go-hello-txt-garbage", "gzip-go-hello-txt-garbage-2", "scrapy-html-rawdeflate.bin",
    "scrapy-html-zlibdeflate.bin",
  ]

  /// Frames on which libzstd 1.5.4 (Debian 12) and later versions differ: the newer ones check more.
  static let dependsOnLibrary: Set<String> = [
    "zstd-bad-76671405460bb57ffd4a0079e8d380748e6c0697.zst", "zstd-golden-off0.bin.zst",
    "zstd-golden-truncated_huff_state.zst", "zstd-golden-zeroSeq_2B.zst",
    "zstd-golden-zeroSeq_extraneous.zst",
  ]

  @Test(arguments: [1 << 20, 61])
  func everyStreamEndsAsItShould(step: Int) throws {
    var judged = 0
    var failed = 0
    for one in try ConformanceData.json("decoding/manifest.json", as: [Case].self) {
      guard let codings = Self.codings(one.coding), one.optional != true,
        !Self.decidedOtherwise.contains(one.id), !Self.dependsOnLibrary.contains(one.id)
      else { continue }
      // The reference library refuses some frames that another decoder takes.
      if one.outcome == "ok" && one.libzstd_says?.hasPrefix("err") == true { continue }
      judged += 1
      let input =
        try one.file.map { Array(try ConformanceData.bytes("decoding/\($0)")) }
        ?? Self.bytes(hex: one.hex ?? "")
      let result = Self.decode(input, codings, step: step)
      let digestFits = one.decoded_sha256.map { $0 == Digest.sha256(of: result.bytes).hex } ?? true
      let sizeFits = one.decoded_size.map { $0 == result.bytes.count } ?? true
      let isMet =
        one.lenient == true
        ? result.error != nil || !result.bytes.isEmpty
        : one.outcome == "ok" ? result.error == nil && digestFits && sizeFits : result.error != nil
      if !isMet {
        failed += 1
        Issue.record("\(one.id): \(String(describing: result.error)), \(result.bytes.count) bytes")
      }
    }
    print("decoding: \(judged - failed) of \(judged)")
  }

  private static func decode(
    _ input: [UInt8], _ codings: [ContentCoding], step: Int
  ) -> (bytes: [UInt8], error: ContentDecodingError?) {
    var decoder = ContentDecoder(codings: codings, limit: 64 << 20)
    var output: [UInt8] = []
    do throws(ContentDecodingError) {
      var rest = input[...]
      while !rest.isEmpty {
        try decoder.decode(Array(rest.prefix(step)), into: &output)
        rest = rest.dropFirst(step)
      }
      try decoder.finish(into: &output)
      return (output, nil)
    } catch {
      return (output, error)
    }
  }

  private static func codings(_ name: String) -> [ContentCoding]? {
    if name == "zlib" || name == "deflate-raw" || name.hasPrefix("deflate (") { return [.deflate] }
    if name == "gzip (multi-member)" { return [.gzip] }
    return ContentCoding.parse(name)
  }

  private static func bytes(hex: String) -> [UInt8] {
    let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }
}
