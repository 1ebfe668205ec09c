import Foundation
import GossamerCorpus

/// Fills `CrawlFigures` from files.
struct FigureReader {
  var figures = CrawlFigures()

  private static let pageKeys = [
    "url", "host", "depth", "status", "fetched_at", "fetch_seconds", "queued_seconds",
    "content_type", "bytes", "title", "language", "near_duplicate_of", "summary", "summary_error",
  ].map { Array($0.utf8) }
  private static let skipKeys = ["url", "kind", "rule", "value", "threshold", "status", "attempt"]
    .map { Array($0.utf8) }
  private static let summaryKeys = ["text", "provider", "model"].map { Array($0.utf8) }

  mutating func readPages(_ file: URL) {
    forEachLine(of: file, keys: Self.pageKeys) { figures, line in
      Self.addPage(line, to: &figures)
    }
  }

  mutating func readSkips(_ file: URL) {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    forEachLine(of: file, keys: Self.skipKeys) { figures, line in
      Self.addSkip(line, to: &figures)
    }
  }

  mutating func readManifest(_ file: URL) {
    guard let data = try? Data(contentsOf: file),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return }
    let crawl = object["crawl"] as? [String: Any] ?? [:]
    let software = object["software"] as? [String: Any] ?? [:]
    var manifest = ManifestFigures()
    manifest.identity =
      Self.pairs(crawl) + Self.pairs(software).map { ("software " + $0.name, $0.value) }
    manifest.settings = Self.pairs(object["settings"] as? [String: Any] ?? [:])
    manifest.counts = Self.pairs(object["counts"] as? [String: Any] ?? [:])
    manifest.name = crawl["name"] as? String
    manifest.state = crawl["state"] as? String
    manifest.started = crawl["started_at"] as? String
    manifest.finished = crawl["finished_at"] as? String
    manifest.delay = manifest.settings.first { $0.name == "delay" }.flatMap {
      Double($0.value.prefix { $0.isNumber || $0 == "." })
    }
    figures.manifest = manifest
  }

  private static func pairs(_ object: [String: Any]) -> [(name: String, value: String)] {
    object.keys.sorted().flatMap { key -> [(name: String, value: String)] in
      switch object[key] {
      case let inner as [String: Any]: pairs(inner).map { (key + "." + $0.name, $0.value) }
      case let list as [Any]: [(key, list.map { "\($0)" }.joined(separator: ", "))]
      case let value?: [(key, "\(value)")]
      case nil: []
      }
    }
  }

  /// Reads piece by piece: files of a crawl may be larger than memory.
  private mutating func forEachLine(
    of file: URL, keys: [[UInt8]], _ body: (inout CrawlFigures, JSONSkim) -> Void
  ) {
    guard let handle = try? FileHandle(forReadingFrom: file) else {
      figures.unreadableFiles.append(file.lastPathComponent)
      return
    }
    defer { try? handle.close() }
    var rest: [UInt8] = []
    while let piece = try? handle.read(upToCount: Self.pieceSize), !piece.isEmpty {
      rest.append(contentsOf: piece)
      let whole = (rest.lastIndex(of: 0x0A) ?? -1) + 1
      rest.withUnsafeBufferPointer { readLines($0[..<whole], keys: keys, body) }
      rest.removeFirst(whole)
    }
    rest.withUnsafeBufferPointer { readLines($0[...], keys: keys, body) }
  }

  private static let pieceSize = 4 << 20

  private mutating func readLines(
    _ lines: Slice<UnsafeBufferPointer<UInt8>>, keys: [[UInt8]],
    _ body: (inout CrawlFigures, JSONSkim) -> Void
  ) {
    let bytes = UnsafeBufferPointer(rebasing: lines)
    var start = 0
    while start < bytes.count {
      let end = Self.lineEnd(in: bytes, from: start)
      let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
      start = end + 1
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      if let skim = JSONSkim(line, keys: keys), skim.string(0) != nil {
        body(&figures, skim)
      } else {
        figures.brokenLines += 1
      }
    }
  }

  private static func lineEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = bytes.baseAddress,
      let found = memchr(base + start, 0x0A, bytes.count - start)
    else { return bytes.count }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private static func addPage(_ line: JSONSkim, to figures: inout CrawlFigures) {
    let url = line.string(0) ?? ""
    let fetch = line.number(5)
    let page = CrawlFigures.Page(
      start: line.string(4).flatMap(ReportTime.seconds), fetch: fetch, queued: line.number(6),
      bytes: line.number(8), host: figures.hosts.add(line.string(1) ?? host(of: url)),
      depth: line.number(2).map { Int32(clamping: Int($0.clampedToInt)) })
    figures.pages.append(page)
    if let status = line.number(3) { _ = figures.statuses.add(String(Int(status.clampedToInt))) }
    _ = figures.types.add(mediaType(line.string(7)))
    _ = figures.languages.add(line.string(10)?.lowercased() ?? "unknown")
    if let fetch, isSlow(fetch, figures) {
      addSlow(.init(url: url, title: line.string(9) ?? "", number: fetch, detail: ""), to: &figures)
    }
    if let other = line.string(11) {
      addDuplicate(.init(url: url, title: "near-duplicate", number: 0, detail: other), to: &figures)
    }
    addSummary(of: line, url: url, to: &figures)
  }

  private static func addSummary(
    of line: JSONSkim, url: String, to figures: inout CrawlFigures
  ) {
    if line.raw(13) != nil { figures.summaryFailures += 1 }
    guard let raw = line.raw(12), let summary = JSONSkim(raw, keys: summaryKeys),
      let text = summary.string(0)
    else { return }
    figures.summaryCount += 1
    guard figures.summaries.count < CrawlFigures.sampleLength else { return }
    let maker = [summary.string(1), summary.string(2)].compactMap { $0 }.joined(separator: " · ")
    figures.summaries.append(
      .init(url: url, title: line.string(9) ?? url, number: 0, detail: text + "\u{0}" + maker))
  }

  private static func addSkip(_ line: JSONSkim, to figures: inout CrawlFigures) {
    let url = line.string(0) ?? ""
    let kind = line.string(1) ?? "unknown"
    let parts = [
      line.string(2), line.string(3).map { "value \($0)" },
      line.string(4).map { "threshold \($0)" },
      line.number(5).map { "status \(Int($0.clampedToInt))" },
    ]
    let detail = parts.compactMap { $0 }.joined(separator: ", ")
    var reason = figures.reasons[kind] ?? .init(count: 0, example: url, detail: detail)
    reason.count += 1
    figures.reasons[kind] = reason
    // Other skips of an answered request are of pages that are counted elsewhere, or of none.
    if let status = line.number(5), CrawlFigures.isFailure(kind) {
      _ = figures.statuses.add(String(Int(status.clampedToInt)))
    }
    if kind.hasPrefix("duplicate") || kind.hasPrefix("near") {
      let other = line.string(3) ?? line.string(2) ?? ""
      addDuplicate(.init(url: url, title: kind, number: 0, detail: other), to: &figures)
    }
    if CrawlFigures.isFailure(kind) {
      figures.failureCount += 1
      if figures.failures.count < CrawlFigures.listLength * 2 {
        figures.failures.append(
          .init(url: url, title: kind, number: line.number(6) ?? 1, detail: detail))
      }
    }
  }

  private static func addDuplicate(_ named: CrawlFigures.Named, to figures: inout CrawlFigures) {
    figures.duplicateCount += 1
    if figures.duplicates.count < CrawlFigures.listLength { figures.duplicates.append(named) }
  }

  private static func isSlow(_ seconds: Double, _ figures: CrawlFigures) -> Bool {
    figures.slowest.count < CrawlFigures.listLength
      || seconds > (figures.slowest.last?.number ?? 0)
  }

  private static func addSlow(_ named: CrawlFigures.Named, to figures: inout CrawlFigures) {
    let index = figures.slowest.firstIndex { $0.number < named.number } ?? figures.slowest.count
    figures.slowest.insert(named, at: index)
    if figures.slowest.count > CrawlFigures.listLength { figures.slowest.removeLast() }
  }

  private static func mediaType(_ field: String?) -> String {
    let type = field?.prefix { $0 != ";" && $0 != " " }.lowercased() ?? ""
    return type.isEmpty ? "unknown" : type
  }

  private static func host(of url: String) -> String {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    return parts.count > 2 ? String(parts[2]) : "unknown"
  }
}

extension Double {
  /// Within what an Int can hold.
  var clampedToInt: Double { min(1e15, max(-1e15, self)) }
}
