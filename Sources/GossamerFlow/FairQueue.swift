import DequeModule
import HeapModule

/// Who waits, in flows: first in, first out inside a flow, equal shares between flows.
///
/// Self-clocked fair queueing: a waiter at the head of its flow is tagged with the share at which
/// it would be done if flows were served side by side; the lowest tag is next. So one flow alone is
/// a plain queue, a flow with little to do waits little, and nobody waits for ever: whoever is
/// served moves the clock on. Source: Golestani 1994, "A self-clocked fair queueing scheme".
/// Filled by `add`, emptied by `removeHead` and `cancel`.
struct FairQueue: Sendable {
  struct Waiter: Sendable {
    let id: UInt64
    /// In all; -1 for one that left.
    var tokens: Int
    /// Those of the answer.
    let output: Int
    let since: Int64
    var hasLeft: Bool { tokens < 0 }
  }

  private struct Line {
    var waiters: Deque<Waiter> = []
    /// The share that its flow has had before its head.
    var base: Double
  }

  private struct Turn: Comparable {
    let tag: Double
    let id: UInt64
    let flow: RequestFlow
    static func < (a: Turn, b: Turn) -> Bool { (a.tag, a.id) < (b.tag, b.id) }
  }

  /// How many wait.
  private(set) var count = 0
  private var lines: [RequestFlow: Line] = [:]
  /// The head of each flow; those of heads that left stay until they come up.
  private var turns = Heap<Turn>()
  private var clock = 0.0
  private var measure = ShareMeasure(limits: .unlimited)

  mutating func add(_ waiter: Waiter, to flow: RequestFlow) {
    count += 1
    if lines[flow]?.waiters.append(waiter) == nil {
      lines[flow] = Line(waiters: [waiter], base: clock)
      turns.insert(turn(of: waiter, flow, base: clock))
    }
  }

  /// Whose turn it is.
  mutating func head() -> Waiter? {
    while let turn = turns.min {
      if let waiter = lines[turn.flow]?.waiters.first, waiter.id == turn.id { return waiter }
      turns.removeMin()
    }
    return nil
  }

  /// Takes out whoever `head` told.
  mutating func removeHead() {
    guard head() != nil, let turn = turns.popMin() else { return }
    count -= 1
    clock = max(clock, turn.tag)
    lines[turn.flow]?.base = turn.tag
    lines[turn.flow]?.waiters.removeFirst()
    settleHead(of: turn.flow)
  }

  /// Takes a waiter out. False if it is not there (any more).
  mutating func cancel(_ id: UInt64, in flow: RequestFlow) -> Bool {
    guard let waiters = lines[flow]?.waiters else { return false }
    // Ids grow: the place is found by halving.
    var low = waiters.startIndex
    var high = waiters.endIndex
    while low < high {
      let middle = (low + high) / 2
      if waiters[middle].id < id { low = middle + 1 } else { high = middle }
    }
    guard low < waiters.endIndex, waiters[low].id == id, !waiters[low].hasLeft else { return false }
    lines[flow]?.waiters[low].tokens = -1
    count -= 1
    if low == waiters.startIndex { settleHead(of: flow) }
    return true
  }

  /// Takes out all for whom something is true.
  mutating func removeAll(where isOut: (Waiter) -> Bool) -> [Waiter] {
    var lost: [Waiter] = []
    for (flow, line) in lines {
      for waiter in line.waiters where !waiter.hasLeft && isOut(waiter) {
        if cancel(waiter.id, in: flow) { lost.append(waiter) }
      }
    }
    return lost.sorted { $0.id < $1.id }
  }

  /// Measures shares by other limits from now on; who had more before is forgotten.
  mutating func measure(by limits: RateLimits) {
    let measure = ShareMeasure(limits: limits)
    guard measure != self.measure else { return }
    self.measure = measure
    clock = 0
    turns = Heap()
    for (flow, line) in lines {
      lines[flow]?.base = 0
      if let head = line.waiters.first { turns.insert(turn(of: head, flow, base: 0)) }
    }
  }

  /// Drops those who left from the front of a flow, and gives its new head a turn.
  private mutating func settleHead(of flow: RequestFlow) {
    while let first = lines[flow]?.waiters.first, first.hasLeft {
      lines[flow]?.waiters.removeFirst()
    }
    guard let line = lines[flow] else { return }
    if let head = line.waiters.first {
      turns.insert(turn(of: head, flow, base: line.base))
    } else {
      lines[flow] = nil
      if lines.isEmpty {
        clock = 0
        turns = Heap()
      }
    }
  }

  private func turn(of waiter: Waiter, _ flow: RequestFlow, base: Double) -> Turn {
    Turn(tag: max(base, clock) + measure.share(of: waiter), id: waiter.id, flow: flow)
  }
}

/// What a call takes of what is allowed: the largest of its parts of the limits.
private struct ShareMeasure: Equatable, Sendable {
  private let request: Double
  private let token: Double
  private let input: Double
  private let output: Double

  init(limits: RateLimits) {
    func part(_ limit: Int?) -> Double { limit.map { 1 / Double($0) } ?? 0 }
    token = part(limits.tokens)
    input = part(limits.inputTokens)
    output = part(limits.outputTokens)
    // Where nothing is limited but the calls at once, a call is a call.
    request = token + input + output == 0 ? 1 : part(limits.requests)
  }

  func share(of waiter: FairQueue.Waiter) -> Double {
    let tokens = Double(waiter.tokens)
    let output = Double(waiter.output)
    return max(
      request, tokens * token, (tokens - output) * input, output * self.output, 1e-12)
  }
}
