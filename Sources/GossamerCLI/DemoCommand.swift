import ArgumentParser
import Foundation
import Gossamer
import GossamerDemo

/// `gossamer demo`: a small web of its own on loopback, and the main job on it.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Serve the built-in demo site on loopback and crawl it, with summaries.")

  @Option(name: [.short, .long], help: "The output directory.")
  var output = "output/demo"

  @Option(name: .long, help: "Least seconds between two requests to one host.")
  var delay = DurationValue(seconds: 0.1)

  @Flag(name: .long, help: "Only serve the site, print its seeds, and wait for Ctrl-C.")
  var serve = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    #if Network
      let console = global.console
      var configuration = DemoConfiguration()
      configuration.promisedDelay = delay.duration
      let site: DemoSite
      do {
        site = try await DemoSite.start(configuration)
      } catch {
        throw CommandFailure(.partly, "\(error)")
      }
      do {
        if serve {
          try await waitForStop(site)
        } else {
          try await crawl(site, console)
        }
      } catch {
        try? await site.shutdown()
        throw error
      }
      try await site.shutdown()
    #else
      throw CommandFailure(
        .usage, "this binary was built without the network: build it with the trait")
    #endif
  }

  #if Network
    private func waitForStop(_ site: DemoSite) async throws {
      for seed in site.seeds { Output.line(seed) }
      _ = await StopSignals().first()
    }

    private func crawl(_ site: DemoSite, _ console: Console) async throws {
      // The demo shows a whole crawl each time, so its directory is made anew.
      try? FileManager.default.removeItem(atPath: output)
      var options = try CrawlOptions.parse([])
      options.output = output
      options.delay = delay
      options.summarize = .extractive
      options.retryDelay = DurationValue(seconds: 1)
      // The calendar has no end; eight hops reach every other page.
      options.maxDepth = 8
      let plan = try CrawlPlan(options, seeds: site.seeds)
      console.say("crawling \(site.seeds.count) hosts of the demo site into \(output)")
      let result = try await CrawlRun(
        plan: plan, console: console, logger: global.logger("gossamer.crawl", console)
      ).run()
      let statistics = site.statistics()
      console.endLiveLine()
      Output.line(table(result, statistics, site).text(width: 100))
      Output.line("report: \(plan.layout.report)")
      if let violation = statistics.violations.first {
        throw CommandFailure(
          .partly,
          "the site counted breaches of politeness (\(statistics.violations.count)), the first: \(violation)"
        )
      }
      if result.end == .stopped { throw ExitCode(CommandFailure.Code.stopped.rawValue) }
    }

    private func table(
      _ result: CrawlRun.Result, _ statistics: DemoStatistics, _ site: DemoSite
    ) -> SummaryTable {
      var table = SummaryTable(title: "Demo")
      table.add("pages stored", result.counts.pages)
      table.add("hosts", result.counts.hosts)
      table.add("summaries", result.counters.summaries)
      table.add("duplicates", result.counters.duplicates, note: "stored once")
      table.add("skipped by rule", result.counters.skips, note: "reasons in skipped.jsonl")
      table.add("failed", result.counters.failures, note: "404 and the like, as planted")
      table.add("requests", statistics.requests, note: "counted by the site itself")
      table.add("calendar pages fetched", statistics.trapPages, note: "of an endless calendar")
      table.add(
        "politeness violations", statistics.violations.count, note: "counted by the site itself")
      table.add("seconds", Int(result.seconds.rounded()))
      return table
    }
  #endif
}
