import Foundation
import Testing

/// A stored corpus in other formats, judged by readers that are not ours.
@Suite("gossamer export", .timeLimit(.minutes(5)))
struct ExportCommandTests {
  private static let lines = [
    ##"{"url":"http://a.test/1","host":"a.test","fetched_at":"2026-01-02T03:04:05.250Z","title":"=1+1, \"said\"\nhe","language":"en","text":"The keeper\nlit the lamp.","markdown":"# Lamps\n\nThe keeper lit the lamp."}"##,
    #"{"url":"http://b.test/../2","host":"b.test","fetched_at":"2026-02-02T03:04:05Z","title":"東京 --- x","language":"ja","text":"東京都の灯台","preferences":{"ai_train":"no"}}"#,
    #"{"url":"http://a.test/3","host":"a.test","fetched_at":"2026-03-02T03:04:05Z","text":"Two words"}"#,
  ]

  private func withCorpus(
    _ lines: [String] = Self.lines, _ body: (Folder) async throws -> Void
  ) async throws {
    try await Folder.with { folder in
      try FileManager.default.createDirectory(
        atPath: folder("out/pages"), withIntermediateDirectories: true)
      try folder.write("out/pages/part-00000.jsonl", lines.joined(separator: "\n") + "\n")
      try await body(folder)
    }
  }

  private func export(_ arguments: String..., in folder: Folder) async throws
    -> GossamerBinary.Answer
  {
    try await GossamerBinary.run(["export"] + arguments, in: folder)
  }

  /// What a Python program prints that is given a file of the folder.
  private func python(_ program: String, _ file: String, in folder: Folder) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program, folder(file)]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: output, as: UTF8.self)
  }

  @Test(.enabled(if: Tools.has(python: "csv"), "python3 not found: install it to run this"))
  func anotherReaderFindsTheSameCells() async throws {
    try await withCorpus { folder in
      let answer = try await export(
        "out", "--to", "csv", "-o", "x.csv", "--fields", "url,title=name,text", in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      let cells = try python(
        "import csv, json, sys; print(json.dumps(list(csv.reader(open(sys.argv[1], newline='')))))",
        "x.csv", in: folder)
      let rows = try JSONDecoder().decode([[String]].self, from: Data(cells.utf8))
      #expect(
        rows == [
          ["url", "name", "text"],
          ["http://a.test/1", "=1+1, \"said\"\nhe", "The keeper\nlit the lamp."],
          ["http://b.test/../2", "東京 --- x", "東京都の灯台"],
          ["http://a.test/3", "", "Two words"],
        ])
      let safe = try await export(
        "out", "--to", "csv", "-o", "-", "--fields", "title", "--safe-cells", in: folder)
      #expect(safe.output.hasPrefix("title\r\n\"'=1+1, \"\"said\"\"\nhe\"\r\n"))
    }
  }

  @Test(
    .enabled(if: Tools.has(python: "warcio"), "warcio not found: pip install warcio to run this"))
  func anotherReaderFindsTheTextsOfWARCFiles() async throws {
    try await withCorpus { folder in
      let answer = try await export("out", "--to", "wet", "-o", "x.warc.wet.gz", in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      let program = """
        import json, sys
        from warcio.archiveiterator import ArchiveIterator
        for record in ArchiveIterator(open(sys.argv[1], 'rb'), check_digests='raise'):
            head = record.rec_headers.get_header
            text = record.content_stream().read().decode()
            print(json.dumps([record.rec_type, head('WARC-Target-URI') or '', head('WARC-Date'),
                head('Content-Type'), text if record.rec_type == 'conversion' else '']))
        """
      let lines = try python(program, "x.warc.wet.gz", in: folder).split(separator: "\n")
      let records = try lines.map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) }
      #expect(records.first?.first == "warcinfo")
      #expect(
        Array(records.dropFirst()) == [
          [
            "conversion", "http://a.test/1", "2026-01-02T03:04:05.250Z", "text/plain",
            "The keeper\nlit the lamp.",
          ],
          ["conversion", "http://b.test/../2", "2026-02-02T03:04:05Z", "text/plain", "東京都の灯台"],
          ["conversion", "http://a.test/3", "2026-03-02T03:04:05Z", "text/plain", "Two words"],
        ])
      let check = try await GossamerBinary.run(["warc", "check", "x.warc.wet.gz"], in: folder)
      #expect(check.code == 0 && check.output == "")
    }
  }

  @Test(arguments: [
    ["out", "--to", "jsonl", "csv", "text", "-o", "x"],
    ["out", "--to", "jsonl,csv", "--to", "text", "-o", "x"],
    ["-o", "x", "--to", "jsonl,csv,text", "out"],
  ])
  func severalFormatsMakeAFolder(arguments: [String]) async throws {
    try await withCorpus { folder in
      let answer = try await GossamerBinary.run(["export"] + arguments, in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      let names = StoredCorpus(folder, "x").files("")
      #expect(names == ["export.json", "part-00000.csv", "part-00000.jsonl", "part-00000.txt"])
      #expect(
        try String(contentsOfFile: folder("x/part-00000.jsonl"), encoding: .utf8)
          == Self.lines.map { $0 + "\n" }.joined())
    }
  }

  @Test func pagesBecomeMarkdownFiles() async throws {
    try await withCorpus { folder in
      let answer = try await export("out", "--to", "markdown", "-o", "x", in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      let corpus = StoredCorpus(folder, "x")
      #expect(corpus.files("markdown") == ["a.test", "b.test"])
      let first = try #require(corpus.files("markdown/a.test").first)
      #expect(first.hasPrefix("1-") && first.hasSuffix(".md"))
      #expect(
        String(decoding: try corpus.bytes("markdown/a.test/" + first), as: UTF8.self) == #"""
          ---
          url: "http://a.test/1"
          title: "=1+1, \"said\"\u000ahe"
          fetched_at: "2026-01-02T03:04:05.250Z"
          language: "en"
          ---

          # Lamps

          The keeper lit the lamp.

          """#)
    }
  }

  @Test(arguments: [
    (
      ["--for", "ai-train"], "The keeper lit the lamp.\nTwo words\n",
      "1 pages, whose site or author"
    ),
    (["--min-words", "3"], "The keeper lit the lamp.\n", "2 pages, with fewer than 3 words"),
    (["--host", "b.test"], "東京都の灯台\n", "2 pages, not of the host"),
    (["--language", "en", "--since", "2026"], "The keeper lit the lamp.\n", "2 pages, not of"),
    (["--until", "2026-02"], "The keeper lit the lamp.\n東京都の灯台\n", "1 pages, not of"),
  ])
  func whatIsLeftOutIsCounted(arguments: [String], output: String, says: String) async throws {
    try await withCorpus { folder in
      let answer = try await GossamerBinary.run(
        ["export", "out", "--to", "text", "-o", "-"] + arguments, in: folder)
      #expect(answer.code == 0)
      #expect(answer.output == output)
      #expect(answer.errors.contains("left out: \(says)"), "\(answer.errors)")
    }
  }

  @Test func badLinesAreTold() async throws {
    try await withCorpus(Self.lines + ["nonsense"]) { folder in
      let answer = try await export("out", "--to", "text", "-o", "x.txt", "--quiet", in: folder)
      #expect(answer.code == 1)
      #expect(
        answer.errorLines.count == 1 && answer.errors.contains("passed over 1 of"),
        "\(answer.errors)")
      #expect(folder.has("x.txt"))
    }
  }

  @Test func anEarlierExportStaysUnlessForced() async throws {
    try await withCorpus { folder in
      try folder.write("x.txt", "mine")
      let refused = try await export("out", "--to", "text", "-o", "x.txt", in: folder)
      #expect(refused.code == 2 && refused.errorLines.count == 1)
      #expect(refused.errors.contains("--force"))
      #expect(try String(contentsOfFile: folder("x.txt"), encoding: .utf8) == "mine")
      let forced = try await export("out", "--to", "text", "-o", "x.txt", "--force", in: folder)
      #expect(forced.code == 0)
      #expect(try String(contentsOfFile: folder("x.txt"), encoding: .utf8).hasPrefix("The keeper"))
    }
  }

  @Test(arguments: [
    (["nowhere", "--to", "csv", "-o", "x"], "holds no pages"),
    (["out", "--to", "parquet", "-o", "x"], "take one of jsonl, csv"),
    (["out", "--to", "csv"], "--output"), (["out", "-o", "x"], "--to"),
    (["--to", "csv", "-o", "x"], "no directory"),
    (["out", "--to", "csv", "-o", "x", "--fields", "titel"], "'titel'"),
    (["out", "--to", "text", "-o", "x", "--fields", "url"], "--fields"),
    (["out", "--to", "markdown", "-o", "-"], "--output"),
    (["out", "--to", "csv", "csv", "-o", "x"], "twice"),
    (["out", "--to", "csv", "-o", "x", "--for", "sale"], "sale"),
    (["out", "--to", "csv", "-o", "x", "--since", "soon"], "--since"),
    (["out", "--to", "csv", "-o", "x", "--max-file-size", "0"], "max-file-size"),
    (["out", "--to", "csv", "-o", "x", "--compress", "rar"], "rar"),
  ])
  func wrongUseIsToldInALine(arguments: [String], says: String) async throws {
    try await withCorpus { folder in
      let answer = try await GossamerBinary.run(["export"] + arguments, in: folder)
      #expect(answer.code == 2)
      #expect(answer.errorLines.count == 1)
      #expect(answer.errors.contains(says), "\(answer.errors)")
      #expect(!folder.has("x"))
    }
  }
}
