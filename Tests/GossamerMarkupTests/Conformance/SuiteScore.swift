import Testing

/// Counts how many cases of a suite are met, and holds the rest against the exceptions argued for in
/// the documentation: each case that fails is one of them, and each of them fails.
struct SuiteScore<Case> {
  let name: String
  /// Why a case may fail, and for which cases that holds.
  let exceptions: [(rule: String, applies: (Case) -> Bool)]
  /// Cases that another part decides: counted, not judged.
  let isOpen: (Case) -> Bool
  private var passed = 0
  private var total = 0
  private var excepted: [String: Int] = [:]

  init(
    _ name: String, exceptions: [(rule: String, applies: (Case) -> Bool)] = [],
    isOpen: @escaping (Case) -> Bool = { _ in false }
  ) {
    self.name = name
    self.exceptions = exceptions
    self.isOpen = isOpen
  }

  mutating func count(_ item: Case, _ id: String, isMet: Bool, _ detail: @autoclosure () -> String)
  {
    total += 1
    if isOpen(item) {
      if isMet { passed += 1 }
      return
    }
    let rule = exceptions.first { $0.applies(item) }?.rule
    if isMet {
      passed += 1
      if let rule { Issue.record("\(name) \(id): met, although excepted: \(rule)") }
    } else if let rule {
      excepted[rule, default: 0] += 1
    } else {
      Issue.record("\(name) \(id): \(detail())")
    }
  }

  func report() {
    print("\(name): \(passed)/\(total)")
    for (rule, count) in excepted.sorted(by: { $0.key < $1.key }) {
      print("  excepted, \(count): \(rule)")
    }
    #expect(total > 0)
  }
}
