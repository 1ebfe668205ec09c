/// A plot as inline SVG. Colors come from the page's style, so it follows light and dark.
struct Chart {
  let title: String
  /// What the plot shows, in a sentence for people who do not see it.
  let summary: String
  let body: String
  let height: Int
  static let width = 560
  private static let left = 52.0
  private static let right = 12.0
  private static let topEdge = 26.0
  private static let plotHeight = 170.0
  private static var plotWidth: Double { Double(width) - left - right }

  var svg: String {
    """
    <figure class="chart"><figcaption>\(Markup.escape(title))</figcaption>
    <svg viewBox="0 0 \(Self.width) \(height)" role="img"><title>\(Markup.escape(title))</title>\
    <desc>\(Markup.escape(summary))</desc>\(body)</svg></figure>

    """
  }

  /// A line of text over a value's place on the horizontal axis.
  struct Marker {
    var share: Double
    var label: String
  }

  /// Upright columns with a label below some of them.
  static func columns(
    _ title: String, values: [Int], labels: [String], axis: String, unit: String,
    markers: [Marker] = []
  ) -> Chart {
    let scale = ChartScale(maximum: Double(values.max() ?? 0), isWhole: true)
    var body = grid(scale, unit: unit)
    let slot = plotWidth / Double(max(1, values.count))
    let widest = Double(labels.map(\.count).max() ?? 1) * 7.2 + 10
    let every = max(1, Int((widest / slot).rounded(.up)))
    for (index, value) in values.enumerated() {
      let height = scale.share(Double(value)) * plotHeight
      let x = left + slot * Double(index)
      if value > 0 {
        body += rect(
          x + slot * 0.08, topEdge + plotHeight - height, slot * 0.84, max(1, height),
          hint: "\(labels[index]): \(Figure.count(value)) \(unit)")
      }
      if index % every == 0 {
        body += text(labels[index], x + slot / 2, topEdge + plotHeight + 16, "middle")
      }
    }
    // The last first, so that no line runs through the label of the one before it.
    body += markers.enumerated().reversed().map { draw($1, row: $0) }.joined()
    body += text(axis, left + plotWidth, topEdge + plotHeight + 34, "end", style: "axis")
    let most = zip(values, labels).max { $0.0 < $1.0 }
    return Chart(
      title: title,
      summary:
        "\(values.count) columns, \(axis); most \(unit) at \(most?.1 ?? "–"): \(most?.0 ?? 0). "
        + markers.map(\.label).joined(separator: ", "), body: body, height: 236)
  }

  /// Lying bars with names on the left and numbers on the right.
  static func bars(
    _ title: String, rows: [(name: String, count: Int)], unit: String,
    accent: (String) -> String = { _ in "" }
  ) -> Chart {
    let most = Double(rows.map(\.count).max() ?? 1)
    let total = max(1, rows.reduce(0) { $0 + $1.count })
    let names = rows.map { Markup.shorten($0.name, to: 30) }
    let indent = min(230.0, Double(names.map(\.count).max() ?? 4) * 7.4 + 14)
    let room = Double(width) - indent - 108
    var body = ""
    for (index, row) in rows.enumerated() {
      let y = 6 + Double(index) * 24
      let length = max(2, Double(row.count) / max(1, most) * room)
      body += text(names[index], indent - 8, y + 13, "end", style: "name")
      body += rect(
        indent, y, length, 17, style: accent(row.name), hint: "\(row.name): \(row.count) \(unit)")
      let share = Figure.decimal(100 * Double(row.count) / Double(total), 1)
      body += text("\(Figure.count(row.count))  (\(share) %)", indent + length + 7, y + 13, "start")
    }
    let first = rows.first.map { "\($0.name) leads with \($0.count) of \(total) \(unit)." } ?? ""
    return Chart(
      title: title, summary: "\(rows.count) bars. \(first)", body: body,
      height: max(30, 12 + rows.count * 24))
  }

  /// A filled line over time; values must not fall below zero.
  static func area(
    _ title: String, values: [Double], labels: (String, String, String), unit: String,
    style: String = ""
  ) -> Chart {
    let scale = ChartScale(maximum: values.max() ?? 0)
    let step = plotWidth / Double(max(1, values.count - 1))
    let points = values.enumerated().map { index, value in
      coordinate(left + step * Double(index)) + ","
        + coordinate(topEdge + plotHeight * (1 - scale.share(value)))
    }.joined(separator: " ")
    let base = coordinate(topEdge + plotHeight)
    let end = coordinate(left + plotWidth)
    var body = grid(scale, unit: unit)
    body +=
      "<polygon class=\"fill \(style)\" points=\"\(coordinate(left)),\(base) \(points) \(end),\(base)\"/>"
    body += "<polyline class=\"line \(style)\" points=\"\(points)\"/>"
    body += text(labels.0, left, topEdge + plotHeight + 16, "start")
    body += text(labels.1, left + plotWidth / 2, topEdge + plotHeight + 16, "middle")
    body += text(labels.2, left + plotWidth, topEdge + plotHeight + 16, "end")
    body += text(
      "time since start", left + plotWidth, topEdge + plotHeight + 34, "end", style: "axis")
    return Chart(
      title: title,
      summary:
        "From \(labels.0) to \(labels.2); highest \(Figure.decimal(values.max() ?? 0, 1)) \(unit).",
      body: body, height: 236)
  }

  private static func grid(_ scale: ChartScale, unit: String) -> String {
    let lines = scale.ticks.map { tick in
      let y = coordinate(topEdge + plotHeight * (1 - scale.share(tick)))
      let label =
        scale.step < 1 ? Figure.decimal(tick, scale.step < 0.1 ? 2 : 1) : Figure.decimal(tick, 0)
      return
        "<line class=\"\(tick == 0 ? "base" : "grid")\" x1=\"\(coordinate(left))\" x2=\"\(coordinate(left + plotWidth))\" y1=\"\(y)\" y2=\"\(y)\"/>"
        + text(label, left - 7, topEdge + plotHeight * (1 - scale.share(tick)) + 4, "end")
    }
    return lines.joined() + text(unit, 4, 11, "start", style: "axis")
  }

  private static func draw(_ marker: Marker, row: Int) -> String {
    let x = left + plotWidth * marker.share
    let isRight = marker.share > 0.75
    let y = topEdge + 10 + Double(row) * 15
    return
      "<line class=\"marker\" x1=\"\(coordinate(x))\" x2=\"\(coordinate(x))\" y1=\"\(coordinate(topEdge))\" y2=\"\(coordinate(topEdge + plotHeight))\"/>"
      + text(marker.label, x + (isRight ? -5 : 5), y, isRight ? "end" : "start", style: "mark")
  }

  private static func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String = "", hint: String
  ) -> String {
    "<rect class=\"bar \(style)\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" width=\"\(coordinate(width))\" height=\"\(coordinate(height))\" rx=\"2\"><title>\(Markup.escape(hint))</title></rect>"
  }

  private static func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: String, style: String = ""
  ) -> String {
    "<text class=\"\(style)\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" text-anchor=\"\(anchor)\">\(Markup.escape(text))</text>"
  }

  /// One decimal is a tenth of a pixel.
  private static func coordinate(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}
