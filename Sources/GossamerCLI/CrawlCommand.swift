import ArgumentParser
import Gossamer

/// `gossamer crawl`: seeds in, corpus out.
struct CrawlCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crawl",
    abstract: "Crawl from seeds into an output directory.",
    discussion: """
      SEEDS are seed files (one URL a line, # comments), URLs, sitemap or feed URLs, or - for \
      standard input. Run again on the same directory, a crawl goes on where it stopped.
      """)

  @Argument(help: "Seed files, URLs, or -.")
  var seeds: [String] = []

  @OptionGroup var options: CrawlOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    #if Network
      let console = global.console
      let plan = try CrawlPlan(options, seeds: seeds)
      let result = try await CrawlRun(
        plan: plan, console: console, logger: global.logger("gossamer.crawl", console)
      ).run()
      let ending = CrawlEnding(result: result, plan: plan, console: console)
      guard let embeddings = plan.embeddings, result.end != .stopped else {
        return try ending.tell()
      }
      // What failed is said last, and what is stored is embedded all the same.
      let told = Result { try ending.tell() }
      try await EmbedCommand.run(
        on: CorpusOptions.parse([plan.layout.root]), embeddings, console: console)
      try told.get()
    #else
      throw CommandFailure(
        .usage, "this binary was built without the network: build it with the trait")
    #endif
  }
}

/// `gossamer config`: the effective settings of a crawl.
struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Print the effective settings of a crawl and where each comes from.")

  @Argument(help: "Seed files, URLs, or -.")
  var seeds: [String] = []

  @OptionGroup var options: CrawlOptions

  func run() async throws {
    let plan = try CrawlPlan(options, seeds: seeds)
    for entry in plan.entries {
      var line = JSONLine()
      line.add("name", entry.name)
      line.add("value", plan.settings.described[entry.name] ?? entry.value)
      line.add("origin", entry.origin)
      Output.bytes(line.finished())
    }
  }
}
