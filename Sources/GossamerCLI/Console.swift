import Foundation
import Synchronization

/// Standard error for people: messages, and lines at the bottom that are drawn again and again.
///
/// Results go to standard output and never pass here.
final class Console: Sendable {
  /// Whether standard error is a terminal.
  let isTerminal: Bool
  /// Whether colours are wanted: `--color`, `NO_COLOR`, else on a terminal.
  let usesColor: Bool
  private let isQuiet: Bool
  /// Lines at the bottom that are drawn again.
  private let liveLines = Mutex(0)

  init(quiet: Bool, color: ColorChoice) {
    isTerminal = isatty(2) == 1
    isQuiet = quiet
    usesColor = color.isWanted(on: 2)
  }

  /// The terminal's columns, or 80.
  var width: Int {
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// A line that stays.
  func say(_ text: String) {
    guard !isQuiet else { return }
    write(text + "\n")
  }

  /// An error line; `--quiet` does not silence it.
  func fail(_ message: String) {
    write("gossamer: error: \(Self.oneLine(message))\n")
  }

  /// A line of the log; `--quiet` does not silence it.
  func log(_ line: String) { write(Self.oneLine(line) + "\n") }

  /// Draws the live line anew; on no terminal it is an ordinary line.
  func draw(_ text: String) { draw(lines: [text]) }

  /// Draws the live lines anew; on no terminal they are ordinary lines.
  func draw(lines: [String]) {
    guard !isQuiet, !lines.isEmpty else { return }
    guard isTerminal else { return write(lines.joined(separator: "\n") + "\n") }
    liveLines.withLock { drawn in
      Self.put(Self.erasing(drawn) + lines.joined(separator: "\n"))
      drawn = lines.count
    }
  }

  /// Clears the live lines, before something is written to standard output.
  func endLiveLine() { write("") }

  private func write(_ text: String) {
    liveLines.withLock { drawn in
      Self.put(Self.erasing(drawn) + text)
      drawn = 0
    }
  }

  /// What clears so many lines and stands at the start of the first.
  private static func erasing(_ lines: Int) -> String {
    guard lines > 0 else { return "" }
    return "\r" + (lines > 1 ? "\u{1B}[\(lines - 1)A" : "") + "\u{1B}[J"
  }

  private static func put(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }

  /// No crawled text may move the cursor or fake a second line.
  static func oneLine(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}

/// Results: JSON Lines and tables on standard output.
enum Output {
  /// A line of a result.
  static func line(_ text: String) {
    bytes(Array(text.utf8) + [0x0A])
  }

  /// Bytes of a result. A reader that went away is no error of ours.
  static func bytes(_ bytes: [UInt8]) {
    try? FileHandle.standardOutput.write(contentsOf: Data(bytes))
  }
}
