/// What a batcher learned of its callers and of the operation: how many items a call should hold,
/// and how long waiting for more of them is worth it.
///
/// The size moves step by step in the direction in which an item takes less time, and turns around
/// where it takes more; it falls to half when a call was too large. Waiting ends where no further item is to be expected in time, and
/// never takes longer than a call does.
struct BatchPace: Sendable {
  /// Items that a call should hold.
  private(set) var target: Int
  private let most: Int
  private var lastArrival: Int64?
  /// Nanoseconds, as moving averages.
  private var gap: Double?
  private var latency: Double?
  /// The last few full calls: their items, their time, and how many they were.
  private var epoch = (items: 0.0, time: 0.0, calls: 0)
  /// Nanoseconds an item in the epoch before.
  private var timeBefore: Double?
  private var direction = -1
  private static let callsOfAnEpoch = 4

  init(most: Int) {
    self.most = most
    target = most
  }

  mutating func noteArrival(at now: Int64) {
    if let last = lastArrival { gap = Self.average(gap, Double(max(0, now - last))) }
    lastArrival = now
  }

  mutating func noteCall(of count: Int, took time: Int64) {
    let time = Double(max(1, time))
    latency = Self.average(latency, time)
    // Calls that were not full say nothing of the size.
    guard count >= target else { return }
    epoch = (epoch.items + Double(count), epoch.time + time, epoch.calls + 1)
    guard epoch.calls >= Self.callsOfAnEpoch else { return }
    let each = epoch.time / epoch.items
    if let before = timeBefore, each > before { direction = -direction }
    timeBefore = each
    epoch = (0, 0, 0)
    let next = target + direction * max(1, target / 8)
    target = min(most, max(1, next))
    if next >= most { direction = -1 }
  }

  mutating func noteTooLarge(_ count: Int) { target = max(1, min(target, count / 2)) }

  /// How long the first item of a batch may wait for others.
  ///
  /// - Parameter isIdle: whether nothing is being called.
  func wait(atMost limit: Int64, isIdle: Bool) -> Int64 {
    guard let gap, let latency else {
      // Nothing is known yet. Whoever asks at the same moment is still taken along.
      return isIdle ? 0 : limit
    }
    if isIdle, gap >= Double(limit) || gap >= latency { return 0 }
    return Int64(min(Double(limit), latency, gap * Double(max(1, target))))
  }

  private static func average(_ old: Double?, _ new: Double) -> Double {
    old.map { $0 * 0.8 + new * 0.2 } ?? new
  }
}

/// Why a batch was sent.
public enum BatchReason: String, Sendable, CaseIterable {
  /// It held as many items as a call should.
  case count
  /// It was as heavy as a call may be.
  case weight
  /// Its first item had waited long enough.
  case time
  /// The operation was free, and no further item was to be expected soon.
  case idle
  /// The batcher was drained.
  case drain
}

/// What a batcher did.
public struct BatcherFigures: Sendable, Equatable {
  /// Calls that were made for batches, those for halves of failed ones included.
  public var calls = 0
  /// Items in the batches that were sent.
  public var items = 0
  /// Batches by the reason for which they were sent.
  public var reasons: [BatchReason: Int] = [:]
  /// Time that first items waited until their batch was sent, in all.
  public var waited = Duration.zero
  /// Items in the largest batch.
  public var largest = 0
  /// Items that a call should hold, as learned so far.
  public var target = 0

  /// Batches that were sent.
  public var batches: Int { reasons.values.reduce(0, +) }
}
