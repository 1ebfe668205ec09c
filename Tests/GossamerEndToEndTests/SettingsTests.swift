import Foundation
import Testing

/// Options win over the environment, the environment over the job file, that over what is built in.
@Suite("Where settings come from", .timeLimit(.minutes(5)))
struct SettingsTests {
  private struct Setting: Decodable {
    var name: String
    var value: String
    var origin: String
  }

  private func settings(
    _ options: [String], job: String? = nil, environment: [String: String] = [:]
  ) async throws -> [String: Setting] {
    try await Folder.with { folder in
      if let job { try folder.write("job.yaml", job) }
      let answer = try await GossamerBinary.run(
        ["config"] + options + (job == nil ? [] : ["--job", "job.yaml"]), in: folder,
        environment: environment)
      #expect(answer.code == 0, "\(answer.errors)")
      #expect(answer.errors == "")
      let settings = try answer.output.split(separator: "\n").map {
        try JSONDecoder().decode(Setting.self, from: Data($0.utf8))
      }
      #expect(repeated(settings.map(\.name)) == [])
      return Dictionary(settings.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }
  }

  private static let seed = "http://127.0.0.1:1/"
  private static let job = """
    # a job
    seeds:
      - http://127.0.0.1:1/
    output: from-file
    delay: 2.5
    concurrency: 5
    max-pages: 100
    allow-private-addresses: true
    exclude:
      - /one
      - /two
    """

  @Test func optionsWinOverEnvironmentAndThatOverTheFile() async throws {
    let settings = try await settings(
      ["-o", "from-option", "--max-pages", "300"], job: Self.job,
      environment: [
        "GOSSAMER_OUTPUT": "from-environment", "GOSSAMER_CONCURRENCY": "6",
        "GOSSAMER_MAX_PAGES": "200",
      ])
    func pair(_ name: String) -> [String?] { [settings[name]?.value, settings[name]?.origin] }
    #expect(pair("output") == ["from-option", "option"])
    #expect(pair("max-pages") == ["300", "option"])
    #expect(pair("concurrency") == ["6", "GOSSAMER_CONCURRENCY"])
    #expect(pair("delay") == ["2.5", "job.yaml"])
    #expect(pair("allow-private-addresses") == ["true", "job.yaml"])
    #expect(pair("exclude") == ["/one /two", "job.yaml"])
    #expect(pair("per-host") == ["1", "default"])
  }

  @Test func seedsOnTheCommandLineReplaceThoseOfTheFile() async throws {
    try await Folder.with { folder in
      try folder.write("job.yaml", Self.job)
      let answer = try await GossamerBinary.run(
        ["crawl", "http://127.0.0.2:1/", "--job", "job.yaml", "--retries", "0", "--delay", "0"],
        in: folder)
      #expect(answer.errorLines.first?.contains("http://127.0.0.2:1/") == true, "\(answer.errors)")
      #expect(answer.errorLines.first?.contains("more seeds") == false)
      #expect(folder.has("from-file/manifest.json"))
    }
  }

  @Test func listsComeFromOnePlaceOnly() async throws {
    let settings = try await settings(
      [Self.seed, "--exclude", "/three"], job: Self.job)
    #expect(settings["exclude"]?.value == "/three")
    #expect(settings["exclude"]?.origin == "option")
  }

  @Test(arguments: [
    ("delay", "1500ms", "1.5"), ("delay", "2m", "120"), ("max-body", "64k", "65536"),
    ("max-time", "1h", "3600"), ("formats", "warc,jsonl", "jsonl,warc"),
  ])
  func valuesAreUnderstoodWithUnits(name: String, given: String, effective: String) async throws {
    let settings = try await settings([Self.seed, "-o", "out", "--\(name)", given])
    #expect(settings[name]?.value == effective)
  }

  @Test func credentialsInHeadersAreNotShown() async throws {
    let settings = try await settings(
      [Self.seed, "-o", "out", "--header", "Authorization: Bearer hush"])
    #expect(settings["header"]?.value.contains("hush") == false)
    #expect(settings["header"]?.value.contains("Authorization") == true)
  }
}
