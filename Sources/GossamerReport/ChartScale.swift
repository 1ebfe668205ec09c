/// A linear axis from zero with round steps.
struct ChartScale: Sendable, Equatable {
  let step: Double
  let top: Double

  /// The smallest axis with at most `steps` steps of 1, 2 or 5 times a power of ten that holds `maximum`.
  init(maximum: Double, steps: Int = 4, isWhole: Bool = false) {
    let maximum = maximum.isFinite && maximum > 0 ? maximum : 1
    var power = 1.0
    while power * 10 <= maximum / Double(steps) { power *= 10 }
    while power > maximum / Double(steps) { power /= 10 }
    var step = power
    for factor in [1.0, 2, 5, 10] where step * Double(steps) < maximum * (1 - 1e-9) {
      step = power * factor
    }
    if isWhole, step < 1 { step = 1 }
    self.step = step
    top = step * (maximum / step - 1e-9).rounded(.up)
  }

  var ticks: [Double] { Array(stride(from: 0, through: top + step / 2, by: step)) }

  /// The share of the axis, 0 to 1.
  func share(_ value: Double) -> Double { min(1, max(0, value / top)) }
}

/// Counts in bins whose borders grow by a constant factor.
struct LogHistogram: Sendable {
  let borders: [Double]
  let counts: [Int]

  /// - Parameters:
  ///   - lowest: the upper border of the first bin, which takes everything below too.
  ///   - factor: how much wider each bin is than the one before.
  init(_ values: [Double], lowest: Double, factor: Double, mostBins: Int = 28) {
    let largest = values.max() ?? lowest
    var borders = [lowest]
    while let last = borders.last, last < largest, borders.count < mostBins {
      borders.append(last * factor)
    }
    var counts = Array(repeating: 0, count: borders.count)
    for value in values {
      counts[borders.firstIndex { value <= $0 } ?? borders.count - 1] += 1
    }
    let first = max(0, (counts.firstIndex { $0 > 0 } ?? 0) - 1)
    self.borders = Array(borders[first...])
    self.counts = Array(counts[first...])
  }

  /// Where a value lies along the bins, 0 to 1, for a marker.
  func share(_ value: Double) -> Double {
    guard let index = borders.firstIndex(where: { value <= $0 }) else { return 1 }
    let upper = borders[index]
    let lower =
      index > 0 ? borders[index - 1] : upper / (borders.count > 1 ? borders[1] / upper : 2)
    let inside = min(1, max(0, (value - lower) / (upper - lower)))
    return (Double(index) + inside) / Double(borders.count)
  }
}
