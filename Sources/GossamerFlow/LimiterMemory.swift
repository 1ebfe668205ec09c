/// What a limiter knows that outlives its process: what it learned of the limits, and what was
/// taken in the last period, so that a command that is started again neither overruns nor has to
/// be turned away first. Holds no key.
public struct LimiterMemory: Sendable, Codable, Equatable {
  /// Something that was taken of a limit.
  struct Take: Sendable, Codable, Equatable {
    var secondsAgo: Double
    var cost: Int
  }

  /// What was taken, by limit.
  struct Takes: Sendable, Codable, Equatable {
    var requests: [Take] = []
    var tokens: [Take] = []
    var input: [Take] = []
    var output: [Take] = []
  }

  var learned: LearnedLimits.Values
  var taken = Takes()
}

extension RateLimiterState {
  /// What is worth keeping for a limiter of the same key.
  func memory(at now: Int64) -> LimiterMemory {
    var memory = LimiterMemory(learned: learned.values)
    memory.taken.requests = Self.takes(of: rates.requests, at: now)
    memory.taken.tokens = Self.takes(of: rates.tokens, at: now)
    memory.taken.input = Self.takes(of: rates.input, at: now)
    memory.taken.output = Self.takes(of: rates.output, at: now)
    return memory
  }

  /// Takes over what an earlier limiter knew.
  ///
  /// - Parameter age: time since it was noted down.
  mutating func recall(_ memory: LimiterMemory, age: Duration, at now: Int64) {
    learned = LearnedLimits(memory.learned)
    adopt(learned.applied(to: told))
    let age = max(.zero, age)
    guard age < limits.period else { return }
    func add(_ takes: [LimiterMemory.Take], to rate: inout LimitedRate?) {
      for take in takes.sorted(by: { $0.secondsAgo > $1.secondsAgo })
      where take.secondsAgo >= 0 && take.secondsAgo < 86_400 && take.cost > 0 {
        let span = Duration.seconds(take.secondsAgo) + age
        rate?.addForeign(take.cost, at: now - span.wholeNanoseconds)
      }
    }
    add(memory.taken.requests, to: &rates.requests)
    add(memory.taken.tokens, to: &rates.tokens)
    add(memory.taken.input, to: &rates.input)
    add(memory.taken.output, to: &rates.output)
    // Even spacing knows nothing of those: the sum is watched until they are out of it.
    sharedUntil = now.addingClamped((limits.period - age).wholeNanoseconds)
  }

  /// At most 64 takes, each as young as the youngest in it: never less than the truth.
  private static func takes(of rate: LimitedRate?, at now: Int64) -> [LimiterMemory.Take] {
    let slots = rate?.taken() ?? []
    let size = max(1, (slots.count + 63) / 64)
    return stride(from: 0, to: slots.count, by: size).map { start in
      let part = slots[start..<min(slots.count, start + size)]
      let youngest = part.map(\.at).max() ?? now
      return LimiterMemory.Take(
        secondsAgo: Double(max(0, now - youngest)) / 1e9, cost: part.reduce(0) { $0 + $1.cost })
    }
  }
}
