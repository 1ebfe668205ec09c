import ArgumentParser

/// Timings of single rooms; whole crawls are timed from outside, by `Scripts/bench.sh`.
@main
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gossamer-bench", abstract: "Timings of single parts of Gossamer.",
    subcommands: [
      URLBenchmark.self, FrontierBenchmark.self, SearchBenchmark.self, ExtractionBenchmark.self,
      FlowBenchmark.self, SummaryBenchmark.self,
    ] + overNetwork)

  private static var overNetwork: [any ParsableCommand.Type] {
    #if Network
      [AgentBenchmark.self, ModelBenchmark.self, StreamBenchmark.self, StreamPart.self]
    #else
      []
    #endif
  }
}
