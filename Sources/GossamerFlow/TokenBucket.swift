/// A rate that is kept by spacing: the generic cell rate algorithm for costs of any size.
///
/// A cost is paid for after it was taken: what was taken pushes the time of the next take back by
/// the time the rate needs to make up for it. With a burst of 0 this is perfectly even spacing;
/// with a burst of n, costs of up to n may run ahead of the rate. Does not wait, and knows no
/// clock. Times are nanoseconds since an epoch that the caller chooses.
/// Source: ITU-T I.371 §A (virtual scheduling).
public struct TokenBucket: Sendable, Equatable {
  /// How much may be taken in one period, evenly spread.
  public private(set) var limit: Int
  /// The period in nanoseconds.
  public let period: Int64
  /// How much may run ahead of the even rate.
  public let burst: Int

  private var theoretical: Int64 = .min

  /// A full bucket.
  ///
  /// - Parameters:
  ///   - limit: cost in one period, at least 1.
  ///   - period: more than zero.
  ///   - burst: cost that may run ahead, 0 for even spacing.
  public init(limit: Int, period: Duration = .seconds(60), burst: Int = 0) {
    precondition(limit > 0 && burst >= 0, "a rate is at least one, a burst at least none")
    self.limit = limit
    self.period = period.wholeNanoseconds
    self.burst = burst
    precondition(self.period > 0, "a period lasts")
  }

  /// The earliest time at which anything may be taken; the distant past if the bucket is full.
  public var due: Int64 {
    theoretical == .min ? .min : theoretical - (burst == 0 ? 0 : span(of: burst))
  }

  /// Takes a cost. The caller has looked at `due`; taking early only makes the next take later.
  public mutating func take(_ cost: Int, at now: Int64) {
    theoretical = max(theoretical, now).addingClamped(span(of: cost))
  }

  /// Changes the rate from now on; what was taken is paid for at the old one.
  public mutating func change(limit: Int) { self.limit = max(1, limit) }

  /// Corrects a take of the past: positive when it was more than said, negative when it was less.
  public mutating func correct(by cost: Int) {
    guard cost != 0, theoretical != .min else { return }
    let shift = span(of: abs(cost))
    theoretical = theoretical.addingClamped(cost > 0 ? shift : -shift)
  }

  /// The time that the rate needs for a cost, rounded up so that no rounding adds to the rate.
  private func span(of cost: Int) -> Int64 {
    let (product, overflow) = Int64(cost).multipliedReportingOverflow(by: period)
    if overflow { return Int64(min(Double(cost) * Double(period) / Double(limit), 4e18)) }
    return (product + Int64(limit) - 1) / Int64(limit)
  }
}

extension Duration {
  /// The nanoseconds of this span; clamped to what 64 bits hold.
  package var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    if seconds > 9_000_000_000 { return 9_000_000_000_000_000_000 }
    if seconds < -9_000_000_000 { return -9_000_000_000_000_000_000 }
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}

extension Int64 {
  /// A sum that stays at the ends of the range instead of wrapping.
  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min + 1) : sum
  }
}
