import Foundation
import Synchronization

/// Standard error for people: messages, and one line at the bottom that is drawn again and again.
///
/// Results go to standard output and never pass here.
final class Console: Sendable {
  /// Whether standard error is a terminal.
  let isTerminal: Bool
  /// Whether colours are wanted: `--color`, `NO_COLOR`, else on a terminal.
  let usesColor: Bool
  private let isQuiet: Bool
  private let liveLine = Mutex(false)

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
  func draw(_ text: String) {
    guard !isQuiet else { return }
    guard isTerminal else { return write(text + "\n") }
    liveLine.withLock { isDrawn in
      Self.put("\r\u{1B}[K" + text)
      isDrawn = true
    }
  }

  /// Clears the live line, before something is written to standard output.
  func endLiveLine() { write("") }

  private func write(_ text: String) {
    liveLine.withLock { isDrawn in
      Self.put((isDrawn ? "\r\u{1B}[K" : "") + text)
      isDrawn = false
    }
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
