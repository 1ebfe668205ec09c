/// The plots of the report, in the order in which one asks.
struct ReportPlots {
  let figures: CrawlFigures

  func html() -> String {
    let charts = time() + [fetches, gaps, waits, sizes, depths, hosts, languages, statuses, types]
    let drawn = charts.compactMap { $0?.svg }.joined()
    return "<section id=\"plots\"><h2>Plots</h2><div class=\"charts\">\n\(drawn)</div></section>"
  }

  private func time() -> [Chart?] {
    guard let span = figures.span else { return [] }
    let length = max(span.end - span.start, 0.001)
    let bins = min(60, max(8, figures.pages.count / 6))
    var counts = Array(repeating: 0.0, count: bins)
    for case let start? in figures.pages.map(\.start) {
      counts[min(bins - 1, Int((start - span.start) / length * Double(bins)))] += 1
    }
    var total = 0.0
    var sums = [0.0]
    for count in counts {
      total += count
      sums.append(total)
    }
    let rates = counts.map { $0 / (length / Double(bins)) }
    let labels = ("0 s", Figure.seconds(length / 2), Figure.seconds(length))
    return [
      .area("Pages stored", values: sums, labels: labels, unit: "pages"),
      .area("Pages per second", values: rates, labels: labels, unit: "pages/s", style: "warm"),
    ]
  }

  private var statuses: Chart? {
    .bars("Final status codes", rows: figures.statuses.ranked(limit: 10), unit: "answers") {
      $0.hasPrefix("2") ? "" : $0.hasPrefix("3") ? "warm" : "bad"
    }
  }

  private var hosts: Chart? {
    .bars("Pages per host", rows: figures.hosts.ranked(limit: 20), unit: "pages")
  }

  private var depths: Chart? {
    let most = 40
    let depths = figures.pages.compactMap(\.depth).map { min(most, max(0, Int($0))) }
    guard let deepest = depths.max() else { return nil }
    var counts = Array(repeating: 0, count: deepest + 1)
    for depth in depths { counts[depth] += 1 }
    return .columns(
      "Distance from a seed", values: counts,
      labels: counts.indices.map { $0 < most ? "\($0)" : "\($0)+" },
      axis: "link hops", unit: "pages")
  }

  private var sizes: Chart? {
    histogram(
      "Page sizes", figures.pages.compactMap(\.bytes), lowest: 512, factor: 1.4142135623730951,
      unit: "pages",
      axis: "decoded bytes, upper border of each bin", format: Figure.bytes, shares: [0.5])
  }

  private var fetches: Chart? {
    histogram(
      "Fetch times", figures.pages.compactMap(\.fetch), lowest: 0.0005, factor: 1.6, unit: "pages",
      axis: "request to last byte, upper border of each bin", format: Figure.seconds,
      shares: [0.5, 0.95])
  }

  private var waits: Chart? {
    histogram(
      "Waits in the queue", figures.pages.compactMap(\.queued), lowest: 0.01, factor: 2,
      unit: "pages", axis: "discovery to request, upper border of each bin",
      format: Figure.seconds, shares: [0.5])
  }

  private var gaps: Chart? {
    histogram(
      "Gaps between requests to one host", figures.gaps, lowest: 0.01, factor: 1.35, unit: "gaps",
      axis: "start to start, upper border of each bin", format: Figure.seconds, shares: [],
      also: figures.manifest.delay.map { ("promised", $0) })
  }

  private func histogram(
    _ title: String, _ values: [Double], lowest: Double, factor: Double, unit: String, axis: String,
    format: (Double) -> String, shares: [Double], also: (String, Double)? = nil
  ) -> Chart? {
    guard !values.isEmpty else { return nil }
    let bins = LogHistogram(values, lowest: lowest, factor: factor)
    let quantiles = Quantiles(values)
    var markers = shares.compactMap { share -> Chart.Marker? in
      guard let value = quantiles(share) else { return nil }
      return .init(share: bins.share(value), label: "p\(Int(share * 100)) \(format(value))")
    }
    if let (name, value) = also {
      markers.append(.init(share: bins.share(value), label: "\(name) \(format(value))"))
    }
    return .columns(
      title, values: bins.counts, labels: bins.borders.map(format), axis: axis, unit: unit,
      markers: markers)
  }

  private var types: Chart? {
    .bars("Content types", rows: figures.types.ranked(limit: 8), unit: "pages")
  }

  private var languages: Chart? {
    .bars("Languages", rows: figures.languages.ranked(limit: 10), unit: "pages")
  }
}
