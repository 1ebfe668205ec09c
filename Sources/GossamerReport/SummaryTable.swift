/// Names and values in two columns, as printed at the end of a crawl.
public struct SummaryTable: Sendable, Equatable {
  /// A line above the rows.
  public var title: String
  /// The rows in their order.
  public private(set) var rows: [Row] = []

  /// A name, its value, and what is to be said about it.
  public struct Row: Sendable, Equatable {
    /// On the left.
    public var name: String
    /// Aligned at its right edge.
    public var value: String
    /// Behind the value.
    public var note: String
  }

  /// A table without rows.
  public init(title: String) {
    self.title = title
  }

  /// Appends a row; control characters are taken out of all parts.
  public mutating func add(_ name: String, _ value: String, note: String = "") {
    rows.append(
      Row(
        name: TerminalText.clean(name), value: TerminalText.clean(value),
        note: TerminalText.clean(note)))
  }

  /// Appends a row with a number.
  public mutating func add(_ name: String, _ value: Int, note: String = "") {
    add(name, Figure.count(value), note: note)
  }

  /// The table, each line ended by a line break and not wider than `width` columns.
  public func text(width: Int = 100) -> String {
    let names = rows.map { TerminalText.columns($0.name) }.max() ?? 0
    let values = rows.map { TerminalText.columns($0.value) }.max() ?? 0
    let lines = rows.map { row in
      let left = String(repeating: " ", count: names - TerminalText.columns(row.name))
      let right = String(repeating: " ", count: values - TerminalText.columns(row.value))
      return "  " + row.name + left + "  " + right + row.value
        + (row.note.isEmpty ? "" : "  " + row.note)
    }
    return ([TerminalText.clean(title)] + lines).map { TerminalText.cut($0, to: width) + "\n" }
      .joined()
  }
}

extension CrawlReport {
  /// The figures of the report for a terminal.
  public var summaryTable: SummaryTable {
    let span = figures.span
    let duration = span.map { $0.end - $0.start } ?? 0
    var table = SummaryTable(title: "Crawl of \(Figure.count(hostCount, "host"))")
    table.add("pages stored", pageCount)
    table.add("bytes", Figure.bytes(figures.pages.reduce(0) { $0 + ($1.bytes ?? 0) }))
    table.add("duration", Figure.seconds(duration))
    table.add("pages a second", Figure.decimal(duration > 0 ? Double(pageCount) / duration : 0, 1))
    if let least = Quantiles(figures.gaps)(0) {
      let promise = figures.manifest.delay.map { "promised " + Figure.seconds($0) } ?? ""
      table.add("least gap on one host", Figure.seconds(least), note: promise)
    }
    table.add("summaries", figures.summaryCount)
    table.add("duplicates", figures.duplicateCount)
    for (kind, reason) in figures.reasons.sorted(by: { $0.value.count > $1.value.count }).prefix(8)
    {
      table.add(kind, reason.count, note: "such as " + Markup.shorten(reason.example, to: 60))
    }
    return table
  }
}
