import Synchronization

/// A budget that a call would overdraw.
public struct BudgetExhausted: Error, Sendable, Equatable {
  /// What the call may cost.
  public let asked: Int
  /// What is left, reservations of calls under way taken off.
  public let left: Int
}

/// What may be spent in all, in a whole unit of the caller's: tokens, or millionths of a dollar.
///
/// Hard: the most that a call may cost is set aside before it is sent, and replaced by what it did
/// cost. Knows no time: what is spent stays spent.
public final class SpendingBudget: Sendable {
  private struct State {
    var spent: Int
    var reserved = 0
  }

  /// What there is in all.
  public let limit: Int
  private let state: Mutex<State>

  /// A budget, of which an earlier run may have spent a part.
  public init(limit: Int, spent: Int = 0) {
    self.limit = max(0, limit)
    state = Mutex(State(spent: max(0, spent)))
  }

  /// Sets an amount aside.
  public func reserve(_ amount: Int) throws(BudgetExhausted) {
    let left: Int? = state.withLock { state in
      let left = limit - state.spent - state.reserved
      guard amount <= left else { return left }
      state.reserved += max(0, amount)
      return nil
    }
    if let left { throw BudgetExhausted(asked: amount, left: max(0, left)) }
  }

  /// Replaces an amount that was set aside by what was spent.
  public func settle(reserved amount: Int, spent: Int) {
    state.withLock { state in
      state.reserved -= max(0, amount)
      state.spent += max(0, spent)
    }
  }

  /// What was spent.
  public var spent: Int { state.withLock { $0.spent } }
  /// What may still be set aside.
  public var left: Int { state.withLock { max(0, limit - $0.spent - $0.reserved) } }
}
