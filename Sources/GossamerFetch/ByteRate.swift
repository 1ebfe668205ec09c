/// Whether a body comes fast enough, judged over windows of a fixed length.
struct ByteRate {
  private let least: Int
  private let window: Duration
  private var start: ContinuousClock.Instant
  private var count = 0

  init(leastPerSecond: Int, window: Duration, at now: ContinuousClock.Instant) {
    least = leastPerSecond
    self.window = window
    start = now
  }

  /// Counts a piece. Judges only where a window ends.
  ///
  /// - Returns: false when the window that ended had too few bytes.
  mutating func add(_ bytes: Int, at now: ContinuousClock.Instant) -> Bool {
    count += bytes
    let elapsed = now - start
    guard elapsed >= window else { return true }
    let isEnough = Double(count) >= Double(least) * (elapsed / .seconds(1))
    start = now
    count = 0
    return isEnough
  }
}
