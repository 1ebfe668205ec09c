import Foundation
import GossamerBytes
import GossamerCorpus
import Testing

@Suite("Export of a corpus")
struct CorpusExportTests {
  /// A corpus of some records below a new folder, which is removed with it.
  private func withCorpus(
    _ lines: [String], ending: String = "\n",
    _ body: (_ folder: String, CorpusLayout) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "gossamer-export-\(UUID().uuidString)").path
    let layout = CorpusLayout(root: folder + "/out")
    try FileManager.default.createDirectory(
      atPath: layout.pages, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data((lines.joined(separator: "\n") + ending).utf8)
      .write(to: URL(filePath: layout.pages + "part-00000.jsonl"))
    try body(folder, layout)
  }

  private static func line(
    _ number: Int, _ text: String = "Some words here.", more: String = ""
  ) -> String {
    #"{"url":"http://a.test/\#(number)","host":"a.test","text":"\#(text)"\#(more)}"#
  }

  private func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  private func contents(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  private func export(_ names: String...) throws -> CorpusExport {
    CorpusExport(try names.map { try #require(RecordFormat.named($0)) })
  }

  @Test func severalFormatsAreMadeInOneReading() throws {
    try withCorpus([Self.line(1, "One."), Self.line(2, "Two."), #"{"url":"http://a.test/3"}"#]) {
      folder, layout in
      let counts = try export("jsonl", "csv", "text", "markdown", "wet")
        .run(layout, to: .path(folder + "/x/y"))
      #expect(counts.read == 3 && counts.selected == 3)
      #expect(
        counts.written == ["jsonl": 3, "csv": 3, "text": 2, "markdown": 2, "wet": 2])
      #expect(
        names(folder + "/x/y") == [
          "export.json", "markdown", "part-00000.csv", "part-00000.jsonl", "part-00000.txt",
          "part-00000.warc.wet.gz",
        ])
      #expect(names(folder + "/x") == ["y"])
      #expect(try contents(folder + "/x/y/part-00000.txt") == "One.\nTwo.\n")
      #expect(names(folder + "/x/y/markdown/a.test").count == 2)
      #expect(try contents(folder + "/x/y/export.json").contains(#""counts":{"read":3,"#))
    }
  }

  @Test func aFileIsCutBetweenRecordsOnceItIsLongEnough() throws {
    let lines = (0..<10).map { Self.line($0) }
    try withCorpus(lines) { folder, layout in
      var export = try export("jsonl")
      export.limitInBytes = 3 * (lines[0].utf8.count + 1)
      _ = try export.run(layout, to: .path(folder + "/x"))
      let parts = names(folder + "/x").filter { $0.hasPrefix("part-") }
      #expect(parts == (0..<4).map { "part-0000\($0).jsonl" })
      let counts = try parts.map { try contents(folder + "/x/" + $0).split(separator: "\n").count }
      #expect(counts == [3, 3, 3, 1])
    }
  }

  @Test func compressedFilesHoldTheSameBytes() throws {
    try withCorpus((0..<5000).map { Self.line($0) }) { folder, layout in
      var export = try export("csv")
      _ = try export.run(layout, to: .path(folder + "/plain"))
      export.compresses = true
      _ = try export.run(layout, to: .path(folder + "/packed"))
      let packed = Array(try Data(contentsOf: URL(filePath: folder + "/packed")))
      let plain = Array(try Data(contentsOf: URL(filePath: folder + "/plain")))
      let unpacked = ContentDecoder.decode(packed, codings: [.gzip], limit: 1 << 26)
      #expect(unpacked.error == nil && unpacked.bytes == plain && packed.count < plain.count / 4)
    }
  }

  @Test func nothingStandsUnderTheNameOfAnExportThatFailed() throws {
    struct Stop: Error {}
    for formats in [["text"], ["text", "markdown"]] {
      try withCorpus([Self.line(1), Self.line(2)]) { folder, layout in
        let export = CorpusExport(formats.compactMap(RecordFormat.named))
        #expect(throws: Stop.self) {
          try export.run(layout, to: .path(folder + "/x")) { if $0.read == 2 { throw Stop() } }
        }
        #expect(names(folder) == ["out"])
      }
    }
  }

  @Test func whatIsThereIsReplacedOnlyWhenAskedForAndOnlyByItsKind() throws {
    try withCorpus([Self.line(1)]) { folder, layout in
      let file = try export("text")
      let pages = try export("markdown")
      for (export, name) in [(file, "/file"), (pages, "/pages")] {
        _ = try export.run(layout, to: .path(folder + name))
        #expect(throws: ExportError.self) { try export.run(layout, to: .path(folder + name)) }
        _ = try export.run(layout, to: .path(folder + name, replaces: true))
      }
      #expect(throws: ExportError.self) {
        try pages.run(layout, to: .path(folder + "/file", replaces: true))
      }
      #expect(throws: ExportError.self) {
        try file.run(layout, to: .path(folder + "/pages", replaces: true))
      }
      // A folder that is no export is never removed, not even the corpus itself.
      #expect(throws: ExportError.self) {
        try pages.run(layout, to: .path(layout.root, replaces: true))
      }
      #expect(names(folder) == ["file", "out", "pages"])
    }
  }

  @Test func badLinesAreCountedAndALineThatIsBeingWrittenIsNone() throws {
    let lines = [
      Self.line(1), "nonsense", #"{"text":"no url"}"#, #"{"url":7}"#, Self.line(2),
      #"{"url":"http://a.test/3","text":"to"#,
    ]
    for format in ["jsonl", "text"] {
      try withCorpus(lines, ending: "") { folder, layout in
        let counts = try export(format).run(layout, to: .path(folder + "/x"))
        #expect(counts.read == 2 && counts.badLines == 3, "\(format)")
      }
    }
  }

  @Test(arguments: [
    (PageSelection.Use?.none, 4), (.search, 3), (.aiInput, 3), (.aiTrain, 2),
  ])
  func usesThatAreReservedAreLeftOut(use: PageSelection.Use?, selected: Int) throws {
    let lines = [
      #","preferences":{"search":"no"}"#, #","preferences":{"ai_input":"no","ai_train":"no"}"#,
      #","preferences":{"search":"yes","ai_train":"no"}"#, "",
    ]
    try withCorpus(lines.enumerated().map { Self.line($0, more: $1) }) { folder, layout in
      var export = try export("text")
      export.selection.use = use
      let counts = try export.run(layout, to: .path(folder + "/x"))
      #expect(counts.selected == selected)
      #expect(counts.refused[.reserved, default: 0] == 4 - selected)
    }
  }

  @Test func noMoreTextIsTakenThanAPageAllows() throws {
    try withCorpus([Self.line(1, more: #","preferences":{"max_snippet":4}"#)]) { folder, layout in
      var export = try export("text")
      _ = try export.run(layout, to: .path(folder + "/all"))
      export.selection.use = .aiInput
      _ = try export.run(layout, to: .path(folder + "/some"))
      #expect(try contents(folder + "/all") == "Some words here.\n")
      #expect(try contents(folder + "/some") == "Some\n")
    }
  }

  @Test func shortAndRepeatedTextsAreLeftOutWhereAskedFor() throws {
    let lines = [
      Self.line(1), Self.line(2), Self.line(3, "two words"),
      Self.line(4, "x", more: #","word_count":9"#),
    ]
    try withCorpus(lines) { folder, layout in
      var export = try export("jsonl")
      export.selection.leastWords = 3
      export.selection.leavesOutRepeated = true
      let counts = try export.run(layout, to: .path(folder + "/x"))
      #expect(counts.selected == 2 && counts.refused == [.short: 1, .repeated: 1])
    }
  }

  @Test(
    arguments: [
      (["a.test"], [], nil, nil, [1, 2]), (["A.test:8080"], [], nil, nil, [2]),
      (["test"], [], nil, nil, [1, 2, 3]), (["bücher.test"], [], nil, nil, [4]),
      ([], ["en"], nil, nil, [1, 2]), ([], ["en-gb", "de"], nil, nil, [2, 3]),
      ([], [], "2026-02", nil, [2, 3]), ([], [], nil, "2026-02", [1, 2]),
      ([], [], "2026-02-03", "2026", [2, 3]),
    ] as [([String], [String], String?, String?, [Int])])
  func filtersMeanWhatTheyMeanInSearch(
    hosts: [String], languages: [String], since: String?, until: String?, found: [Int]
  ) throws {
    let lines = [
      #"{"url":"u:1","host":"a.test","language":"en","published":"2026-01-31","fetched_at":"2026-09-09T00:00:00Z"}"#,
      #"{"url":"u:2","host":"a.test:8080","language":"en-GB","fetched_at":"2026-02-03T00:00:00Z"}"#,
      #"{"url":"u:3","host":"b.test","language":"de","published":"2026-03-01"}"#,
      #"{"url":"u:4","host":"xn--bcher-kva.test"}"#,
    ]
    try withCorpus(lines) { folder, layout in
      var export = try export("jsonl")
      export.encoding.fields = try FieldList(parsing: "url")
      export.selection.filter.hosts = hosts
      export.selection.filter.languages = languages
      export.selection.filter.since = since
      export.selection.filter.until = until
      _ = try export.run(layout, to: .path(folder + "/x"))
      let expected = hosts == ["test"] ? found + [4] : found
      #expect(try contents(folder + "/x") == expected.map { "{\"url\":\"u:\($0)\"}\n" }.joined())
    }
  }

  /// Names are safe everywhere, differ, and stay below the folder, whatever a URL is.
  @Test func filesOfPagesHaveSafeNames() throws {
    let hosts = ["..", "../../etc", "con", "aux.test", "[::1]:80", "a.test.", ".a", "", "A.TEST"]
    let paths = [
      "", "/", "/../../x", "/a/b", "/a-b", "/A/b", "/nul", "/%2e%2e/",
      "/" + String(repeating: "é/", count: 900),
      "/x?y=1", "/x?y=2", "/a\\b:c*", "/x\u{0}y",
    ]
    let pages = hosts.flatMap { host in
      paths.map { path in
        var page = PageRecord(url: "http://h\(host)" + path)
        page.host = host
        page.text = "T"
        return String(
          decoding: PageRecord.finish(line: page.openLine(), at: nil).dropLast(), as: UTF8.self)
      }
    }
    try withCorpus(pages) { folder, layout in
      let counts = try export("markdown").run(layout, to: .path(folder + "/x"))
      let root = folder + "/x/markdown"
      var files = 0
      for host in names(root) {
        #expect(host.wholeMatch(of: /[a-z0-9_-][a-z0-9._-]{0,64}/) != nil, "\(host)")
        #expect(!host.hasSuffix(".") && !["con", "aux"].contains(host.prefix { $0 != "." }))
        for file in names("\(root)/\(host)") {
          #expect(file.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,81}\.md/) != nil, "\(file)")
          files += 1
        }
      }
      #expect(files == pages.count && counts.written == ["markdown": files])
      #expect(
        names(folder) == ["out", "x"] && names(folder + "/x") == ["export.json", "markdown"])
    }
  }

  @Test func oneFormatCanBeAStreamAndFilesCannot() throws {
    try withCorpus((0..<3000).map { Self.line($0, "Words.") }) { _, layout in
      var bytes: [UInt8] = []
      _ = try export("text").run(layout, to: .stream { bytes += $0 })
      #expect(bytes == Array(String(repeating: "Words.\n", count: 3000).utf8))
      for names in [["markdown"], ["text", "csv"], []] {
        let export = CorpusExport(names.compactMap(RecordFormat.named))
        #expect(throws: ExportError.self) { try export.run(layout, to: .stream { _ in }) }
      }
    }
  }
}
