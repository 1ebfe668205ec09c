/// A crawl's state in one line for a terminal. A value: whoever prints it owns the cursor.
public struct ProgressLine: Sendable, Equatable {
  /// Pages stored so far.
  public var pages = 0
  /// Pages a second, over a window of the caller's choice.
  public var pagesPerSecond = 0.0
  /// URLs that wait to be fetched.
  public var queued = 0
  /// Hosts that rest between two requests.
  public var hostsWaiting = 0
  /// URLs that failed.
  public var errors = 0
  /// Bytes received.
  public var bytes = 0
  /// The most pages that will be stored, if there is such a limit.
  public var pageLimit: Int?
  /// Since the start.
  public var elapsed: Duration = .zero
  /// What is fetched at the moment; from the web, hence cleaned before it is shown.
  public var current = ""

  /// A line of a crawl that has not begun.
  public init() {}

  /// The line, never wider than `width` columns.
  ///
  /// - Parameters:
  ///   - width: columns of the terminal.
  ///   - colors: whether ANSI colors may be used; nothing else than colors is ever sent.
  public func text(width: Int, colors: Bool) -> String {
    let width = max(1, width)
    var parts = [bar(width: width), "\(Figure.count(pages)) pages"]
    parts.append("\(Figure.decimal(pagesPerSecond, 1))/s")
    let optional = [
      "queue \(Figure.count(queued))", errors > 0 ? Figure.count(errors, "error") : nil,
      estimate.map { "ETA " + $0 }, Figure.bytes(Double(bytes)),
      hostsWaiting == 1 ? "1 host rests" : "\(Figure.count(hostsWaiting)) hosts rest",
      current.isEmpty ? nil : TerminalText.clean(current),
    ]
    var line = parts.filter { !$0.isEmpty }.joined(separator: "  ")
    for part in optional.compactMap({ $0 }) {
      let longer = line + "  " + part
      guard TerminalText.columns(longer) <= width else { continue }
      line = longer
    }
    line = TerminalText.cut(line, to: width)
    return colors ? colored(line) : line
  }

  /// The line for logs: no bar, no colors, everything named.
  public var plain: String {
    var parts = [
      "pages=\(pages)", "rate=\(Figure.decimal(pagesPerSecond, 1))/s", "queued=\(queued)",
      "hosts_waiting=\(hostsWaiting)", "errors=\(errors)", "bytes=\(bytes)",
      "elapsed=\(elapsed.components.seconds)s",
    ]
    if let estimate { parts.append("eta=" + estimate.filter { $0 != " " }) }
    return parts.joined(separator: " ")
  }

  /// The share that is done: of the limit, or of what is known.
  var share: Double {
    let goal = min(pageLimit ?? .max, pages + queued)
    return goal > 0 ? min(1, Double(pages) / Double(goal)) : 0
  }

  private var estimate: String? {
    guard pagesPerSecond > 0.01, queued > 0 else { return nil }
    let left = min(queued, max(0, (pageLimit ?? .max) - pages))
    return Figure.wholeSeconds((Double(left) / pagesPerSecond).rounded(.up))
  }

  private func bar(width: Int) -> String {
    guard width >= 60 else { return "" }
    let cells = min(24, width / 5)
    let eighths = Int((share * Double(cells * 8)).rounded())
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let full = String(repeating: "█", count: eighths / 8) + partial
    return full + String(repeating: "░", count: cells - full.count)
  }

  private func colored(_ line: String) -> String {
    let split = line.firstIndex { !"█▏▎▍▌▋▊▉░".contains($0) } ?? line.startIndex
    let rest = String(line[split...])
    let word = Figure.count(errors, "error")
    let marked =
      errors > 0
      ? rest.split(separator: "  ").map { $0 == word ? "\u{1B}[31m\($0)\u{1B}[0m" : String($0) }
        .joined(separator: "  ") : rest
    let gap = rest.hasPrefix("  ") && !marked.hasPrefix("  ") ? "  " : ""
    return split == line.startIndex
      ? gap + marked : "\u{1B}[36m\(line[..<split])\u{1B}[0m" + gap + marked
  }
}

/// Text from the web on a terminal.
public enum TerminalText {
  /// Without control characters, escape sequences and marks that turn text around; on one line.
  public static func clean(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(
        scalar == "\n" || scalar == "\t" || scalar == "\r"
          ? " " : Markup.isUnsafe(scalar) ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }

  /// Columns on a terminal: two for East Asian wide characters and emoji, one for all else.
  public static func columns(_ text: String) -> Int {
    text.reduce(0) { $0 + columns($1) }
  }

  /// The longest beginning that fits, ended by an ellipsis when something was cut.
  public static func cut(_ text: String, to width: Int) -> String {
    guard columns(text) > width else { return text }
    var result = ""
    var used = 0
    for character in text {
      used += columns(character)
      guard used < width else { break }
      result.append(character)
    }
    return width > 0 ? result + "…" : ""
  }

  private static func columns(_ character: Character) -> Int {
    guard let value = character.unicodeScalars.first?.value else { return 0 }
    switch value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
