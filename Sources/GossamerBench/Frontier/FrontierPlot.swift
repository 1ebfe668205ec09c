import Foundation

/// Speed and memory against size, the size on a logarithmic axis.
struct FrontierPlot {
  let samples: [FrontierSample]
  private static let (width, height) = (640.0, 300.0)
  private static let (left, right, top, bottom) = (60.0, 70.0, 30.0, 40.0)

  var svg: String {
    let fastest = samples.map(\.offersPerCPUSecond).max() ?? 1
    let largest = samples.map { Double($0.memory) }.max() ?? 1
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" \
      font-family="sans-serif" font-size="11">
      <rect width="100%" height="100%" fill="white"/>
      \(axis)
      \(line("#1f77b4", top: fastest) { $0.offersPerCPUSecond })
      \(line("#d62728", top: largest) { Double($0.memory) })
      <text x="\(Self.left)" y="18" fill="#1f77b4">links offered per CPU second, \
      top: \(Int(fastest))</text>
      <text x="\(Self.width - Self.right)" y="18" text-anchor="end" fill="#d62728">resident MiB, \
      top: \(Int(largest) >> 20)</text>
      </svg>

      """
  }

  private var axis: String {
    let floor = Self.height - Self.bottom
    let labels = samples.map { sample in
      "<text x=\"\(x(sample))\" y=\"\(floor + 16)\" text-anchor=\"middle\">\(Self.short(sample.urls))"
        + "</text>"
    }
    return
      "<path d=\"M\(Self.left) \(Self.top)V\(floor)H\(Self.width - Self.right)\" fill=\"none\" "
      + "stroke=\"black\"/>" + labels.joined()
      + "<text x=\"\(Self.width / 2)\" y=\"\(Self.height - 8)\" text-anchor=\"middle\">known URLs</text>"
  }

  private func line(
    _ color: String, top: Double, _ value: (FrontierSample) -> Double
  ) -> String {
    let room = Self.height - Self.top - Self.bottom
    let points = samples.map { sample in
      (x: x(sample), y: Self.height - Self.bottom - room * value(sample) / top)
    }
    let path = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
    return "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"/>"
      + points.map { "<circle cx=\"\($0.x)\" cy=\"\($0.y)\" r=\"3\" fill=\"\(color)\"/>" }.joined()
  }

  private func x(_ sample: FrontierSample) -> Double {
    let sizes = samples.map { log10(Double(max(1, $0.urls))) }
    let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 1)
    let share = most > least ? (log10(Double(max(1, sample.urls))) - least) / (most - least) : 0.5
    return (Self.left + share * (Self.width - Self.left - Self.right)).rounded()
  }

  private static func short(_ number: Int) -> String {
    number >= 1_000_000 ? "\(Double(number / 100_000) / 10) M" : "\(number / 1_000) k"
  }
}
