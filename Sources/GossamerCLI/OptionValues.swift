public import ArgumentParser
import Foundation
public import GossamerAgents
public import GossamerCorpus
public import GossamerCrawl
public import GossamerEnrich
public import GossamerExtract
import GossamerFrontier
import GossamerMarkup

/// When to use colours.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// Whether a file descriptor gets colours: as told, else on a terminal unless `NO_COLOR` says no.
  func isWanted(on descriptor: CInt) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      isatty(descriptor) == 1
        && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }
  }
}

/// A span of time: `30`, `1.5`, `250ms`, `10s`, `5m`, `2h`, `1d`; without a unit, seconds.
struct DurationValue: ExpressibleByArgument, CustomStringConvertible {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    let units: [(suffix: String, seconds: Double)] = [
      ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("", 1),
    ]
    for unit in units where argument.hasSuffix(unit.suffix) {
      guard let number = Double(argument.dropLast(unit.suffix.count)), number.isFinite, number >= 0,
        number * unit.seconds < 1e9
      else { continue }
      seconds = number * unit.seconds
      return
    }
    return nil
  }

  var duration: Duration { .seconds(seconds) }
  /// Whole numbers without a point, as people write them.
  var description: String {
    seconds == seconds.rounded() ? String(Int(seconds)) : "\(seconds)"
  }
}

/// A number of bytes: `1000`, `64k`, `10M`, `2GiB`; k, M, G, T are powers of 1024 as in curl.
struct ByteCountValue: ExpressibleByArgument, CustomStringConvertible {
  let bytes: Int

  init(bytes: Int) { self.bytes = bytes }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let shifts = ["": 0, "k": 10, "m": 20, "g": 30, "t": 40]
    var unit = argument.dropFirst(digits.count).lowercased()
    for ending in ["ib", "b"] where unit.hasSuffix(ending) { unit.removeLast(ending.count) }
    guard let number = Double(digits), let shift = shifts[unit] else { return nil }
    let value = number * Double(1 << shift)
    guard value >= 0, value < 1e18 else { return nil }
    bytes = Int(value)
  }

  var description: String { "\(bytes)" }
}

/// A setting that is on or off.
enum YesNo: String, ExpressibleByArgument, CaseIterable {
  case yes, no
}

extension CrawlScope.Mode: ExpressibleByArgument {}
extension CrawlSettings.Extraction: ExpressibleByArgument {}
extension ExtractionMode: ExpressibleByArgument {}
extension ExtractionPreference: ExpressibleByArgument {}
extension CrawlSettings.Sitemaps: ExpressibleByArgument {}
extension PageSelection.Use: ExpressibleByArgument {}
extension SummaryLevel: ExpressibleByArgument {}
extension ToolManner: ExpressibleByArgument {}

/// Names of file families, separated by commas.
struct FormatsValue: ExpressibleByArgument, CustomStringConvertible {
  let formats: Set<CrawlSettings.Format>

  init(formats: Set<CrawlSettings.Format>) { self.formats = formats }

  init?(argument: String) {
    var formats: Set<CrawlSettings.Format> = []
    for name in argument.split(separator: ",") {
      guard let format = CrawlSettings.Format(rawValue: String(name)) else { return nil }
      formats.insert(format)
    }
    guard !formats.isEmpty else { return nil }
    self.formats = formats
  }

  var description: String { formats.map(\.rawValue).sorted().joined(separator: ",") }
}

/// Words of `rel`, separated by commas, or `none`.
struct QualifiersValue: ExpressibleByArgument, CustomStringConvertible {
  let qualifiers: LinkQualifiers

  init(qualifiers: LinkQualifiers) { self.qualifiers = qualifiers }

  init?(argument: String) {
    var qualifiers: LinkQualifiers = []
    for word in argument.split(separator: ",") where argument != "none" {
      guard let known = LinkQualifiers.named.first(where: { $0.name == word }) else { return nil }
      qualifiers.insert(known.qualifier)
    }
    guard !argument.isEmpty else { return nil }
    self.qualifiers = qualifiers
  }

  var description: String {
    let words = LinkQualifiers.named.filter { qualifiers.contains($0.qualifier) }.map(\.name)
    return words.isEmpty ? "none" : words.joined(separator: ",")
  }
}

/// Who makes the summaries.
enum SummaryProvider: String, ExpressibleByArgument, CaseIterable {
  case extractive, openai
  case responses = "openai-responses"
  case anthropic, gemini, ollama
}

/// Who makes the vectors.
enum EmbeddingProvider: String, ExpressibleByArgument, CaseIterable {
  case openai, gemini, ollama
}

/// Whether robots.txt is obeyed.
enum RobotsChoice: String, ExpressibleByArgument, CaseIterable {
  case obey, ignore
}

/// How endless sites are cut.
enum TrapChoice: String, ExpressibleByArgument, CaseIterable {
  case learn, limits, off

  var limits: TrapLimits {
    switch self {
    case .learn: return TrapLimits()
    case .limits:
      var limits = TrapLimits()
      limits.learns = false
      return limits
    case .off: return .none
    }
  }
}

/// Which HTTP versions are offered.
enum HTTPVersionChoice: String, ExpressibleByArgument, CaseIterable {
  case one = "1"
  case auto
}

extension CorpusQuery.Mode: ExpressibleByArgument {}
