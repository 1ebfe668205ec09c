/// Lays the figures out as one page.
struct ReportPage {
  let figures: CrawlFigures

  func html() -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Crawl report · \(Markup.escape(name))</title>
    <style>
    \(ReportStyle.sheet)
    </style>
    </head>
    <body><div class="wrap">
    \(header)
    <main>
    \(notes)\(keyFigures)
    \(figures.pages.isEmpty ? "<p class=\"note\">No page has been stored yet.</p>" : ReportPlots(figures: figures).html())
    \(summaries)\(slowest)\(skipped)\(failures)\(duplicates)\(settings)
    </main>
    <footer>Made by gossamer from the files of the output directory. Byte counts are decoded bodies, \
    1 KB = 1,000 bytes. Times are UTC.</footer>
    </div></body>
    </html>

    """
  }

  private var name: String {
    figures.manifest.name ?? figures.manifest.identity.first { $0.name == "id" }?.value ?? "crawl"
  }

  private var header: String {
    let manifest = figures.manifest
    let dates = [manifest.started, manifest.finished].compactMap { $0 }.map(readable)
    let hosts = figures.hosts.ranked(limit: 1000).prefix(1).map(\.name).first ?? "no host"
    let others = figures.hosts.names.count - 1
    let subject = others > 0 ? "\(hosts) and \(Figure.count(others, "more host"))" : hosts
    let state = manifest.state.map { " <span class=\"state\">\(Markup.escape($0))</span>" } ?? ""
    return """
      <header><p class="kicker">Gossamer crawl report</p>
      <h1>\(Markup.escape(manifest.name ?? subject))</h1>
      <p class="meta">\(dates.isEmpty ? "" : Markup.escape(dates.joined(separator: " to ")) + " ")\(state)</p>
      <nav aria-label="Sections"><a href="#key">Key figures</a> \(figures.pages.isEmpty ? "" : "<a href=\"#plots\">Plots</a> ")\
      \(figures.summaries.isEmpty ? "" : "<a href=\"#summaries\">Summaries</a> ")\
      <a href="#skipped">Skipped</a> \(figures.failures.isEmpty ? "" : "<a href=\"#failures\">Failures</a> ")<a href="#settings">Settings</a></nav></header>
      """
  }

  private func readable(_ time: String) -> String {
    let plain = time.prefix(19).map { $0 == "T" ? " " : String($0) }.joined()
    return plain + (time.hasSuffix("Z") ? " UTC" : "")
  }

  private var notes: String {
    var notes: [String] = []
    if figures.brokenLines > 0 {
      notes.append("\(Figure.count(figures.brokenLines, "broken line")) left out.")
    }
    if !figures.unreadableFiles.isEmpty {
      notes.append("Not read: \(figures.unreadableFiles.joined(separator: ", ")).")
    }
    return notes.map { "<p class=\"note\">\(Markup.escape($0))</p>\n" }.joined()
  }

  private var keyFigures: String {
    let bytes = figures.pages.reduce(0) { $0 + ($1.bytes ?? 0) }
    let span = figures.span
    let duration = span.map { $0.end - $0.start } ?? 0
    let rate = duration > 0 ? Double(figures.pages.count) / duration : 0
    let skips = figures.reasons.values.reduce(0) { $0 + $1.count } - figures.failureCount
    let gaps = Quantiles(figures.gaps)
    let least = gaps(0)
    let promise = figures.manifest.delay
    let kept = promise.flatMap { promise in least.map { $0 + 0.01 >= promise } }
    let rows: [(name: String, value: String, detail: String, style: String)] = [
      ("Pages", Figure.count(figures.pages.count), "stored", ""),
      ("Hosts", Figure.count(figures.hosts.names.count), "with a stored page", ""),
      ("Received", Figure.bytes(bytes), "decoded", ""),
      ("Duration", Figure.seconds(duration), "first request to last byte", ""),
      ("Pace", Figure.decimal(rate, rate < 10 ? 2 : 0) + "/s", "pages over all hosts", ""),
      (
        "Least gap on one host", least.map(Figure.seconds) ?? "–",
        promise.map { "promised " + Figure.seconds($0) } ?? "between page requests",
        kept.map { $0 ? "good" : "bad" } ?? ""
      ),
      (
        "Failures", Figure.count(figures.failureCount), "see below",
        figures.failureCount > 0 ? "bad" : "good"
      ),
      ("Skipped", Figure.count(skips), "by a rule or limit", ""),
      ("Duplicates", Figure.count(figures.duplicateCount), "exact and near", ""),
      (
        "Summaries", Figure.count(figures.summaryCount),
        figures.summaryFailures > 0 ? "\(figures.summaryFailures) failed" : "stored with pages", ""
      ),
    ]
    return "<section id=\"key\"><dl class=\"keys\">"
      + rows.map { row in
        "<div class=\"\(row.style)\"><dt>\(row.name)</dt><dd>\(Markup.escape(row.value))"
          + "<small>\(Markup.escape(row.detail))</small></dd></div>\n"
      }.joined() + "</dl></section>"
  }

  private var summaries: String {
    guard !figures.summaries.isEmpty else { return "" }
    let articles = figures.summaries.map { sample in
      let parts = sample.detail.split(separator: "\u{0}", maxSplits: 1)
      let maker = parts.count > 1 ? parts[1] + " · " : ""
      return "<article><h3>\(Markup.escape(Markup.shorten(sample.title, to: 120)))</h3>"
        + "<p>\(Markup.escape(Markup.shorten(String(parts.first ?? ""), to: 900)))</p>"
        + "<p class=\"soft\">\(Markup.escape(String(maker)))\(Markup.link(sample.url))</p></article>\n"
    }
    return section(
      "summaries",
      "Summaries, the first \(articles.count) of \(Figure.count(figures.summaryCount))",
      "<div class=\"samples\">\(articles.joined())</div>")
  }

  private var slowest: String {
    let rows = figures.slowest.map { page in
      [
        "<td class=\"n\">\(Figure.seconds(page.number))</td>",
        "<td>\(Markup.escape(Markup.shorten(page.title, to: 80)))</td>",
        "<td>\(Markup.link(page.url))</td>",
      ].joined()
    }
    return table("slowest", "Slowest pages", ["n:Fetch time", "Title", "URL"], rows)
  }

  private var skipped: String {
    let rows = figures.reasons.filter { !CrawlFigures.isFailure($0.key) }
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      .map { kind, reason in
        "<td class=\"k\"><code>\(Markup.escape(kind))</code></td><td class=\"n\">\(Figure.count(reason.count))</td>"
          + "<td>\(Markup.link(reason.example))</td>"
          + "<td>\(Markup.escape(Markup.shorten(reason.detail, to: 140)))</td>"
      }
    guard !rows.isEmpty else {
      return section("skipped", "Skipped, by reason", "<p>No URL was skipped.</p>")
    }
    return table("skipped", "Skipped, by reason", ["Reason", "n:URLs", "Example", "Rule"], rows)
  }

  private var failures: String {
    let rows = figures.failures.map { failure in
      "<td class=\"k\"><code>\(Markup.escape(failure.title))</code></td><td>\(Markup.link(failure.url))</td>"
        + "<td class=\"n\">\(Int(failure.number.clampedToInt))</td>"
        + "<td>\(Markup.escape(Markup.shorten(failure.detail, to: 160)))</td>"
    }
    let title =
      figures.failureCount > rows.count
      ? "Failures, the first \(rows.count) of \(Figure.count(figures.failureCount))" : "Failures"
    return table("failures", title, ["Kind", "URL", "n:Attempt", "Detail"], rows)
  }

  private var duplicates: String {
    let rows = figures.duplicates.map { item in
      "<td>\(Markup.link(item.url))</td><td class=\"k\"><code>\(Markup.escape(item.title))</code></td>"
        + "<td>\(Markup.link(item.detail))</td>"
    }
    return table("duplicates", "Duplicates and near-duplicates", ["URL", "Kind", "Same as"], rows)
  }

  private var settings: String {
    let manifest = figures.manifest
    let rows =
      (manifest.identity + manifest.settings
      + manifest.counts.map { ("count " + $0.name, $0.value) })
      .map { name, value in
        "<td>\(Markup.escape(name))</td><td><code>\(Markup.escape(Markup.shorten(value, to: 300)))</code></td>"
      }
    guard !rows.isEmpty else {
      return section("settings", "Identity and settings", "<p>There is no manifest yet.</p>")
    }
    return table("settings", "Identity and settings", ["Name", "Value"], rows)
  }

  private func section(_ id: String, _ title: String, _ body: String) -> String {
    "<section id=\"\(id)\"><h2>\(title)</h2>\n\(body)</section>\n"
  }

  /// A heading that begins with `n:` stands over numbers.
  private func table(_ id: String, _ title: String, _ heads: [String], _ rows: [String]) -> String {
    guard !rows.isEmpty else { return "" }
    let head = heads.map { head in
      head.hasPrefix("n:")
        ? "<th scope=\"col\" class=\"n\">\(head.dropFirst(2))</th>"
        : "<th scope=\"col\">\(head)</th>"
    }.joined()
    let body = rows.map { "<tr>\($0)</tr>\n" }.joined()
    return section(
      id, title,
      "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\n\(body)</tbody></table></div>"
    )
  }
}
