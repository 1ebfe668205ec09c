import Foundation
import Testing

@Suite("gossamer mcp and the official Python client", .timeLimit(.minutes(3)))
struct MCPClientTests {
  /// Python with the client: `$GOSSAMER_PYTHON`, what `make python-client` made, or the machine's own.
  private static let python: String? = {
    let made = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../.build-python/bin/python3"
    ).standardized.path
    let named = ProcessInfo.processInfo.environment["GOSSAMER_PYTHON"]
    return [named, made, "python3"].compactMap { $0 }.first {
      (try? Tools.status($0, ["-c", "import mcp.client.client"])) == 0
    }
  }()

  /// A corpus as the client expects it.
  private static func corpus(_ folder: Folder) throws {
    try FileManager.default.createDirectory(
      atPath: folder("out/pages"), withIntermediateDirectories: true)
    var lines = (0..<10).map {
      #"{"url":"http://a.test/\#($0)","host":"a.test","title":"\#($0)","text":"lamp number \#($0)"}"#
    }
    lines.append(
      #"{"url":"http://a.test/kept","host":"a.test","text":"secret lamp","preferences":{"ai_input":"no"}}"#
    )
    try folder.write("out/pages/part-00000.jsonl", lines.joined(separator: "\n") + "\n")
    try folder.write("out/manifest.json", #"{"counts":{"pages":11}}"#)
  }

  @Test(.enabled(if: python != nil, "no Python client of MCP: make python-client"))
  func theOfficialClientUsesAllOfIt() async throws {
    let python = try #require(Self.python)
    try await Folder.with { folder in
      try Self.corpus(folder)
      let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "client.py")
      let run = try GossamerBinary.start(
        [python, script.path, GossamerBinary.path, folder("out")], in: folder,
        program: "/usr/bin/env")
      let answer = await run.end()
      #expect(answer.code == 0, "\(answer.errors.suffix(2_000))")
      print(answer.output, terminator: "")
    }
  }

  @Test func nothingButTheProtocolIsOnStandardOutput() async throws {
    try await Folder.with { folder in
      try Self.corpus(folder)
      let hello =
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
      let call =
        #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search_corpus","arguments":{"query":"lamp"}}}"#
      let answer = try await GossamerBinary.run(
        ["mcp", "out"], in: folder, input: "\(hello)\n\nnonsense\n\(call)")
      #expect(answer.code == 0, "\(answer.errors)")
      let lines = answer.output.split(separator: "\n")
      let objects = try lines.map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
      }
      #expect(objects.count == 3)
      #expect(objects.allSatisfy { $0["jsonrpc"] as? String == "2.0" })
      #expect(answer.output.contains("http://a.test/"))
    }
  }

  @Test func withoutPagesItSaysSoAndEnds() async throws {
    try await Folder.with { folder in
      let answer = try await GossamerBinary.run(["mcp", "nowhere"], in: folder, input: "")
      #expect(answer.code == 2)
      #expect(answer.output.isEmpty)
      #expect(answer.errorLines.count == 1)
    }
  }
}
