import ArgumentParser
import Foundation
import GossamerBytes

/// The words of the command line, and how a command ends.
@main
struct GossamerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gossamer",
    abstract: "A polite, concurrent web crawler: seeds in, corpus out.",
    version: Version.current,
    subcommands: [
      CrawlCommand.self, StatusCommand.self, ExplainCommand.self, ReportCommand.self,
      ConfigCommand.self,
      DemoCommand.self, FetchCommand.self, URLCommand.self, RobotsCommand.self,
      SitemapCommand.self, LinksCommand.self, CharsetCommand.self, ExtractCommand.self,
      WARCCommand.self, SummarizeCommand.self, EmbedCommand.self, ExportCommand.self,
      SearchCommand.self, AskCommand.self, MCPCommand.self,
    ])

  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    // One page of 16 MiB would else decide how much memory a crawl holds from then on.
    Allocator.returnBuffers(from: 1 << 20)
    let arguments = OptionalValues.completed(Array(CommandLine.arguments.dropFirst()))
    do {
      var command = try parseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Foundation.exit(end(with: error))
    }
  }

  /// Says what there is to say and gives the exit code.
  private static func end(with error: any Error) -> Int32 {
    let console = Console(quiet: false, color: .auto)
    if let failure = error as? CommandFailure {
      console.fail(failure.message)
      return failure.code.rawValue
    }
    let code = exitCode(for: error)
    if code.isSuccess {
      Output.line(fullMessage(for: error))
      return 0
    }
    if let code = error as? ExitCode { return code.rawValue }
    let isUsage = code == .validationFailure
    console.fail(isUsage ? usage(error) : "\(error)")
    return isUsage ? CommandFailure.Code.usage.rawValue : CommandFailure.Code.partly.rawValue
  }

  /// The parser's message, without its help text, as one line that says what to do.
  private static func usage(_ error: any Error) -> String {
    let lines = message(for: error).split(separator: "\n").map { String($0) }
    var first = lines.first ?? ""
    if first.hasSuffix("following:") {
      // The values that there are stand in a list below.
      let values = lines.dropFirst().map { $0.drop { $0 == " " || $0 == "-" } }
      first += " " + values.filter { !$0.isEmpty }.joined(separator: ", ")
    }
    let what = first.hasSuffix(".") ? String(first.dropLast()) : first
    return "\(what): see 'gossamer --help' or the --help of the command"
  }
}

/// Options whose value may be left out.
enum OptionalValues {
  private static let options: [String: (values: [String], missing: String)] = [
    "--summarize": (SummaryProvider.allCases.map(\.rawValue), SummaryProvider.extractive.rawValue)
  ]

  /// Gives `--summarize` its value where the next word is none.
  static func completed(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word != "--" else { return result + [word] + rest }
      guard let option = options[word] else {
        result.append(word)
        continue
      }
      if let next = rest.first, option.values.contains(next) {
        result.append("\(word)=\(rest.removeFirst())")
      } else {
        result.append("\(word)=\(option.missing)")
      }
    }
    return result
  }
}
