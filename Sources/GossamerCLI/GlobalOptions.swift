import ArgumentParser

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Flag(name: .long, help: "No progress and no notes on standard error.")
  var quiet = false

  @Option(name: .long, help: "Colours on standard error: auto, always, never.")
  var color = ColorChoice.auto

  var console: Console { Console(quiet: quiet, color: color) }
}
