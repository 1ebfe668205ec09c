import Foundation

/// Wall time as rows hold it: milliseconds since 1970. Only waits that must outlive a run use it.
enum WallTime {
  static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

  /// A span, rounded up: a wait must not become shorter.
  static func milliseconds(_ span: Duration) -> Int64 {
    Int64((span / .milliseconds(1)).rounded(.up))
  }

  /// How long it is until then, not less than zero and not more than a day: a clock that was set
  /// back must not hold anything for years.
  static func span(from now: Int64, until then: Int64) -> Duration {
    .milliseconds(min(max(0, then - now), 86_400_000))
  }
}
