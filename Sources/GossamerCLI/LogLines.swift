public import ArgumentParser
import Foundation
import Gossamer
public import Logging

/// How log lines are written.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// Writes log records to standard error, a line each: for people, or as JSON for programs.
struct LogLines: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  private let format: LogFormat
  private let label: String
  private let console: Console

  init(label: String, level: Logger.Level, format: LogFormat, console: Console) {
    self.label = label
    logLevel = level
    self.format = format
    self.console = console
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    let time = Timestamp.rfc3339(Timestamp.now())
    switch format {
    case .text:
      let told = facts.map { " \($0)=\($1)" }.joined()
      console.log("\(time) \(event.level) \(label): \(event.message)\(told)")
    case .json:
      var line = JSONLine()
      line.add("time", time)
      line.add("level", "\(event.level)")
      line.add("logger", label)
      line.add("message", "\(event.message)")
      for (name, value) in facts { line.add(named: name, "\(value)") }
      console.log(String(decoding: line.finished().dropLast(), as: UTF8.self))
    }
  }
}
