import ArgumentParser
import Foundation
import Gossamer
import GossamerFlow

/// `gossamer fetch`: one page record, got as a crawl gets it.
///
/// It is a crawl of one page into a folder that is gone afterwards, so robots.txt, redirects,
/// limits and addresses are treated alike.
struct FetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch one page and print its record; robots.txt is obeyed.")

  @Argument(help: "A URL.")
  var url: String

  @Option(
    name: .long, help: "An address or mail where you can be reached; sent with every request.")
  var contact: String?
  @Option(name: .long, help: "The name to look for in robots.txt (default: Gossamer).")
  var userAgentToken: String?
  @Option(name: .long, help: "Least seconds between two requests (default: 1).")
  var delay: DurationValue?
  @Option(name: .long, help: "Longest time for the page (default: 120).")
  var timeout: DurationValue?
  @Option(name: .long, help: "Bytes of the decoded body (default: 32M).")
  var maxBody: ByteCountValue?
  @Option(name: .long, help: "Redirects that are followed (default: 10).")
  var maxRedirects: Int?
  @Option(name: .long, help: "Further tries after a passing failure.")
  var retries = 0
  @Option(name: .long, help: "A field sent with every request, as 'Name: value' (repeatable).")
  var header: [String] = []
  @Option(name: .long, help: "1 or auto (default: auto).")
  var httpVersion: HTTPVersionChoice?
  @Option(name: .long, help: "main, all, none (default: main).")
  var extract: CrawlSettings.Extraction?
  @Flag(name: .long, help: "Also connect to private addresses.")
  var allowPrivateAddresses = false

  func run() async throws {
    #if Network
      guard url.contains("://") else {
        throw CommandFailure(.usage, "'\(url)' is no URL: give one with https://")
      }
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "gossamer-fetch-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let plan = try CrawlPlan(options(folder), seeds: [url])
      let result = try await CrawlRun(plan: plan, console: Console(quiet: true, color: .never))
        .run()
      if result.end == .stopped { throw ExitCode(CommandFailure.Code.stopped.rawValue) }
      try show(plan.layout)
    #else
      throw CommandFailure(
        .usage, "this binary was built without the network: build it with the trait")
    #endif
  }

  #if Network
    private func options(_ folder: String) throws -> CrawlOptions {
      var options = try CrawlOptions.parse([])
      options.output = folder
      options.formats = FormatsValue(formats: [.jsonl])
      options.maxPages = 1
      options.maxDepth = 0
      options.sitemaps = .no
      options.contact = contact
      options.userAgentToken = userAgentToken
      options.delay = delay
      options.timeout = timeout
      options.maxBody = maxBody
      options.maxRedirects = maxRedirects
      options.retries = retries
      options.header = header
      options.httpVersion = httpVersion
      options.extract = extract
      options.allowPrivateAddresses = allowPrivateAddresses
      return options
    }

    private func show(_ layout: CorpusLayout) throws {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: layout.pages)) ?? []
      for file in files.sorted() {
        let lines = try InputFile(layout.pages + "/" + file).rest()
        guard !lines.isEmpty else { continue }
        return Output.bytes(lines)
      }
      throw CommandFailure(.partly, "no page: \(Self.reason(layout)) (\(url)): nothing was kept")
    }

    /// The last thing that happened on the way to the page.
    static func reason(_ layout: CorpusLayout) -> String {
      struct Skip: Decodable {
        var kind: String
        var rule: String?
        var status: Int?
      }
      let lines = (try? InputFile(layout.skipped).rest()) ?? []
      let skips = lines.split(separator: 0x0A).compactMap {
        try? JSONInput.decode(Skip.self, from: Array($0))
      }
      guard let skip = skips.last(where: { $0.kind != Cause.scope.rawValue }) ?? skips.last else {
        return "the answer is none"
      }
      return [skip.kind, skip.status.map { "status \($0)" }, skip.rule]
        .compactMap { $0 }.joined(separator: ", ")
    }
  #endif
}
