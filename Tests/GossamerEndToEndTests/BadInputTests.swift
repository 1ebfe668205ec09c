import Foundation
import Testing

/// Wrong use is one line on standard error with a right exit code, and leaves no trace.
@Suite("Bad input", .timeLimit(.minutes(5)))
struct BadInputTests {
  /// A command line and what must be said about it.
  struct Case: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var code: Int32 = 2
    /// Words of the line.
    var says: [String]
    /// Files by name.
    var files: [String: String] = [:]
    var environment: [String: String] = [:]

    var testDescription: String { arguments.joined(separator: " ") }
  }

  private static let seed = "http://127.0.0.1:1/"
  private static let good = ["crawl", seed, "-o", "out"]

  static let wrongUse: [Case] = [
    Case(arguments: ["crawl", "nowhere.txt", "-o", "out"], says: ["nowhere.txt", "no such file"]),
    Case(arguments: ["crawl", ".", "-o", "out"], says: ["cannot be read (.)"]),
    Case(
      arguments: ["crawl", "seeds.txt", "-o", "out"], says: ["seeds.txt:3:", "'nonsense'"],
      files: ["seeds.txt": "# first\n\(seed)\nnonsense\n"]),
    Case(
      arguments: ["crawl", "seeds.txt", "-o", "out"], says: ["seeds.txt:1:", "ftp://"],
      files: ["seeds.txt": "ftp://example.org/\n"]),
    Case(
      arguments: ["crawl", "seeds.txt", "-o", "out"], says: ["seeds.txt:1:", "color"],
      files: ["seeds.txt": "\(seed) color=blue\n"]),
    Case(
      arguments: ["crawl", "seeds.txt", "-o", "out"], says: ["no seed in seeds.txt"],
      files: ["seeds.txt": "# nothing yet\n"]),
    Case(arguments: ["crawl", "http://", "-o", "out"], says: ["http://"]),
    Case(arguments: ["crawl", "-o", "out"], says: ["no seeds"]),
    Case(arguments: ["crawl", seed], says: ["no output directory", "-o DIR"]),
    Case(arguments: good + ["--frobnicate"], says: ["--frobnicate"]),
    Case(arguments: ["frobnicate"], says: ["frobnicate"]),
    Case(arguments: good + ["--scope", "galaxy"], says: ["galaxy", "host", "domain"]),
    Case(arguments: good + ["--max-pages", "many"], says: ["many", "--max-pages"]),
    Case(arguments: good + ["--max-pages=-1"], says: ["-1", "max-pages"]),
    Case(arguments: good + ["--concurrency", "0"], says: ["'0'", "concurrency"]),
    Case(arguments: good + ["--delay=-3"], says: ["-3", "--delay"]),
    Case(arguments: good + ["--delay", "nan"], says: ["nan", "--delay"]),
    Case(arguments: good + ["--formats", "jsonl,pdf"], says: ["pdf", "--formats"]),
    Case(arguments: good + ["--max-body", "huge"], says: ["huge", "--max-body"]),
    Case(arguments: good + ["--header", "broken"], says: ["'broken'", "Name: value"]),
    Case(arguments: good + ["--header", "A: b\r\nHost: evil"], says: ["no header"]),
    Case(arguments: good + ["--user-agent-token", "a b"], says: ["'a b'"]),
    Case(arguments: ["crawl", "http://example.org/", "-o", "out"], says: ["--contact"]),
    Case(
      arguments: ["crawl", "https://example.org/", "-o", "out", "--contact", "nobody"],
      says: ["'nobody'", "mail address"]),
    Case(arguments: good + ["--include", "("], says: ["'('", "regular expression"]),
    Case(arguments: good + ["--exclude", "[a"], says: ["'[a'", "regular expression"]),
    Case(arguments: good + ["--robots", "ignore"], says: ["--i-own-these-hosts"]),
    Case(
      arguments: good + ["--robots", "ignore", "--i-own-these-hosts", "mine.txt"],
      says: ["127.0.0.1:1", "mine.txt"], files: ["mine.txt": "example.org\n"]),
    Case(
      arguments: good + ["--robots", "ignore", "--i-own-these-hosts", "nowhere.txt"],
      says: ["nowhere.txt"]),
    Case(arguments: good + ["--job", "nowhere.yaml"], says: ["nowhere.yaml"]),
    Case(
      arguments: good + ["--job", "job.yaml"], says: ["no YAML", "job.yaml"],
      files: ["job.yaml": "delay: [\n"]),
    Case(
      arguments: good + ["--job", "job.yaml"], says: ["job.yaml", "no settings"],
      files: ["job.yaml": "- delay\n"]),
    Case(
      arguments: good + ["--job", "job.yaml"], says: ["'dealy'", "job.yaml"],
      files: ["job.yaml": "dealy: 1\n"]),
    Case(
      arguments: good + ["--job", "job.yaml"], says: ["'soon'", "delay", "job.yaml"],
      files: ["job.yaml": "delay: soon\n"]),
    Case(
      arguments: good, says: ["'soon'", "GOSSAMER_DELAY"],
      environment: ["GOSSAMER_DELAY": "soon"]),
    Case(arguments: good + ["--summarize", "openai"], says: ["--llm-url"]),
    Case(
      arguments: good + ["--summarize", "openai", "--llm-url", "ftp://x", "--model", "m"],
      says: ["http or https"]),
    Case(arguments: ["config", seed], says: ["no output directory"]),
    Case(arguments: ["report", "nowhere"], says: ["nowhere"]),
  ]

  @Test(arguments: wrongUse)
  func wrongUseIsOneLineAndLeavesNoTrace(wrong: Case) async throws {
    try await Folder.with { folder in
      for (name, text) in wrong.files { try folder.write(name, text) }
      let answer = try await GossamerBinary.run(
        wrong.arguments, in: folder, environment: wrong.environment)
      check(answer, wrong)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { !$0.hasPrefix(".run-") && wrong.files[$0] == nil }
      #expect(left == [], "something was written")
    }
  }

  private func check(_ answer: GossamerBinary.Answer, _ expected: Case) {
    #expect(answer.code == expected.code, "\(answer.errors)")
    let lines = answer.errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines.last == "", "one line: \(answer.errors)")
    #expect(answer.errorLines.count == 1, "\(answer.errors)")
    #expect(answer.output == "")
    for word in expected.says {
      #expect(answer.errors.contains(word), "'\(word)' is missing in: \(answer.errors)")
    }
  }

  @Test(arguments: ["file/out", "/proc/out"])
  func aDirectoryThatCannotBeMadeIsNamed(path: String) async throws {
    try await Folder.with { folder in
      try folder.write("file", "not a folder")
      let arguments = ["crawl", Self.seed, "-o", path]
      let answer = try await GossamerBinary.run(arguments, in: folder)
      check(answer, Case(arguments: arguments, code: 1, says: [path, "--output"]))
    }
  }

  @Test func aDirectoryWithoutCrawlHasNoStatus() async throws {
    try await Folder.with { folder in
      let answer = try await GossamerBinary.run(["status", "nowhere"], in: folder)
      check(answer, Case(arguments: [], code: answer.code, says: ["nowhere"]))
      #expect([1, 2].contains(answer.code))
      #expect(!folder.has("nowhere"))
    }
  }

  @Test func aHostThatRefusesIsNamedAtTheEnd() async throws {
    try await Folder.with { folder in
      let answer = try await GossamerBinary.run(
        ["crawl", Self.seed, "-o", "out", "--retries", "0", "--quiet"], in: folder)
      #expect(answer.code == 1)
      #expect(answer.errors.split(separator: "\n").count == 1, "\(answer.errors)")
      #expect(answer.errorLines.first?.contains(Self.seed) == true)
      #expect(answer.errorLines.first?.contains("refused") == true)
      let skips = try StoredCorpus(folder).skips()
      #expect(skips.map(\.url) == [Self.seed])
    }
  }

  @Test func helpAndVersionAreResults() async throws {
    try await Folder.with { folder in
      for arguments in [["--help"], ["crawl", "--help"], ["--version"], ["help", "crawl"]] {
        let answer = try await GossamerBinary.run(arguments, in: folder)
        #expect(answer.code == 0)
        #expect(!answer.output.isEmpty && answer.errors.isEmpty)
      }
      let help = try await GossamerBinary.run(["crawl", "--help"], in: folder).output
      for option in ["--max-pages", "--scope", "--delay", "--contact", "--summarize", "--job"] {
        #expect(help.contains(option))
      }
    }
  }
}
