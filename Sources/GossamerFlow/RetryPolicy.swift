/// When a failed call is tried again, and when it is given up.
///
/// Delays double from `base` up to `cap` and are shortened by a random part, so that callers that
/// failed together do not come back together. A wait that the server asks for is kept in full.
/// Does not sleep and does not judge errors: the caller asks only after passing failures.
public struct RetryPolicy: Sendable, Equatable {
  /// Calls in all, the first included.
  public var attempts: Int
  /// The wait after the first failure.
  public var base: Duration
  /// The longest wait of our own.
  public var cap: Duration
  /// The part of a wait that chance may take off, 0 to 1; and may add to a wait asked for, where
  /// it is a tenth of that.
  public var jitter: Double
  /// Waits asked for beyond this are not kept but given up on.
  public var longestWait: Duration

  /// A policy; the defaults are those of the model providers' own clients, with one try more.
  public init(
    attempts: Int = 4, base: Duration = .milliseconds(500), cap: Duration = .seconds(8),
    jitter: Double = 0.25, longestWait: Duration = .seconds(120)
  ) {
    self.attempts = max(1, attempts)
    self.base = base
    self.cap = cap
    self.jitter = min(1, max(0, jitter))
    self.longestWait = longestWait
  }

  /// One call, no second try.
  public static let never = RetryPolicy(attempts: 1)

  /// The wait before the next call, or nil to give up.
  ///
  /// - Parameters:
  ///   - failures: calls that failed so far, at least 1.
  ///   - retryAfter: what the server asked for.
  ///   - random: from 0 up to 1.
  public func delay(
    afterFailures failures: Int, retryAfter: Duration? = nil,
    random: Double = Double.random(in: 0..<1)
  ) -> Duration? {
    guard failures < attempts else { return nil }
    if let retryAfter, retryAfter >= .zero {
      guard retryAfter <= longestWait else { return nil }
      return retryAfter + retryAfter * (jitter * random / 10)
    }
    let factor = Double(sign: .plus, exponent: min(max(0, failures - 1), 62), significand: 1)
    return min(base * factor, cap) * (1 - jitter * random)
  }
}
