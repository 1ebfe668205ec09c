import Foundation
import Gossamer
import Synchronization

/// What agents are at, for people: a line an agent on a terminal, drawn again and again; elsewhere a
/// line every 10 s; with `--verbose` a line a step.
final class AgentBoard: Sendable {
  private struct Row {
    var question = ""
    var turn = 0
    var tokens = 0
    var step = ""
    var seconds = 0.0
  }

  private let console: Console
  private let isVerbose: Bool
  private let rows = Mutex<[String: Row]>([:])
  /// When the next plain line is due.
  private let next = Mutex(ContinuousClock.now + .seconds(10))

  init(_ console: Console, isVerbose: Bool) {
    self.console = console
    self.isVerbose = isVerbose
  }

  func show(_ record: AgentRecord) {
    let name = record.agent ?? "1"
    if isVerbose, let line = Self.line(record) {
      let seconds = String(format: "%7.2f s", record.seconds)
      console.say(Console.oneLine("[\(name)] \(seconds)  \(line)"))
    }
    let lines = rows.withLock { rows -> [String] in
      switch record.event {
      case .planned, .merged: break
      case .ended: rows[name] = nil
      default: Self.update(&rows[name, default: Row()], record)
      }
      return rows.sorted {
        $0.key.count == $1.key.count ? $0.key < $1.key : $0.key.count < $1.key.count
      }
      .map { Self.text(name: $0.key, $0.value, width: console.width) }
    }
    guard !isVerbose, console.isTerminal || isDue() else { return }
    console.draw(lines: lines)
  }

  private func isDue() -> Bool {
    next.withLock { next in
      guard ContinuousClock.now >= next else { return false }
      next = .now + .seconds(10)
      return true
    }
  }

  private static func update(_ row: inout Row, _ record: AgentRecord) {
    row.seconds = record.seconds
    switch record.event {
    case .started(let start): row.question = start.question
    case .asked(let turn, _, let last, _):
      row.turn = turn
      row.step = last == nil ? "thinking" : "answering"
    case .callStarted(_, _, let call): row.step = "\(call.name) \(call.arguments)"
    case .answered(_, let answer): row.tokens += answer.usage?.total ?? 0
    default: break
    }
  }

  private static func text(name: String, _ row: Row, width: Int) -> String {
    let head =
      "\(name.padding(toLength: 6, withPad: " ", startingAt: 0)) turn \(row.turn)"
      + " \(String(row.tokens)) tokens \(Int(row.seconds)) s"
    let text = Console.oneLine(head + " · " + row.step + " · " + row.question)
    return String(text.prefix(max(20, width - 1)))
  }

  private static func line(_ record: AgentRecord) -> String? {
    switch record.event {
    case .planned(let plan): "\(plan.parts.count) agents go about it"
    case .merged(let research): "\(research.findings.places.count) places were found"
    case .started(let start): "asks: \(start.question)"
    case .asked(let turn, let tokens, let last, _):
      "turn \(turn), about \(tokens) tokens" + (last.map { ", the last (\($0))" } ?? "")
    case .callStarted(_, _, let call): "→ \(call.name) \(call.arguments.prefix(200))"
    case .answered(let turn, let answer):
      "turn \(turn) ends: \(answer.toolCalls.count) calls, \(answer.usage?.output ?? 0) tokens"
    case .callEnded(_, _, let name, let outcome, let seconds):
      "← \(name) \(outcome.status.rawValue), \(outcome.result.bytes) bytes, "
        + String(format: "%.2f s", seconds)
    case .failed(_, let kind, let message, _): "failed: \(kind): \(message)"
    case .noted(let text): text
    case .checked(let url, _, let quote, _, let found):
      "checks “\(quote ?? "")” on \(url): \(found.verdict.rawValue)"
    case .ended(let answer): "ends: \(AnswerText.summary(answer))"
    }
  }
}
