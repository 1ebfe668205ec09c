import DequeModule

/// The sum of what was taken in the last period, never smaller than the truth.
///
/// Takes that are close in time share a slot and leave the window together, when the youngest of
/// them does; so memory is bounded by the number of slots and the error is on the safe side, below
/// one slot of time. Filled by `add`, emptied by time.
struct SlidingWindow: Sendable {
  private struct Slot {
    var youngest: Int64
    var sum: Int
    let oldest: Int64
  }

  /// 1/1024 of the period: an error of less than 0.1 % of the rate.
  private static let slotsInPeriod: Int64 = 1024

  var limit: Int
  private let period: Int64
  private let slotLength: Int64
  private var slots: Deque<Slot> = []
  private(set) var sum = 0

  init(limit: Int, period: Int64) {
    self.limit = limit
    self.period = period
    slotLength = max(1, period / Self.slotsInPeriod)
  }

  /// The earliest time at which a cost fits; `now` or before if it fits at once.
  mutating func due(for cost: Int, at now: Int64) -> Int64 {
    expire(at: now)
    var excess = sum + cost - limit
    guard excess > 0 else { return now }
    for slot in slots {
      excess -= slot.sum
      if excess <= 0 { return slot.youngest + period }
    }
    return (slots.last?.youngest ?? now) + period
  }

  mutating func add(_ cost: Int, at now: Int64) {
    sum += cost
    if let last = slots.last, now - last.oldest < slotLength {
      slots[slots.count - 1].youngest = max(last.youngest, now)
      slots[slots.count - 1].sum += cost
    } else {
      slots.append(Slot(youngest: now, sum: cost, oldest: now))
    }
  }

  /// Corrects what was added at a time, if that is still in the window.
  mutating func correct(by cost: Int, addedAt time: Int64) {
    var low = 0
    var high = slots.count
    while low < high {
      let middle = (low + high) / 2
      if slots[middle].youngest < time { low = middle + 1 } else { high = middle }
    }
    guard low < slots.count, slots[low].oldest <= time else { return }
    slots[low].sum += cost
    sum += cost
  }

  /// What was taken in the period before a time.
  mutating func sum(at now: Int64) -> Int {
    expire(at: now)
    return sum
  }

  /// What is in the window, a slot each, the oldest first.
  var taken: [(at: Int64, cost: Int)] { slots.map { ($0.youngest, $0.sum) } }

  private mutating func expire(at now: Int64) {
    while let first = slots.first, first.youngest + period <= now {
      sum -= first.sum
      slots.removeFirst()
    }
  }
}
