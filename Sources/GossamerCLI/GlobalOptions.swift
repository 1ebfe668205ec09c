import ArgumentParser
import Logging

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Flag(name: .long, help: "No progress and no notes on standard error.")
  var quiet = false

  @Option(name: .long, help: "Colours: auto, always, never.")
  var color = ColorChoice.auto

  @Option(
    name: .long,
    help: "Log lines from this level on: trace, debug, info, notice, warning, error, critical.")
  var logLevel = Logger.Level.warning

  @Option(name: .long, help: "Log lines for people or programs: text, json.")
  var logFormat = LogFormat.text

  var console: Console { Console(quiet: quiet, color: color) }

  /// A logger of a part of the program, which `--quiet` does not silence.
  func logger(_ label: String, _ console: Console) -> Logger {
    Logger(label: label) {
      LogLines(label: $0, level: logLevel, format: logFormat, console: console)
    }
  }
}
