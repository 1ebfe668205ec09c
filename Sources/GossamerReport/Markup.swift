/// HTML text from strings that strangers wrote.
enum Markup {
  /// Safe in element content and in double-quoted attributes. Control characters and marks that turn
  /// the direction of text around are replaced, since a title must not rearrange the page.
  static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result += " "
      default: result.unicodeScalars.append(isUnsafe(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }

  /// A link when the address is one of the web, else plain text; long addresses are shortened.
  static func link(_ url: String, text: String? = nil) -> String {
    let shown = escape(shorten(text ?? url, to: 96))
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else { return shown }
    return "<a href=\"\(escape(url))\" rel=\"noreferrer noopener nofollow\">\(shown)</a>"
  }

  static func shorten(_ text: String, to limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }

  /// C0, C1, and the embedding, override and isolate marks.
  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFF9...0xFFFB:
      true
    default: false
    }
  }
}

/// Numbers as people read them.
enum Figure {
  static func count(_ number: Int) -> String {
    let digits = String(abs(number))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return (number < 0 ? "−" : "") + result
  }

  /// A number with its noun, in the plural where there is not exactly one.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// For estimates, which know nothing of parts of a second.
  static func wholeSeconds(_ number: Double) -> String {
    number < 99.5 ? "\(Int(max(0, number).rounded())) s" : seconds(number)
  }

  static func bytes(_ number: Double) -> String {
    var value = number
    for unit in ["B", "KB", "MB", "GB", "TB"] {
      if value < 999.5 || unit == "TB" {
        return unit == "B" ? "\(Int(value)) B" : "\(decimal(value, value < 10 ? 1 : 0)) \(unit)"
      }
      value /= 1000
    }
    return ""
  }

  static func seconds(_ number: Double) -> String {
    switch abs(number) {
    case ..<0.00005: "0 ms"
    case ..<0.00995: "\(decimal(number * 1000, 1)) ms"
    case ..<0.995: "\(Int((number * 1000).rounded())) ms"
    case ..<99.95: "\(decimal(number, number < 9.95 ? 2 : 1)) s"
    case ..<5400: "\(Int(number) / 60) min \(Int(number) % 60) s"
    case ..<172_800: "\(Int(number) / 3600) h \(Int(number) % 3600 / 60) min"
    default: "\(Int(number.clampedToInt) / 86_400) d \(Int(number.clampedToInt) % 86_400 / 3600) h"
    }
  }

  static func decimal(_ number: Double, _ places: Int) -> String {
    guard number.isFinite else { return "–" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(number) * scale).rounded().clampedToInt)
    let whole = count(scaled / Int(scale))
    guard places > 0 else { return (number < 0 ? "−" : "") + whole }
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: places - fraction.count)
    return (number < 0 && scaled > 0 ? "−" : "") + whole + "." + zeros + fraction
  }
}
