import Foundation
import GossamerArchive
import GossamerBytes
import Testing

@Suite("ISO 28500 (WARC/1.1): writing")
struct WARCRecordEncoderTests {
  static let body = Array("<html><title>x</title><p>dew".utf8)
  static let exchange = WARCExchange(
    uri: "http://example.org/a?b=c", date: 1_772_366_400.25, address: "192.0.2.7",
    warcinfoID: WARCRecord.makeID(), requestTarget: "/a?b=c",
    requestFields: [("Host", "example.org"), ("User-Agent", "gossamer/1")], status: 200,
    responseFields: [
      ("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"),
      ("X-Bad", "a\r\nWARC-Type: b"),
    ])

  static func records() -> [WARCRecord] {
    let response = WARCRecord.response(exchange, body: body, truncation: .length)
    let digest = Digest.sha1(of: body)
    var coded = exchange
    coded.responseFields.append(("Content-Encoding", "gzip"))
    return [
      .warcinfo(
        fileName: "0001.warc.gz", fields: [("software", "gossamer"), ("format", "WARC/1.1")],
        date: exchange.date),
      response,
      .request(exchange, concurrentTo: response.id),
      .revisit(
        exchange, original: (exchange.uri, exchange.date, response.id), payloadDigest: digest),
      .metadata(
        uri: exchange.uri, date: exchange.date, fields: [("fetchTimeMs", "12")],
        concurrentTo: response.id),
      .response(coded, body: GzipEncoder(level: 9).member(of: [body])),
    ]
  }

  static func entries(of bytes: [UInt8]) throws -> [WARCEntry] {
    var reader = WARCReader(bytes: bytes)
    var entries: [WARCEntry] = []
    while let entry = try reader.next() { entries.append(entry) }
    #expect(reader.damages.isEmpty)
    return entries
  }

  @Test(arguments: [true, false])
  func whatIsWrittenIsRead(isCompressed: Bool) throws {
    let encoder = WARCRecordEncoder()
    let records = Self.records()
    let pieces = records.map { isCompressed ? encoder.encode($0) : encoder.encodePlain($0) }
    let entries = try Self.entries(of: pieces.flatMap(\.self))
    #expect(entries.map(\.kind) == records.map(\.kind.rawValue))
    #expect(entries.map(\.id) == records.map(\.id))
    var offset = 0
    for (entry, piece) in zip(entries, pieces) {
      #expect(entry.offset == offset)
      if isCompressed { #expect(entry.length == piece.count) }
      offset += piece.count
      #expect(entry.problem == nil)
      #expect(entry.blockDigestFits == true)
      #expect(entry.payloadDigestFits != false)
    }
    let response = entries[1]
    #expect(response["WARC-Date"] == "2026-03-01T12:00:00.250Z")
    #expect(response.timestamp == "20260301120000")
    #expect(response["WARC-IP-Address"] == "192.0.2.7")
    #expect(response["WARC-Truncated"] == "length")
    #expect(response.targetURI == Self.exchange.uri)
    #expect(response.message?.status == 200)
    #expect(response.message?.body == Self.body)
    #expect(response.message?["Transfer-Encoding"] == nil)
    #expect(response.message?["X-Archive-Orig-Transfer-Encoding"] == "chunked")
    #expect(entries[2].message?.startLine == "GET /a?b=c HTTP/1.1")
    #expect(entries[2]["WARC-Concurrent-To"] == "<\(records[1].id)>")
    #expect(entries[3]["WARC-Payload-Digest"] == Digest.sha1(of: Self.body).label)
    #expect(entries[3]["WARC-Profile"]?.hasSuffix("identical-payload-digest") == true)
  }

  @Test(arguments: ["\n", "\r\n", "\r", "\0", "\u{2028}", "\u{85}", "\u{0B}"])
  func noValueBeginsALine(separator: String) throws {
    var exchange = Self.exchange
    let evil = "x\(separator)WARC-Injected: yes\(separator)\(separator)HTTP/1.1 200"
    exchange.uri = "http://example.org/" + evil
    exchange.address = evil
    exchange.requestTarget = "/" + evil
    exchange.method = "GET" + evil
    exchange.requestFields = [("Host", evil), (evil, "x")]
    exchange.responseFields = [("Server", evil)]
    for record in [
      WARCRecord.response(exchange, body: []), .request(exchange, concurrentTo: evil),
      .metadata(uri: evil, date: 0, fields: [("a", evil)]),
    ] {
      let plain = WARCRecordEncoder().encodePlain(record)
      let lines = String(decoding: plain, as: UTF8.self).unicodeScalars
        .split { ["\n", "\r", "\u{2028}", "\u{85}", "\u{0B}"].contains($0) }.map { String($0) }
      #expect(!lines.contains { $0.hasPrefix("WARC-Injected") })
      let entries = try Self.entries(of: plain)
      #expect(entries.count == 1)
      #expect(entries.first?["WARC-Injected"] == nil)
    }
  }

  @Test func namesAreRandomAndWellFormed() {
    let names = Set((0..<100).map { _ in WARCRecord.makeID() })
    #expect(names.count == 100)
    let shape = #/urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#
    #expect(names.allSatisfy { $0.wholeMatch(of: shape) != nil })
  }

  @Test func manyTasksEncodeAtOnce() async {
    let encoder = WARCRecordEncoder()
    let record = WARCRecord.response(Self.exchange, body: Self.body)
    let expected = encoder.encode(record)
    await withTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<64 { group.addTask { encoder.encode(record) } }
      for await bytes in group { #expect(bytes == expected) }
    }
  }

  @Test func datesAreWrittenWithoutACalendar() {
    #expect(WARCDate.format(0) == "1970-01-01T00:00:00Z")
    #expect(WARCDate.format(951_782_400) == "2000-02-29T00:00:00Z")
    #expect(WARCDate.format(-0.5) == "1969-12-31T23:59:59.500Z")
    #expect(WARCDate.format(.infinity) == "1970-01-01T00:00:00Z")
  }

  @Test func indexLinesAreMade() {
    let start = CDXJIndex.open(
      .init(
        surt: "org,example)/a b", timestamp: "20260301120000", url: "http://example.org/\"\n",
        mime: "text/html", status: 200, digest: "sha1:ABC"))
    let line = CDXJIndex.finish(start, fileName: "f", offset: 7, length: 5)
    #expect(
      String(decoding: line, as: UTF8.self)
        == #"org,example)/a%20b 20260301120000 {"url": "http://example.org/\"\u000a", "#
        + #""mime": "text/html", "status": "200", "digest": "ABC", "length": "5", "offset": "7", "#
        + "\"filename\": \"f\"}\n")
  }
}

@Suite("Reading on after damage")
struct WARCDamageTests {
  @Test func aBrokenMemberCostsOnlyItself() throws {
    let encoder = WARCRecordEncoder()
    let pieces = WARCRecordEncoderTests.records().map { encoder.encode($0) }
    var bytes = pieces.flatMap(\.self)
    let victim = pieces[0].count + pieces[1].count / 2
    for index in victim..<(victim + 8) { bytes[index] ^= 0xFF }
    var reader = WARCReader(bytes: bytes)
    var kinds: [String] = []
    while let entry = try reader.next() {
      kinds.append(entry.problem == nil ? entry.kind : "damaged")
    }
    #expect(
      kinds.filter { $0 != "damaged" && $0 != "response" } == [
        "warcinfo", "request", "revisit", "metadata",
      ])
    #expect(reader.damageCount > 0)
  }

  @Test func aCutFileKeepsItsWholeRecords() throws {
    let encoder = WARCRecordEncoder()
    let pieces = WARCRecordEncoderTests.records().map { encoder.encode($0) }
    let bytes = pieces.flatMap(\.self)
    for cut in stride(from: 0, to: bytes.count, by: 13) {
      var reader = WARCReader(bytes: Array(bytes[..<cut]))
      var whole = 0
      while let entry = try reader.next() { whole += entry.problem == nil ? 1 : 0 }
      var end = 0
      let complete = pieces.prefix {
        end += $0.count
        return end <= cut
      }.count
      // A record may be there to its last byte although the end of its member is not.
      #expect(whole == complete || whole == complete + 1, "cut at \(cut)")
    }
  }

  @Test func noiseIsPassedOver() throws {
    let plain = WARCRecordEncoderTests.records().map { WARCRecordEncoder().encodePlain($0) }
    let bytes = Array("noise\n\n".utf8) + plain[0] + Array("more noise\r\n".utf8) + plain[1]
    var reader = WARCReader(bytes: bytes)
    var kinds: [String] = []
    while let entry = try reader.next() { kinds.append(entry.kind) }
    #expect(kinds == ["warcinfo", "response"])
    #expect(reader.damageCount == 2)
  }

  @Test func anyBytesEndInAnEnd() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let start: [UInt8] = Bool.random() ? [0x1F, 0x8B, 8, 0] : Array("WARC/1.0\r\n".utf8)
      let noise = (0..<500).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var reader = WARCReader(bytes: start + noise)
      while try reader.next() != nil {}
    }
  }
}

@Suite("Against warcio")
struct WarcioTests {
  /// The reference tool, where the machine has it: `pip install warcio`, or `$GOSSAMER_WARCIO`.
  static let tool: String? = {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["GOSSAMER_WARCIO"].map { [$0] } ?? []
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/warcio" }
    return (named + folders).first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  @Test(
    .enabled(if: tool != nil, "warcio is not installed: pip install warcio"),
    .timeLimit(.minutes(5)))
  func ourFilesPassItsCheck() throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "gossamer-\(UUID().uuidString).warc.gz")
    defer { try? FileManager.default.removeItem(at: file) }
    let encoder = WARCRecordEncoder()
    let bytes = WARCRecordEncoderTests.records().flatMap { encoder.encode($0) }
    try Data(bytes).write(to: file)
    let check = try Self.run(["check", "-v", file.path])
    #expect(check.status == 0, "\(check.output)")
    let index = try Self.run(["index", "-f", "warc-type,offset,length", file.path])
    #expect(index.status == 0)
    let entries = try WARCRecordEncoderTests.entries(of: bytes)
    for entry in entries {
      #expect(index.output.contains("\"warc-type\": \"\(entry.kind)\""))
      #expect(index.output.contains("\"offset\": \"\(entry.offset)\""))
      #expect(index.output.contains("\"length\": \"\(entry.length)\""))
    }
  }

  private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: tool ?? "")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
