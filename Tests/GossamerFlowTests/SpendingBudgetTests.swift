import Testing

@testable import GossamerFlow

@Suite("Spending budget", .timeLimit(.minutes(5)))
struct SpendingBudgetTests {
  @Test func reservationsCountUntilTheyAreSettled() throws {
    let budget = SpendingBudget(limit: 100, spent: 10)
    try budget.reserve(60)
    #expect(throws: BudgetExhausted(asked: 31, left: 30)) { try budget.reserve(31) }
    budget.settle(reserved: 60, spent: 5)
    #expect(budget.left == 85)
    #expect(budget.spent == 15)
  }

  @Test func manyTasksNeverOverdraw() async {
    let budget = SpendingBudget(limit: 5_000)
    await withTaskGroup { group in
      for number in 0..<2_000 {
        group.addTask {
          guard (try? budget.reserve(10)) != nil else { return }
          await Task.yield()
          budget.settle(reserved: 10, spent: number % 11)
        }
      }
    }
    #expect(budget.spent <= 5_000)
    #expect(budget.spent + budget.left == 5_000)
  }
}
