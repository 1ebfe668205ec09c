import Foundation
import Testing

@Suite("gossamer search", .timeLimit(.minutes(5)))
struct SearchCommandTests {
  private func corpus(_ folder: Folder) throws {
    try FileManager.default.createDirectory(
      atPath: folder("out/pages"), withIntermediateDirectories: true)
    let lines = [
      #"{"url":"http://a.test/1","host":"a.test","title":"Lamps","language":"en","published":"2026-01-02","text":"The keeper lit the lamp."}"#,
      #"{"url":"http://b.test/2","host":"b.test","title":"東京","language":"ja","published":"2025-01-02","text":"東京都の灯台"}"#,
      #"{"url":"http://a.test/3","host":"a.test","title":"\u001b[31mRed","text":"A lamp\nwith \u001b]0;evil\u0007 controls."}"#,
    ]
    try folder.write("out/pages/part-00000.jsonl", lines.joined(separator: "\n") + "\n")
  }

  private func run(_ arguments: String..., in folder: Folder) async throws -> GossamerBinary.Answer
  {
    try await GossamerBinary.run(["search", "out"] + arguments, in: folder)
  }

  @Test func pagesAreJSONLinesWhereAskedFor() async throws {
    try await Folder.with { folder in
      try corpus(folder)
      let answer = try await run("keeper lamp", "--json", in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      let hit = try #require(
        try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
      #expect(hit["url"] as? String == "http://a.test/1")
      #expect(hit["rank"] as? Int == 1)
      #expect(hit["date"] as? String == "2026-01-02")
      #expect((hit["highlights"] as? [[String: Int]])?.first == ["start": 4, "end": 10])
      #expect(hit["snippet"] as? String == "The keeper lit the lamp.")
      #expect(folder.has("out/search.db"))
    }
  }

  @Test(arguments: [
    (["lamp"], 2), (["東京"], 1), (["lamp", "--host", "b.test"], 0), (["灯台", "--language", "ja"], 1),
    (["lamp", "--since", "2026", "--until", "2026-06"], 1), (["lamp", "--limit", "1"], 1),
    (["lamp", "OR", "東京"], 3), (["\"", "AND", "("], 0),
  ])
  func filtersAndOperatorsAreTaken(arguments: [String], count: Int) async throws {
    try await Folder.with { folder in
      try corpus(folder)
      let answer = try await GossamerBinary.run(
        ["search", "out", "--json"] + arguments, in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      #expect(answer.output.split(separator: "\n").count == count)
    }
  }

  @Test func crawledTextCannotSteerATerminal() async throws {
    try await Folder.with { folder in
      try corpus(folder)
      let plain = try await run("controls", in: folder)
      #expect(plain.output.contains("Red"))
      #expect(!plain.output.contains("\u{1B}") && !plain.output.contains("\u{7}"))
      let colored = try await run("controls", "--color", "always", in: folder)
      #expect(colored.output.contains("\u{1B}[1;33mcontrols\u{1B}[0m"))
      #expect(!colored.output.contains("\u{1B}[31m"))
    }
  }

  @Test(arguments: [
    (["nowhere", "x"], "there are no pages"),
    (["out", "x", "--mode", "semantic"], "gossamer embed"),
    (["out", "x", "--since", "soon"], "--since"), (["out", "x", "--limit", "0"], "limit"),
    (["out", "x", "--mode", "magic"], "magic"), (["out"], "query"), (["out", " "], "query"),
    (["out", "x", "--since", "2026-13"], "--since"),
    (["out", "x", "--until", "2026-02-32"], "--until"),
  ])
  func wrongUseIsToldInALine(arguments: [String], says: String) async throws {
    try await Folder.with { folder in
      try corpus(folder)
      let answer = try await GossamerBinary.run(["search"] + arguments, in: folder)
      #expect(answer.code == 2)
      #expect(answer.errorLines.count == 1)
      #expect(answer.errors.contains(says), "\(answer.errors)")
    }
  }
}
